"""The desks of whoever asks: for each part they play, the stages that are theirs and the acts that are next."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from alteram.core.acts.catalogue import Role
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.operations.desks import Desk, StageClock, Task, find_desks
from alteram.operations.paper_reports import may_enter_reports
from alteram.web.desks.reasons import REASONS
from alteram.web.doors import for_people, get_person
from alteram.web.matters.lists import read_place, write_place
from alteram.web.wording import keep_names


@dataclass(frozen=True, slots=True)
class Line:
    """A task as the page shows it: in words, with the address of its form, or with why it cannot be done yet."""

    task: Task
    reason: str | Promise
    address: str
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A desk as the page shows it."""

    role: Role
    stages: tuple[StageClock, ...]
    lines: tuple[Line, ...]


@require_safe
@for_people
def show_desk(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show them."""
    after, closed = read_place(request.GET.get("after", "")), request.GET.get("show") == "closed"
    found = find_desks(asking.organisation, get_person(asking), now=asking.now, after=after, closed=closed)
    tasks = [task for desk in found.desks for task in desk.tasks]
    keep_names(request, asking.name, {task.next.person for task in tasks if task.next.person is not None})
    context = {
        "desks": [_show(asking, desk) for desk in found.desks],
        "names": found.names,
        "may_report": may_enter_reports(asking.organisation, get_person(asking)),
        "matters": found.matters,
        "is_first": after is None,
        "closed": closed,
        "next": None if found.after is None else write_place(found.after),
        "now": asking.now,
    }
    return render(request, "web/desks/desk.html", context)


def _show(asking: Asking, desk: Desk) -> Shown:
    return Shown(desk.role, desk.stages, tuple(_lines(asking, desk)))


def _lines(asking: Asking, desk: Desk) -> Iterator[Line]:
    for task in desk.tasks:
        parts = {"organisation": asking.name, "matter": task.matter, "act": task.next.act}
        fills = urlencode({f"a-{name}": value for name, value in task.next.fills})
        refused = task.ruling if isinstance(task.ruling, Refused) else None
        address = reverse("act", kwargs=parts) + (f"?{fills}" if fills else "")
        yield Line(task, REASONS[task.next.why], address, refused)
