"""Looking at an exhibit: what was made of it when it was lodged, never the file. Opening a viewer opens the exhibit."""

from typing import Final

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import StreamId, parse_identifier
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.byte_ranges import find_span, read_span
from alteram.operations.entries import enter
from alteram.operations.exhibits.transcripts import lodge_transcript
from alteram.operations.exhibits.viewing import find_transcripts, view
from alteram.web.doors import for_people, get_person
from alteram.web.exhibits.files import open_for, show_closed
from alteram.web.exhibits.waveform import draw_wave

HARMLESS: Final = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MOST: Final = 9_999_999


@require_GET
@csp_update({"media-src": [SELF]})
@for_people
def show_view(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Show pages, messages, a capture, a recording or a text; `from` in the query string says where to begin."""
    entered, opened = open_for(asking, matter, exhibit)
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    asked = request.GET.get("from", "")
    first = min(int(asked), _MOST) if asked.isascii() and asked.isdecimal() else 0
    shown = view(opened, first)
    context = {
        "matter": matter,
        "exhibit": exhibit,
        "title": opened.stored.opened.presentation.claims.get("act.title") or exhibit,
        "view": shown,
        "facts": shown.facts,
        "wave": None if shown.wave is None else draw_wave(shown.wave),
        "transcripts": find_transcripts(entered, exhibit) if shown.kind == "recording" else (),
        "answers": {one.get("index"): one for one in shown.messages},
    }
    return render(request, "web/exhibits/view.html", context)


@require_GET
@for_people
def send_page(request: HttpRequest, asking: Asking, matter: str, exhibit: str, number: int) -> HttpResponseBase:
    """Give one page as the picture that was made of it. Raises: Http404 where there is none."""
    opened = open_for(asking, matter, exhibit)[1]
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    if opened.stored.form != "pages" or number >= len(opened.stored.read_pieces()):
        raise Http404
    picture = opened.read_piece(number)
    media = "image/png" if picture.startswith(_PNG) else "application/octet-stream"
    return HttpResponse(picture, content_type=media, headers=HARMLESS)


@require_GET
@for_people
def send_sound(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Give the sound of a recording from its lossless form, any range of it. Raises: Http404 where it has none."""
    opened = open_for(asking, matter, exhibit)[1]
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    if opened.stored.form != "flac":
        raise Http404
    file = opened.stored.get("form")
    size = file.find_size()
    span = find_span(request.headers.get("Range"), size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {**HARMLESS, "Accept-Ranges": "bytes", "Content-Length": str(span.until - span.first)}
    if span.is_part:
        headers["Content-Range"] = span.content_range
    content = read_span(span, file.read_range)
    return StreamingHttpResponse(
        content, content_type="audio/flac", status=206 if span.is_part else 200, headers=headers
    )


@require_http_methods(["GET", "POST"])
@for_people
def add_transcript(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Show the form for a transcript that was typed by hand; lodge it, or say what is wrong with nothing lost."""
    name, text = request.POST.get("name", "").strip(), request.POST.get("text", "")
    context: dict[str, object] = {"matter": matter, "exhibit": exhibit, "name": name, "text": text}
    opened = open_for(asking, matter, exhibit)[1]
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    if "recording" not in opened.stored.read_facts():
        raise Http404
    if request.method != "POST":
        suggested = {"name": f"{exhibit}-transcript"[:64], "text": "WEBVTT\n\n00:00.000 --> 00:05.000\n"}
        return render(request, "web/exhibits/transcript.html", context | suggested)
    if not _is_name(name):
        context["problem"] = _("The name is one short word of small letters, digits, dots, dashes and underscores.")
        return render(request, "web/exhibits/transcript.html", context, status=422)
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    try:
        done = lodge_transcript(entered, exhibit, name, text, now=asking.now)
    except MalformedError as error:
        return render(request, "web/exhibits/transcript.html", context | {"wrong": error}, status=422)
    refused = done if isinstance(done, Refused) else done.ruling
    if isinstance(refused, Refused):
        context |= {"refused": refused, "tried": True}
        return render(request, "web/exhibits/transcript.html", context, status=422)
    messages.success(request, _("The transcript is on the record."))
    return redirect("exhibit-view", organisation=asking.name, matter=matter, exhibit=exhibit)


def _is_name(text: str) -> bool:
    try:
        return bool(parse_identifier(text))
    except MalformedError:
        return False
