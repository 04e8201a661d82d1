"""Calendars against oracles written from the definition: every day and every transition looked at in turn."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.adapters.rulebooks import build_calendar
from alteram.core.kernel.calendars import Calendar, CalendarError
from alteram.core.rules.parsing import StatedCalendar, StatedShutDown

RECESS = StatedShutDown(first="12-20", last="01-10", name="recess")
CALENDAR = build_calendar(
    StatedCalendar(
        name="test", time_zone="Pacific/Auckland", country="NZ", first_year=2024, last_year=2027, shut_downs=(RECESS,)
    )
)
local_times = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31, 23, 59))  # noqa: DTZ001 - wall-clock times


def instant_by_definition(calendar: Calendar, local: datetime) -> datetime:
    naive = local.replace(tzinfo=UTC)
    for index, transition in enumerate(calendar.transitions):
        candidate = naive - timedelta(seconds=transition.offset_seconds)
        following = calendar.transitions[index + 1].at if index + 1 < len(calendar.transitions) else None
        if candidate < transition.at:
            return transition.at
        if following is None or candidate < following:
            return candidate
    raise AssertionError(local)


def reason_by_definition(calendar: Calendar, day: date) -> str:
    if day.weekday() in calendar.weekend:
        return f"{day:%A}"
    reasons = [one.name for one in calendar.shut_downs if one.first <= day <= one.last]
    reasons += [one.name for one in calendar.holidays if one.on == day]
    return reasons[0] if reasons else ""


@given(local_times)
def test_instant_of_a_wall_clock_time_is_the_one_by_definition(local: datetime) -> None:
    assert CALENDAR.instant_of(local) == instant_by_definition(CALENDAR, local)


@given(st.sampled_from(CALENDAR.transitions[1:]), st.integers(-200, 200))
def test_instants_around_a_change_of_clocks_are_those_by_definition(transition: object, minutes: int) -> None:
    at = transition.at  # type: ignore[attr-defined]  # sampled_from forgets the type
    local = (at + timedelta(hours=12, minutes=minutes)).replace(tzinfo=None)
    assert CALENDAR.instant_of(local) == instant_by_definition(CALENDAR, local)


def test_a_skipped_time_means_the_instant_the_clocks_change() -> None:
    skipped, change = datetime(2025, 9, 28, 2, 30), datetime(2025, 9, 27, 14, tzinfo=UTC)  # noqa: DTZ001 - wall clock
    assert CALENDAR.instant_of(skipped) == change


def test_a_time_that_happens_twice_means_the_first() -> None:
    twice, first = datetime(2025, 4, 6, 2, 30), datetime(2025, 4, 5, 13, 30, tzinfo=UTC)  # noqa: DTZ001 - wall clock
    assert CALENDAR.instant_of(twice) == first


def test_every_day_is_working_or_not_as_by_definition() -> None:
    day = CALENDAR.valid_from
    while day <= CALENDAR.valid_until:
        assert CALENDAR.why_not_working(day) == reason_by_definition(CALENDAR, day), day
        day += timedelta(days=1)


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2028, 1, 1)])
def test_a_day_outside_the_calendar_is_an_error_that_says_what_to_do(day: date) -> None:
    with pytest.raises(CalendarError, match="Adopt an amended rulebook"):
        CALENDAR.why_not_working(day)


@pytest.mark.parametrize(("day", "working"), [("2025-12-19", True), ("2026-01-09", False), ("2026-01-12", True)])
def test_shut_downs_of_the_rulebook_take_the_place_of_the_statutory_ones(day: str, working: bool) -> None:
    assert (CALENDAR.why_not_working(date.fromisoformat(day)) == "") is working


def test_a_rulebook_without_shut_downs_of_its_own_has_the_statutory_ones() -> None:
    statutory = build_calendar(
        StatedCalendar(name="test", time_zone="Pacific/Auckland", country="NZ", first_year=2025, last_year=2026)
    )
    assert "Legislation Act" in statutory.why_not_working(date(2025, 12, 29))
    assert statutory.why_not_working(date(2026, 1, 5)) == ""
