"""The board of what is disputed in one matter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.contested import find_board
from alteram.operations.entries import enter
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_board(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show who asserts, denies or declines what, on which source, with the evidence and what was found."""
    page = find_board(enter(asking.organisation, StreamId(matter), get_person(asking)), now=asking.now)
    return render(request, "web/propositions/board.html", {"matter": matter, "page": page})
