"""The quarters of an organisation that are over, each with its release, for pages and programs alike."""

import csv
import io

from django.conf import settings

from alteram.core.acts import OrganisationFounded
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.installation.asking import Asking
from alteram.installation.releases import Quarter, find_quarter, get_release
from alteram.operations.statistics import Release, build_release


def find_quarters_over(asking: Asking, most: int | None = None) -> list[Quarter]:
    """Return the quarters that are over since the organisation was founded, the newest first."""
    founded = asking.organisation.state(ORGANISATION_STREAM).facts.all(OrganisationFounded)
    quarters: list[Quarter] = []
    if founded:
        first = find_quarter(founded[0].recorded_at, asking.zone).bounds(asking.zone)[0]
        quarter = find_quarter(asking.now, asking.zone).previous()
        while quarter.bounds(asking.zone)[0] >= first and (most is None or len(quarters) < most):
            quarters.append(quarter)
            quarter = quarter.previous()
    return quarters


def get_release_of(asking: Asking, quarter: Quarter) -> Release:
    """Return the release of a quarter that is over, made where nobody asked before."""
    start, end = quarter.bounds(asking.zone)

    def build() -> Release:
        return build_release(asking.organisation, start, end, least=settings.STATISTICS_LEAST)

    return get_release(asking.name, quarter, asking.now, build)


def write_csv(quarter: Quarter, release: Release) -> str:
    """Return what anybody may see of a release as CSV; what is hidden stands empty, and says so."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("quarter", "table", "row", "count", "hidden"))
    for table in release.tables:
        for name, count in (*table.rows, ("total", table.total)):
            writer.writerow((quarter.name, table.group, name, "" if count is None else count, count is None))
    return target.getvalue()
