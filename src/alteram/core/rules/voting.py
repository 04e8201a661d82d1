"""Motions and votes: which motion a vote was on, which body voted, what a share of a base comes to.

More votes against never make a motion pass: what is needed only grows with the base, and votes against never leave it.

>>> count_needed(Share(numerator=2, denominator=3, of="members"), 64)
43
>>> count_needed(Share(numerator=1, denominator=2, of="cast", more_than=True), 10)
6
"""

from collections.abc import Iterable

from alteram.core.acts import MeetingCalled, MeetingRegistered, MotionAmended, MotionPut, VoteTaken
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_word, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import find_members_at, find_stood_down
from alteram.core.rules.rulebook import Body, Share
from alteram.core.rules.view import View

#: What a requirement must declare to ask for a motion and the body it was put to.
PUT_TO = (MotionPut, MeetingCalled, MeetingRegistered)
#: What it must declare to ask for the sanction that a motion proposes as well.
PUTTING = (*PUT_TO, MotionAmended)

#: Kinds of motion by which a matter comes to its outcome.
_OUTCOMES = frozenset({"finding", "sanction"})
#: What carries a motion where nothing else is said: more votes for it than against it.
MORE_FOR_THAN_AGAINST = Share(numerator=1, denominator=2, of="cast", more_than=True)


def count_needed(share: Share, base_count: int) -> int:
    """Return the fewest votes that reach `share` of `base_count`: at least one, so that nobody carries nothing."""
    whole, rest = divmod(share.numerator * base_count, share.denominator)
    return max(1, whole + 1 if share.more_than or rest else whole)


def show_share(share: Share) -> str:
    """Return a share in words."""
    part = f"{share.numerator}/{share.denominator}"
    if share.more_than:
        return phrase("more than {part} of {of}", part=part, of=as_word(share.of))
    return phrase("at least {part} of {of}", part=part, of=as_word(share.of))


def count_cast(vote: VoteTaken) -> int:
    """Return how many votes were cast: abstentions and recusals are not votes."""
    return vote.votes_for + vote.votes_against


def find_motion(view: View, motion: str) -> Event[MotionPut] | None:
    """Return how a motion was put here; only where it was not, how somebody says it was."""
    put = [one for one in view.all(MotionPut) if one.act.motion == motion]
    return next((one for one in reversed(put) if one.live), put[-1] if put else None)


def votes_on_outcome(view: View, anchor: AnyEvent) -> bool:
    """Return whether `anchor` is no vote, or one on a charge or a sanction that nobody voted on again later.

    So is a vote on what nobody put. The asking requirement declares `MotionPut` and `VoteTaken`.
    """
    if not isinstance(anchor.act, VoteTaken):
        return True
    question = _find_question(view, anchor.act.motion)
    again = (one for one in view.all(VoteTaken) if one.seq > anchor.seq and not one.corrected)
    if any(_find_question(view, one.act.motion) == question for one in again):
        return False
    motion = find_motion(view, anchor.act.motion)
    return motion is None or motion.act.kind in _OUTCOMES


def _find_question(view: View, motion: str) -> tuple[str | None, ...]:
    """Return what is asked by a motion: the kind and what it is about, else its own name."""
    put = find_motion(view, motion)
    return (motion,) if put is None else (put.act.kind, put.act.allegation, put.act.sanction)


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


def judge_vote(
    view: View, anchor: AnyEvent, vote: Event[VoteTaken], share: Share, cures: Iterable[Cure] = ()
) -> Finding:
    """Return whether `vote` carried what `anchor` does, by `share` of the base it is taken of.

    The asking requirement declares `PersonRecused`, `PUT_TO` and `SITTING`.
    """
    base, shown = _count_base(view, share, vote)
    if base is None:
        because = phrase("The vote does not show how many {of} there were.", of=as_word(share.of))
        return view.missing(anchor, because, acts=("vote.taken",), cures=cures, working=shown)
    needed = count_needed(share, base)
    working = (
        *shown,
        phrase("{share}, {base}: {needed} votes", share=show_share(share), base=base, needed=needed),
        phrase("for: {votes_for}", votes_for=vote.act.votes_for),
    )
    entries = (vote.seq, anchor.seq)
    if vote.act.votes_for >= needed:
        because = phrase(
            "Carried by {votes_for} votes, {needed} were needed.", votes_for=vote.act.votes_for, needed=needed
        )
        return view.weigh(anchor, passed(because, entries=entries, working=working))
    because = phrase(
        "Carried by only {votes_for} votes, {needed} were needed.", votes_for=vote.act.votes_for, needed=needed
    )
    return view.weigh(anchor, failed(because, entries=entries, working=working, missing=("vote.taken",), cures=cures))


def _count_base(view: View, share: Share, vote: Event[VoteTaken]) -> tuple[int | None, tuple[str, ...]]:
    stated = vote.act.base_count if vote.act.base == share.of else None
    if share.of == "cast":
        return count_cast(vote.act), (
            phrase(
                "cast: {votes_for} for and {votes_against} against",
                votes_for=vote.act.votes_for,
                votes_against=vote.act.votes_against,
            ),
        )
    if share.of == "present":
        return stated, (phrase("the vote was counted of {base}", base=as_word(vote.act.base)),)
    sitting = _sitting(view, vote)
    if share.of == "eligible":
        sitting -= find_stood_down(view, "decider", vote)
    # The larger of the two, so that neither a short roll nor a short count lowers what is needed.
    return max(len(sitting), stated or 0) or None, (
        phrase("{of} on the roll: {sitting}", of=as_word(share.of), sitting=len(sitting)),
    )


def _sitting(view: View, vote: Event[VoteTaken]) -> frozenset[PersonId]:
    body = find_body_voting(view, find_motion(view, vote.act.motion))
    return frozenset() if body is None else find_members_at(view, body, vote)
