"""Whoever reported hears what became of it (Directive (EU) 2019/1937 arts 9(1)(f), 11; ISO 37002 cl. 8.1).

Either once, within a period from the acknowledgement, or after each step. An interim word bridges a late step. A longer
period may count where more time was granted with reasons; whether the reasons are good is not judged.
"""

from alteram.core.acts import (
    AppealDecided,
    DecisionMade,
    ExtensionGranted,
    InvestigationBegun,
    ReportAcknowledged,
    ReporterInformed,
    ReportLodged,
    TriageDecided,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.instants import UNKNOWN_WHEN, When
from alteram.core.kernel.periods import Period, last_within
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_not_done, judge_period

_PHASES: dict[type[Act], str] = {
    TriageDecided: "triage",
    InvestigationBegun: "investigation",
    DecisionMade: "outcome",
    AppealDecided: "appeal",
}


class Feedback(Parameters, frozen=True, kw_only=True):
    """`within`: the period from the acknowledgement, or from each step where `each_step` is true.

    `unacknowledged`: how long after the report the period begins where nobody acknowledged it. `justified`: the longer
    period that counts where more time was granted, to nobody by name and with reasons, while the first one ran.
    """

    within: Period
    each_step: bool = False
    unacknowledged: Period = Period(days=7)
    justified: Period | None = None


@requirement(
    "feedback",
    covers=("E5", "E6", "I2"),
    parameters=Feedback,
    anchors=(ReportLodged, TriageDecided, InvestigationBegun, DecisionMade, AppealDecided),
    reads=(ReportAcknowledged, ReporterInformed, ExtensionGranted),
    applies=lambda parameters, anchor: parameters.each_step != isinstance(anchor.act, ReportLodged),
)
def check_feedback(view: View, parameters: Feedback, anchor: AnyEvent) -> Finding:
    """Whoever reported is told in time where the matter stands and what comes next."""
    start = _find_start(view, parameters, anchor)
    phase = _PHASES.get(type(anchor.act), "")
    told = [
        one
        for one in view.all(ReporterInformed)
        if anchor.before(one) is not False and not one.corrected and _answers(one.act.phase, phase)
    ]
    sure = [one for one in told if one.supports(view.protected)]
    end = sure[0].when if sure else When(view.now)
    within = _find_period(view, parameters, anchor, start, end)
    measured = measure_within(start, within, end, view.calendar)
    if not sure:
        return judge_not_done(
            view,
            anchor,
            measured,
            because=phrase("Whoever reported was not told what became of it."),
            alleged=told,
            acts=("reporter.informed",),
            cures=(Cure("reporter.informed", ("case-manager",), phrase("Tell them where the matter stands.")),),
        )
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("Whoever reported was told in time."),
        missed=phrase("Whoever reported was told later than {within}.", within=within),
        entries=(sure[0].seq,),
        incurable=phrase("The time has passed."),
    )


def _find_period(view: View, parameters: Feedback, anchor: AnyEvent, start: When, end: When) -> Period:
    """Return the period that counts up to `end`: the longer one where that much more time was granted in time."""
    granted = (
        one
        for one in view.supporting(ExtensionGranted)
        if anchor.before(one)
        and one.act.reasons
        and one.act.person is None
        and measure_within(start, parameters.within, one.when, view.calendar).kept
        and end.first is not None
        and one.act.until >= end.first
    )
    return parameters.within if parameters.justified is None or not any(granted) else parameters.justified


def _answers(told: str, phase: str) -> bool:
    """Return whether a word about `told` counts: about the step itself, or in between; once for all, anything else."""
    return told in {phase, "interim"} if phase else told != "interim"


def _find_start(view: View, parameters: Feedback, anchor: AnyEvent) -> When:
    acknowledged = [one for one in view.supporting(ReportAcknowledged) if one.act.report == anchor.seq]
    if not isinstance(anchor.act, ReportLodged):
        return anchor.when
    if acknowledged:
        return acknowledged[0].when
    if anchor.when.last is None:
        return UNKNOWN_WHEN
    try:
        return When.exactly(last_within(anchor.when.last, parameters.unacknowledged, view.calendar).end)
    except CalendarError:
        return UNKNOWN_WHEN
