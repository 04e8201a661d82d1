"""Statistics of one quarter that is over, as they were released: the numbers that members see."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Router

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, Org, get_calling
from alteram.api.problems import not_found
from alteram.core.acts import OrganisationFounded
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.installation.releases import Quarter, find_quarter, get_release
from alteram.operations.statistics import Release, build_release

router = Router(tags=["reading"], auth=BearerToken("read"))

QuarterName = Annotated[str, Path(pattern="^[0-9]{4}-Q[1-4]$", description="A quarter that is over, such as 2026-Q1.")]


@router.get(
    "/{org}/statistics/{quarter}",
    response=shapes.Statistics,
    operation_id="show_statistics",
    summary="Statistics of a quarter",
)
def show_statistics(request: HttpRequest, org: Org, quarter: QuarterName) -> shapes.Statistics:
    """Tell what became of reports and matters in a quarter; numbers that would single somebody out are hidden."""
    del org
    calling = get_calling(request)
    chosen = Quarter(int(quarter[:4]), int(quarter[-1]))
    if not _is_over(calling, chosen):
        raise not_found()
    release = get_release(calling.asking.name, chosen, calling.asking.now, lambda: _build(calling, chosen))
    return shapes.Statistics(
        quarter=chosen.name,
        least=release.least,
        tables=[
            shapes.Table(
                group=one.group, rows=[shapes.Count(row=row, count=count) for row, count in one.rows], total=one.total
            )
            for one in release.tables
        ],
        medians=[shapes.Count(row=row, count=count) for row, count in release.medians],
    )


def _is_over(calling: Calling, quarter: Quarter) -> bool:
    """Return whether a quarter is one since the organisation was founded, and is over."""
    asking = calling.asking
    founded = asking.organisation.state(ORGANISATION_STREAM).facts.all(OrganisationFounded)
    if not founded:
        return False
    first, present = find_quarter(founded[0].recorded_at, asking.zone), find_quarter(asking.now, asking.zone)
    return (first.year, first.number) <= (quarter.year, quarter.number) < (present.year, present.number)


def _build(calling: Calling, quarter: Quarter) -> Release:
    start, end = quarter.bounds(calling.asking.zone)
    return build_release(calling.asking.organisation, start, end, least=settings.STATISTICS_LEAST)
