"""The register of statements of one matter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.statements import find_statements
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_statements(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show it."""
    found = find_statements(asking.organisation, StreamId(matter), get_person(asking), now=asking.now)
    return render(request, "web/statements/statements.html", {"matter": matter, "found": found, "now": asking.now})
