"""Large files in parts, for script on the lodging page: the server side of tus 1.0.0 over `operations`.

Core, creation, checksum (sha1, sha256) and termination, as https://tus.io/protocols/resumable-upload says. Whoever
signed in has uploads of their own in matters that are open to them; for any other there is nothing. What changes
something carries the form's token in `X-CSRFToken`. GET tells the digests of what is there, so that a sender knows
whether it has the same file still.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from alteram.core.acts import ExhibitLodged, get_spec
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.uploads import BusyUploadsError, take_turn
from alteram.operations.attachments import AttachmentError
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits import uploads
from alteram.operations.exhibits.incoming import MAX_EXHIBIT
from alteram.operations.questions import find_open_acts
from alteram.web.doors import for_people, get_person
from alteram.web.saying import say, say_error

VERSION: Final = "1.0.0"
PART: Final = "application/offset+octet-stream"
#: The status that the specification gives to a part that arrived altered.
CHECKSUM_MISMATCH: Final = 460
_BLOCK: Final = 1 << 18
_DIGITS: Final = 15
_NAME, _MODIFIED = "filename", "modified"

_View = Callable[..., HttpResponseBase]


def speaks_tus(view: _View) -> _View:
    """Let a view answer as the protocol asks: the version both ways, no page where a program asks, no cache.

    X-HTTP-Method-Override counts on POST alone: the form's token is asked for on that.
    """

    @wraps(view)
    def answer(request: HttpRequest, **keywords: Any) -> HttpResponseBase:
        if request.method == "POST" and "X-HTTP-Method-Override" in request.headers:
            request.method = request.headers["X-HTTP-Method-Override"].upper()
        if request.method not in {"OPTIONS", "GET"} and request.headers.get("Tus-Resumable") != VERSION:
            response: HttpResponseBase = _say(412, "Speak tus 1.0.0.", **{"Tus-Version": VERSION})
        elif not request.user.is_authenticated:
            response = _say(403, "Sign in first.")
        else:
            try:
                response = view(request, **keywords)
            except Http404:
                response = _say(404)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return answer


@speaks_tus
@require_http_methods(["OPTIONS", "POST"])
@for_people
def begin(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Tell what is spoken here, or begin an upload: Upload-Length, and its name in Upload-Metadata."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    if request.method == "OPTIONS":
        return _describe()
    size, told = _read_number(request, "Upload-Length"), _read_metadata(request.headers.get("Upload-Metadata", ""))
    if size is None or told is None or "Upload-Defer-Length" in request.headers:
        return _say(400, "Say Upload-Length as a number, and Upload-Metadata as keys with base64.")
    if size > MAX_EXHIBIT:
        return _say(413, "An exhibit is smaller.")
    ruling = (
        find_open_acts(
            asking.organisation, entered.stream, entered.person, only=get_spec(ExhibitLodged), now=asking.now
        )
        .acts[0]
        .ruling
    )
    if isinstance(ruling, Refused):
        return _say(409, say(ruling.because))
    try:
        upload = uploads.begin_upload(entered, told.get(_NAME, ""), size, modified=told.get(_MODIFIED, ""))
    except AttachmentError as error:
        return _say(409, say_error(error))
    where = {"organisation": asking.name, "matter": matter, "upload": upload.name}
    return _say(201, Location=reverse("upload", kwargs=where))


@speaks_tus
@require_http_methods(["OPTIONS", "GET", "HEAD", "PATCH", "DELETE"])
@for_people
def serve(request: HttpRequest, asking: Asking, matter: str, upload: str) -> HttpResponse:
    """Tell how far somebody's own upload is, take more of it, or delete it."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    found = uploads.get_upload(entered, upload)
    match request.method:
        case "OPTIONS":
            return _describe()
        case "PATCH":
            return _add(request, entered, found)
        case "DELETE":
            uploads.drop_upload(entered, upload)
            return _say(204)
        case "GET":
            parts = [{"size": size, "sha256": digest} for size, digest in uploads.list_digests(entered, upload)]
            return JsonResponse({"offset": found.offset, "parts": parts})
        case _:
            told = {"Upload-Offset": str(found.offset), "Upload-Length": str(found.size)}
            return _say(200, **told, **_write_metadata(found))


def _add(request: HttpRequest, entered: Entered, upload: uploads.Upload) -> HttpResponse:
    offset, checksum = _read_number(request, "Upload-Offset"), _read_checksum(request)
    if request.headers.get("Content-Type") != PART:
        return _say(415, f"Send {PART}.")
    if offset is None or isinstance(checksum, str):
        return _say(400, "Say Upload-Offset as a number, and Upload-Checksum by sha1 or sha256.")
    length = _read_number(request, "Content-Length") or 0
    if offset == upload.offset and offset + length > upload.size:
        return _say(413, "That is more than was announced.")
    try:
        with take_turn(request):
            added = uploads.add_to_upload(entered, upload.name, offset, _read(request), checksum=checksum)
    except (AlteramError, UnreadablePostError, BusyUploadsError) as error:
        return _tell_wrong(error)
    return _say(204, **{"Upload-Offset": str(added.offset)})


def _tell_wrong(error: Exception) -> HttpResponse:
    """Return what the protocol answers where a part was not taken. Raises: what is for the doors."""
    match error:
        case uploads.UploadConflictError():
            return _say(409, "The upload goes on elsewhere.", **{"Upload-Offset": str(error.offset)})
        case uploads.UploadChecksumError():
            return _say(CHECKSUM_MISMATCH, say_error(error))
        case AttachmentError():
            return _say(413, say_error(error))
        case UnreadablePostError():
            return _say(400, "The connection broke off.")
        case BusyUploadsError():
            return _say(503, "Others are sending large files at this moment.", **{"Retry-After": "5"})
        case _:
            raise error


def _describe() -> HttpResponse:
    return _say(
        204,
        **{
            "Tus-Version": VERSION,
            "Tus-Max-Size": str(MAX_EXHIBIT),
            "Tus-Extension": "creation,checksum,termination",
            "Tus-Checksum-Algorithm": ",".join(uploads.ALGORITHMS),
        },
    )


def _say(status: int, text: str = "", **headers: str) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    for name, value in headers.items():
        response[name] = value
    return response


def _read(request: HttpRequest) -> Iterator[bytes]:
    while data := request.read(_BLOCK):
        yield data


def _read_number(request: HttpRequest, name: str) -> int | None:
    text = request.headers.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def _read_checksum(request: HttpRequest) -> uploads.Checksum | str | None:
    """Return the checksum of a part, None where none is told, or what is told where it is none."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _space, digest = text.partition(" ")
    read = _decode(digest)
    return text if algorithm not in uploads.ALGORITHMS or read is None else uploads.Checksum(algorithm, read)


def _read_metadata(text: str) -> dict[str, str] | None:
    """Return what is told of a file; None where it is not spelt as the protocol says."""
    told: dict[str, str] = {}
    for pair in filter(None, text.split(",")):
        key, _space, value = pair.strip().partition(" ")
        read = _decode(value)
        if not key or not key.isascii() or key in told or read is None:
            return None
        told[key] = read.decode("utf-8", "replace")
    return told


def _write_metadata(upload: uploads.Upload) -> dict[str, str]:
    told = ((_NAME, upload.file_name), (_MODIFIED, upload.modified))
    pairs = [f"{key} {b64encode(value.encode()).decode()}" for key, value in told if value]
    return {"Upload-Metadata": ",".join(pairs)} if pairs else {}


def _decode(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
