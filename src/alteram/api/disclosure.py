"""Disclosure: what is due, who has what, bundles, copies served, and one's own copies.

A bundle is answered once it is recorded, and copies once they are served, which takes as long as making them does; with
`Prefer: respond-async`, at once.
"""

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router

from alteram.adapters.bundles.workers import BundleError
from alteram.api import disclosure_shapes as told
from alteram.api.calling import BearerToken, MatterName, Org, Seq, get_calling
from alteram.api.files import BINARY, describe_file, stream
from alteram.api.jobs import Job, Prefer, answer_later, answer_now_or_later
from alteram.api.once import Key, answer
from alteram.api.problems import ProblemError, misfit, not_found
from alteram.api.proposals import answer_recorded, get_spec, need_scopes
from alteram.api.shapes import Answer, Identifier, Recorded
from alteram.api.shapes import Refused as ToldRefused
from alteram.core.disclosure.bundles import PlanError
from alteram.core.disclosure.errors import MarkError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import VaultError
from alteram.core.vault.age_keys import parse_recipient
from alteram.installation.disclosure_work import ask_for_bundle, ask_for_serving, find_person_names
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.names_work import ask_for_exhibit_names, ask_for_names
from alteram.operations.attachments import open_attachment
from alteram.operations.disclosure.bundling import build_bundle
from alteram.operations.disclosure.copies import serve_copies
from alteram.operations.disclosure.packing import get_served_copy, pack_own_copy, seal_served_copy
from alteram.operations.disclosure.protected_names import find_waiting
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
from alteram.operations.entries import Entered
from alteram.operations.exhibits.describing import describe_row
from alteram.operations.exhibits.telling import tell_exhibits
from alteram.operations.perform import Performed

router = Router(tags=["disclosure"], auth=BearerToken("read"))
_ROOM: Final = "/{org}/matters/{matter}/disclosure"
_BUNDLES: Final = f"{_ROOM}/bundles"
_ZIP: Final = describe_file("application/zip")
_PDF: Final = describe_file("application/pdf")
_OCTETS: Final = "application/octet-stream"

BundleName = Annotated[Identifier, Path(description="The bundle's name in the matter.")]
Recipient = Annotated[str, Query(max_length=100, description="The public key of whoever is to open it: age1…")]


@router.get(f"{_ROOM}/due", response=told.AllDue, operation_id="list_due", summary="What disclosure is due")
def list_due(request: HttpRequest, org: Org, matter: MatterName) -> Answer:
    """List who must be given which exhibit by when, under which clause, and what was. That it was read is kept."""
    del org
    return {"due": find_due_rows(get_calling(request).enter(matter), now=_now(request))}


@router.get(f"{_ROOM}/equality", response=told.Equality, operation_id="show_equality", summary="Equality of arms")
def show_equality(request: HttpRequest, org: Org, matter: MatterName) -> Answer:
    """Tell which side has each exhibit since when, and what only one side has. That it was read is kept."""
    del org
    rows = tell_exhibits(get_calling(request).enter(matter), now=_now(request))
    return {
        "exhibits": [describe_row(one) for one in rows],
        "unequal": [one.row.exhibit for one in rows if one.row.is_unequal],
        "relied_on_unseen": [one.row.exhibit for one in rows if one.row.is_relied_on_unseen],
    }


@router.get(_BUNDLES, response=told.Bundles, operation_id="list_bundles", summary="Bundles of a matter")
def list_bundles(request: HttpRequest, org: Org, matter: MatterName) -> BundlesPage:
    """List the bundles, to who handles the matter."""
    del org
    return find_bundles(get_calling(request).enter(matter), now=_now(request))


@router.post(
    _BUNDLES,
    response={201: Recorded, 202: Job},
    auth=BearerToken(),
    operation_id="build_bundle",
    summary="Build a bundle",
)
def build(  # noqa: PLR0917 - the parts of the request
    request: HttpRequest,
    org: Org,
    matter: MatterName,
    contents: told.ToBuild,
    key: Key = None,
    prefer: Prefer = None,
) -> HttpResponse:
    """Build a bundle: numbered, indexed, with what is withheld and why; a later one keeps the page numbers.

    Needs the scope `propose`. It is for who handles the matter.
    """
    del org, key, prefer
    entered, calling = _handle(request, matter, "bundle.built"), get_calling(request)
    people = [PersonId(one) for one in contents.for_people]

    def do_later() -> HttpResponse:
        exhibits = contents.exhibits or [row.exhibit for row, _title in find_bundles(entered, now=_now(request)).choice]
        work = ask_for_bundle(calling.asking, entered, people, exhibits, name=contents.bundle, title=contents.title)
        return answer_later(request, matter, work)

    def do() -> HttpResponse:
        tools, now = find_disclosure_tools().bundles, _now(request).replace(microsecond=0)
        try:
            done = build_bundle(
                entered, tools, people, name=contents.bundle, exhibits=contents.exhibits, title=contents.title, now=now
            )
        except (BundleError, PlanError) as error:
            raise ProblemError(409, "unmade", f"{error.problem} {error.remedy}".strip()) from error
        return answer_recorded(entered.stream, done)

    return answer_now_or_later(request, calling.bearer, do, do_later)


