"""No unreasonable delay between steps (Acas Code: raise and deal with issues promptly).

From each step to the next at most the period may pass, unless more time was granted in between. A pause is not counted.
What a party takes to appeal is not asked here.
"""

from datetime import datetime

from alteram.core.acts import (
    AppealAdmitted,
    AppealDecided,
    AppealLodged,
    AppealRefused,
    DecisionMade,
    ExtensionGranted,
    InvestigationBegun,
    MatterAccepted,
    MatterClosed,
    MatterDeclined,
    MeetingOpened,
    NoticeServed,
    ReportFinalised,
)
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.measuring import Measured, measure_within
from alteram.core.rules.pauses import PAUSING, without_pauses
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_not_done, judge_period

_STEPS = (
    MatterAccepted,
    NoticeServed,
    InvestigationBegun,
    ReportFinalised,
    MeetingOpened,
    AppealLodged,
    AppealAdmitted,
)
_ENDS = (DecisionMade, AppealDecided, AppealRefused, MatterClosed, MatterDeclined)


class StepGaps(Parameters, frozen=True, kw_only=True):
    """`at_most`: the longest time between one step and the next."""

    at_most: Period


@requirement(
    "step-gaps",
    covers=("A2",),
    parameters=StepGaps,
    anchors=_STEPS,
    reads=(*_ENDS, ExtensionGranted, *PAUSING),
)
def check_step_gaps(view: View, parameters: StepGaps, anchor: AnyEvent) -> Finding:
    """No more than the period passes between one step and the next, unless more time was granted."""
    following = _find_next(view, anchor)
    end = When(view.now) if following is None else following.when
    counted, paused = without_pauses(view, anchor.when, end)
    measured = measure_within(anchor.when, parameters.at_most, counted, view.calendar)
    measured = Measured(measured.kept, measured.end, (*measured.working, *paused))
    granted = [one for one in view.supporting(ExtensionGranted) if anchor.before(one) and _covers(one.act.until, end)]
    if granted and not measured.kept:
        finding = passed(
            phrase("More time was granted."), entries=(anchor.seq, granted[-1].seq), working=measured.working
        )
        return view.weigh(anchor, finding)
    cure = Cure(
        "extension.granted", ("case-manager", "chair"), phrase("Take the next step, or grant more time with reasons.")
    )
    if following is None:
        because = phrase("No step followed within {at_most}.", at_most=parameters.at_most)
        return judge_not_done(view, anchor, measured, because=because, acts=("extension.granted",), cures=(cure,))
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("The next step came in time."),
        missed=phrase("More than {at_most} passed before the next step.", at_most=parameters.at_most),
        entries=(following.seq,),
        incurable=phrase("The time has passed."),
    )


def _find_next(view: View, anchor: AnyEvent) -> AnyEvent | None:
    """Return the step that came first after `anchor`, among those that are established."""
    later = [
        one
        for kind in (*_STEPS, *_ENDS)
        for one in view.all(kind)
        if one.established and anchor.before(one) and one.when.first is not None
    ]
    return min(later, key=lambda one: (one.when.first or view.now, one.seq), default=None)


def _covers(until: datetime, end: When) -> bool:
    return end.first is not None and until >= end.first
