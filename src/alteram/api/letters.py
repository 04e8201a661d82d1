"""Letters: those that were served, drafting and serving one, what is only printed, and the templates."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, MatterName, Org, Seq, get_calling
from alteram.api.files import describe_file, send
from alteram.api.once import Key, answer_once
from alteram.api.problems import ProblemError, misfit, not_found, unprintable
from alteram.api.proposals import answer_recorded, build_act
from alteram.api.shapes import Answer, Identifier, called
from alteram.core.acts import get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.periods import Reckoning
from alteram.installation.grave import GRAVE
from alteram.installation.writing import build_writing, find_press
from alteram.operations.letters import (
    LetterKind,
    build_draft,
    build_letter_digest,
    build_reply_form,
    build_sample,
    find_kind,
    find_letters,
    find_writable,
    find_writable_one,
    may_change_templates,
    open_letter,
    print_draft,
    serve_letter,
)
from alteram.operations.printing import LetterError

router = Router(tags=["letters"], auth=BearerToken("read"))
_LETTERS: Final = "/{org}/matters/{matter}/letters"
_PDF: Final = describe_file("application/pdf")
#: What stands in the place of the digest until the letter is printed.
_NO_DIGEST: Final = "0" * 64
Answers = Annotated[
    Identifier | None, Query(alias="for", description="Who answers, where several can: of a form to answer on.")
]
Letter = Annotated[Identifier, Path(description="A letter by its name, such as notice.")]


class Runs(Schema):
    """What is counted from a letter's arrival: the requirement's title, until when, and how that was reckoned."""

    title: str
    until: datetime
    working: list[str]


class Arrival(Schema):
    """When a letter reached somebody; `at` is null until that is confirmed."""

    to: str
    at: datetime | None
    method: str
    confirmed_by: int | None
    runs: list[Runs]

    @staticmethod
    def resolve_runs(one: Any) -> list[Runs]:
        """Return them with their working."""
        return [_tell_runs(title, reckoned) for title, reckoned in one.runs]


class Served(Schema):
    """A letter that was served. `digest` is empty where the act was done without its letter."""

    entry: int = called("seq")
    letter: str = called("kind.name")
    at: datetime
    digest: str
    is_mine: bool
    arrivals: list[Arrival]


class Writable(Schema):
    """A letter that the asker's part lets them serve, the act that serves it, and what the rules say of that now."""

    letter: str = called("kind.name")
    act: str = called("open.spec.name")
    ruling: shapes.Ruling = called("open.ruling")


class Letters(Schema):
    """The letters of a matter: those served, and those that the asker can write."""

    served: list[Served]
    writable: list[Writable]


class Contents(shapes.Asked):
    """The fields of the act that serves the letter, as the catalogue describes them; without its digest."""

    fields: dict[str, Any]


class LetterLookedAt(Contents):
    """The same, with the digest of the letter that was looked at."""

    looked_at: shapes.DigestHex


class Draft(Schema):
    """A letter as it would be served: to whom, its digest, and the PDF (base64).

    `given_away` are names in it that its readers may not know: then it cannot be served. `problem` says why a template
    of the organisation's own was not used.
    """

    letter: str
    to: list[str]
    looked_at: str
    given_away: list[str]
    problem: str
    pdf: str


class Template(Schema):
    """A template: whether it ships, and whether the organisation has one of its own in its place."""

    name: str
    ships: bool
    is_own: bool
    source: str

    @staticmethod
    def resolve_ships(one: Any) -> bool:
        """Return whether it ships."""
        return bool(one.shipped)

    @staticmethod
    def resolve_is_own(one: Any) -> bool:
        """Return whether the organisation has its own."""
        return one.own is not None

    @staticmethod
    def resolve_source(one: Any) -> str:
        """Return the one that counts."""
        return str(one.shipped if one.own is None else one.own)


class Templates(Schema):
    """Every template of letters."""

    templates: list[Template]


@router.get(_LETTERS, response=Letters, operation_id="list_letters", summary="The letters of a matter")
def list_letters(request: HttpRequest, org: Org, matter: MatterName) -> Answer:
    """List what was served on the asker or by them, with when it arrived, and what they can write."""
    del org
    calling, stream = get_calling(request), StreamId(matter)
    served = find_letters(build_writing(calling.asking), stream, calling.person)
    writable = find_writable(calling.asking.organisation, stream, calling.person, now=calling.asking.now)
    return {"served": served, "writable": writable}


