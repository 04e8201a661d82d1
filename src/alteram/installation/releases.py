"""Releases of statistics, kept as they were made: a quarter is counted once, and never again.

What is kept is what may be shown. Who asks later, after a correction or a shredding, gets the same numbers, so that
nobody learns of one matter by asking twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar

from django.db import models

from alteram.operations.statistics import Release, Table


class StatisticsRelease(models.Model):
    """The numbers of one quarter, as they were released."""

    organisation = models.CharField(max_length=64)
    quarter = models.CharField(max_length=7)
    figures = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        """One to a quarter."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "quarter"], name="one_release_to_a_quarter")
        ]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year in the organisation's time zone, such as 2026-Q1."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """Return how addresses and tables name it."""
        return f"{self.year}-Q{self.number}"

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return its first instant and the first one after it."""
        after = self.next()
        starts = (datetime(one.year, 3 * one.number - 2, 1, tzinfo=zone).astimezone(UTC) for one in (self, after))
        return next(starts), next(starts)

    def next(self) -> "Quarter":
        """Return the quarter after."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def previous(self) -> "Quarter":
        """Return the quarter before."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)


def find_quarter(at: datetime, zone: tzinfo) -> Quarter:
    """Return the quarter an instant lies in."""
    local = at.astimezone(zone)
    return Quarter(local.year, (local.month - 1) // 3 + 1)


def get_release(organisation: str, quarter: Quarter, now: datetime, build: Callable[[], Release]) -> Release:
    """Return the release of a quarter that is over, made by `build` where nobody asked before."""
    known = StatisticsRelease.objects.filter(organisation=organisation, quarter=quarter.name).first()
    if known is None:
        figures = _encode(build())
        known, _made = StatisticsRelease.objects.get_or_create(
            organisation=organisation, quarter=quarter.name, defaults={"figures": figures, "made_at": now}
        )
    return _decode(known.figures)


def _encode(release: Release) -> dict[str, Any]:
    tables = [
        {"group": one.group, "rows": [list(row) for row in one.rows], "total": one.total} for one in release.tables
    ]
    return {"tables": tables, "medians": [list(one) for one in release.medians], "least": release.least}


def _decode(figures: dict[str, Any]) -> Release:
    tables = tuple(
        Table(one["group"], tuple((name, count) for name, count in one["rows"]), one["total"])
        for one in figures["tables"]
    )
    return Release(tables, tuple((stage, days) for stage, days in figures["medians"]), figures["least"])
