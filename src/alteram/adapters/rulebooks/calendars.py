"""Expand a time zone and a country's public holidays into a `Calendar`.

`holidays` knows no statutory shut-downs; those that statutes define are listed here with their source.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from alteram.core.kernel.calendars import Calendar, CalendarError, Holiday, ShutDown, Transition
from alteram.core.rules.parsing.calendars import StatedCalendar, StatedShutDown

#: Runs of days that a country's statutes do not count as working days.
STATUTORY: dict[str, tuple[StatedShutDown, ...]] = {
    "NZ": (
        StatedShutDown(
            first="12-25", last="01-02", name="25 December to 2 January (Legislation Act 2019 s 13, status G)"
        ),
    ),
}

_SATURDAY_AND_SUNDAY: Final = (5, 6)


def build_calendar(stated: StatedCalendar) -> Calendar:
    """Return the calendar that a rulebook asks for. Raises: CalendarError for an unknown country or time zone.

    A rulebook that lists its own shut-downs has those; one that lists none has those its country's statutes define.
    """
    years = range(stated.first_year, stated.last_year + 1)
    return Calendar(
        name=stated.name,
        time_zone=stated.time_zone,
        valid_from=date(years[0], 1, 1),
        valid_until=date(years[-1], 12, 31),
        transitions=tuple(_transitions(_load_zone(stated.time_zone), years[0], years[-1])),
        weekend=_weekend(stated),
        holidays=_holidays(stated, years),
        shut_downs=tuple(
            _shut_down(one, year) for year in range(years[0] - 1, years[-1] + 1) for one in _stated(stated)
        ),
        sources=(f"holidays {version('holidays')}", f"tzdata {version('tzdata')}"),
    )


def _weekend(stated: StatedCalendar) -> tuple[int, ...]:
    """Return the weekdays that are no working days in a country, as they are in the last year: Friday in some."""
    if not stated.country:
        return _SATURDAY_AND_SUNDAY
    import holidays  # noqa: PLC0415 - slow to load, and seldom needed: rulebooks that are kept hold their days

    try:
        found = holidays.country_holidays(stated.country, years=stated.last_year)
    except NotImplementedError:
        return _SATURDAY_AND_SUNDAY  # _holidays refuses it, with what to do.
    return tuple(sorted(found.weekend))


def _holidays(stated: StatedCalendar, years: range) -> tuple[Holiday, ...]:
    if not stated.country:
        return ()
    import holidays  # noqa: PLC0415 - as above

    try:
        found = holidays.country_holidays(
            stated.country, subdiv=stated.subdivision or None, years=years, language="en_US"
        )
    except NotImplementedError as error:
        raise CalendarError(
            f"No public holidays are known for {stated.country} {stated.subdivision}".rstrip() + ".",
            remedy="Use an ISO 3166 code, and an ISO 3166-2 subdivision of it.",
        ) from error
    return tuple(Holiday(day, str(name)) for day, name in sorted(found.items()))


def _stated(stated: StatedCalendar) -> tuple[StatedShutDown, ...]:
    return STATUTORY.get(stated.country, ()) if stated.shut_downs is None else stated.shut_downs


def _shut_down(stated: StatedShutDown, year: int) -> ShutDown:
    over_new_year = stated.last < stated.first
    first, last = (
        date.fromisoformat(f"{year + later}-{day}") for later, day in ((0, stated.first), (over_new_year, stated.last))
    )
    return ShutDown(first=first, last=last, name=stated.name)


def _load_zone(time_zone: str) -> ZoneInfo:
    """Read the zone from the tzdata package, never from the system, so that a rulebook names one source."""
    parts = time_zone.split("/")
    if not all(part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in parts):
        raise CalendarError("Not a time zone.", remedy="Use an IANA name such as Pacific/Auckland.")
    try:
        with files("tzdata.zoneinfo").joinpath(*parts).open("rb") as stream:
            return ZoneInfo.from_file(stream, key=time_zone)
    except (OSError, ValueError) as error:
        raise CalendarError(
            f"No time zone {time_zone!r}.", remedy="Use an IANA name such as Pacific/Auckland."
        ) from error


def _transitions(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[Transition]:
    at = datetime(first_year - 1, 12, 30, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 3, tzinfo=UTC)
    offset = _offset(zone, at)
    yield Transition(at, offset)
    while at < end:
        following = at + timedelta(days=1)
        if _offset(zone, following) != offset:
            change = _bisect(zone, at, following)
            offset = _offset(zone, change)
            yield Transition(change, offset)
            following = change
        at = following


def _bisect(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first second in (low, high] whose offset is not that at `low`."""
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _offset(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
