"""Disclosure: what is due, who has what, bundles, copies served, one's own copies, and where a leak comes from.

A bundle is answered once it is recorded, and copies once they are served: that takes as long as making them does.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router

from alteram.adapters.bundles.workers import BundleError
from alteram.api import disclosure_shapes as told
from alteram.api.calling import BearerToken, MatterName, Org, Seq, get_calling
from alteram.api.files import BINARY, stream
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import ProblemError, busy, not_found
from alteram.api.proposals import answer_recorded, get_spec, need_scopes
from alteram.api.shapes import Answer, Identifier, Recorded
from alteram.core.disclosure.bundles import PlanError
from alteram.core.disclosure.errors import MarkError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.exhibit_files import MAX_AT_ONCE
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.uploads import BusyUploadsError, take_turn
from alteram.operations.attachments import open_attachment
from alteram.operations.disclosure.bundling import build_bundle
from alteram.operations.disclosure.copies import Traced, may_trace, record_trace, serve_copies, trace_leak
from alteram.operations.disclosure.telling import (
    BundlePage,
    BundlesPage,
    ReadingRoom,
    find_bundle_page,
    find_bundles,
    find_due_rows,
    find_reading_room,
    get_own_copy,
    handles,
)
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.telling import tell_exhibits
from alteram.operations.perform import Performed

router = Router(tags=["disclosure"], auth=BearerToken("read"))
_ROOM: Final = "/{org}/matters/{matter}/disclosure"
_BUNDLES: Final = f"{_ROOM}/bundles"
_BLOCK: Final = 1 << 16
_PDF: Final = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}

BundleName = Annotated[Identifier, Path(description="The bundle's name in the matter.")]
Record = Annotated[bool, Query(description="Record what it comes to, as a fact. Needs the scope `propose`.")]
Leak = Annotated[int | None, Query(ge=0, le=99_999_999, description="The entry that reported the leak.")]


@router.get(f"{_ROOM}/due", response=told.AllDue, operation_id="list_due", summary="What disclosure is due")
def list_due(request: HttpRequest, org: Org, matter: MatterName) -> Answer:
    """List who must be given which exhibit by when, under which clause, and what was. That it was read is kept."""
    del org
    return {"due": find_due_rows(_enter(request, matter), now=_now(request))}


@router.get(f"{_ROOM}/equality", response=told.Equality, operation_id="show_equality", summary="Equality of arms")
def show_equality(request: HttpRequest, org: Org, matter: MatterName) -> Answer:
    """Tell which side has each exhibit since when, and what only one side has. That it was read is kept."""
    del org
    rows = tell_exhibits(_enter(request, matter), now=_now(request))
    return {
        "exhibits": rows,
        "unequal": [one.row.exhibit for one in rows if one.row.is_unequal],
        "relied_on_unseen": [one.row.exhibit for one in rows if one.row.is_relied_on_unseen],
    }


@router.get(_BUNDLES, response=told.Bundles, operation_id="list_bundles", summary="Bundles of a matter")
def list_bundles(request: HttpRequest, org: Org, matter: MatterName) -> BundlesPage:
    """List the bundles, to who handles the matter."""
    del org
    return find_bundles(_enter(request, matter), now=_now(request))


@router.post(
    _BUNDLES, response={201: Recorded}, auth=BearerToken(), operation_id="build_bundle", summary="Build a bundle"
)
def build(request: HttpRequest, org: Org, matter: MatterName, contents: told.ToBuild, key: Key = None) -> HttpResponse:
    """Build a bundle: numbered, indexed, with what is withheld and why; a later one keeps the page numbers.

    Needs the scope `propose`. It is for who handles the matter.
    """
    del org, key
    entered, calling = _handle(request, matter, "bundle.built"), get_calling(request)
    people = [PersonId(one) for one in contents.for_people]

    def do() -> HttpResponse:
        tools, now = find_disclosure_tools().bundles, _now(request).replace(microsecond=0)
        try:
            done = build_bundle(
                entered, tools, people, name=contents.bundle, exhibits=contents.exhibits, title=contents.title, now=now
            )
        except (BundleError, PlanError) as error:
            raise ProblemError(409, "unmade", f"{error.problem} {error.remedy}".strip()) from error
        return answer_recorded(entered.stream, done)

    return answer_once(request, calling.bearer, do)


@router.get(f"{_BUNDLES}/{{bundle}}", response=told.WholeBundle, operation_id="show_bundle", summary="A bundle")
def show_bundle(request: HttpRequest, org: Org, matter: MatterName, bundle: BundleName) -> BundlePage:
    """Tell what stands under which page numbers of a bundle, what is withheld and why, and who has it."""
    del org
    return find_bundle_page(_enter(request, matter), bundle)


@router.get(
    f"{_BUNDLES}/{{bundle}}/file",
    operation_id="get_bundle_file",
    summary="The unmarked file of a bundle",
    openapi_extra={"responses": {200: _PDF}},
)
def get_bundle_file(request: HttpRequest, org: Org, matter: MatterName, bundle: BundleName) -> HttpResponseBase:
    """Return the unmarked file of a bundle, to who handles the matter. Nobody else is given this one."""
    del org
    page = find_bundle_page(_enter(request, matter), bundle)
    return _send(request, matter, page.row.event.seq, f"{bundle}.pdf")


@router.post(
    f"{_BUNDLES}/{{bundle}}/serve",
    response={200: told.ServedCopies},
    auth=BearerToken(),
    operation_id="serve_bundle",
    summary="Serve a bundle",
)
def serve(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, org: Org, matter: MatterName, bundle: BundleName, contents: told.ToServe, key: Key = None
) -> HttpResponse:
    """Serve a bundle on people, each in a copy of their own, marked so that a leak can be traced to it.

    Needs the scope `propose`. It is for who handles the matter.
    """
    del org, key
    entered, calling = _handle(request, matter, "exhibit.disclosed"), get_calling(request)
    find_bundle_page(entered, bundle)
    people = [PersonId(one) for one in dict.fromkeys(contents.people)]

    def do() -> HttpResponse:
        marking, now = find_disclosure_tools().marking, _now(request).replace(microsecond=0)
        try:
            done = serve_copies(entered, marking, bundle, people, by=contents.by, now=now)
        except MarkError as error:
            raise ProblemError(409, "unmade", f"{error.problem} {error.remedy}".strip()) from error
        return answer(told.ServedCopies(served=[_tell_served(one, became) for one, became in done.items()]))

    return answer_once(request, calling.bearer, do)


@router.get(f"{_ROOM}/room", response=told.Room, operation_id="show_reading_room", summary="What I was given")
def show_room(request: HttpRequest, org: Org, matter: MatterName) -> ReadingRoom:
    """Tell what was disclosed to the asker since when, and the copies that are theirs. That it was read is kept."""
    del org
    return find_reading_room(_enter(request, matter), now=_now(request))


@router.get(
    f"{_ROOM}/room/{{seq}}",
    operation_id="get_own_copy",
    summary="My copy of a bundle",
    openapi_extra={"responses": {200: _PDF}},
)
def get_copy(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> HttpResponseBase:
    """Return the copy that an entry served on the asker: it is theirs alone. That they opened it is on the record."""
    del org
    event = get_own_copy(_enter(request, matter), seq)
    return _send(request, matter, seq, f"{event.act.bundle}-{event.act.to}.pdf")


@router.post(
    f"{_ROOM}/trace",
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
    entered, calling = _enter(request, matter), get_calling(request)
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
                now = _now(request).replace(microsecond=0)
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


def _tell_served(person: PersonId, done: Performed) -> told.ServedOne:
    return told.ServedOne(person=person, entry=done.seq, ruling=done.ruling)  # type: ignore[arg-type]  # put into its shape


def _send(request: HttpRequest, matter: str, seq: int, name: str) -> HttpResponseBase:
    calling = get_calling(request)
    opened = open_attachment(calling.asking.organisation, StreamId(matter), seq, 0, calling.person)
    response = stream(name, opened.content, "application/pdf")
    response["Content-Length"] = str(opened.found.size)
    return response


def _handle(request: HttpRequest, matter: str, act: str) -> Entered:
    """Return the matter entered by who handles it. Raises: ProblemError for anybody else."""
    need_scopes(get_calling(request), get_spec(act))
    entered = _enter(request, matter)
    if not handles(entered):
        raise not_found()
    return entered


def _enter(request: HttpRequest, matter: str) -> Entered:
    calling = get_calling(request)
    return enter(calling.asking.organisation, StreamId(matter), calling.person)


def _now(request: HttpRequest) -> datetime:
    return get_calling(request).asking.now
