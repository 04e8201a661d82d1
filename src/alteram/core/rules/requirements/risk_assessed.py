"""The risk of harm to whoever reported is looked at again at each turn of the matter (ISO 37002:2021 cl. 8.3.2).

When the report is taken up, when an investigation begins, while it runs, at the outcome, and once after closing. How
high the risk was is not asked.
"""

from typing import Literal, TypeAlias

from alteram.core.acts import (
    DecisionMade,
    InvestigationBegun,
    MatterAccepted,
    MatterClosed,
    ReportFinalised,
    RiskAssessed,
)
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_word, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before, find_standing

Point: TypeAlias = Literal["report", "decision-to-investigate", "during", "outcome", "after-closing"]
_POINTS: dict[type, Point] = {
    MatterAccepted: "report",
    InvestigationBegun: "decision-to-investigate",
    ReportFinalised: "during",
    DecisionMade: "outcome",
    MatterClosed: "after-closing",
}


class RiskAssessedParameters(Parameters, frozen=True, kw_only=True):
    """`points`: where risk is assessed; `after_closing`: how soon after closing."""

    points: tuple[Point, ...] = ("report", "decision-to-investigate", "outcome")
    after_closing: Period = Period(months=3)


@requirement(
    "risk-assessed",
    covers=("I5",),
    parameters=RiskAssessedParameters,
    anchors=(MatterAccepted, InvestigationBegun, ReportFinalised, DecisionMade, MatterClosed),
    reads=(RiskAssessed,),
    applies=lambda parameters, anchor: _POINTS[type(anchor.act)] in parameters.points,
)
def check_risk_assessed(view: View, parameters: RiskAssessedParameters, anchor: AnyEvent) -> Finding:
    """The risk of harm is assessed at every point that the rules name."""
    point = _POINTS[type(anchor.act)]
    assessed = [one for one in view.all(RiskAssessed) if one.act.point == point and one.act.person in view.protected]
    if point == "after-closing":
        return view.weigh(anchor, _after_closing(view, parameters, anchor))
    sure, doubtful = find_before(view, anchor, assessed)
    if sure:
        because = phrase("Risk was assessed at this point: {point}.", point=as_word(point))
        return view.weigh(anchor, passed(because, entries=(sure[-1].seq, anchor.seq)))
    because = phrase("Risk was not assessed at this point: {point}.", point=as_word(point))
    return view.missing(anchor, because, alleged=doubtful, acts=("risk.assessed",), cures=(_cure(point),))


def _cure(point: Point) -> Cure:
    return Cure(
        "risk.assessed",
        ("case-manager", "contact-person"),
        phrase("Assess the risk, for the point {point}.", point=as_word(point)),
    )


def _after_closing(view: View, parameters: RiskAssessedParameters, anchor: AnyEvent) -> Finding:
    assessed = [one for one in view.all(RiskAssessed) if one.act.point == "after-closing"]
    sure, doubtful = find_standing(view, [one for one in assessed if one.act.person in view.protected])
    when = sure[0].when if sure else When(view.now, None)
    measured = measure_within(anchor.when, parameters.after_closing, when, view.calendar)
    entries = (anchor.seq, *(one.seq for one in sure))
    if sure and measured.kept:
        return passed(phrase("Risk was assessed after closing."), entries=entries, working=measured.working)
    if sure and measured.kept is False:
        because = phrase("Risk was assessed after closing, but late.")
        return failed(because, entries=entries, working=measured.working, incurable=phrase("It was late."))
    if measured.kept is None:
        because = phrase("Risk is still to be assessed after closing.")
        return unknown(because, entries=entries, working=measured.working, cures=(_cure("after-closing"),))
    because = phrase("Risk was not assessed after closing.")
    return view.missing(
        anchor,
        because,
        alleged=doubtful,
        acts=("risk.assessed",),
        cures=(_cure("after-closing"),),
        working=measured.working,
    )
