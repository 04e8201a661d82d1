"""The calendar a rulebook asks for: a time zone, a country's public holidays, whole years, and its own shut-downs.

What it expands to is data that an adapter supplies (`CalendarBuilder`): the core knows no holidays.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from msgspec import Struct, field

from alteram.core.kernel.calendars import Calendar, CalendarError
from alteram.core.kernel.documents import Mapping, Node, fail
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.rules.parsing.values import Scope, read_struct

_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_COMMON_YEAR = 2025


class StatedShutDown(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days that are not working days in any year: from one day of the year to another (MM-DD), both included."""

    first: str = field(name="from")
    last: str = field(name="to")
    name: str


class StatedCalendar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calendar as a rulebook asks for it. Both years are included.

    `country` is an ISO 3166 code; empty, there are no public holidays.
    """

    name: str
    time_zone: str
    country: str = ""
    subdivision: str = ""
    first_year: int = field(name="from")
    last_year: int = field(name="until")
    shut_downs: tuple[StatedShutDown, ...] | None = None


CalendarBuilder: TypeAlias = Callable[[StatedCalendar], Calendar]


def read_calendar(node: Node, build: CalendarBuilder) -> Calendar:
    """Return the calendar that `node` asks for. Raises: DocumentError when there is no such calendar."""
    stated = read_struct(node, StatedCalendar, Scope())
    if not _FIRST_YEAR <= stated.first_year <= stated.last_year <= _LAST_YEAR:
        fail(
            node,
            phrase(
                "from and until must be years from {first} to {last}, the earlier first.",
                first=_FIRST_YEAR,
                last=_LAST_YEAR,
            ),
        )
    for shut_down in stated.shut_downs or ():
        for day in (shut_down.first, shut_down.last):
            _check_month_day(node, day)
    try:
        return build(stated)
    except CalendarError as error:
        fail(node, error.problem, error.remedy)


def _check_month_day(node: Node, text: str) -> None:
    place = dict(node.fields).get("shut_downs", node) if isinstance(node, Mapping) else node
    if not _MONTH_DAY.fullmatch(text) or not _is_day(f"{_COMMON_YEAR}-{text}"):
        fail(place, phrase("{text} is not a day of every year.", text=as_own(repr(text))), phrase("Write it as 12-20."))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