@router.get(f"{_BUNDLES}/{{bundle}}", response=told.WholeBundle, operation_id="show_bundle", summary="A bundle")
def show_bundle(request: HttpRequest, org: Org, matter: MatterName, bundle: BundleName) -> BundlePage:
    """Tell what stands under which page numbers of a bundle, what is withheld and why, and who has it."""
    del org
    return find_bundle_page(get_calling(request).enter(matter), bundle)


@router.get(
    f"{_BUNDLES}/{{bundle}}/file",
    operation_id="get_bundle_file",
    summary="The unmarked file of a bundle",
    openapi_extra={"responses": {200: _PDF}},
)
def get_bundle_file(request: HttpRequest, org: Org, matter: MatterName, bundle: BundleName) -> HttpResponseBase:
    """Return the unmarked file of a bundle, to who handles the matter. Nobody else is given this one."""
    del org
    page = find_bundle_page(get_calling(request).enter(matter), bundle)
    return _send(request, matter, page.row.event.seq, f"{bundle}.pdf")


@router.post(
    f"{_BUNDLES}/{{bundle}}/serve",
    response={200: told.ServedCopies, 202: Job},
    auth=BearerToken(),
    operation_id="serve_bundle",
    summary="Serve a bundle",
)
def serve(  # noqa: PLR0917 - the parts of the request
    request: HttpRequest,
    org: Org,
    matter: MatterName,
    bundle: BundleName,
    contents: told.ToServe,
    key: Key = None,
    prefer: Prefer = None,
) -> HttpResponse:
    """Serve a bundle on people, each in a copy of their own, marked so that a leak can be traced to it.

    Needs the scope `propose`. It is for who handles the matter.
    """
    del org, key, prefer
    entered, calling = _handle(request, matter, "exhibit.disclosed"), get_calling(request)
    find_bundle_page(entered, bundle)
    people = [PersonId(one) for one in dict.fromkeys(contents.people)]

    def do() -> HttpResponse:
        marking, now = find_disclosure_tools().marking, _now(request).replace(microsecond=0)
        try:
            names = find_person_names(calling.asking.name, people)
            done = serve_copies(entered, marking, bundle, people, by=contents.by, names=names, now=now)
        except MarkError as error:
            raise ProblemError(409, "unmade", f"{error.problem} {error.remedy}".strip()) from error
        return answer(told.ServedCopies(served=[_tell_served(one, became) for one, became in done.items()]))

    def do_later() -> HttpResponse:
        return answer_later(request, matter, ask_for_serving(calling.asking, entered, bundle, people, by=contents.by))

    return answer_now_or_later(request, calling.bearer, do, do_later)


@router.post(
    f"{_BUNDLES}/{{bundle}}/names",
    response={202: Job},
    operation_id="find_names",
    summary="Names of protected people in a bundle",
)
def search_names(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, org: Org, matter: MatterName, bundle: BundleName, contents: told.ToSearch, key: Key = None
) -> HttpResponse:
    """Have the names of protected people looked for in a bundle: a job tells where they may stand, not what it says.

    It is for who handles the matter. A person looks at each place; what they confirm is the act `names.checked`.
    """
    del org, key
    entered, calling = get_calling(request).enter(matter), get_calling(request)
    find_bundle_page(entered, bundle)

    def do() -> HttpResponse:
        return answer_later(request, matter, ask_for_names(calling.asking, entered, bundle, contents.also))

    return answer_now_or_later(request, calling.bearer, do, do)


@router.get(
    f"{_ROOM}/names",
    response=told.Unsearched,
    operation_id="list_unsearched_copies",
    summary="What waits to be looked through",
)
def list_unsearched(request: HttpRequest, org: Org, matter: MatterName) -> Answer:
    """List what was made of exhibits and is closed to somebody until it was looked through for protected names.

    It is for who handles the matter.
    """
    del org
    entered = get_calling(request).enter(matter)
    if not handles(entered):
        raise not_found()
    return {"waiting": list(find_waiting(entered))}


