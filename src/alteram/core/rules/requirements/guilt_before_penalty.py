"""Two questions, one after the other: whether each charge is proved, and only then what follows.

RONR 12th ed. 63:30 ff. It compares the order of votes and decisions; the penalty's size is asked elsewhere.
"""

from alteram.core.acts import DecisionMade, MotionPut, SanctionImposed, VoteTaken
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class GuiltBeforePenalty(Parameters, frozen=True, kw_only=True):
    """`decision_suffices`: whether a decision that finds an allegation proved stands for the first vote."""

    decision_suffices: bool = True


@requirement(
    "guilt-before-penalty",
    covers=("R7",),
    parameters=GuiltBeforePenalty,
    anchors=(MotionPut, SanctionImposed),
    reads=(VoteTaken, DecisionMade),
    applies=lambda _parameters, anchor: not isinstance(anchor.act, MotionPut) or anchor.act.kind == "sanction",
)
def check_guilt_before_penalty(view: View, parameters: GuiltBeforePenalty, anchor: AnyEvent) -> Finding:
    """Whether the charge is proved was voted and closed before the penalty was put, and was answered with yes."""
    wanted = anchor.act.allegation if isinstance(anchor.act, MotionPut) else None
    questions = {one.act.motion for one in view.all(MotionPut) if _asks_guilt(one, wanted)}
    votes = [one for one in view.all(VoteTaken) if one.act.motion in questions]
    closed = [one for one in votes if one.supports(view.protected) and one.before(anchor) is True]
    proved = [one for one in closed if one.act.votes_for > one.act.votes_against]
    decided = _decided(view, anchor, wanted) if parameters.decision_suffices else []
    if proved or decided:
        entries = (*(one.seq for one in proved), *(one.seq for one in decided), anchor.seq)
        return view.weigh(
            anchor, passed(phrase("The charge was found proved before the penalty was put."), entries=entries)
        )
    cure = Cure(
        "motion.put", ("chair", "decider"), phrase("Put the question of proof first, close it, then the penalty.")
    )
    if closed:
        because = phrase("The charge was voted on and not proved; no penalty can follow.")
        entries = (*(one.seq for one in closed), anchor.seq)
        return view.weigh(anchor, failed(because, entries=entries, cures=(cure,)))
    return view.missing(
        anchor,
        phrase("The penalty was put before it was settled whether the charge is proved."),
        alleged=[one for one in votes if not one.live and not one.supports(view.protected)],
        acts=("motion.put", "vote.taken"),
        cures=(cure,),
    )


def _asks_guilt(motion: Event[MotionPut], wanted: str | None) -> bool:
    return motion.act.kind == "finding" and wanted in {None, motion.act.allegation}


def _decided(view: View, anchor: AnyEvent, wanted: str | None) -> list[Event[DecisionMade]]:
    return [
        one
        for one in view.supporting(DecisionMade)
        if one.before(anchor) is True and (wanted in one.act.proved if wanted is not None else bool(one.act.proved))
    ]
