"""Redacting an exhibit: what is to be blacked out is sent, made and checked as a job, looked at, then lodged.

Whoever asks works on one redaction of an exhibit at a time. What they sent, and what was made, is kept sealed and told
to nobody else. A second person agrees by the act `redaction.checked`.
"""

from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from alteram.api import redacting_shapes as told
from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, MatterName, Org, get_calling
from alteram.api.exhibits import ExhibitName
from alteram.api.files import describe_file, send
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import ProblemError, misfit, not_found
from alteram.api.proposals import answer_recorded, get_spec, need_scopes, refuse
from alteram.core.access import may_open_exhibit
from alteram.core.disclosure.redactions import Asked, Box, Cut, Place, RedactionError, number_cuts
from alteram.core.kernel.outcomes import Refused
from alteram.installation.background import BusyError
from alteram.installation.redaction_work import RedactionWork, ask_for_redaction, find_redaction, forget_redaction
from alteram.installation.writing import find_names
from alteram.operations.disclosure.redacting import (
    LeakyRedactionError,
    find_ruling,
    lodge_redaction,
)
from alteram.operations.disclosure.redaction_kinds import list_kinds
from alteram.operations.disclosure.suggested_cuts import find_known_protected, suggest_words
from alteram.operations.disclosure.waiting_redactions import read_made_text, read_page
from alteram.operations.entries import Entered
from alteram.operations.exhibits.deriving import may_copy
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.ports import StoreError

router = Router(tags=["exhibits"], auth=BearerToken("read"))
_ACT: Final = "exhibit.derived"
_ONE: Final = "/{org}/matters/{matter}/exhibits/{exhibit}/redaction"
_PAGE: Final = {"content": describe_file("image/png")["content"] | describe_file("text/plain")["content"]}
PageNumber = Annotated[int, Path(ge=0, le=9_999, description="The number of a page, from 0.")]


@router.post(
    _ONE, response={202: told.Redaction}, operation_id="make_redaction", summary="Have a redaction of an exhibit made"
)
def make(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest,
    org: Org,
    matter: MatterName,
    exhibit: ExhibitName,
    asked: told.RedactionAsked,
    key: Key = None,
) -> HttpResponse:
    """Have a redaction made and checked; what was made before and not lodged is deleted. Needs the scope `propose`.

    While one is under way, that is told and nothing else is made. Nothing is recorded but that the exhibit was opened.
    """
    del org, key
    calling = get_calling(request)
    entered, opened = _open(request, matter, exhibit)
    wanted = [_read(one) for one in asked.cuts]
    try:
        number_cuts(wanted, ())
    except RedactionError as error:
        raise misfit("body.cuts", f"{error.problem} {error.remedy}") from error
    if not any(one.places or one.words for one in wanted):
        raise misfit("body.cuts", "no words and no places")
    kinds = list_kinds(opened.stored)
    if not kinds:
        raise ProblemError(409, "unmade", "It has no pages and no text: nothing of it can be blacked out.")
    if asked.kind not in kinds:
        raise misfit("body.kind", f"this exhibit is redacted as {', '.join(kinds)}")

    def do() -> HttpResponse:
        try:
            ask_for_redaction(calling.asking, entered, exhibit, wanted, kind=asked.kind)
        except RedactionError as error:
            raise ProblemError(413, "too-large", f"{error.problem} {error.remedy}") from error
        except BusyError as error:
            raise ProblemError(409, "full", f"{error.problem} {error.remedy}") from error
        return answer(_tell(find_redaction(calling.asking, entered, exhibit)), 202)

    return answer_once(request, calling.bearer, do)


@router.get(_ONE, response=told.Redaction, operation_id="show_redaction", summary="The redaction that one works on")
def show(request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName) -> told.Redaction:
    """Tell how far the asker's own redaction of an exhibit is, and how it names protected people whom they may know.

    Needs the scope `propose`, as making one does. That the exhibit was opened is kept.
    """
    del org
    calling = get_calling(request)
    entered, opened = _open(request, matter, exhibit)
    redaction = _tell(find_redaction(calling.asking, entered, exhibit))
    redaction.kinds = list_kinds(opened.stored)
    names = find_names(calling.asking.name, find_known_protected(entered))
    redaction.suggested = tuple(
        told.Suggestion(words=one.words, person=one.person, certain=one.certain, parts=one.parts)
        for one in suggest_words(entered, opened.stored, names)
    )
    return redaction


@router.get(
    f"{_ONE}/pages/{{number}}",
    operation_id="get_redaction_page",
    summary="A page of the redaction that one works on",
    openapi_extra={"responses": {200: _PAGE}},
)
def get_page(
    request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName, number: PageNumber
) -> HttpResponse:
    """Return a page as it would be lodged, as a picture (PNG); of a text, which has no pages, all of it as 0."""
    del org
    calling = get_calling(request)
    entered = _enter(request, matter, exhibit)
    found = find_redaction(calling.asking, entered, exhibit)
    if found is None or found.waiting is None:
        raise not_found()
    at = entered.organisation, entered.stream, found.waiting
    try:
        text, picture = read_made_text(*at) if number == 0 else None, read_page(*at, number)
    except StoreError as error:
        raise not_found() from error
    if text is not None:
        return send(f"{exhibit}-redacted.txt", text.encode(), "text/plain; charset=utf-8")
    if picture is None:
        raise not_found()
    return send(f"{exhibit}-redacted-{number}.png", picture, "image/png")


