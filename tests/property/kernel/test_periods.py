"""Periods against an oracle that counts day by day with the time-zone database, in zones that make it hard.

Auckland and New York change by an hour, Lord Howe by half of one, Havana at midnight, Asuncion back over midnight;
Kathmandu never does, and is three quarters of an hour off.
"""

import calendar as months
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alteram.adapters.rulebooks import build_calendar
from alteram.core.kernel.calendars import Calendar, CalendarError
from alteram.core.kernel.periods import Period, earliest_after, last_within
from alteram.core.rules.parsing import StatedCalendar, StatedShutDown

DAY, STEP = timedelta(days=1), timedelta(minutes=15)
ZONES = {
    "Pacific/Auckland": "NZ",
    "Europe/London": "GB",
    "America/New_York": "US",
    "Australia/Lord_Howe": "AU",
    "Asia/Kathmandu": "IN",
    "America/Havana": "CU",
    "America/Asuncion": "PY",
}
FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
RECESS = StatedShutDown(first="12-20", last="01-10", name="recess")


class Place(NamedTuple):
    """A zone as the product has it, and as the database has it."""

    calendar: Calendar
    zone: ZoneInfo


@cache
def place(name: str) -> Place:
    stated = StatedCalendar(
        name=name,
        time_zone=name,
        country=ZONES[name],
        first_year=FIRST.year,
        last_year=LAST.year,
        shut_downs=(RECESS,),
    )
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as stream:
        return Place(build_calendar(stated), ZoneInfo.from_file(stream, key=name))


