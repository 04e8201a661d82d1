"""Files: those of entries, sent to be saved; and those that come with an act, sealed as they arrive.

A request with files is multipart/form-data. Nothing of it is read before it is known where the files go, so that
nothing readable ever touches the disk; none is larger, and none has more, than the pages take.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from ninja import Path, Router, Schema

from alteram.api import shapes
from alteram.api.calling import BearerToken, MatterName, Org, Seq, get_calling
from alteram.api.once import Key, answer_once
from alteram.api.parts import Asked, find_part, parse_part
from alteram.api.problems import busy, misfit
from alteram.api.proposals import answer_recorded, build_act, get_spec, need_scopes
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.asking import Asking
from alteram.installation.uploads import BusyUploadsError, SealingUploads, sealing_uploads
from alteram.operations.attachments import MAX_FILE, MAX_FILES, FoundAttachment, find_attachments, open_attachment
from alteram.operations.entries import enter
from alteram.operations.perform import perform

router = Router(tags=["files"], auth=BearerToken("read"))


def describe_file(kind: str) -> dict[str, Any]:
    """Return the description of an answer, or a body, that is a file of a kind."""
    return {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}


#: Acts that take files as pages do: a report, and what its reporter adds.
TAKE_FILES: Final = frozenset({"report.lodged", "reporter.answered"})
BINARY: Final = describe_file("application/octet-stream")
Number = Annotated[int, Path(ge=0, le=99, description="The number of a file in its entry, from 0.")]


class File(Schema):
    """A file of an entry."""

    number: int
    name: str
    size: int


class Files(Schema):
    """The files of an entry."""

    files: list[File]


def describe_body(part: str, shape: type[Schema]) -> dict[str, Any]:
    """Return the description of a body of a part in JSON and files."""
    files = {
        "type": "array",
        "maxItems": MAX_FILES,
        "items": {"type": "string", "format": "binary", "maxLength": MAX_FILE},
    }
    schema = {"type": "object", "required": [part], "properties": {part: shape.model_json_schema(), "files": files}}
    content = {"schema": schema, "encoding": {part: {"contentType": "application/json"}}}
    return {"required": True, "content": {"multipart/form-data": content}}


@router.get("/{org}/matters/{matter}/entries/{seq}/files", response=Files, operation_id="list_files", summary="Files")
def list_files(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> shapes.Answer:
    """List the files of an entry, to who may see them; none where it has none."""
    del org
    calling = get_calling(request)
    return {"files": find_files(calling.asking, calling.person, matter, seq)}


@router.get(
    "/{org}/matters/{matter}/entries/{seq}/files/{number}",
    operation_id="get_file",
    summary="A file of an entry",
    openapi_extra={"responses": {200: BINARY}},
)
def get_file(request: HttpRequest, org: Org, matter: MatterName, seq: Seq, number: Number) -> HttpResponseBase:
    """Return a file of an entry. One that was altered breaks off: what came before was genuine."""
    del org
    calling = get_calling(request)
    return send_attachment(calling.asking, calling.person, matter, seq=seq, number=number)


@router.post(
    "/{org}/matters/{matter}/acts/files",
    response={201: shapes.Recorded},
    auth=BearerToken(),
    operation_id="propose_act_with_files",
    summary="Propose an act with files",
    openapi_extra={"requestBody": describe_body("proposal", shapes.Proposal)},
)
def propose_act_with_files(request: HttpRequest, org: Org, matter: MatterName, key: Key = None) -> HttpResponse:
    """Lodge a report, or add to one's own, with files: the part `proposal` is the act as JSON, `files` are the files.

    Needs the scope `propose`; for a report `report` is enough. Files of what is not recorded are deleted.
    """
    del org, key
    calling, stream = get_calling(request), StreamId(matter)
    with taking_files(request, calling.asking, stream) as uploads:
        proposal = read_part(request, uploads, "proposal", shapes.Proposal)
        if proposal.act not in TAKE_FILES:
            raise misfit("body.proposal.act", f"one of {', '.join(sorted(TAKE_FILES))}")
        spec = get_spec(proposal.act)
        need_scopes(calling, spec)
        act = build_act(spec, proposal.fields)
        sent = tell_sent(request, uploads, "proposal")

        def do() -> HttpResponse:
            organisation = calling.asking.organisation
            done = perform(organisation, stream, act, calling.person, attachments=tuple(uploads.sealed))
            if done:
                uploads.take()
            return answer_recorded(stream, done)

        return answer_once(request, calling.bearer, do, sent=sent)


def find_files(asking: Asking, viewer: PersonId, matter: str, seq: int) -> tuple[FoundAttachment, ...]:
    """Return the files of an entry; none where it has none. Raises: UnknownMatterError."""
    entered = enter(asking.organisation, StreamId(matter), viewer)
    return find_attachments(asking.organisation, entered.stream, seq, viewer)


def send_attachment(asking: Asking, viewer: PersonId, matter: str, *, seq: int, number: int) -> HttpResponseBase:
    """Return a file of an entry, to be saved. Raises: UnknownMatterError."""
    opened = open_attachment(asking.organisation, StreamId(matter), seq, number, viewer)
    response = stream(opened.found.name, opened.content, "application/octet-stream")
    response["Content-Length"] = str(opened.found.size)
    return response


def send(name: str, data: bytes, kind: str) -> HttpResponse:
    """Return bytes as a file to be saved."""
    return _to_be_saved(HttpResponse(data, content_type=kind), name)


def stream(name: str, pieces: Iterable[bytes], kind: str) -> StreamingHttpResponse:
    """Return what is made piece by piece as a file to be saved."""
    return _to_be_saved(StreamingHttpResponse(pieces, content_type=kind), name)


_Response = TypeVar("_Response", bound=HttpResponseBase)


def _to_be_saved(response: _Response, name: str) -> _Response:
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@contextmanager
def taking_files(request: HttpRequest, asking: Asking, stream: StreamId) -> Iterator[SealingUploads]:
    """Let a request's files be sealed as they arrive; what nobody took is deleted. Raises: ProblemError."""
    try:
        with sealing_uploads(request, asking.organisation, stream) as uploads:
            yield uploads
    except BusyUploadsError as error:
        raise busy("Others are sending large files at this moment.") from error


def read_part(request: HttpRequest, uploads: SealingUploads, name: str, shape: type[Asked]) -> Asked:
    """Return the part of a request that is JSON, with its files taken in. Raises: ProblemError."""
    text = find_part(request, name)
    if uploads.problems:
        raise misfit("body.files", uploads.problems[0])
    return parse_part(name, text, shape)


def tell_sent(request: HttpRequest, uploads: SealingUploads, *names: str) -> bytes:
    """Return what tells a request with files from others, for whoever sends it again."""
    texts = "\0".join(request.POST.get(one, "") for one in names)
    return hashlib.sha256(texts.encode("utf-8", "surrogatepass")).digest() + uploads.digest
