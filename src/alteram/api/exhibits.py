"""Exhibits: who has which since when, what is on record of each, reading them, and proving parts of them.

Opening an exhibit is on the record: the first sight of a party as an act, every reading in the register.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router

from alteram.api import exhibit_shapes as told
from alteram.api.calling import BearerToken, From, Limit, MatterName, Org, get_calling
from alteram.api.files import BINARY, send, stream
from alteram.api.problems import ProblemError, misfit, not_found
from alteram.api.shapes import Answer, Identifier
from alteram.api.shapes import Refused as ToldRefused
from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.canonical import parse_canonical
from alteram.core.kernel.outcomes import Refused
from alteram.core.record import RecordError
from alteram.core.vault import VaultError
from alteram.core.vault.pieces import MAX_PIECES
from alteram.installation.byte_ranges import find_span, read_span
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.operations.exhibits.describing import describe_exhibit, describe_row
from alteram.operations.exhibits.excerpting import open_excerpt
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.parts import find_pieces
from alteram.operations.exhibits.stored import MAX_MESSAGE, DestroyedKeysError
from alteram.operations.exhibits.telling import tell_exhibit, tell_exhibits
from alteram.operations.exhibits.viewing import find_pages
from alteram.operations.ports import StoreError, StoreUnavailableError

router = Router(tags=["exhibits"], auth=BearerToken("read"))
_OF_MATTER: Final = "/{org}/matters/{matter}/exhibits"
_ONE: Final = f"{_OF_MATTER}/{{exhibit}}"
_OCTETS: Final = "application/octet-stream"
#: A longer recording than this, in seconds, was not lodged in this installation.
_MAX_SECONDS: Final = 10_000_000
#: So many pieces are proved in one answer; of 64 KiB each, that is an hour of sound and more.
MOST_PROVED: Final = 4096

ExhibitName = Annotated[Identifier, Path(description="The exhibit's name in the matter.")]
PieceNumber = Annotated[int, Path(ge=0, lt=MAX_PIECES, description="The number of a piece, from 0.")]
Part = Annotated[
    Literal["original", "form", "film"],
    Query(description="The file as it was lodged, the form its pieces are cut from, or a copy of pictures that plays."),
]
Place = Annotated[int | None, Query(ge=0, le=MAX_PIECES)]
Second = Annotated[float | None, Query(ge=0, le=_MAX_SECONDS)]


@router.get(_OF_MATTER, response=told.Exhibits, operation_id="list_exhibits", summary="Exhibits of a matter")
def list_all(request: HttpRequest, org: Org, matter: MatterName) -> Answer:
    """List the exhibits that are there for the asker, and which side has each since when. That it was read is kept."""
    del org
    rows = tell_exhibits(get_calling(request).enter(matter), now=_now(request))
    return {"exhibits": [describe_row(one) for one in rows]}


@router.get(_ONE, response=told.WholeExhibit, operation_id="show_exhibit", summary="An exhibit")
def show(request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName) -> Answer:
    """Tell all that is on record of an exhibit; its file is not opened by that. That it was read is kept."""
    del org
    return describe_exhibit(tell_exhibit(get_calling(request).enter(matter), exhibit, now=_now(request)))


@router.get(
    f"{_ONE}/file",
    operation_id="get_exhibit_file",
    summary="The file of an exhibit",
    openapi_extra={"responses": {200: BINARY, 206: {"description": "The range.", **BINARY}}},
)
def get_file(
    request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName, part: Part = "original"
) -> HttpResponseBase:
    """Return the file of an exhibit, byte for byte, or the range of it that the header `Range` asks for.

    Opening it is on the record. A file that was altered, or is not the one that was lodged, breaks off before its end.
    A range is compared with what was lodged only where it is of the form that the pieces are cut from.
    """
    del org
    opened = _open(request, matter, exhibit)
    file, name = opened.stored.get(part), opened.stored.opened.presentation.claims.get("act.file_name")
    size = file.find_size()
    span = find_span(request.headers.get("Range"), size)
    if span is None:
        raise ProblemError(416, "no-such-range", headers={"Content-Range": f"bytes */{size}"})
    shown = name if isinstance(name, str) and name and part == "original" else exhibit
    response = stream(shown, read_span(span, opened.stored, part), _OCTETS)
    response["Accept-Ranges"], response["Content-Length"] = "bytes", str(span.until - span.first)
    if span.is_part:
        response.status_code = 206
        response["Content-Range"] = span.content_range
    return response


@router.get(f"{_ONE}/pieces", response=told.Pieces, operation_id="show_exhibit_pieces", summary="Pieces of an exhibit")
def show_pieces(request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName) -> Answer:
    """Tell what an exhibit was cut into. What was not lodged in pieces is not found. Opening it is on the record."""
    del org
    act = _open(request, matter, exhibit).stored.event.act
    if not isinstance(act, ExhibitLodged) or act.form is None:
        raise not_found()
    return {"exhibit": exhibit, "form": act.form, "pieces": act.pieces, "tree": act.tree}


@router.get(
    f"{_ONE}/pieces/{{number}}",
    operation_id="get_exhibit_piece",
    summary="A piece of an exhibit",
    openapi_extra={"responses": {200: BINARY}},
)
def get_piece(
    request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName, number: PieceNumber
) -> HttpResponse:
    """Return one piece of an exhibit's form: the picture of a page (PNG), the JSON of a message, or bytes."""
    del org
    opened = _open(request, matter, exhibit)
    form = opened.stored.open_form()
    if number >= len(form.pieces):
        raise not_found()
    return send(f"{exhibit}.{number}", form.read_pieces(number, number + 1)[0], _OCTETS)


