"""The file of an exhibit as it was lodged: to be saved, never shown by the browser; taking it opens the exhibit."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alteram.core.access import is_open_to
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.exhibits import find_lodging
from alteram.installation.asking import Asking
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.web.doors import for_people, get_person
from alteram.web.speaking_up.files import send


@require_GET
@for_people
def send_original(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Give the file, byte for byte as it came, under the name it was lodged with."""
    opened = open_for(asking, matter, exhibit)[1]
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    original = opened.stored.get("original")
    name = opened.stored.opened.presentation.claims.get("act.file_name")
    response = send(name if isinstance(name, str) and name else exhibit, original.read())
    response["Content-Length"] = str(original.find_size())
    return response


def open_for(asking: Asking, matter: str, exhibit: str) -> tuple[Entered, OpenedExhibit | Refused]:
    """Return an exhibit opened for whoever asks, or why it is closed to them; that they opened it is recorded.

    Raises: Http404 where they may not know of it; UnknownMatterError, BusyError, StoreError.
    """
    entered = enter_for(asking, matter, exhibit)
    return entered, open_exhibit(entered, exhibit, now=asking.now)


def enter_for(asking: Asking, matter: str, exhibit: str) -> Entered:
    """Return the matter as whoever asks enters it. Raises: Http404 where they may not know of the exhibit."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    lodged = find_lodging(entered.facts, exhibit)
    if lodged is None or not is_open_to(entered.reader, lodged):
        raise Http404
    return entered


def show_closed(request: HttpRequest, matter: str, exhibit: str, refused: Refused) -> HttpResponseBase:
    """Say why an exhibit is closed to somebody who may know that it is there."""
    context = {"matter": matter, "exhibit": exhibit, "refused": refused}
    return render(request, "web/exhibits/closed.html", context, status=403)
