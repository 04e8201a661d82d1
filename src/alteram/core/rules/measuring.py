"""Whether a period lay between two events, as far as their times are known, with the arithmetic.

Both events may be known only to a day, or not at all. An answer is given only where it holds for every time they may
have happened at; otherwise it is None. It does not say what follows from the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from alteram.core.kernel.calendars import Calendar, CalendarError
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period, Reckoning, earliest_after, last_within
from alteram.core.kernel.phrases import join, phrase


@dataclass(frozen=True, slots=True)
class Measured:
    """Whether the period was kept (None: not known), when it ends at the latest, and how that was reckoned."""

    kept: bool | None
    end: datetime | None = None
    working: tuple[str, ...] = ()


def measure_at_least(start: When, period: Period, end: When, calendar: Calendar) -> Measured:
    """Return whether at least `period` passed from `start` to `end`."""
    try:
        latest = None if start.last is None else earliest_after(start.last, period, calendar)
        first = _reckon_first(start, latest, lambda at: earliest_after(at, period, calendar))
    except CalendarError as error:
        return Measured(None, working=(join(" ", filter(None, (error.problem, error.remedy))),))
    kept: bool | None = None
    if latest is not None and end.first is not None and end.first >= latest.end:
        kept = True
    elif first is not None and end.last is not None and end.last < first.end:
        kept = False
    return _measured(kept, latest)


def measure_within(start: When, period: Period, end: When, calendar: Calendar) -> Measured:
    """Return whether `end` came by the last second of `period`; of what has not come yet, `end` begins with now."""
    try:
        latest = None if start.last is None else last_within(start.last, period, calendar)
        first = _reckon_first(start, latest, lambda at: last_within(at, period, calendar))
    except CalendarError as error:
        return Measured(None, working=(join(" ", filter(None, (error.problem, error.remedy))),))
    kept: bool | None = None
    if first is not None and end.last is not None and end.last <= first.end:
        kept = True
    elif latest is not None and end.first is not None and end.first > latest.end:
        kept = False
    return _measured(kept, latest)


def _reckon_first(start: When, latest: Reckoning | None, reckon: Callable[[datetime], Reckoning]) -> Reckoning | None:
    """Return the reckoning from the first instant there can be; of one instant that is known, it was made already."""
    if start.first is None or start.first == start.last:
        return None if start.first is None else latest
    return reckon(start.first)


def _measured(kept: bool | None, latest: Reckoning | None) -> Measured:
    if latest is None:
        return Measured(kept, working=(phrase("the time from which the period runs is not known"),))
    return Measured(kept, latest.end, latest.working)