@router.post(
    f"{_ONE}/lodge",
    response={201: shapes.Recorded},
    operation_id="lodge_redaction",
    summary="Lodge the redaction that one works on",
)
def lodge(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest,
    org: Org,
    matter: MatterName,
    exhibit: ExhibitName,
    lodging: told.RedactionToLodge,
    key: Key = None,
) -> HttpResponse:
    """Lodge what was made, to the byte as it was shown. Refused, it waits on. Needs the scope `propose`.

    It goes nowhere before somebody else agreed to it: `redaction.checked`.
    """
    del org, key
    calling = get_calling(request)
    entered = _enter(request, matter, exhibit)

    def do() -> HttpResponse:
        found = find_redaction(calling.asking, entered, exhibit)
        if found is None or found.waiting is None:
            raise ProblemError(409, "unmade", "There is no redaction that waits to be lodged.")
        now = calling.asking.now.replace(microsecond=0)
        try:
            done = lodge_redaction(entered, found.waiting, name=lodging.name, reasons=lodging.reasons, now=now)
        except (LeakyRedactionError, StoreError) as error:
            raise ProblemError(409, "unmade", f"{error.problem} {error.remedy}") from error
        if isinstance(done, Refused):
            raise refuse(done)
        recorded = answer_recorded(entered.stream, done)
        forget_redaction(calling.asking, entered, exhibit, is_lodged=True)
        return recorded

    return answer_once(request, calling.bearer, do)


@router.post(
    f"{_ONE}/drop",
    response={200: told.Redaction},
    operation_id="drop_redaction",
    summary="Throw away what one works on",
)
def drop(request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName, key: Key = None) -> HttpResponse:
    """Delete what was to be cut out and what was made; what is under way is left to its end."""
    del org, key
    calling = get_calling(request)
    entered = _enter(request, matter, exhibit)

    def do() -> HttpResponse:
        forget_redaction(calling.asking, entered, exhibit)
        return answer(_tell(find_redaction(calling.asking, entered, exhibit)))

    return answer_once(request, calling.bearer, do)


def _enter(request: HttpRequest, matter: str, exhibit: str) -> Entered:
    """Return the matter, for who may open the exhibit and lodge what is made of it. Raises: ProblemError."""
    calling: Calling = get_calling(request)
    need_scopes(calling, get_spec(_ACT))
    entered = calling.enter(matter)
    may = may_open_exhibit(entered.facts, entered.rulebook, exhibit, entered.person)
    if isinstance(may, Refused) or not may_copy(entered):
        raise not_found()
    ruling = find_ruling(entered, exhibit, now=calling.asking.now)
    if isinstance(ruling, Refused):
        raise refuse(ruling)
    return entered


def _open(request: HttpRequest, matter: str, exhibit: str) -> tuple[Entered, OpenedExhibit]:
    entered = _enter(request, matter, exhibit)
    opened = open_exhibit(entered, exhibit, now=get_calling(request).asking.now)
    if isinstance(opened, Refused):
        raise refuse(opened)
    return entered, opened


def _read(cut: told.CutAsked) -> Asked:
    places = tuple(Place(one.page, Box(one.left, one.top, one.right, one.bottom)) for one in cut.places)
    return Asked(cut.reason, places, cut.words)


def _tell(found: RedactionWork | None) -> told.Redaction:
    if found is None:
        return told.Redaction(state="none")
    outcome = found.work.outcome or {}
    redaction = told.Redaction(
        state="under-way", kind=found.kind, done=found.work.done, parts=found.work.parts, asked_at=found.work.asked_at
    )
    if found.waiting is not None:
        made = found.waiting.made
        redaction.state = "leaks" if made.leaks else "made"
        redaction.cuts = tuple(_tell_cut(one) for one in made.cuts)
        redaction.pages, redaction.places = made.pages, made.boxes
        redaction.leaks, redaction.still = made.leaks, made.still
        redaction.doubtful, redaction.not_found = made.doubtful, made.not_found
    elif not found.work.is_under_way:
        redaction.state = "refused" if "refused" in outcome else "broke-off"
        redaction.because = outcome.get("refused") or outcome.get("problem")
        redaction.remedy = outcome.get("remedy")
    return redaction


def _tell_cut(cut: Cut) -> told.MadeCut:
    places = tuple(
        told.PlaceCut(page=one.page, left=one.box.left, top=one.box.top, right=one.box.right, bottom=one.box.bottom)
        for one in cut.places
    )
    return told.MadeCut(number=cut.number, reason=cut.reason, words=cut.words, places=places)
