"""Lodging exhibits: with one request, or a large file in parts that go on where they stopped.

Files are sealed as they arrive. An answer of 201 means that the exhibit, with its file, is on the record and durable.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from msgspec import structs
from ninja import Path, Query, Router

from alteram.api import exhibit_shapes as told
from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, MatterName, Org, get_calling
from alteram.api.files import BINARY
from alteram.api.jobs import Job, Prefer, answer_job, answer_now_or_later
from alteram.api.once import Key, answer, answer_once
from alteram.api.parts import describe_with_file, parse_part, read_part_with_file
from alteram.api.problems import ProblemError, busy, misfit
from alteram.api.proposals import answer_recorded, build_act, get_spec, need_scopes, refuse
from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import VaultError
from alteram.installation.exhibit_files import SealingExhibit, sealing_exhibit
from alteram.installation.exhibit_jobs import lodge_later
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.installation.uploads import BusyUploadsError, take_turn
from alteram.operations.attachments import AttachmentError, drop_attachments
from alteram.operations.entries import Entered, enter
from alteram.operations.evidence_ports import ConfinementError
from alteram.operations.exhibits import uploads
from alteram.operations.exhibits.incoming import ReceivedFile
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.waiting import ArrivedFile, WaitingExhibit
from alteram.operations.perform import Performed, rule_on

router = Router(tags=["exhibits"], auth=BearerToken())
_LODGE: Final = "/{org}/matters/{matter}/acts/exhibit"
_UPLOADS: Final = "/{org}/matters/{matter}/uploads"
_ONE: Final = f"{_UPLOADS}/{{upload}}"
#: What is said of a file by whoever looks at it here, never by whoever sends it.
FOUND: Final = ("digest", "size", "media", "scanned", "malware", "form", "pieces", "tree")
_BLOCK: Final = 1 << 16

UploadName = Annotated[str, Path(pattern="^[0-9a-f]{32}$", max_length=32, description="The upload's name.")]
Offset = Annotated[int, Query(ge=0, le=uploads.MAX_EXHIBIT, description="Where this part begins.")]


@router.post(
    _LODGE,
    response={201: shapes.Recorded},
    operation_id="lodge_exhibit",
    summary="Lodge an exhibit",
    openapi_extra={"requestBody": describe_with_file("lodging", told.Lodging)},
)
def lodge(request: HttpRequest, org: Org, matter: MatterName, key: Key = None) -> HttpResponse:
    """Lodge an exhibit with its file: the part `lodging` is what it is as JSON, `file` the file (none: it has none).

    Needs the scope `propose`. A file of more than 50 MB is uploaded in parts. It is answered once it was looked at, cut
    into pieces, and recorded. The file of what is not recorded is deleted.
    """
    del org, key
    calling, stream = get_calling(request), StreamId(matter)
    need_scopes(calling, get_spec("exhibit.lodged"))
    enter(calling.asking.organisation, stream, calling.person)
    try:
        with sealing_exhibit(request, calling.asking.organisation, stream) as sealing:
            text = read_part_with_file(request, sealing, "lodging", larger="uploaded in parts: begin_upload")
            act = _build(parse_part("lodging", text, told.Lodging))
            sent = sha256(text.encode("utf-8", "surrogatepass")).digest() + sealing.digest

            def do() -> HttpResponse:
                _ask_first(calling, stream, act)
                done = _lodge(calling, stream, act, sealing.received, name=sealing.file_name or "", sealing=sealing)
                return answer_recorded(stream, done)

            return answer_once(request, calling.bearer, do, sent=sent)
    except BusyUploadsError as error:
        raise busy("Others are sending large files at this moment.") from error


@router.get(_UPLOADS, response=told.Uploads, operation_id="list_uploads", summary="My uploads")
def list_all(request: HttpRequest, org: Org, matter: MatterName) -> shapes.Answer:
    """List the asker's own uploads in a matter, whole or not. Needs the scope `propose`, as all about uploads does."""
    del org
    return {"uploads": uploads.list_uploads(_enter(request, matter))}


@router.post(_UPLOADS, response={201: told.Upload}, operation_id="begin_upload", summary="Begin an upload")
def begin(request: HttpRequest, org: Org, matter: MatterName, contents: told.ToUpload, key: Key = None) -> HttpResponse:
    """Begin an upload of a file that arrives in parts. One in which nothing arrives for a week is deleted."""
    del org, key
    entered = _enter(request, matter)

    def do() -> HttpResponse:
        try:
            begun = uploads.begin_upload(entered, contents.file_name, contents.size)
        except AttachmentError as error:
            raise ProblemError(409, "full", f"{error.problem} {error.remedy}") from error
        return answer(told.Upload.model_validate(begun), 201)

    return answer_once(request, get_calling(request).bearer, do)


@router.get(_ONE, response=told.Upload, operation_id="show_upload", summary="How far an upload is")
def show(request: HttpRequest, org: Org, matter: MatterName, upload: UploadName) -> uploads.Upload:
    """Tell how much of an upload is durable: it goes on there, whatever was sent before."""
    del org
    return uploads.get_upload(_enter(request, matter), upload)


