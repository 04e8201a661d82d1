"""How long a period can be and how short, in hours, over all the days of a calendar."""

from datetime import timedelta
from typing import Final

from alteram.core.kernel.calendars import Calendar
from alteram.core.kernel.periods import Period

#: The shortest and the longest that one of them can be, in days.
_DAYS: Final = {
    "days": (1, 1),
    "clear_days": (1, 1),
    "weeks": (7, 7),
    "months": (28, 31),
    "years": (365, 366),
}


class Stretches:
    """The lengths of periods by one calendar, each worked out once."""

    def __init__(self, calendar: Calendar) -> None:
        """Begin with nothing worked out."""
        self._calendar = calendar
        self._working: list[int] | None = None
        self._known: dict[Period, tuple[int, int] | None] = {}

    def shortest(self, period: Period) -> int | None:
        """Return the fewest hours that "at least" a period comes to; None where the calendar is too short to tell."""
        found = self._find(period)
        return None if found is None else found[0]

    def longest(self, period: Period) -> int | None:
        """Return the most hours that "within" a period comes to; None where the calendar is too short to tell."""
        found = self._find(period)
        return None if found is None else found[1]

    def _find(self, period: Period) -> tuple[int, int] | None:
        if period not in self._known:
            self._known[period] = self._work_out(period)
        return self._known[period]

    def _work_out(self, period: Period) -> tuple[int, int] | None:
        if period.unit == "hours" or not period.count:
            # Nothing of days is until the end of today.
            return period.count, period.count if period.unit == "hours" else 24
        if period.unit != "working_days":
            least, most = _DAYS[period.unit]
            # It may begin at the end of a day that is not counted, or at the beginning; clocks may be changed.
            return period.count * least * 24 - 1, (period.count * most + 1) * 24 + 1
        days = self._find_working()
        if period.count >= len(days):
            return None
        ends = list(zip(days, days[period.count :], strict=False))
        begun_late = zip(days[1:], days[period.count :], strict=False)
        return min(last - first + 1 for first, last in begun_late) * 24 - 1, (
            max(last - first for first, last in ends) + 1
        ) * 24 + 1

    def _find_working(self) -> list[int]:
        """Return the working days of the calendar, as numbers of days."""
        if self._working is None:
            day, found = self._calendar.valid_from, []
            while day <= self._calendar.valid_until:
                if not self._calendar.why_not_working(day):
                    found.append(day.toordinal())
                day += timedelta(days=1)
            self._working = found
        return self._working
