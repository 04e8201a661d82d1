"""Expand a time zone and a country's public holidays into a `Calendar`.

`holidays` knows no statutory shut-downs; those that statutes define are listed here with their source.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from importlib.resources import files
from zoneinfo import ZoneInfo

import holidays

from alteram.core.kernel.calendars import Calendar, CalendarError, Holiday, ShutDown, Transition

#: Statutory runs of days that are not working days: (first month, first day, last month, last day, name).
_SHUT_DOWNS: dict[str, tuple[tuple[int, int, int, int, str], ...]] = {
    "NZ": ((12, 25, 1, 2, "25 December to 2 January (Legislation Act 2019 s 13, status G)"),),
}


def build_calendar(jurisdiction: str, time_zone: str, *, first_year: int, last_year: int) -> Calendar:
    """Return the calendar of a country (ISO 3166 code, or ISO 3166-2 with a hyphen) in a time zone, for whole years.

    Raises: CalendarError for an unknown country or time zone.
    """
    country, _, subdivision = jurisdiction.partition("-")
    try:
        found = holidays.country_holidays(
            country, subdiv=subdivision or None, years=range(first_year, last_year + 1), language="en_US"
        )
    except NotImplementedError as error:
        raise CalendarError(
            f"No public holidays are known for {jurisdiction}.", remedy="Use an ISO 3166 code."
        ) from error
    return Calendar(
        name=f"{jurisdiction} {time_zone}",
        time_zone=time_zone,
        valid_from=date(first_year, 1, 1),
        valid_until=date(last_year, 12, 31),
        transitions=tuple(_transitions(_load_zone(time_zone), first_year, last_year)),
        holidays=tuple(Holiday(day, str(name)) for day, name in sorted(found.items())),
        shut_downs=tuple(
            ShutDown(first=date(year, m1, d1), last=date(year + (m2 < m1), m2, d2), name=name)
            for year in range(first_year - 1, last_year + 1)
            for m1, d1, m2, d2, name in _SHUT_DOWNS.get(country, ())
        ),
        sources=(f"holidays {version('holidays')}", f"tzdata {version('tzdata')}"),
    )


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
