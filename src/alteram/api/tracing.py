"""Tracing: where a leaked file comes from."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja import Query, Router

from alteram.api import disclosure_shapes as told
from alteram.api.calling import BearerToken, MatterName, Org, get_calling
from alteram.api.files import BINARY
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import ProblemError, busy, not_found
from alteram.api.proposals import answer_recorded, get_spec, need_scopes
from alteram.core.disclosure.errors import MarkError
from alteram.installation.exhibit_files import MAX_AT_ONCE
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.uploads import BusyUploadsError, take_turn
from alteram.operations.disclosure.copies import Traced, may_trace, record_trace, trace_leak
from alteram.operations.perform import Performed

router = Router(tags=["disclosure"], auth=BearerToken("read"))
_BLOCK: Final = 1 << 16

Record = Annotated[bool, Query(description="Record what it comes to, as a fact. Needs the scope `propose`.")]
Leak = Annotated[int | None, Query(ge=0, le=99_999_999, description="The entry that reported the leak.")]


@router.post(
    "/{org}/matters/{matter}/disclosure/trace",
    response={200: told.TracedLeak},
    operation_id="trace_leak",
    summary="Where a leak comes from",
    openapi_extra={"requestBody": {"required": True, **BINARY}},
)
def trace(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, org: Org, matter: MatterName, record: Record = False, leak: Leak = None, key: Key = None
) -> HttpResponse:
    """Say whose copy a leaked file comes from, with what chance of error; or, honestly, that nobody can tell.

    The body is the file: a PDF, a picture, or a text, of at most 50 MB. It is for who may record it.
    """
    del org, key
    calling = get_calling(request)
    entered = calling.enter(matter)
    if record:
        need_scopes(calling, get_spec("copy.traced"))
    if not may_trace(entered):
        raise not_found()
    try:
        with take_turn(request), TemporaryDirectory(prefix="leaked-") as folder:
            leaked = FilePath(folder, "leaked")
            sent = _take(request, leaked)

            def do() -> HttpResponse:
                traced = trace_leak(entered, find_disclosure_tools().marking, leaked)
                now = calling.asking.now.replace(microsecond=0)
                done = record_trace(entered, traced, leak=leak, now=now) if record else None
                if done is not None and not done:
                    return answer_recorded(entered.stream, done)
                return answer(_tell_traced(traced, done))

            return answer_once(request, calling.bearer, do, sent=sent)
    except BusyUploadsError as error:
        raise busy("Others are sending large files at this moment.") from error
    except MarkError as error:
        raise ProblemError(409, "unmade", f"{error.problem} {error.remedy}".strip()) from error


def _take(request: HttpRequest, target: FilePath) -> bytes:
    """Write what is sent into a file, and return what tells it from others. Raises: ProblemError."""
    size, digest = 0, sha256()
    try:
        with target.open("xb") as out:
            for data in _read(request):
                size += len(data)
                if size > MAX_AT_ONCE:
                    raise ProblemError(413, "too-large")
                digest.update(data)
                out.write(data)
    except UnreadablePostError as error:
        raise ProblemError(400, "malformed") from error
    return digest.digest()


def _read(request: HttpRequest) -> Iterator[bytes]:
    while data := request.read(_BLOCK):
        yield data


def _tell_traced(traced: Traced, done: Performed | None) -> told.TracedLeak:
    copies = [told.TracedCopy(person=person, bundle=bundle, chance=chance) for person, bundle, chance in traced.people]
    return told.TracedLeak(
        outcome="found" if traced.people else "cannot-tell",
        copies=copies,
        error=traced.error,
        why=traced.leak.why,
        digest=traced.digest_hex,
        entry=None if done is None else done.seq,
    )
