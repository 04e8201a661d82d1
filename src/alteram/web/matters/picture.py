"""The picture of a matter over time: lanes, periods as bars, acts as marks, unlawful times shaded; and as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.installation.writing import find_names
from alteram.operations.entries import enter
from alteram.operations.picture import Bar, Lane, Picture, find_picture
from alteram.web.doors import for_people, get_person
from alteram.web.matters.doing import tell_doing
from alteram.web.wording import tell_act, tell_word

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 1080, 250, 50, 46, 34
_TICKS = 6
_LONGEST = 33
_MOST_PERIODS = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something with its place: marks have no width."""

    x: float
    y: float
    width: float
    label: str
    kind: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture: its name, and what is drawn in it."""

    y: float
    name: str
    bars: tuple[Drawn, ...] = ()
    marks: tuple[Drawn, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture laid out."""

    width: int
    height: int
    rows: tuple[Row, ...]
    windows: tuple[Drawn, ...]
    ticks: tuple[Tick, ...]
    now_x: float
    bottom: float


@require_safe
@for_people
def show_picture(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show the picture, and the same as a table."""
    return render(request, "web/matters/picture.html", _build_context(asking, matter))


@require_safe
@for_people
def download_picture(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Give the picture as a file of its own."""
    context = {**_build_context(asking, matter), "alone": True}
    response = render(request, "web/matters/picture.svg", context, content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{matter}.svg"'
    return response


def _build_context(asking: Asking, matter: str) -> dict[str, object]:
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    picture = find_picture(entered, now=asking.now)
    names = find_names(asking.name)
    told = [(one, tell_bar(one)) for one in (*picture.stages, *picture.periods)]
    return {"matter": matter, "picture": picture, "drawing": _Canvas(picture, names).draw(), "told": told}


def tell_bar(bar: Bar) -> str:
    """Return what a period is, in words."""
    if bar.what == "barred":
        return _("Not lawful yet: %(act)s") % {"act": tell_doing(bar.detail)}
    told = {
        "answer": _("Time to answer: nothing may be decided before it is over"),
        "meeting": _("Notice of meeting %(name)s: it may not open earlier"),
        "pause": _("The proceedings are paused"),
        "measure": _("Measure meanwhile: %(name)s"),
        "stage": _("Time for this stage: %(name)s"),
    }
    return told.get(bar.what, "%(name)s") % {"name": tell_word(bar.detail) if bar.what == "measure" else bar.detail}


class _Canvas:
    """Lays a picture out: time runs from left to right, each lane has a row of its own."""

    def __init__(self, picture: Picture, names: dict[str, str]) -> None:
        self._picture = picture
        self._names = names
        self._span = max((picture.ends_at - picture.begins_at).total_seconds(), 1.0)

    def draw(self) -> Drawing:
        picture = self._picture
        rows = [self._stages(_TOP)]
        for lane in picture.lanes:
            rows.append(self._lane(lane, _TOP + len(rows) * _ROW))
        rows.extend(self._periods(_TOP + len(rows) * _ROW))
        bottom = _TOP + len(rows) * _ROW
        windows = tuple(self._bar(one, _TOP, "window") for one in picture.windows)
        return Drawing(
            _WIDTH, round(bottom + 30), tuple(rows), windows, tuple(self._ticks()), self._x(picture.now), bottom
        )

    def _x(self, at: datetime) -> float:
        share = (at - self._picture.begins_at).total_seconds() / self._span
        return round(_LEFT + min(max(share, 0.0), 1.0) * (_WIDTH - _LEFT - _RIGHT), 1)

    def _bar(self, bar: Bar, y: float, kind: str) -> Drawn:
        x = self._x(bar.begins_at)
        return Drawn(x, y, max(self._x(bar.ends_at) - x, 2.0), tell_bar(bar), kind, bar.entry)

    def _stages(self, y: float) -> Row:
        return Row(y, _("Stages"), tuple(self._bar(one, y, "stage") for one in self._picture.stages))

    def _lane(self, lane: Lane, y: float) -> Row:
        name = _("Not open to you") if lane.person is None else self._names.get(lane.person) or lane.person
        marks = tuple(
            Drawn(self._x(one.at), y, 0, tell_act(one.act), "reported" if one.is_reported else "act", one.entry)
            for one in lane.marks
        )
        parts = ", ".join(tell_word(one) for one in lane.parts)
        return Row(y, _shorten(f"{name} ({parts})" if parts else name), marks=marks)

    def _periods(self, y: float) -> Iterator[Row]:
        for place, one in enumerate(self._picture.periods[:_MOST_PERIODS]):
            row = y + place * _ROW
            bar = self._bar(one, row, "barred" if one.is_unlawful else "period")
            yield Row(row, _shorten(bar.label), (bar,))

    def _ticks(self) -> Iterator[Tick]:
        for place in range(_TICKS):
            at = self._picture.begins_at + timedelta(seconds=self._span * place / (_TICKS - 1))
            yield Tick(self._x(at), formats.date_format(timezone.localtime(at), "SHORT_DATE_FORMAT"))


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
