"""What an outcome does to others is considered on the record before it is decided (Haque v Faradhi [2023] EWHC 1135).

A seat, voters, staff, a family: the notice's jeopardy sheet names consequences beyond the body, and the decision weighs
them. What was made of them is not read.
"""

from alteram.core.acts import DecisionMade, NoticeServed, ThirdPartiesConsidered
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before


class ThirdParties(Parameters, frozen=True, kw_only=True):
    """`only_where_announced`: ask only where a notice names consequences beyond the body."""

    only_where_announced: bool = False


@requirement(
    "third-parties",
    covers=("C1",),
    parameters=ThirdParties,
    anchors=(DecisionMade,),
    reads=(ThirdPartiesConsidered, NoticeServed),
    applies=lambda _parameters, anchor: isinstance(anchor.act, DecisionMade) and bool(anchor.act.proved),
)
def check_third_parties(view: View, parameters: ThirdParties, anchor: AnyEvent) -> Finding:
    """A decision that finds something proved considers on the record what follows for others."""
    announced = [one.seq for one in view.all(NoticeServed) if one.act.jeopardy is not None]
    if parameters.only_where_announced and not announced:
        return view.nothing_against(anchor, phrase("No notice names consequences beyond the body."))
    considered, doubtful = find_before(view, anchor, view.all(ThirdPartiesConsidered))
    if considered or (isinstance(anchor.act, DecisionMade) and anchor.act.considers_third_parties):
        entries = (*(one.seq for one in considered), anchor.seq)
        return view.weigh(
            anchor, passed(phrase("What follows for others was considered on the record."), entries=entries)
        )
    says = phrase(" The notice names consequences beyond the body.") if announced else ""
    return view.missing(
        anchor,
        phrase("Nobody considered on the record what follows for others.{says}", says=says),
        alleged=doubtful,
        acts=("third-parties.considered",),
        cures=(
            Cure(
                "third-parties.considered",
                ("chair", "decider"),
                phrase("Consider on the record what follows for others."),
            ),
            Cure("decision.made", ("chair", "decider"), phrase("Then decide again in the light of it.")),
        ),
    )
