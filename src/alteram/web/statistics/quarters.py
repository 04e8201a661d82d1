"""Statistics of quarters that are over: of one, or of several that follow one another; with charts, and as CSV."""

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
from alteram.installation.releases import Quarter
from alteram.installation.statistics import find_quarters_over, get_release_of, write_csv
from alteram.operations.roll import is_on_roll
from alteram.operations.statistics import Group, Release, Series, Table, add_up
from alteram.web.doors import for_anyone, for_people, get_person
from alteram.web.wording import tell_word

_TITLES: Final[dict[Group, str | Promise]] = {
    "reports": _("Reports that came"),
    "outcomes": _("What became of matters"),
    "deadlines": _("Times that ran out in the quarter: kept and missed, by stage"),
}
#: How many quarters a period may have: as many releases are read for one page.
_LONGEST: Final = 12
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


@dataclass(frozen=True, slots=True)
class Period:
    """Quarters that follow one another, the first of them first."""

    quarters: tuple[Quarter, ...]

    @property
    def name(self) -> str:
        """Return what pages and files call it."""
        first, last = self.quarters[0].name, self.quarters[-1].name
        return first if first == last else f"{first} – {last}"


@dataclass(frozen=True, slots=True)
class Sums:
    """A table of several quarters: each row with its number in each, beside the chart of what they come to."""

    chart: Chart
    quarters: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...], int | None], ...]
    totals: tuple[int | None, ...]


@require_safe
@for_people
def show_statistics(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show a quarter to whoever is on the roll: with how long stages took. Anybody else sees what is public."""
    return _show(request, asking, is_public=not is_on_roll(asking.organisation, get_person(asking)))


@require_safe
@for_anyone
def show_public(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show a quarter to anybody."""
    return _show(request, asking, is_public=True)


@require_safe
@for_anyone
def send_csv(request: HttpRequest, asking: Asking, quarter: str) -> HttpResponse:
    """Send what anybody may see as CSV, from a quarter up to another; what is hidden stands empty, and says so."""
    chosen = _find_period(find_quarters_over(asking), quarter, request.GET.get("until", quarter))
    if chosen is None:
        raise Http404
    written = [write_csv(one, get_release_of(asking, one)) for one in chosen.quarters]
    told = "".join([written[0], *(one.partition("\n")[2] for one in written[1:])])
    response = HttpResponse(told, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{quarter}.csv"'
    return response


def _show(request: HttpRequest, asking: Asking, *, is_public: bool) -> HttpResponse:
    quarters = find_quarters_over(asking)
    first = request.GET.get("quarter", quarters[0].name if quarters else "")
    chosen = _find_period(quarters, first, request.GET.get("until") or first)
    if chosen is None and (quarters or request.GET):
        raise Http404
    releases = [] if chosen is None else [get_release_of(asking, one) for one in chosen.quarters]
    only = releases[0] if len(releases) == 1 else None
    context = {
        "quarters": [one.name for one in quarters],
        "chosen": chosen,
        "longest": _LONGEST,
        "charts": [] if only is None else [_draw(one) for one in only.tables],
        "medians": None if only is None or is_public else _draw_medians(only),
        "sums": [] if chosen is None or only else [_draw_sums(one, chosen) for one in add_up(releases)],
        "least": releases[0].least if releases else settings.STATISTICS_LEAST,
        "is_public": is_public,
    }
    return render(request, "web/statistics/statistics.html", context)


def _find_period(quarters: list[Quarter], first: str, last: str) -> Period | None:
    """Return the quarters from one to another, the newest of them where they are too many; None where one is not there.

    Which of the two is named first does not matter.
    """
    names = [one.name for one in quarters]
    if first not in names or last not in names:
        return None
    newest, oldest = sorted((names.index(first), names.index(last)))
    return Period(tuple(reversed(quarters[newest : oldest + 1][:_LONGEST])))


def _draw_sums(series: Series, period: Period) -> Sums:
    sums = tuple((name, together) for name, _, together in series.rows)
    chart = Chart(_TITLES[series.group], tuple(_bars(sums)), series.total, True, _ROW * len(sums))
    rows = tuple((_tell(name), numbers, together) for name, numbers, together in series.rows)
    return Sums(chart, tuple(one.name for one in period.quarters), rows, series.totals)


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
