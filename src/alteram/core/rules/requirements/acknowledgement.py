"""A report is acknowledged in time (Directive (EU) 2019/1937 art 9(1)(b) and (g); ISO 37002 cl. 8.1).

It may have to name the doors outside, and to come from a person instead of a machine. It does not read the message.
"""

from alteram.core.acts import ReportAcknowledged, ReportLodged
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_not_done, judge_period


class Acknowledgement(Parameters, frozen=True, kw_only=True):
    """`within`: the period. `external_routes`: it must name the doors outside. `personal`: an automatic one is none."""

    within: Period
    external_routes: bool = False
    personal: bool = False


@requirement(
    "acknowledgement",
    covers=("E2", "E7", "I1", "U12"),
    parameters=Acknowledgement,
    anchors=(ReportLodged,),
    reads=(ReportAcknowledged,),
)
def check_acknowledgement(view: View, parameters: Acknowledgement, anchor: AnyEvent) -> Finding:
    """Whoever reports is told in time that the report has arrived, and where else they can turn."""
    fitting = [
        one
        for one in view.all(ReportAcknowledged)
        if one.act.report == anchor.seq
        and not one.corrected
        and (one.act.external_routes or not parameters.external_routes)
        and not (one.act.automatic and parameters.personal)
    ]
    sure = [one for one in fitting if one.supports(view.protected)]
    asking = _asking(parameters)
    why = phrase("Acknowledge the report{asking}.", asking=asking)
    cure = Cure("report.acknowledged", ("case-manager",), why)
    if not sure:
        measured = measure_within(anchor.when, parameters.within, When(view.now), view.calendar)
        because = phrase("The report was not acknowledged{asking}.", asking=asking)
        acts = ("report.acknowledged",)
        return judge_not_done(view, anchor, measured, because=because, alleged=fitting, acts=acts, cures=(cure,))
    return judge_period(
        view,
        anchor,
        measure_within(anchor.when, parameters.within, sure[0].when, view.calendar),
        kept=phrase("The report was acknowledged in time."),
        missed=phrase("The report was acknowledged later than {within}.", within=parameters.within),
        entries=(sure[0].seq,),
        incurable=phrase("The time has passed."),
    )


def _asking(parameters: Acknowledgement) -> str:
    personally = (phrase(" by a person"),) if parameters.personal else ()
    doors = (phrase(" with the doors outside"),) if parameters.external_routes else ()
    return join("", (*personally, *doors))
