"""Periods and their arithmetic, with the working shown.

`earliest_after` is for "at least": the first instant at which the whole period has passed.
`last_within` is for "within": the last second of the period.
Clear days count neither the day a thing is done nor the day of the event. Days, working days, weeks, months and years
do not count the day on which they begin; "within" ends with the last second of the last day. A month ends on the
corresponding date, or on the last day of a month that has none. Hours run from instant to instant.

>>> str(Period(clear_days=10)), str(Period(working_days=1))
('10 clear days', '1 working day')
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from alteram.core.kernel.calendars import Calendar
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.phrases import as_moment, join, phrase

Unit: TypeAlias = Literal["hours", "days", "clear_days", "working_days", "weeks", "months", "years"]
_UNITS: tuple[Unit, ...] = ("hours", "days", "clear_days", "working_days", "weeks", "months", "years")
_LONGEST = {
    "hours": 24 * 366,
    "days": 3660,
    "clear_days": 3660,
    "working_days": 2600,
    "weeks": 520,
    "months": 120,
    "years": 10,
}
_SHOWN = 8
_KEPT = 10_000
"""How many reckonings of one calendar are kept."""


class Period(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A length of time in exactly one unit, as a rulebook writes it: `{working_days: 5}`."""

    hours: int | None = None
    days: int | None = None
    clear_days: int | None = None
    working_days: int | None = None
    weeks: int | None = None
    months: int | None = None
    years: int | None = None

    def __post_init__(self) -> None:
        """Refuse a period with no unit, two units, or a count out of bounds."""
        given = [unit for unit in _UNITS if getattr(self, unit) is not None]
        if len(given) != 1:
            raise ValueError("a period has exactly one unit")
        if not 0 <= getattr(self, given[0]) <= _LONGEST[given[0]]:
            raise ValueError(f"a period is at most {_LONGEST[given[0]]} {given[0]}")

    @property
    def unit(self) -> Unit:
        """Return the unit."""
        return next(unit for unit in _UNITS if getattr(self, unit) is not None)

    @property
    def count(self) -> int:
        """Return how many of the unit."""
        count: int = getattr(self, self.unit)
        return count

    def __str__(self) -> str:
        """Return the period in words."""
        words = self.unit.replace("_", " ")
        return f"{self.count} {words.removesuffix('s') if self.count == 1 else words}"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The end of a period and how it was reckoned, line by line."""

    end: datetime
    working: tuple[str, ...]


def parse_period(fields: dict[str, int]) -> Period:
    """Return the period spelled as a mapping of one unit to its count. Raises: MalformedError otherwise."""
    if not fields.keys() <= set(_UNITS):
        raise MalformedError(
            phrase("Unknown unit of time."), remedy=phrase("Use one of {units}.", units=join(", ", _UNITS))
        )
    try:
        return Period(**fields)
    except (ValueError, TypeError) as error:
        raise MalformedError(phrase("Not a period: {error}.", error=str(error))) from error


def earliest_after(start: datetime, period: Period, calendar: Calendar) -> Reckoning:
    """Return the first instant at which at least `period` has passed since `start`.

    Raises: CalendarError when the reckoning leaves the calendar.
    """
    return _reckon(_earliest_after, start, period, calendar)


def last_within(start: datetime, period: Period, calendar: Calendar) -> Reckoning:
    """Return the last second of `period` counted from `start`. Raises: CalendarError when it leaves the calendar."""
    return _reckon(_last_within, start, period, calendar)


def _reckon(
    how: Callable[[datetime, Period, Calendar], Reckoning], start: datetime, period: Period, calendar: Calendar
) -> Reckoning:
    """Reckon, or return what was reckoned from the same instant in the same calendar before."""
    known, key = calendar.reckoned, (how, start, period)
    found: Reckoning | None = known.get(key)
    if found is None:
        if len(known) >= _KEPT:
            known.clear()
        found = known[key] = how(start, period, calendar)
    return found


def _earliest_after(start: datetime, period: Period, calendar: Calendar) -> Reckoning:
    if period.unit == "hours":
        return _hours(start, period, calendar)
    last, lines = _last_day(calendar.local_day(start), period, calendar)
    free = last + timedelta(days=1)
    end = start if period.count == 0 else calendar.start_of_day(free)
    if period.unit == "working_days" and period.count:
        while reason := calendar.why_not_working(free):
            lines.append(phrase("{day} is not a working day: {reason}", day=_show(free), reason=reason))
            free += timedelta(days=1)
        end = calendar.start_of_day(free)
    return Reckoning(end, (_began(start, calendar), *lines, phrase("so the earliest day is {day}", day=_show(free))))


def _last_within(start: datetime, period: Period, calendar: Calendar) -> Reckoning:
    if period.unit == "hours":
        return _hours(start, period, calendar)
    last, lines = _last_day(calendar.local_day(start), period, calendar)
    return Reckoning(
        calendar.last_of_day(last),
        (_began(start, calendar), *lines, phrase("so the last day is {day}", day=_show(last))),
    )


def _hours(start: datetime, period: Period, calendar: Calendar) -> Reckoning:
    end = start + timedelta(hours=period.count)
    calendar.local_day(start)
    local = calendar.local_time(end)
    shown = phrase("{time} on {day}", time=f"{local:%H:%M:%S}", day=_show(calendar.local_day(end)))
    return Reckoning(end, (_began(start, calendar), phrase("{period} later is {shown}", period=period, shown=shown)))


def _last_day(first: date, period: Period, calendar: Calendar) -> tuple[date, list[str]]:
    """Return the last day that the period counts, and how the days were counted."""
    match period.unit:
        case "working_days":
            return _working_days(first, period.count, calendar)
        case "weeks":
            last = first + timedelta(weeks=period.count)
        case "months" | "years":
            last = _add_months(first, period.count * (12 if period.unit == "years" else 1))
        case _:
            last = first + timedelta(days=period.count)
    return last, [phrase("{period} counted from the next day end with {day}", period=period, day=_show(last))]


def _working_days(first: date, count: int, calendar: Calendar) -> tuple[date, list[str]]:
    day, counted = first, 0
    skipped: dict[str, list[date]] = {}
    while counted < count:
        day += timedelta(days=1)
        reason = calendar.why_not_working(day)
        if reason:
            skipped.setdefault(reason, []).append(day)
        else:
            counted += 1
    lines = [
        phrase("not counted: {span} ({reason})", span=_span(days), reason=reason)
        for reason, days in list(skipped.items())[:_SHOWN]
    ]
    if len(skipped) > _SHOWN:
        lines.append(phrase("and {count} more kinds of day", count=len(skipped) - _SHOWN))
    return day, [
        *lines,
        phrase("{period} counted from the next day end with {day}", period=Period(working_days=count), day=_show(day)),
    ]


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))


def _began(start: datetime, calendar: Calendar) -> str:
    shown = calendar.local_time(start)
    return phrase("counted from {day}, {time}", day=_show(shown.date()), time=f"{shown:%H:%M}")


def _span(days: list[date]) -> str:
    if len(days) > 3:
        return phrase(
            "{count} days from {first} to {last}", count=len(days), first=_show(days[0]), last=_show(days[-1])
        )
    return join(", ", map(_show, days))


def _show(day: date) -> str:
    return as_moment(day, f"{day:%a} {day.day} {day:%b %Y}")