@cache
def first_instant(zone: ZoneInfo, day: date) -> datetime:
    """Return the first instant that is of this day there, looking at every quarter of an hour."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    while at.astimezone(zone).date() != day:
        at += STEP
    return at


@cache
def is_working(calendar: Calendar, day: date) -> bool:
    shut = any(one.first <= day <= one.last for one in calendar.shut_downs)
    return not (shut or day.weekday() in calendar.weekend or day in {one.on for one in calendar.holidays})


def last_day(where: Place, first: date, unit: str, count: int) -> date:
    """Return the last day that a period counts, by going through the days."""
    if unit in {"months", "years"}:
        number = first.year * 12 + first.month - 1 + count * (12 if unit == "years" else 1)
        year, month = number // 12, number % 12 + 1
        return date(year, month, min(first.day, months.monthrange(year, month)[1]))
    day, counted = first, 0
    wanted = count * 7 if unit == "weeks" else count
    while counted < wanted:
        day += DAY
        if day > LAST:
            return day
        if unit != "working_days" or is_working(where.calendar, day):
            counted += 1
    return day


UNITS = {"days": 40, "clear_days": 40, "working_days": 25, "weeks": 8, "months": 14, "years": 2}
instants = st.datetimes(datetime(2022, 1, 3), datetime(2026, 6, 1)).map(  # noqa: DTZ001 - Hypothesis takes naive bounds
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
changes = st.sampled_from(sorted(ZONES)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from(
            [one.at for one in place(name).calendar.transitions if FIRST <= one.at.date() <= LAST]
            or [datetime(2024, 1, 5, tzinfo=UTC)]
        ),
        st.integers(-60 * 60 * 24 * 3, 60 * 60 * 24 * 3),
    )
)
periods = st.sampled_from(sorted(UNITS)).flatmap(lambda unit: st.tuples(st.just(unit), st.integers(0, UNITS[unit])))
starts = st.one_of(
    st.tuples(st.sampled_from(sorted(ZONES)), instants),
    changes.map(lambda drawn: (drawn[0], drawn[1] + timedelta(seconds=drawn[2]))),
)


@given(starts, periods)
def test_earliest_and_last_are_those_that_counting_day_by_day_gives(
    start: tuple[str, datetime], period: tuple[str, int]
) -> None:
    where, at, (unit, count) = place(start[0]), start[1], period
    first = at.astimezone(where.zone).date()
    assume(first >= FIRST)
    last = last_day(where, first, unit, count)
    assume(last + 15 * DAY < LAST)
    free = last + DAY
    while unit == "working_days" and count and not is_working(where.calendar, free):
        free += DAY
    asked = Period(**{unit: count})
    assert earliest_after(at, asked, where.calendar).end == (at if count == 0 else first_instant(where.zone, free))
    assert last_within(at, asked, where.calendar).end == first_instant(where.zone, last + DAY) - timedelta(seconds=1)


@given(starts, st.integers(0, 24 * 40))
def test_hours_run_from_instant_to_instant_across_changes_of_clocks(start: tuple[str, datetime], hours: int) -> None:
    where, at = place(start[0]), start[1]
    assume(FIRST <= at.astimezone(where.zone).date() <= date(2026, 11, 1))
    for reckon in (earliest_after, last_within):
        assert reckon(at, Period(hours=hours), where.calendar).end == at + timedelta(hours=hours)


@given(starts, st.integers(0, 10**6))
def test_local_time_is_that_of_the_time_zone_database(start: tuple[str, datetime], seconds: int) -> None:
    where, at = place(start[0]), start[1] + timedelta(seconds=seconds)
    assume(FIRST <= at.astimezone(where.zone).date() <= LAST)
    assert where.calendar.local_time(at) == at.astimezone(where.zone).replace(tzinfo=None)
    assert where.calendar.local_day(at) == at.astimezone(where.zone).date()


@given(starts)
def test_every_day_begins_with_its_first_instant_and_ends_before_the_next(start: tuple[str, datetime]) -> None:
    where = place(start[0])
    day = start[1].astimezone(where.zone).date()
    assume(FIRST <= day < LAST)
    assert where.calendar.start_of_day(day) == first_instant(where.zone, day)
    assert where.calendar.last_of_day(day) == first_instant(where.zone, day + DAY) - timedelta(seconds=1)


@given(starts)
def test_wall_clock_time_is_the_first_instant_that_shows_it_or_that_skips_it(start: tuple[str, datetime]) -> None:
    where = place(start[0])
    local = start[1].replace(tzinfo=None, second=0)
    assume(FIRST <= local.date() <= LAST)
    showing = [local.replace(tzinfo=where.zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = sorted(at for at in showing if at.astimezone(where.zone).replace(tzinfo=None) == local)
    if real:
        assert where.calendar.instant_of(local) == real[0]
    else:
        change = where.calendar.instant_of(local)
        assert change in {one.at for one in where.calendar.transitions}
        before, after = (
            (change + one).astimezone(where.zone).replace(tzinfo=None) for one in (-timedelta(seconds=1), timedelta())
        )
        assert before < local < after


@given(starts, periods, st.integers(0, 5 * 24 * 3600))
def test_later_start_or_longer_period_never_ends_earlier(
    start: tuple[str, datetime], period: tuple[str, int], later: int
) -> None:
    where, at, (unit, count) = place(start[0]), start[1], period
    assume(at.astimezone(where.zone).date() >= FIRST)
    for reckon in (earliest_after, last_within):
        try:
            end = reckon(at, Period(**{unit: count}), where.calendar).end
            delayed = reckon(at + timedelta(seconds=later), Period(**{unit: count}), where.calendar).end
            longer = reckon(at, Period(**{unit: count + 1}), where.calendar).end
        except CalendarError:
            continue
        assert end <= delayed
        assert end <= longer


@pytest.mark.parametrize("unit", ["hours", *UNITS])
@pytest.mark.parametrize("reckon", [earliest_after, last_within])
def test_period_that_leaves_the_calendar_is_never_guessed(unit: str, reckon: object) -> None:
    where = place("Pacific/Auckland")
    assert callable(reckon)
    for at in (
        datetime(2026, 12, 31, 10, tzinfo=UTC),
        datetime(2026, 12, 31, 12, tzinfo=UTC),
        datetime(2021, 12, 30, tzinfo=UTC),
    ):
        with pytest.raises(CalendarError):
            reckon(at, Period(**{unit: 10}), where.calendar)
