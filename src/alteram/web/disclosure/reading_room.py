"""The reading room: what one person was given, and the copies of bundles that are marked as theirs."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.operations.attachments import open_attachment
from alteram.operations.disclosure.packing import pack_own_copy
from alteram.operations.disclosure.telling import find_reading_room, get_own_copy
from alteram.operations.entries import enter
from alteram.web.disclosure.ways import find_ways
from alteram.web.doors import for_people, get_person
from alteram.web.speaking_up.files import send


@require_safe
@for_people
def show_room(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what was disclosed to whoever asks, and since when."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    context = {"matter": matter, "room": find_reading_room(entered, now=asking.now), **find_ways(entered)}
    return render(request, "web/disclosure/room.html", context)


@require_GET
@for_people
def send_copy(request: HttpRequest, asking: Asking, matter: str, seq: int) -> HttpResponseBase:
    """Give whoever asks their own marked copy; that they opened it is recorded first."""
    del request
    person, stream = get_person(asking), StreamId(matter)
    event = get_own_copy(enter(asking.organisation, stream, person), seq)
    opened = open_attachment(asking.organisation, stream, seq, 0, person)
    response = send(f"{event.act.bundle}-{person}.pdf", opened.content)
    response["Content-Length"] = str(opened.found.size)
    return response


@require_GET
@for_people
def send_zip(request: HttpRequest, asking: Asking, matter: str, seq: int) -> HttpResponseBase:
    """Give whoever asks their own marked copy with what lies beside it, such as recordings."""
    del request
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    name = f"{get_own_copy(entered, seq).act.bundle}-{entered.person}.zip"
    bundles = find_disclosure_tools().bundles.bundles
    return send(name, pack_own_copy(entered, bundles, seq, now=asking.now.replace(microsecond=0)))
