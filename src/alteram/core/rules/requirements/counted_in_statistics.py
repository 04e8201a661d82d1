"""What became of matters is published as numbers, yearly, and no number singles anybody out.

The proposal for a commissioner for standards (NZ, 2022) asks for the report, ISO 37002 cl. 7.5.5 e that it identify
nobody. A matter counted in two releases of different days can be had by subtraction, so each day is counted once.
"""

from datetime import date

from alteram.core.acts import MatterClosed
from alteram.core.acts.organisation import StatisticsPublished
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_moment, as_word, join, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_not_done, judge_period


class CountedInStatistics(Parameters, frozen=True, kw_only=True):
    """`within`: how soon after the closing. `least`: the smallest number shown. `tells`: what the numbers are of."""

    within: Period
    least: int = 5
    tells: tuple[str, ...] = ("complaints", "outcomes")


_CURE = Cure("statistics.published", ("secretary",), phrase("Publish the numbers of the days that are missing."))


@requirement(
    "counted-in-statistics",
    covers=("N11", "I11"),
    parameters=CountedInStatistics,
    anchors=(MatterClosed,),
    reads=(StatisticsPublished,),
)
def check_counted_in_statistics(view: View, parameters: CountedInStatistics, anchor: AnyEvent) -> Finding:
    """A matter that was closed is counted once in published numbers, none of them small enough to name anybody."""
    if anchor.when.first is None:
        return unknown(phrase("When the matter was closed is not known."), entries=(anchor.seq,))
    day = view.calendar.local_time(anchor.when.first).date()
    releases = [one for one in view.of_organisation(StatisticsPublished) if one.act.first_on <= day <= one.act.last_on]
    if not releases:
        return judge_not_done(
            view,
            anchor,
            measure_within(anchor.when, parameters.within, When(view.now), view.calendar),
            because=phrase("No published numbers count this matter."),
            acts=("statistics.published",),
            cures=(_CURE,),
        )
    fault = _find_fault(parameters, releases, day)
    if fault:
        incurable = phrase("What was published cannot be taken back.")
        return view.weigh(anchor, failed(fault, entries=(anchor.seq,), incurable=incurable))
    return judge_period(
        view,
        anchor,
        measure_within(anchor.when, parameters.within, releases[0].when, view.calendar),
        kept=phrase("Published numbers count this matter, and single nobody out."),
        missed=phrase("The numbers came later than {within} after the matter was closed.", within=parameters.within),
        entries=(),
        incurable=phrase("The time has passed."),
    )


def _find_fault(parameters: CountedInStatistics, releases: list[Event[StatisticsPublished]], day: date) -> str:
    if len({(one.act.first_on, one.act.last_on) for one in releases}) > 1:
        return phrase(
            "Two releases of different days count {day}: one can be taken from the other.", day=as_moment(day)
        )
    act = releases[0].act
    if act.least < parameters.least:
        return phrase(
            "Numbers from {shown} were shown; fewer than {least} single somebody out.",
            shown=act.least,
            least=parameters.least,
        )
    untold = [one for one in parameters.tells if one not in act.tells]
    return phrase("The numbers do not tell: {untold}.", untold=join(", ", map(as_word, untold))) if untold else ""
