"""A calendar as data: a time zone's offsets, the days that are not working days, and where both come from.

It is expanded once, carried by the adopted rulebook, and read here: no time-zone database, no holiday library, so the
same rulebook gives the same days on any machine in any year. It does not guess: outside its validity it raises.
"""

from bisect import bisect_right
from collections.abc import Hashable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property
from typing import Any

from msgspec import Struct

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import as_moment, as_own, phrase

_DAY = timedelta(days=1)
_WEEKDAYS = (
    phrase("Monday"),
    phrase("Tuesday"),
    phrase("Wednesday"),
    phrase("Thursday"),
    phrase("Friday"),
    phrase("Saturday"),
    phrase("Sunday"),
)


class CalendarError(AlteramError):
    """A day or an instant is outside what the calendar covers."""


class Transition(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """From the instant `at` on, local time is UTC plus `offset_seconds`."""

    at: datetime
    offset_seconds: int


class Holiday(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A day that is not a working day, and its name."""

    on: date
    name: str


class ShutDown(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run of days, both ends included, that a statute does not count as working days."""

    first: date
    last: date
    name: str


class Calendar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """A calendar valid from `valid_from` to `valid_until`, both included. `weekend` holds weekdays, Monday is 0.

    It has a `__dict__` only for the two indexes below, which follow from its fields and are no part of its value.
    """

    name: str
    time_zone: str
    valid_from: date
    valid_until: date
    transitions: tuple[Transition, ...]
    weekend: tuple[int, ...] = (5, 6)
    holidays: tuple[Holiday, ...] = ()
    shut_downs: tuple[ShutDown, ...] = ()
    sources: tuple[str, ...] = ()

    def offset_at(self, at: datetime) -> timedelta:
        """Return local time less UTC at an instant. Raises: CalendarError outside the calendar's validity."""
        place = bisect_right(self._changes, at) - 1
        if place < 0:
            raise self._outside(at.date())
        return timedelta(seconds=self.transitions[place].offset_seconds)

    def local_day(self, at: datetime) -> date:
        """Return the day in the organisation's time zone at an instant."""
        return self._covered((at + self.offset_at(at)).date())

    def local_time(self, at: datetime) -> datetime:
        """Return the wall-clock time at an instant, without a zone, for showing to a reader."""
        return (at + self.offset_at(at)).replace(tzinfo=None)

    def shift(self, at: datetime) -> datetime:
        """Return the same instant told by the wall clock, with its offset from UTC."""
        return at.astimezone(timezone(self.offset_at(at)))

    def instant_of(self, local: datetime) -> datetime:
        """Return the instant of a wall-clock time (naive).

        A time that happens twice means its first occurrence; one that is skipped means the instant the clocks change.
        """
        self._covered(local.date())
        naive = local.replace(tzinfo=UTC)
        # No zone is a whole day from UTC, so a change of clocks more than a day before cannot matter.
        begin = max(0, bisect_right(self._changes, naive - _DAY) - 1)
        for index, transition in enumerate(self.transitions[begin:], begin):
            candidate = naive - timedelta(seconds=transition.offset_seconds)
            following = self.transitions[index + 1].at if index + 1 < len(self.transitions) else None
            if candidate < transition.at:
                return transition.at
            if following is None or candidate < following:
                return candidate
        raise self._outside(local.date())

    def start_of_day(self, day: date) -> datetime:
        """Return the first instant of a local day."""
        return self.instant_of(datetime.combine(day, time()))

    def last_of_day(self, day: date) -> datetime:
        """Return the last whole second of a local day."""
        return self.start_of_day(day + timedelta(days=1)) - timedelta(seconds=1)

    def why_not_working(self, day: date) -> str:
        """Return why `day` is not a working day; empty when it is one."""
        self._covered(day)
        if day.weekday() in self.weekend:
            return _WEEKDAYS[day.weekday()]
        return self._reasons.get(day, "")

    @cached_property
    def reckoned(self) -> dict[Hashable, Any]:
        """Return where `periods` keeps what it reckoned: the same question has the same answer, and is asked often."""
        return {}

    @cached_property
    def _changes(self) -> tuple[datetime, ...]:
        return tuple(transition.at for transition in self.transitions)

    @cached_property
    def _reasons(self) -> dict[date, str]:
        """Return why each day that is no working day is none, weekends aside; the first that names a day counts."""
        reasons: dict[date, str] = {}
        for shut_down in self.shut_downs:
            first, last = max(shut_down.first, self.valid_from), min(shut_down.last, self.valid_until)
            for number in range((last - first).days + 1):
                reasons.setdefault(first + timedelta(days=number), as_own(shut_down.name))
        for holiday in self.holidays:
            reasons.setdefault(holiday.on, as_own(holiday.name))
        return reasons

    def _covered(self, day: date) -> date:
        if not self.valid_from <= day <= self.valid_until:
            raise self._outside(day)
        return day

    def _outside(self, day: date) -> CalendarError:
        return CalendarError(
            phrase(
                "{day} is outside the calendar {name}, which covers {valid_from} to {valid_until}.",
                day=as_moment(day),
                name=as_own(self.name),
                valid_from=as_moment(self.valid_from),
                valid_until=as_moment(self.valid_until),
            ),
            remedy=phrase("Adopt an amended rulebook whose calendar covers it."),
        )