@router.get(
    f"{_LETTERS}/served/{{seq}}",
    operation_id="get_served_letter",
    summary="A letter that was served",
    openapi_extra={"responses": {200: _PDF}},
)
def get_served_letter(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> HttpResponse:
    """Return a letter as it was served. One that had to be made again says so in its name."""
    del org
    asking, person = get_calling(request).asking, get_calling(request).person
    writing, press = build_writing(asking), find_press(asking)
    try:
        opened = open_letter(writing, press, StreamId(matter), seq, person, now=asking.now)
    except LetterError as error:
        raise unprintable(error) from error
    again = "" if opened.is_as_served else "-made-again"
    return send(f"{matter}-{seq}-{opened.kind.name}{again}.pdf", opened.pdf, "application/pdf")


@router.get(
    f"{_LETTERS}/printed/{{letter}}",
    operation_id="get_printed_letter",
    summary="What is only printed",
    openapi_extra={"responses": {200: _PDF}},
)
def get_printed_letter(
    request: HttpRequest, org: Org, matter: MatterName, letter: Letter, answers: Answers = None
) -> HttpResponse:
    """Return the form to answer on (`reply-form`). What the matter came to, for outsiders, is a certificate."""
    del org
    asking, person, stream = get_calling(request).asking, get_calling(request).person, StreamId(matter)
    writing, now = build_writing(asking), asking.now
    if letter != "reply-form":
        raise not_found()
    who = None if answers is None else PersonId(answers)
    draft = build_reply_form(writing, stream, person, now=now, person=who)
    try:
        printed = print_draft(find_press(asking), draft)
    except LetterError as error:
        raise unprintable(error) from error
    return send(f"{matter}-{letter}.pdf", printed.pdf, "application/pdf")


@router.post(
    f"{_LETTERS}/{{letter}}/draft",
    response=Draft,
    auth=BearerToken("letters"),
    operation_id="draft_letter",
    summary="Draft a letter",
)
def draft_letter(request: HttpRequest, org: Org, matter: MatterName, letter: Letter, contents: Contents) -> Draft:
    """Print a letter as it would be served now. Nothing is recorded. Needs the scope `letters`."""
    del org
    calling, stream = get_calling(request), StreamId(matter)
    act, asking = _build_act(calling, stream, letter, contents.fields), calling.asking
    try:
        draft = build_draft(build_writing(asking), stream, act, calling.person, at=asking.now)
        printed = print_draft(find_press(asking), draft)
    except LetterError as error:
        raise unprintable(error) from error
    return Draft(
        letter=letter,
        to=list(draft.to),
        looked_at=build_letter_digest(printed),
        given_away=list(draft.given_away),
        problem=printed.problem,
        pdf=b64encode(printed.pdf).decode(),
    )


@router.post(
    f"{_LETTERS}/{{letter}}/serve",
    response={201: shapes.Recorded},
    auth=BearerToken("letters"),
    operation_id="serve_letter",
    summary="Serve a letter",
)
def serve(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, org: Org, matter: MatterName, letter: Letter, contents: LetterLookedAt, key: Key = None
) -> HttpResponse:
    """Serve the letter that was looked at, and keep it with the entry. Needs `letters`; `grave` where its act is."""
    del org, key
    calling, stream = get_calling(request), StreamId(matter)
    act = _build_act(calling, stream, letter, contents.fields, is_served=True)
    return answer_once(request, calling.bearer, lambda: _serve(calling, stream, act, contents.looked_at))


@router.get("/{org}/letters", response=Templates, operation_id="list_letter_templates", summary="Templates of letters")
def list_letter_templates(request: HttpRequest, org: Org) -> Answer:
    """List the templates of letters with their source, to the secretary. They are changed in its folder."""
    del org
    calling = _need_secretary(get_calling(request))
    return {"templates": find_press(calling.asking).templates()}


@router.get(
    "/{org}/letters/{letter}/sample",
    operation_id="get_letter_sample",
    summary="A template tried out",
    openapi_extra={"responses": {200: _PDF}},
)
def get_letter_sample(request: HttpRequest, org: Org, letter: Letter) -> HttpResponse:
    """Return a letter with a sample, by the template that counts, to the secretary."""
    del org
    calling = _need_secretary(get_calling(request))
    if find_kind(letter) is None:
        raise not_found()
    press, now = find_press(calling.asking), calling.asking.now
    try:
        printed = press.print_pdf(letter, build_sample(letter), dated_at=now)
    except LetterError as error:
        raise unprintable(error) from error
    return send(f"sample-{letter}.pdf", printed.pdf, "application/pdf")


def _serve(calling: Calling, stream: StreamId, act: Act, looked_at: str) -> HttpResponse:
    asking, press = calling.asking, find_press(calling.asking)
    try:
        served = serve_letter(
            build_writing(asking), press, stream, act, calling.person, looked_at=looked_at, now=asking.now
        )
    except LetterError as error:
        raise unprintable(error) from error
    if served.performed is None:
        raise ProblemError(409, "changed" if served.has_changed else "names")
    return answer_recorded(stream, served.performed)


def _build_act(
    calling: Calling, stream: StreamId, letter: str, fields: Mapping[str, Any], *, is_served: bool = False
) -> Act:
    """Return the act that serves a letter. Raises: ProblemError, also where the asker has no part that may."""
    kind: LetterKind | None = find_kind(letter)
    organisation, now = calling.asking.organisation, calling.asking.now
    if kind is None or kind.act is None:
        raise not_found()
    if find_writable_one(organisation, stream, calling.person, kind, now=now) is None:
        raise not_found()
    spec = get_spec(kind.act)
    if is_served and spec.name in GRAVE:
        calling.need("grave")
    if "digest" in fields:
        raise misfit("body.fields.digest", "the letter's digest is worked out here")
    needs = any(one.name == "digest" and one.required for one in spec.fields)
    return build_act(spec, {**fields, "digest": _NO_DIGEST} if needs else dict(fields))


def _need_secretary(calling: Calling) -> Calling:
    if not may_change_templates(calling.asking.organisation, calling.person):
        raise not_found()
    return calling


def _tell_runs(title: str, reckoned: Reckoning) -> Runs:
    return Runs(title=title, until=reckoned.end, working=list(reckoned.working))
