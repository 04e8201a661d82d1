"""Statistics of a quarter that is over, as they were released: to members, and what anybody may see of them."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema

from alteram.api.calling import BearerToken, Org, get_calling, get_public
from alteram.api.files import send
from alteram.api.problems import not_found
from alteram.api.shapes import Answer
from alteram.installation.asking import Asking
from alteram.installation.releases import Quarter
from alteram.installation.statistics import find_quarters_over, get_release_of, write_csv
from alteram.operations.roll import is_on_roll
from alteram.operations.statistics import Release

router = Router(tags=["statistics"])

QuarterName = Annotated[str, Path(pattern="^[0-9]{4}-Q[1-4]$", description="A quarter that is over, such as 2026-Q1.")]
_CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}}


class Count(Schema):
    """A row of a table; null is hidden, because so few would single somebody out."""

    row: str
    count: int | None


class Table(Schema):
    """A table of numbers, with the total of all rows, the hidden ones included (null: hidden as well)."""

    group: str
    rows: list[Count]
    total: int | None

    @staticmethod
    def resolve_rows(table: Any) -> list[Count]:
        """Return them with their names."""
        return [Count(row=row, count=count) for row, count in table.rows]


class PublicStatistics(Schema):
    """The numbers of one quarter that anybody may see, as they were released."""

    quarter: str
    least: int
    tables: list[Table]


class Statistics(PublicStatistics):
    """The numbers of one quarter, and how many days each stage took in the middle (median)."""

    medians: list[Count]


class Quarters(Schema):
    """The quarters that are over, the newest first."""

    quarters: list[str]


@router.get("/{org}/statistics", response=Quarters, operation_id="list_quarters", summary="Quarters that are over")
def list_quarters(request: HttpRequest, org: Org) -> Quarters:
    """List the quarters that have statistics. No token is needed."""
    del request
    return Quarters(quarters=[one.name for one in find_quarters_over(get_public(org))])


@router.get(
    "/{org}/statistics/{quarter}",
    response=Statistics,
    auth=BearerToken("read"),
    operation_id="show_statistics",
    summary="Statistics of a quarter",
)
def show_statistics(request: HttpRequest, org: Org, quarter: QuarterName) -> Answer:
    """Tell what became of reports and matters in a quarter; numbers that would single somebody out are hidden."""
    del org
    calling = get_calling(request)
    if not is_on_roll(calling.asking.organisation, calling.person):
        raise not_found()
    release = _find(calling.asking, quarter)[1]
    medians = [{"row": row, "count": count} for row, count in release.medians]
    return {**_tell(quarter, release), "medians": medians}


@router.get(
    "/{org}/statistics/{quarter}/public",
    response=PublicStatistics,
    operation_id="show_public_statistics",
    summary="What anybody may see of a quarter",
)
def show_public_statistics(request: HttpRequest, org: Org, quarter: QuarterName) -> Answer:
    """Tell what the public page of statistics tells. No token is needed."""
    del request
    release = _find(get_public(org), quarter)[1]
    return _tell(quarter, release)


@router.get(
    "/{org}/statistics/{quarter}/csv",
    operation_id="get_statistics_csv",
    summary="The same as CSV",
    openapi_extra={"responses": {200: _CSV}},
)
def get_statistics_csv(request: HttpRequest, org: Org, quarter: QuarterName) -> HttpResponse:
    """Return what anybody may see of a quarter as CSV. No token is needed."""
    del request
    chosen, release = _find(get_public(org), quarter)
    return send(f"{quarter}.csv", write_csv(chosen, release).encode(), "text/csv; charset=utf-8")


def _find(asking: Asking, name: str) -> tuple[Quarter, Release]:
    quarter = next((one for one in find_quarters_over(asking) if one.name == name), None)
    if quarter is None:
        raise not_found()
    return quarter, get_release_of(asking, quarter)


def _tell(quarter: str, release: Release) -> Answer:
    return {"quarter": quarter, "least": release.least, "tables": release.tables}