@router.get(f"{_ONE}/pages", response=told.Pages, operation_id="list_exhibit_pages", summary="Pages of an exhibit")
def list_pages(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName, cursor: From = None, limit: Limit = 25
) -> Answer:
    """List the pages of a document with their texts, as programs found them. None where it has no pages."""
    del org
    first = cursor or 0
    pages, total = find_pages(_open(request, matter, exhibit).stored.read_facts(), first, limit)
    return {"pages": pages, "total": total, "next": _find_next(first + limit, total)}


@router.get(
    f"{_ONE}/messages", response=told.Messages, operation_id="list_exhibit_messages", summary="Messages of an exhibit"
)
def list_messages(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName, cursor: From = None, limit: Limit = 25
) -> Answer:
    """List the messages of a thread. None where it is none."""
    del org
    opened, first = _open(request, matter, exhibit), cursor or 0
    act = opened.stored.event.act
    if not isinstance(act, ExhibitLodged) or act.form != "messages":
        return {"messages": [], "total": 0, "next": None}
    total = act.pieces or 0
    pieces = opened.read_some(first, min(first + limit, total))
    messages = [parse_canonical(one, max_size=MAX_MESSAGE) for one in pieces]
    return {"messages": messages, "total": total, "next": _find_next(first + limit, total)}


@router.get(f"{_ONE}/facts", response=told.FoundFacts, operation_id="show_exhibit_facts", summary="What programs found")
def show_facts(request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName) -> dict[str, Any]:
    """Tell what programs found of an exhibit when it was lodged: its kind, a recording's waveform, notices."""
    del org
    return {"facts": _open(request, matter, exhibit).stored.read_facts()}


@router.get(
    f"{_ONE}/excerpt",
    auth=BearerToken("export"),
    operation_id="prove_excerpt",
    summary="A proved part of an exhibit",
    openapi_extra={"responses": {200: BINARY}},
)
def prove(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest,
    org: Org,
    matter: MatterName,
    exhibit: ExhibitName,
    first: Place = None,
    until: Place = None,
    from_s: Second = None,
    until_s: Second = None,
) -> HttpResponseBase:
    """Return pieces [first, until), or a stretch of a recording in seconds, as a file that proves them to anybody.

    Needs the scope `export`. Check it with `alteram exhibit verify-excerpt`, or with the published format. Where a
    stored piece is not the one that was lodged, the answer breaks off before its end.
    """
    del org
    entered, now = get_calling(request).enter(matter), _now(request)
    match first, until, from_s, until_s:
        case int(), int(), None, None:
            pieces = first, until
        case None, None, float(), float():
            opened = _take(open_exhibit(entered, exhibit, now=now))
            pieces = find_pieces(opened, find_evidence_tools().recordings, from_s, until_s)
        case _:
            raise misfit("query", "first and until, or from_s and until_s")
    if pieces[1] - pieces[0] > MOST_PROVED:
        raise misfit("query", f"at most {MOST_PROVED} pieces at once")
    try:
        proved = open_excerpt(entered, exhibit, *pieces, now=now)
    except (VaultError, RecordError) as error:
        raise misfit("query", "a range of pieces that the exhibit has") from error
    except (StoreUnavailableError, DestroyedKeysError):
        raise
    except StoreError as error:
        raise ProblemError(409, "not-in-the-log", error.problem, headers={"Retry-After": "1"}) from error
    if isinstance(proved, Refused):
        raise say_closed(proved)
    response = stream(f"{exhibit}.excerpt", proved.read(), _OCTETS)
    response["Content-Length"] = str(proved.size)
    return response


def say_closed(refused: Refused) -> ProblemError:
    """Return the problem of an exhibit that is closed to the asker; one that is not there is told like any other."""
    if refused.code == "exhibit.unknown":
        return not_found()
    return ProblemError(403, "closed", refused.because, ruling=ToldRefused.model_validate(refused))


def _take(opened: OpenedExhibit | Refused) -> OpenedExhibit:
    if isinstance(opened, Refused):
        raise say_closed(opened)
    return opened


def _open(request: HttpRequest, matter: str, exhibit: str) -> OpenedExhibit:
    return _take(open_exhibit(get_calling(request).enter(matter), exhibit, now=_now(request)))


def _now(request: HttpRequest) -> datetime:
    return get_calling(request).asking.now


def _find_next(following: int, total: int) -> str | None:
    return str(following) if following < total else None
