"""A body's decision is the body's: each finding in it is what its vote on that charge came to, with a quorum there.

RONR 12th ed. 63:30 ff. (the assembly votes on each charge). It compares a decision with the votes before it; who voted
and of what number votes are counted is asked elsewhere.
"""

from collections.abc import Iterator

from alteram.core.acts import DecisionMade, MeetingCalled, MeetingOpened, MeetingRegistered, MotionPut, VoteTaken
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.decisions import is_preliminary
from alteram.core.rules.findings import Cure, Finding, passed, silent, worst
from alteram.core.rules.people import SITTING, find_members_at
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.rulebook import Body
from alteram.core.rules.view import View
from alteram.core.rules.voting import count_needed, find_body_voting, find_motion

_CURE = Cure(
    "vote.taken",
    ("scrutineer", "chair"),
    phrase("Put each charge to the vote of the body, then decide as it came out."),
)


class DecisionByVote(Parameters, frozen=True, kw_only=True):
    """`quorum`: whether the quorum of the body must have been there when the meeting opened."""

    quorum: bool = True


@requirement(
    "decision-by-vote",
    covers=("R7",),
    parameters=DecisionByVote,
    anchors=(DecisionMade,),
    reads=(VoteTaken, MeetingOpened, MotionPut, MeetingCalled, MeetingRegistered, *SITTING),
    applies=lambda _parameters, anchor: not is_preliminary(anchor.act),
)
def check_decision_by_vote(view: View, parameters: DecisionByVote, anchor: AnyEvent) -> Finding:
    """What a decision finds was voted by the body that decides, charge by charge, and came out so."""
    body = None if view.procedure is None else view.rulebook.find_body(view.procedure.decided_by)
    if body is None or not isinstance(anchor.act, DecisionMade):
        return silent(phrase("The rules name no body that decides."))
    votes = [one for one in view.all(VoteTaken) if one.before(anchor) is not False and _by(view, body, one)]
    counted = [one for one in votes if one.supports(view.protected)]
    wrong = [*_wrong(view, anchor.act, counted), *(_inquorate(view, body, counted) if parameters.quorum else ())]
    if wrong:
        doubtful = [one for one in votes if one not in counted and not one.corrected]
        findings = [
            view.missing(anchor, because, alleged=doubtful, acts=("motion.put", "vote.taken"), cures=(_CURE,))
            for because in wrong
        ]
        return worst(findings)
    entries = (*(one.seq for one in counted), anchor.seq)
    return view.weigh(anchor, passed(phrase("It says what {title} voted.", title=as_own(body.title)), entries=entries))


def _by(view: View, body: Body, vote: Event[VoteTaken]) -> bool:
    return find_body_voting(view, find_motion(view, vote.act.motion)) == body


def _wrong(view: View, decision: DecisionMade, votes: list[Event[VoteTaken]]) -> Iterator[str]:
    for charge in decision.proved:
        if _find_answer(view, charge, votes) is not True:
            yield phrase("No vote carried that {charge} is proved.", charge=as_own(charge))
    for charge in decision.not_proved:
        if _find_answer(view, charge, votes) is not False:
            yield phrase("No vote rejected that {charge} is proved.", charge=as_own(charge))
    if not decision.proved and not decision.not_proved and not _carried_any(decision, votes):
        yield phrase("No motion that it names was carried.")


def _find_answer(view: View, charge: str, votes: list[Event[VoteTaken]]) -> bool | None:
    """Return what the last vote on a charge came to; None where there was none."""
    motions = [(one, find_motion(view, one.act.motion)) for one in votes]
    on_it = [
        vote.act
        for vote, motion in motions
        if motion is not None and motion.act.kind == "finding" and motion.act.allegation == charge
    ]
    return on_it[-1].votes_for > on_it[-1].votes_against if on_it else None


def _carried_any(decision: DecisionMade, votes: list[Event[VoteTaken]]) -> bool:
    return any(one.act.votes_for > one.act.votes_against for one in votes if one.act.motion in decision.motions)


def _inquorate(view: View, body: Body, votes: list[Event[VoteTaken]]) -> Iterator[str]:
    """Yield what is wrong where a meeting that voted is shown to have opened without the quorum."""
    if body.quorum is None:
        return
    motions = [find_motion(view, one.act.motion) for one in votes]
    meetings = {one.act.meeting for one in motions if one is not None}
    for opened in view.all(MeetingOpened):
        sitting = find_members_at(view, body, opened)
        there, needed = len(sitting.intersection(opened.act.present)), count_needed(body.quorum, len(sitting))
        if opened.act.meeting in meetings and there < needed:
            yield phrase("Only {there} of the body were there; the quorum is {needed}.", there=there, needed=needed)