@router.post(
    f"{_ONE}/parts",
    response={200: told.Upload},
    operation_id="add_to_upload",
    summary="Add to an upload",
    openapi_extra={"requestBody": {"required": True, **BINARY}},
)
def add(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, org: Org, matter: MatterName, upload: UploadName, offset: Offset, key: Key = None
) -> HttpResponse:
    """Add the body, of any length, from `offset` on. It is durable when it is answered.

    A part that does not go on where the upload stopped is a problem `offset`, with where in the header `Upload-Offset`.
    What arrived before a connection broke is kept.
    """
    del org, key
    entered = _enter(request, matter)

    def do() -> HttpResponse:
        with take_turn(request):
            return answer(told.Upload.model_validate(_add(entered, upload, offset, request)))

    try:
        # The address says where the part begins: with the same key, it is the same part.
        return answer_once(request, get_calling(request).bearer, do, sent=b"")
    except BusyUploadsError as error:
        raise busy("Others are sending large files at this moment.") from error


@router.post(
    f"{_ONE}/lodge",
    response={201: shapes.Recorded, 202: Job},
    operation_id="lodge_upload",
    summary="Lodge what was uploaded",
)
def lodge_whole(  # noqa: PLR0917 - the parts of the request
    request: HttpRequest,
    org: Org,
    matter: MatterName,
    upload: UploadName,
    lodging: told.Lodging,
    key: Key = None,
    prefer: Prefer = None,
) -> HttpResponse:
    """Lodge an exhibit with a file that was uploaded whole; then the upload is gone. Refused, it stays.

    It is answered once the exhibit is recorded, which takes as long as looking at the file does; or at once.
    """
    del org, key, prefer
    entered, calling = _enter(request, matter), get_calling(request)
    act = _build(lodging)

    def do() -> HttpResponse:
        found = uploads.get_upload(entered, upload)
        if not found.is_whole:
            raise _say_offset(found.offset)
        _ask_first(calling, entered.stream, act)
        received = uploads.receive_upload(entered, upload)
        done = _lodge(calling, entered.stream, act, received, name=found.file_name)
        if done:
            uploads.drop_upload(entered, upload)
        return answer_recorded(entered.stream, done)

    def do_later() -> HttpResponse:
        found = uploads.get_upload(entered, upload)
        if not found.is_whole:
            raise _say_offset(found.offset)
        _ask_first(calling, entered.stream, act)
        whole = structs.replace(act, file_name=act.file_name or found.file_name or None)
        file = ArrivedFile(entered.person, found.file_name, found.size, calling.asking.now, upload=upload)
        return answer_job(request, matter, lodge_later(calling.asking, entered.stream, WaitingExhibit(whole, file)))

    return answer_now_or_later(request, calling.bearer, do, do_later)


@router.post(f"{_ONE}/drop", response={200: told.Dropped}, operation_id="drop_upload", summary="Delete an upload")
def drop(request: HttpRequest, org: Org, matter: MatterName, upload: UploadName, key: Key = None) -> HttpResponse:
    """Delete an upload with all that arrived of it."""
    del org, key
    entered = _enter(request, matter)

    def do() -> HttpResponse:
        uploads.drop_upload(entered, upload)
        return answer(told.Dropped(upload=upload))

    return answer_once(request, get_calling(request).bearer, do)


def _enter(request: HttpRequest, matter: str) -> Entered:
    calling = get_calling(request)
    need_scopes(calling, get_spec("exhibit.lodged"))
    return calling.enter(matter)


def _build(lodging: told.Lodging) -> ExhibitLodged:
    """Return the act that was sent. Raises: ProblemError, also where it says what is found here."""
    own = sorted(set(FOUND).intersection(lodging.fields))
    if own:
        raise misfit(f"body.fields.{own[0]}", "found here, not told")
    act = build_act(get_spec("exhibit.lodged"), lodging.fields)
    if not isinstance(act, ExhibitLodged):
        raise TypeError(act)
    return act


def _ask_first(calling: Calling, stream: StreamId, act: ExhibitLodged) -> None:
    """Go on only with what the rules would let be recorded: looking at a file takes long. Raises: ProblemError."""
    ruling = rule_on(calling.asking.organisation, stream, act, calling.person)
    if isinstance(ruling, Refused):
        raise refuse(ruling)


def _lodge(
    calling: Calling,
    stream: StreamId,
    act: ExhibitLodged,
    received: ReceivedFile | None,
    *,
    name: str,
    sealing: SealingExhibit | None = None,
) -> Performed:
    organisation = calling.asking.organisation
    if received is None:
        return lodge_exhibit(organisation, stream, act, calling.person)
    whole = structs.replace(act, file_name=act.file_name or name or None)
    try:
        found = prepare(
            organisation, stream, received, find_evidence_tools(), kind=act.kind, file_name=whole.file_name or ""
        )
    except VaultError as error:
        drop_attachments(organisation, stream, (received.sealed,))
        raise misfit("body.file", error.problem) from error
    except ConfinementError as error:
        drop_attachments(organisation, stream, (received.sealed,))
        raise ProblemError(409, "unmade", f"{error.problem} {error.remedy}".strip()) from error
    if sealing is not None:
        sealing.take()
    return lodge_exhibit(organisation, stream, whole, calling.person, found)


def _add(entered: Entered, upload: str, offset: int, request: HttpRequest) -> uploads.Upload:
    try:
        return uploads.add_to_upload(entered, upload, offset, _read(request))
    except uploads.UploadConflictError as error:
        raise _say_offset(error.offset) from error
    except AttachmentError as error:
        raise misfit("body", error.problem) from error
    except UnreadablePostError as error:
        raise ProblemError(400, "malformed") from error


def _read(request: HttpRequest) -> Iterator[bytes]:
    while data := request.read(_BLOCK):
        yield data


def _say_offset(offset: int) -> ProblemError:
    detail = f"The upload goes on at byte {offset}."
    return ProblemError(409, "offset", detail, headers={"Upload-Offset": str(offset)})
