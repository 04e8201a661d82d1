"""Motions and votes: which motion a vote was on, which body voted, what a share of a base comes to.

More votes against never make a motion pass: what is needed only grows with the base, and votes against never leave it.

>>> count_needed(Share(numerator=2, denominator=3, of="members"), 64)
43
>>> count_needed(Share(numerator=1, denominator=2, of="cast", more_than=True), 10)
6
"""

from alteram.core.acts import MeetingCalled, MeetingRegistered, MotionAmended, MotionPut, VoteTaken
from alteram.core.matters import Event
from alteram.core.rules.rulebook import Body, Share
from alteram.core.rules.view import View

#: What a requirement must declare to ask for a motion and the body it was put to.
PUTTING = (MotionPut, MotionAmended, MeetingCalled, MeetingRegistered)

#: What carries a motion where nothing else is said: more votes for it than against it.
MORE_FOR_THAN_AGAINST = Share(numerator=1, denominator=2, of="cast", more_than=True)


def count_needed(share: Share, base_count: int) -> int:
    """Return the fewest votes that reach `share` of `base_count`: at least one, so that nobody carries nothing."""
    whole, rest = divmod(share.numerator * base_count, share.denominator)
    return max(1, whole + 1 if share.more_than or rest else whole)


def show_share(share: Share) -> str:
    """Return a share in words."""
    return f"{'more than' if share.more_than else 'at least'} {share.numerator}/{share.denominator} of {share.of}"


def count_cast(vote: VoteTaken) -> int:
    """Return how many votes were cast: abstentions and recusals are not votes."""
    return vote.votes_for + vote.votes_against


def find_motion(view: View, motion: str) -> Event[MotionPut] | None:
    """Return how a motion was put here; only where it was not, how somebody says it was."""
    put = [one for one in view.all(MotionPut) if one.act.motion == motion]
    return next((one for one in reversed(put) if one.live), put[-1] if put else None)


def find_sanction_put(view: View, motion: Event[MotionPut]) -> str | None:
    """Return the sanction a motion proposes, as last amended; one put here is amended only here."""
    amended = [
        one.act.sanction
        for one in view.all(MotionAmended)
        if one.act.motion == motion.act.motion and (one.live or not motion.live)
    ]
    return next((sanction for sanction in reversed(amended) if sanction is not None), motion.act.sanction)


def find_body_voting(view: View, motion: Event[MotionPut] | None) -> Body | None:
    """Return the body a motion was put to: that of its meeting, else the one that decides in the procedure."""
    meeting = None if motion is None else motion.act.meeting
    called = [one.act.body for one in view.all(MeetingCalled) if one.act.meeting == meeting]
    held = [one.act.body for one in view.all(MeetingRegistered) if one.act.meeting == meeting]
    procedure = view.procedure
    name = next((body for body in (*called, *held) if body), procedure.decided_by if procedure is not None else "")
    return view.rulebook.find_body(name)
