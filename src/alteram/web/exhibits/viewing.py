"""Looking at an exhibit: what was made of it when it was lodged, never the file. Opening a viewer opens the exhibit."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.byte_ranges import Span, find_span, read_span
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.operations.evidence_ports import Unshown
from alteram.operations.exhibits.excerpt_views import read_excerpt, view_excerpt
from alteram.operations.exhibits.opening import OpenedExhibit
from alteram.operations.exhibits.stored import Part
from alteram.operations.exhibits.viewing import find_heard, find_transcripts, view
from alteram.web.doors import for_people
from alteram.web.exhibits.files import open_for, show_closed
from alteram.web.exhibits.waveform import draw_wave
from alteram.web.matters.queries import read_number

HARMLESS: Final = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FLAC: Final = "audio/flac"
_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,3})?")


@require_GET
@csp_update({"media-src": [SELF]})
@for_people
def show_view(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Show pages, messages, a capture, a recording or a text; `from`, or `t` in seconds, says where to begin."""
    entered, opened = open_for(asking, matter, exhibit)
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    first, time = read_number(request, "from") or 0, request.GET.get("t", "")
    excerpt = read_excerpt(opened.stored)
    shown = view(opened, first) if excerpt is None else view_excerpt(excerpt, has_film="film" in opened.stored.files)
    context = {
        "matter": matter,
        "exhibit": exhibit,
        "title": opened.stored.opened.presentation.claims.get("act.title") or exhibit,
        "view": shown,
        "excerpt": excerpt is not None,
        "facts": shown.facts,
        "wave": None if shown.wave is None else draw_wave(shown.wave),
        "transcripts": find_transcripts(entered, exhibit) if shown.kind == "recording" else (),
        "heard": find_heard(entered, exhibit),
        "fragment": f"#t={time}" if _SECONDS.fullmatch(time) else "",
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
    picture = _find_page(opened, number)
    if picture is None:
        raise Http404
    media = "image/png" if picture.startswith(_PNG) else "application/octet-stream"
    return HttpResponse(picture, content_type=media, headers=HARMLESS)


@require_GET
@for_people
def send_sound(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Give the sound of a recording from its lossless form, any range of it. Raises: Http404 where it has none."""
    opened = open_for(asking, matter, exhibit)[1]
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    if (excerpt := read_excerpt(opened.stored)) is not None:
        played = excerpt.play(find_evidence_tools().recordings)
        if isinstance(played, Unshown) or played.media != _FLAC:
            raise Http404
        return _play(request, _FLAC, len(played.data), lambda span: iter((played.data[span.first : span.until],)))
    if opened.stored.form != "flac":
        raise Http404
    return _play_part(request, opened, "form", _FLAC)


@require_GET
@for_people
def send_film(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Give the copy of a recording with pictures that was made here to be played. Raises: Http404 where it has none."""
    opened = open_for(asking, matter, exhibit)[1]
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    if "film" not in opened.stored.files:
        raise Http404
    return _play_part(request, opened, "film", "video/webm")


def _find_page(opened: OpenedExhibit, number: int) -> bytes | None:
    if (excerpt := read_excerpt(opened.stored)) is not None:
        return excerpt.find_page(number)
    if opened.stored.form != "pages":
        return None
    form = opened.stored.open_form()
    return form.read_pieces(number, number + 1)[0] if number < len(form.pieces) else None


def _play_part(request: HttpRequest, opened: OpenedExhibit, part: Part, media: str) -> HttpResponseBase:
    size = opened.stored.get(part).find_size()
    return _play(request, media, size, lambda span: read_span(span, opened.stored, part))


def _play(request: HttpRequest, media: str, size: int, read: Callable[[Span], Iterator[bytes]]) -> HttpResponseBase:
    """Give what a program here made to be played, or the range of it that was asked for."""
    span = find_span(request.headers.get("Range"), size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {**HARMLESS, "Accept-Ranges": "bytes", "Content-Length": str(span.until - span.first)}
    headers["Content-Disposition"] = "inline"
    if span.is_part:
        headers["Content-Range"] = span.content_range
    return StreamingHttpResponse(read(span), content_type=media, status=206 if span.is_part else 200, headers=headers)
