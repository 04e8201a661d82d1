"""Lodging a part of an exhibit with its proof, and what adjoins one that was lodged. Proving alone is `exhibits`."""

from typing import Annotated, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from alteram.api import shapes
from alteram.api.calling import BearerToken, MatterName, Org, get_calling
from alteram.api.exhibits import ExhibitName, say_closed
from alteram.api.jobs import Job, Prefer, answer_job, answer_now_or_later
from alteram.api.once import Key
from alteram.api.problems import ProblemError, misfit
from alteram.api.proposals import answer_recorded, build_act, get_spec, need_scopes, refuse
from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault.pieces import MAX_PIECES
from alteram.installation.exhibit_jobs import lodge_excerpt_later
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.operations.entries import Entered
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.parts import build_excerpt_act, find_pieces, lodge_excerpt
from alteram.operations.exhibits.selecting import Answerable, choose_part, find_answerable
from alteram.operations.exhibits.stored import DestroyedKeysError
from alteram.operations.perform import rule_on
from alteram.operations.ports import StoreError, StoreUnavailableError
from alteram.operations.questions import UnknownMatterError

router = Router(tags=["exhibits"], auth=BearerToken())
_ACT: Final = "exhibit.derived"
_MAX_SECONDS: Final = 10_000_000
_Piece = Annotated[int | None, Field(ge=0, le=MAX_PIECES)]
_Second = Annotated[float | None, Field(ge=0, le=_MAX_SECONDS)]


class Excerpt(shapes.Asked):
    """A part to be lodged: its new name, of which exhibit, and pieces [first, until) or seconds of a recording."""

    exhibit: shapes.Identifier
    of: shapes.Identifier
    first: _Piece = None
    until: _Piece = None
    from_s: _Second = None
    until_s: _Second = None
    adds_to: shapes.Identifier | None = None
    reasons: Annotated[str, Field(max_length=20_000)] = ""


class ExhibitPart(Schema):
    """Pieces [first, until) of the `of` that an exhibit has; of a recording, what of them plays, in milliseconds."""

    first: int
    until: int
    of: int
    size: int
    from_ms: int | None
    until_ms: int | None


class AdjoiningPart(Schema):
    """A part directly before or after an excerpt: `amount` seconds or pieces of it, or (null) all there is."""

    where: Literal["before", "after"]
    amount: int | None
    part: ExhibitPart


class AdjoiningParts(Schema):
    """An excerpt: of which exhibit, what it shows, and what adjoins it."""

    of: str
    part: ExhibitPart
    adjoining: tuple[AdjoiningPart, ...]


@router.post(
    "/{org}/matters/{matter}/acts/excerpt",
    response={201: shapes.Recorded, 202: Job},
    operation_id="lodge_excerpt",
    summary="Lodge a part of an exhibit",
)
def lodge(  # noqa: PLR0917 - the parts of the request
    request: HttpRequest, org: Org, matter: MatterName, excerpt: Excerpt, key: Key = None, prefer: Prefer = None
) -> HttpResponse:
    """Lodge a part of an exhibit as one of its own, with the proof that it is a part; `adds_to` names what it answers.

    Needs the scope `propose`. The exhibit must be open to the asker, and that they opened it is kept. At most 256 MB.
    Of a part with pictures, a copy that plays is made, which takes about as long as the part does.
    """
    del org, key, prefer
    calling = get_calling(request)
    need_scopes(calling, get_spec(_ACT))
    entered = calling.enter(matter)
    said = {"adds_to": excerpt.adds_to, "reasons": excerpt.reasons, "file_name": f"{excerpt.exhibit}.excerpt"}
    fields = {"exhibit": excerpt.exhibit, "of": excerpt.of, "how": "excerpt", "by_hand": False}
    act = build_act(get_spec(_ACT), fields | {name: one for name, one in said.items() if one})
    if not isinstance(act, ExhibitDerived):
        raise TypeError(act)

    now = calling.asking.now.replace(microsecond=0)

    def find() -> tuple[int, int]:
        opened = open_exhibit(entered, excerpt.of, now=now)
        if isinstance(opened, Refused):
            raise say_closed(opened)
        return _find_part(opened, excerpt)

    def do() -> HttpResponse:
        first, until = find()
        try:
            done = lodge_excerpt(entered, find_evidence_tools(), act, first, until, now=now)
        except (StoreUnavailableError, DestroyedKeysError):
            raise
        except StoreError as error:
            raise ProblemError(409, "not-in-the-log", error.problem, headers={"Retry-After": "1"}) from error
        if isinstance(done, Refused):
            raise refuse(done)
        return answer_recorded(entered.stream, done)

    def do_later() -> HttpResponse:
        whole = build_excerpt_act(act, *find())
        ruling = rule_on(calling.asking.organisation, entered.stream, whole, entered.person, now=now)
        if isinstance(ruling, Refused):
            raise refuse(ruling)
        return answer_job(request, matter, lodge_excerpt_later(calling.asking, entered, whole))

    return answer_now_or_later(request, calling.bearer, do, do_later)


@router.get(
    "/{org}/matters/{matter}/exhibits/{exhibit}/adjoining",
    auth=BearerToken("read"),
    response=AdjoiningParts,
    operation_id="list_adjoining",
    summary="What adjoins an excerpt",
)
def list_adjoining(request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName) -> Answerable:
    """Propose what lies directly before and after an excerpt, to be lodged as an answer to it.

    The exhibit that it was made of must be open to the asker, and that they opened it is kept.
    """
    del org
    calling = get_calling(request)
    entered: Entered = calling.enter(matter)
    found = find_answerable(entered, exhibit, now=calling.asking.now)
    if isinstance(found, Refused):
        raise say_closed(found)
    return found


def _find_part(opened: OpenedExhibit, excerpt: Excerpt) -> tuple[int, int]:
    """Return the pieces that are asked for. Raises: ProblemError where it has no such part."""
    try:
        match excerpt.first, excerpt.until, excerpt.from_s, excerpt.until_s:
            case int() as first, int() as until, None, None:
                part = choose_part(opened, first, until)
            case None, None, float() as from_s, float() as until_s:
                part = choose_part(opened, *find_pieces(opened, find_evidence_tools().recordings, from_s, until_s))
            case _:
                raise misfit("body", "first and until, or from_s and until_s")
    except (UnknownMatterError, MalformedError) as error:
        raise misfit("body", f"{error.problem} {error.remedy}".strip()) from error
    return part.first, part.until
