"""What disclosure is due in one matter, and the way to everything else about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.disclosure.telling import find_due_rows
from alteram.operations.entries import enter
from alteram.web.disclosure.ways import find_ways
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_due(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show who must be given which exhibit by when, under which clause, and what was given."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    rows = find_due_rows(entered, now=asking.now)
    context = {
        "matter": matter,
        "waiting": [one for one in rows if one.due.state in {"overdue", "due", "sent"}],
        "had": [one for one in rows if one.due.state in {"gist", "given"}],
        "now": asking.now,
        **find_ways(entered),
    }
    return render(request, "web/disclosure/due.html", context)
