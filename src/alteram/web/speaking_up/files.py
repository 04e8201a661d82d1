"""Files of entries, given to who may see the entry: always to be saved, never shown by the browser."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.asking import Asking
from alteram.operations.attachments import open_attachment
from alteram.web.doors import for_people, get_person
from alteram.web.speaking_up.coming_back import for_reporters


@require_safe
@for_people
def send_to_person(request: HttpRequest, asking: Asking, matter: str, seq: int, number: int) -> HttpResponseBase:
    """Give a file to somebody who signed in."""
    del request
    return _send_attachment(asking, get_person(asking), matter, seq=seq, number=number)


@require_safe
@for_reporters
def send_to_reporter(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, asking: Asking, reporter: PersonId, matter: str, seq: int, number: int
) -> HttpResponseBase:
    """Give a file to a reporter who came back."""
    del request
    return _send_attachment(asking, reporter, matter, seq=seq, number=number)


def _send_attachment(asking: Asking, viewer: PersonId, matter: str, *, seq: int, number: int) -> HttpResponseBase:
    opened = open_attachment(asking.organisation, StreamId(matter), seq, number, viewer)
    response = send(opened.found.name, opened.content)
    response["Content-Length"] = str(opened.found.size)
    return response


def send(name: str, content: Iterable[bytes]) -> StreamingHttpResponse:
    """Return a file to be saved under this name. Whatever it holds, a browser that opens it all the same runs nothing.

    One that was altered breaks off in the middle: what came before was genuine.
    """
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
