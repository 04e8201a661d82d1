"""Paper in a matter: which forms there are, what was entered and served, and each form blank, to be printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.acts import ActSpec
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.overview import find_overview
from alteram.operations.paper import PaperDesk, PaperForm, find_paper
from alteram.operations.paper_reports import may_enter_reports
from alteram.web.doors import for_people, get_person

#: No matter has so many entries that the number of one is longer.
_LONGEST: Final = 9
_LINES: Final = {"text": 12, "person": 1, "instant": 1, "day": 1, "entry": 1, "number": 1}


@dataclass(frozen=True, slots=True)
class BlankField:
    """A field as paper has it: boxes to tick, or lines to write on."""

    name: str
    is_required: bool
    choices: tuple[str, ...]
    kind: str
    lines: range


@require_safe
@for_people
def show_paper(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show it."""
    desk = find_paper(asking.organisation, StreamId(matter), get_person(asking))
    by_area = [(area, list(found)) for area, found in groupby(desk.forms, key=lambda one: one.spec.area)]
    context = {
        "matter": matter,
        "desk": desk,
        "by_area": by_area,
        "answers": read_answers(request),
        "may_report": may_enter_reports(asking.organisation, get_person(asking)),
    }
    return render(request, "web/paper/paper.html", context)


def read_answers(request: HttpRequest) -> str:
    """Return the number of the entry that a paper answers, where the address says one."""
    number = request.GET.get("answers", "")
    return number if number.isascii() and number.isdigit() and len(number) < _LONGEST else ""


@require_safe
@for_people
def show_blank(request: HttpRequest, asking: Asking, matter: str, act: str) -> HttpResponse:
    """Show a form, blank."""
    stream, person = StreamId(matter), get_person(asking)
    form = get_form_or_404(find_paper(asking.organisation, stream, person), act)
    overview = find_overview(asking.organisation, stream, person, now=asking.now)
    context = {
        "matter": matter,
        "form": form,
        "fields": list(_fields(form.spec)),
        "overview": overview,
        "answers": read_answers(request),
        "now": asking.now,
    }
    return render(request, "web/paper/blank.html", context)


def get_form_or_404(desk: PaperDesk, act: str) -> PaperForm:
    """Return the form of an act. Raises: Http404 where it is none that a party does."""
    for one in desk.forms:
        if one.spec.name == act:
            return one
    raise Http404


def _fields(spec: ActSpec) -> Iterator[BlankField]:
    shapes = find_shapes(spec)
    for one in spec.fields:
        shape = shapes[one.name]
        parts = [(part.name, part.shape) for part in shape.parts] if shape.kind == "parts" else [(one.name, shape)]
        for name, each in parts:
            yield _blank(name, each, is_required=one.required)


def _blank(name: str, shape: Shape, *, is_required: bool) -> BlankField:
    choices = ("yes", "no") if shape.kind == "yes-no" else tuple(shape.choices)
    lines = 0 if choices else _LINES.get(shape.kind, 1) * (3 if shape.many else 1)
    return BlankField(name, is_required, choices, shape.kind, range(lines))
