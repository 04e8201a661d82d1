"""Periods as a rulebook writes them, at the limits a reader would try by hand, and the working that is shown."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alteram.core.kernel.calendars import Calendar, Holiday, ShutDown, Transition
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.periods import Period, earliest_after, last_within, parse_period

PLAIN = Calendar(
    name="plain",
    time_zone="UTC",
    valid_from=date(2023, 1, 1),
    valid_until=date(2032, 12, 31),
    transitions=(Transition(datetime(2022, 12, 30, tzinfo=UTC), 0),),
    holidays=(Holiday(date(2025, 8, 13), "Founders' day"),),
    shut_downs=(ShutDown(first=date(2025, 12, 20), last=date(2026, 1, 10), name="recess"),),
)


def at(day: str, time: str = "09:00:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}+00:00")


@pytest.mark.parametrize(
    ("start", "unit", "count", "last"),
    [
        ("2025-01-31", "months", 1, "2025-02-28"),
        ("2024-01-31", "months", 1, "2024-02-29"),
        ("2025-01-30", "months", 1, "2025-02-28"),
        ("2025-01-28", "months", 1, "2025-02-28"),
        ("2025-03-31", "months", 1, "2025-04-30"),
        ("2025-08-31", "months", 6, "2026-02-28"),
        ("2025-12-15", "months", 1, "2026-01-15"),
        ("2025-12-31", "months", 12, "2026-12-31"),
        ("2024-02-29", "years", 1, "2025-02-28"),
        ("2024-02-29", "years", 4, "2028-02-29"),
        ("2025-08-11", "weeks", 2, "2025-08-25"),
        ("2025-08-11", "days", 10, "2025-08-21"),
        ("2025-08-11", "days", 0, "2025-08-11"),
        ("2025-08-11", "working_days", 1, "2025-08-12"),
        ("2025-08-12", "working_days", 1, "2025-08-14"),  # the 13th is a holiday
        ("2025-08-15", "working_days", 1, "2025-08-18"),  # from a Friday
        ("2025-12-19", "working_days", 1, "2026-01-12"),  # over the recess
        ("2025-08-11", "working_days", 0, "2025-08-11"),
    ],
)
def test_period_ends_with_the_last_second_of_its_last_day(start: str, unit: str, count: int, last: str) -> None:
    assert last_within(at(start), Period(**{unit: count}), PLAIN).end == at(last, "23:59:59")


@pytest.mark.parametrize(
    ("unit", "count", "earliest"),
    [
        ("clear_days", 10, "2025-08-22"),
        ("days", 10, "2025-08-22"),
        ("working_days", 1, "2025-08-14"),  # the 12th is counted, the 13th is a holiday
        ("working_days", 4, "2025-08-19"),  # 12, 14, 15 and 18
        ("weeks", 1, "2025-08-19"),
    ],
)
def test_at_least_is_reached_once_the_whole_period_has_passed(unit: str, count: int, earliest: str) -> None:
    for time in ("00:00:00", "23:59:59"):
        assert earliest_after(at("2025-08-11", time), Period(**{unit: count}), PLAIN).end == at(earliest, "00:00:00")


def test_period_of_nothing_has_passed_at_once() -> None:
    for unit in ("hours", "days", "clear_days", "working_days", "weeks", "months", "years"):
        assert earliest_after(at("2025-08-11"), Period(**{unit: 0}), PLAIN).end == at("2025-08-11")


def test_working_shows_where_it_began_what_was_left_out_and_where_it_ends() -> None:
    working = earliest_after(at("2025-08-12"), Period(working_days=3), PLAIN).working
    assert working == (
        "counted from Tue 12 Aug 2025, 09:00",
        "not counted: Wed 13 Aug 2025 (Founders' day)",
        "not counted: Sat 16 Aug 2025 (Saturday)",
        "not counted: Sun 17 Aug 2025 (Sunday)",
        "3 working days counted from the next day end with Mon 18 Aug 2025",
        "so the earliest day is Tue 19 Aug 2025",
    )


def test_working_names_a_long_run_of_days_by_its_ends() -> None:
    working = last_within(at("2025-12-19"), Period(working_days=1), PLAIN).working
    assert "not counted: 15 days from Mon 22 Dec 2025 to Fri 9 Jan 2026 (recess)" in working
    assert working[-1] == "so the last day is Mon 12 Jan 2026"


def test_working_of_hours_names_the_time() -> None:
    reckoning = last_within(at("2025-08-11"), Period(hours=30), PLAIN)
    assert reckoning.end == at("2025-08-11") + timedelta(hours=30)
    assert reckoning.working[-1] == "30 hours later is 15:00:00 on Tue 12 Aug 2025"


def test_many_kinds_of_day_left_out_are_cut_short() -> None:
    holidays = tuple(Holiday(date(2025, 9, day), f"Day {day}") for day in range(1, 30))
    busy = Calendar(**{**{name: getattr(PLAIN, name) for name in PLAIN.__struct_fields__}, "holidays": holidays})
    working = last_within(at("2025-08-29"), Period(working_days=2), busy).working
    assert any("more kinds of day" in line for line in working)


@pytest.mark.parametrize(("unit", "most"), [("hours", 8784), ("days", 3660), ("working_days", 2600), ("years", 10)])
def test_count_at_the_limit_is_accepted_and_one_beyond_is_not(unit: str, most: int) -> None:
    assert parse_period({unit: most}).count == most
    for count in (most + 1, -1):
        with pytest.raises(MalformedError):
            parse_period({unit: count})


@pytest.mark.parametrize("fields", [{}, {"days": 1, "weeks": 1}, {"fortnights": 1}])
def test_period_with_no_unit_two_units_or_an_unknown_one_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(MalformedError):
        parse_period(fields)


def test_unknown_unit_is_answered_with_the_known_ones() -> None:
    with pytest.raises(MalformedError, match="working_days"):
        parse_period({"fortnights": 1})


@pytest.mark.parametrize(
    ("period", "words"),
    [(Period(days=1), "1 day"), (Period(days=2), "2 days"), (Period(clear_days=0), "0 clear days")],
)
def test_period_reads_as_words(period: Period, words: str) -> None:
    assert str(period) == words
