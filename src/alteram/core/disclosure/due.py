"""What disclosure is due: which exhibit somebody must still be given, under which demand of the rulebook, by when.

The day is reckoned back from the hearing that was called; where none is, it is due before whatever comes next. It
reads what was lodged; what nobody lodged cannot be due.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from alteram.core.access import find_given
from alteram.core.acts import DecisionMade, ExhibitLodged, MeetingCalled, MeetingOpened, ReportFinalised
from alteram.core.kernel.calendars import Calendar, CalendarError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import Period, earliest_after
from alteram.core.matters import Facts, find_holders
from alteram.core.rules.disclosure import AT_ANY_TIME
from alteram.core.rules.exhibits import live_acts
from alteram.core.rules.requirements.disclosure_before import DisclosureBefore
from alteram.core.rules.requirements.disclosure_complete import DisclosureComplete
from alteram.core.rules.requirements.inspection_period import InspectionPeriod
from alteram.core.rules.requirements.library import parse_parameters
from alteram.core.rules.rulebook import Demand, Rulebook

Before = Literal["report", "hearing", "decision"]
#: `sent`: posted, or given in print, and not known to have arrived: a demand comes to UNKNOWN of it.
State = Literal["given", "gist", "sent", "due", "overdue"]
#: How far back from a hearing a day is looked for: longer periods than two years are not reckoned back.
_MOST_DAYS: Final = 740


@dataclass(frozen=True, slots=True)
class Due:
    """One exhibit that a demand says somebody must have, before what, and by when: None where that is not fixed yet.

    `given_at` is when it was given to them, or its gist, or sent; `working` shows how `by_at` was reckoned.
    """

    exhibit: str
    person: PersonId
    demand: Demand
    before: Before
    state: State
    by_at: datetime | None = None
    given_at: datetime | None = None
    working: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    demand: Demand
    people: tuple[PersonId, ...]
    before: Before
    period: Period


def find_due(facts: Facts, rulebook: Rulebook, now: datetime) -> tuple[Due, ...]:
    """Return what every demand about disclosure asks for each exhibit on file, what is still due first."""
    lodged = [one for one in live_acts(facts, ExhibitLodged) if not one.act.from_mediation]
    hearing_at = _find_hearing(facts)
    found = [
        _judge(facts, rulebook.calendar, asked, one.act.exhibit, person, hearing_at=hearing_at, now=now)
        for asked in _find_asked(facts, rulebook)
        for one in lodged
        for person in asked.people
        if one.actor != person
    ]
    return tuple(sorted(found, key=lambda one: ("overdue", "due", "sent", "gist", "given").index(one.state)))


def _find_asked(facts: Facts, rulebook: Rulebook) -> Iterator[_Asked]:
    for demand in rulebook.demands:
        protected = tuple(sorted(find_holders(facts.matter, demand.protects)))
        match parse_parameters(demand):
            case DisclosureBefore(at_least=at_least, before=before):
                yield _Asked(demand, protected, before, at_least)
            case DisclosureComplete():
                yield _Asked(demand, protected, "hearing", AT_ANY_TIME)
            case InspectionPeriod(before_report=before_report, roles=roles):
                people = tuple(sorted(one for role in roles for one in find_holders(facts.matter, role)))
                yield _Asked(demand, people, "report", before_report)
            case _:
                pass


def _judge(
    facts: Facts,
    calendar: Calendar,
    asked: _Asked,
    exhibit: str,
    person: PersonId,
    *,
    hearing_at: datetime | None,
    now: datetime,
) -> Due:
    given = find_given(facts, exhibit, person)
    if given is not None:
        state: State = "gist" if given.gist else "sent" if given.has_since is None else "given"
        return Due(exhibit, person, asked.demand, asked.before, state, given_at=given.has_since or given.at)
    end = hearing_at if asked.before == "hearing" else None
    by_at, working = (None, ()) if end is None else find_last_start(end, asked.period, calendar)
    late = _has_passed(facts, asked.before) if by_at is None else by_at < now
    return Due(exhibit, person, asked.demand, asked.before, "overdue" if late else "due", by_at, working=working)


def find_last_start(end: datetime, period: Period, calendar: Calendar) -> tuple[datetime | None, tuple[str, ...]]:
    """Return the last instant from which `period` has passed by `end`, with the arithmetic.

    None where it leaves the calendar, or lies more than two years back.
    """
    if period == AT_ANY_TIME:
        return end, ()
    if period.unit == "hours":
        start = end - timedelta(hours=period.count)
        return start, earliest_after(start, period, calendar).working
    day = calendar.local_day(end)
    try:
        back = bisect_right(
            range(_MOST_DAYS),
            x=False,
            key=lambda days: earliest_after(_close(calendar, day, days), period, calendar).end <= end,
        )
        # `back` counts the days from which it is still too late; so many days back it is early enough.
        start = _close(calendar, day, back)
        return (None, ()) if back == _MOST_DAYS else (start, earliest_after(start, period, calendar).working)
    except CalendarError:
        return None, ()


def _close(calendar: Calendar, day: date, days: int) -> datetime:
    return calendar.last_of_day(day - timedelta(days=days))


def _find_hearing(facts: Facts) -> datetime | None:
    """Return when the next hearing on the charge is, or the last there was: the latest that was called."""
    called = [one.act.at for one in live_acts(facts, MeetingCalled) if one.act.purpose in {"hearing", "decision"}]
    return called[-1] if called else None


def _has_passed(facts: Facts, before: Before) -> bool:
    passed: Mapping[Before, Sequence[object]] = {
        "report": live_acts(facts, ReportFinalised),
        "hearing": live_acts(facts, MeetingOpened),
        "decision": live_acts(facts, DecisionMade),
    }
    return bool(passed[before])