@router.post(
    f"{_ROOM}/names",
    response={202: Job},
    operation_id="find_names_in_exhibits",
    summary="Names of protected people in what is given by itself",
)
def search_exhibits(
    request: HttpRequest, org: Org, matter: MatterName, contents: told.ExhibitsToSearch, key: Key = None
) -> HttpResponse:
    """Have them looked for in exhibits, with what was made of them, or in the gist that is to be given instead.

    It is for who handles the matter, and answers as for a bundle. What a person confirms is the act `names.checked`; of
    a gist it holds the words, as `gist`, and the gist is given in no others.
    """
    del org, key
    entered, calling = get_calling(request).enter(matter), get_calling(request)
    known = {row.exhibit for row, _title in find_bundles(entered, now=_now(request)).choice}
    if not known.issuperset(contents.exhibits):
        raise not_found()

    def do() -> HttpResponse:
        work = ask_for_exhibit_names(calling.asking, entered, contents.exhibits, contents.also, gist=contents.gist)
        return answer_later(request, matter, work)

    return answer_now_or_later(request, calling.bearer, do, do)


@router.get(f"{_ROOM}/room", response=told.Room, operation_id="show_reading_room", summary="What I was given")
def show_room(request: HttpRequest, org: Org, matter: MatterName) -> ReadingRoom:
    """Tell what was disclosed to the asker since when, and the copies that are theirs. That it was read is kept."""
    del org
    return find_reading_room(get_calling(request).enter(matter), now=_now(request))


@router.get(
    f"{_ROOM}/room/{{seq}}",
    operation_id="get_own_copy",
    summary="My copy of a bundle",
    openapi_extra={"responses": {200: _PDF}},
)
def get_copy(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> HttpResponseBase:
    """Return the copy that an entry served on the asker: it is theirs alone. That they opened it is on the record."""
    del org
    event = get_own_copy(get_calling(request).enter(matter), seq)
    return _send(request, matter, seq, f"{event.act.bundle}-{event.act.to}.pdf")


@router.get(
    f"{_ROOM}/room/{{seq}}/zip",
    operation_id="get_own_copy_zip",
    summary="My copy of a bundle, with what lies beside it",
    openapi_extra={"responses": {200: _ZIP}},
)
def get_zip(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> HttpResponseBase:
    """Return the copy that an entry served on the asker with recordings and originals, in a zip made as it is sent.

    That they opened each is on the record. Where a file was altered, it breaks off.
    """
    del org
    entered = get_calling(request).enter(matter)
    name = f"{get_own_copy(entered, seq).act.bundle}-{entered.person}.zip"
    bundles, now = find_disclosure_tools().bundles.bundles, _now(request).replace(microsecond=0)
    return stream(name, pack_own_copy(entered, bundles, seq, now=now), "application/zip")


@router.get(
    f"{_ROOM}/copies/{{seq}}/sealed",
    operation_id="get_sealed_copy",
    summary="A copy to hand over, encrypted",
    openapi_extra={"responses": {200: BINARY}},
)
def get_sealed(request: HttpRequest, org: Org, matter: MatterName, seq: Seq, recipient: Recipient) -> HttpResponseBase:
    """Return the copy that an entry served on somebody, with what lies beside it, for who handles the matter.

    It is a zip, encrypted with age to the recipient that is named. That the asker opened each file is on the record.
    Where it may not be handed over, or not before somebody else has theirs, the ruling says why.
    """
    del org
    entered = get_calling(request).enter(matter)
    act = get_served_copy(entered, seq).act
    bundles, now = find_disclosure_tools().bundles.bundles, _now(request).replace(microsecond=0)
    try:
        sealed = seal_served_copy(entered, bundles, seq, parse_recipient(recipient), now=now)
    except VaultError as error:
        raise misfit("recipient", error.problem) from error
    if isinstance(sealed, Refused):
        raise ProblemError(409, "refused", sealed.because, ruling=ToldRefused.model_validate(sealed))
    return stream(f"{act.bundle}-{act.to}.zip.age", sealed, _OCTETS)


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
    entered = get_calling(request).enter(matter)
    if not handles(entered):
        raise not_found()
    return entered


def _now(request: HttpRequest) -> datetime:
    return get_calling(request).asking.now
