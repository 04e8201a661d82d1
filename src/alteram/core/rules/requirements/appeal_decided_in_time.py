"""An appeal is decided in time (Debian account managers: a review of seven days; Acas Code: heard without delay).

Refusing to admit it ends it too. The time the proceedings were paused is not counted.
"""

from alteram.core.acts import AppealDecided, AppealLodged, AppealRefused
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding
from alteram.core.rules.measuring import Measured, measure_within
from alteram.core.rules.pauses import PAUSING, without_pauses
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_not_done, judge_period


class AppealDecidedInTime(Parameters, frozen=True, kw_only=True):
    """`within`: from the appeal to its outcome."""

    within: Period


@requirement(
    "appeal-decided-in-time",
    covers=("T4", "A13"),
    parameters=AppealDecidedInTime,
    anchors=(AppealLodged,),
    reads=(AppealDecided, AppealRefused, *PAUSING),
)
def check_appeal_decided_in_time(view: View, parameters: AppealDecidedInTime, anchor: AnyEvent) -> Finding:
    """An appeal comes to its outcome within the period."""
    decided = [one for one in view.all(AppealDecided) if one.act.appeal == anchor.seq]
    refused = [one for one in view.all(AppealRefused) if one.act.appeal == anchor.seq]
    ends: list[AnyEvent] = [*decided, *refused]
    sure = [one for one in ends if one.supports(view.protected)]
    counted, paused = without_pauses(view, anchor.when, sure[0].when if sure else When(view.now))
    measured = measure_within(anchor.when, parameters.within, counted, view.calendar)
    measured = Measured(measured.kept, measured.end, (*measured.working, *paused))
    if not sure:
        return judge_not_done(
            view,
            anchor,
            measured,
            because=phrase("The appeal was not decided."),
            alleged=ends,
            acts=("appeal.decided",),
            cures=(Cure("appeal.decided", ("appeal-decider",), phrase("Decide the appeal.")),),
        )
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("The appeal was decided in time."),
        missed=phrase("The appeal was decided later than {within} after it was lodged.", within=parameters.within),
        entries=(sure[0].seq,),
        incurable=phrase("The time has passed."),
    )
