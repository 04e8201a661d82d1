"""A rulebook that ships, with the days of another place: its time zone, its public holidays, its weekend.

Everything else in it stays. What it says itself of days that do not count, such as a recess, stays too; what the
statutes of the country it was written for say of them goes, and those of the other country come.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec.structs import replace

from alteram.adapters.rulebooks.calendars import STATUTORY, build_calendar
from alteram.core.kernel.calendars import Calendar, CalendarError
from alteram.core.rules import Rulebook
from alteram.core.rules.parsing.calendars import StatedCalendar

#: Stands for no country: every day but the weekend is a working day.
NOWHERE: Final = "none"


@cache
def list_countries() -> tuple[tuple[str, str], ...]:
    """Return the countries whose public holidays are known: code and English name, by name."""
    known = _list_known()
    found = [(code, name) for code, name in _read_table("iso3166.tab", 2) if code in known]
    return tuple(sorted(found, key=lambda one: one[1]))


def find_country(time_zone: str) -> str:
    """Return the country that a time zone is of; empty where it is of none, or its holidays are not known."""
    found = {code for code, _place, zone in _read_table("zone.tab", 3) if zone == time_zone}
    known = {code for code, _name in list_countries()}
    return found.pop() if len(found) == 1 and found <= known else ""


def find_subdivisions(country: str) -> tuple[str, ...]:
    """Return the codes of the parts of a country that have holidays of their own."""
    return tuple(_list_known().get(country, ()))


def _list_known() -> Mapping[str, Sequence[str]]:
    import holidays  # noqa: PLC0415 - slow to load, and seldom needed

    known: Mapping[str, Sequence[str]] = holidays.list_supported_countries()
    return known


def move_rulebook(
    rulebook: Rulebook, *, time_zone: str, country: str, subdivision: str = "", jurisdiction: str = ""
) -> Rulebook:
    """Return a rulebook with the calendar of another place; the same one where that is the place it is written for.

    `country` is a code, or `NOWHERE`. Raises: CalendarError for a time zone, country or part of it that is not known.
    """
    calendar = rulebook.calendar
    moved = _build(time_zone, country, subdivision, calendar.valid_from.year, calendar.valid_until.year)
    statutory = {one.name for shut_downs in STATUTORY.values() for one in shut_downs}
    own = tuple(one for one in calendar.shut_downs if one.name not in statutory)
    moved = replace(moved, shut_downs=own) if own else moved
    if _days(moved) == _days(calendar):
        return rulebook
    return replace(rulebook, calendar=moved, jurisdiction=jurisdiction or rulebook.jurisdiction)


@cache
def _build(time_zone: str, country: str, subdivision: str, first_year: int, last_year: int) -> Calendar:
    names = dict(list_countries())
    if country not in {NOWHERE, *names}:
        raise CalendarError(
            f"No public holidays are known for {country}.", remedy=f"Use an ISO 3166 code, or {NOWHERE}."
        )
    place = "No public holidays" if country == NOWHERE else names[country]
    return build_calendar(
        StatedCalendar(
            name=f"{place}, {subdivision}" if subdivision else place,
            time_zone=time_zone,
            country="" if country == NOWHERE else country,
            subdivision=subdivision,
            first_year=first_year,
            last_year=last_year,
        )
    )


def _days(calendar: Calendar) -> tuple[object, ...]:
    return calendar.transitions, calendar.holidays, calendar.shut_downs, calendar.weekend


def _read_table(name: str, columns: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one of the tables that come with the time zones."""
    for line in files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield tuple(line.split("\t")[:columns])
