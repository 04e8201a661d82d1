"""A complaint comes within a period after the conduct (UK Parliament, ICGS: one year from the last incident).

Some breaches have no limit of time. The last day is the one that the report gives, else the allegations; where neither
says when the conduct ended, it is not known.
"""

from datetime import date

from alteram.core.acts import AllegationsStated, ReportLodged
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.instants import UNKNOWN_WHEN, When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, passed, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_period


class ReportInTime(Parameters, frozen=True, kw_only=True):
    """`within`: from the last day of the conduct to the report. `no_limit`: breaches that have no limit of time."""

    within: Period
    no_limit: tuple[str, ...] = ()


@requirement(
    "report-in-time",
    covers=("U8",),
    parameters=ReportInTime,
    anchors=(ReportLodged,),
    reads=(AllegationsStated,),
)
def check_report_in_time(view: View, parameters: ReportInTime, anchor: AnyEvent) -> Finding:
    """A report comes within the period after the last day of the conduct, unless the breach has no limit of time."""
    stated = [one for one in view.all(AllegationsStated) if one.established]
    unlimited = [one for one in stated if any(it.breach in parameters.no_limit for it in one.act.allegations)]
    if unlimited:
        because = phrase("What is alleged may be reported at any time.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq, unlimited[0].seq)))
    last_on = _find_last_day(anchor, stated)
    if last_on is None:
        cure = Cure(
            "allegations.stated", ("case-manager", "investigator"), phrase("Ask, and state, when the conduct ended.")
        )
        because = phrase("Neither the report nor an allegation says when the conduct ended.")
        return unknown(because, entries=(anchor.seq,), missing=("allegations.stated",), cures=(cure,))
    return judge_period(
        view,
        anchor,
        measure_within(_span(view, last_on), parameters.within, anchor.when, view.calendar),
        kept=phrase("The report came in time."),
        missed=phrase("The report came later than {within} after the conduct.", within=parameters.within),
        entries=(),
        incurable=phrase("The time to report has passed."),
    )


def _find_last_day(anchor: AnyEvent, stated: list[Event[AllegationsStated]]) -> date | None:
    if isinstance(anchor.act, ReportLodged) and anchor.act.last_on is not None:
        return anchor.act.last_on
    days = [charge.last_on or charge.first_on for one in stated for charge in one.act.allegations]
    return max((day for day in days if day is not None), default=None)


def _span(view: View, day: date) -> When:
    try:
        return When(view.calendar.start_of_day(day), view.calendar.last_of_day(day))
    except CalendarError:
        return UNKNOWN_WHEN
