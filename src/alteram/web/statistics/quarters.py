"""Statistics of one quarter that is over: tables with a chart beside each, and the same as CSV."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alteram.installation.asking import Asking
from alteram.installation.statistics import find_quarters_over, get_release_of, write_csv
from alteram.operations.statistics import Group, Release, Table
from alteram.web.doors import for_anyone, for_people
from alteram.web.wording import tell_word

_TITLES: Final[dict[Group, str | Promise]] = {
    "reports": _("Reports that came"),
    "outcomes": _("What became of matters"),
    "deadlines": _("Times that ran out in the quarter: kept and missed, by stage"),
}
_SHOWN_QUARTERS: Final = 12
_WIDTH: Final = 240
_ROW: Final = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: its words, its number (None: hidden), and where its bar stands."""

    name: str
    count: int | None
    top: int
    width: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A table with its chart."""

    title: str | Promise
    bars: tuple[Bar, ...]
    total: int | None
    has_total: bool
    height: int


@require_safe
@for_people
def show_statistics(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show a quarter to members: with how long stages took."""
    return _show(request, asking, is_public=False)


@require_safe
@for_anyone
def show_public(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show a quarter to anybody."""
    return _show(request, asking, is_public=True)


@require_safe
@for_anyone
def send_csv(request: HttpRequest, asking: Asking, quarter: str) -> HttpResponse:
    """Send what anybody may see of a quarter as CSV; what is hidden stands empty, and says so."""
    del request
    chosen = next((one for one in find_quarters_over(asking, _SHOWN_QUARTERS) if one.name == quarter), None)
    if chosen is None:
        raise Http404
    told = write_csv(chosen, get_release_of(asking, chosen))
    response = HttpResponse(told, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{chosen.name}.csv"'
    return response


def _show(request: HttpRequest, asking: Asking, *, is_public: bool) -> HttpResponse:
    quarters = find_quarters_over(asking, _SHOWN_QUARTERS)
    asked = request.GET.get("quarter", "")
    chosen = next((one for one in quarters if one.name == asked), quarters[0] if quarters else None)
    if asked and (chosen is None or chosen.name != asked):
        raise Http404
    release = None if chosen is None else get_release_of(asking, chosen)
    context = {
        "quarters": [one.name for one in quarters],
        "chosen": None if chosen is None else chosen.name,
        "charts": [] if release is None else [_draw(one) for one in release.tables],
        "medians": None if release is None or is_public else _draw_medians(release),
        "least": settings.STATISTICS_LEAST if release is None else release.least,
        "is_public": is_public,
    }
    return render(request, "web/statistics/statistics.html", context)


def _draw(table: Table) -> Chart:
    return Chart(_TITLES[table.group], tuple(_bars(table.rows)), table.total, True, _ROW * len(table.rows))


def _draw_medians(release: Release) -> Chart:
    return Chart(
        _("How many days a stage took, in the middle (median)"),
        tuple(_bars(release.medians)),
        None,
        False,
        _ROW * len(release.medians),
    )


def _bars(rows: tuple[tuple[str, int | None], ...]) -> Iterator[Bar]:
    largest = max((count for _, count in rows if count is not None), default=0) or 1
    for place, (name, count) in enumerate(rows):
        yield Bar(_tell(name), count, place * _ROW, round(_WIDTH * (count or 0) / largest))


def _tell(name: str) -> str:
    missed = re.fullmatch(r"missed-(.+)", name)
    return str(_("missed: %(stage)s") % {"stage": tell_word(missed[1])}) if missed else tell_word(name)
