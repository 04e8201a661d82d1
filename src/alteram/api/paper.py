"""Paper: what can be done on paper in a matter, what came, and entering what came for whom it is."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, MatterName, Org, get_calling
from alteram.api.files import describe_body, read_part, taking_files, tell_sent
from alteram.api.once import Key, answer_once
from alteram.api.problems import misfit, not_found
from alteram.api.proposals import answer_recorded, build_act, get_spec
from alteram.api.shapes import called
from alteram.core.acts import PaperEntered
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.uploads import SealingUploads
from alteram.operations.paper import PaperDesk, enter_paper, find_paper

router = Router(tags=["paper"], auth=BearerToken("read"))


class Form(Schema):
    """An act that can be done on paper; `gives_up` where a second person must see it entered. Its fields: `/acts`."""

    act: str = called("spec.name")
    by: list[str]
    gives_up: bool


class Entered(Schema):
    """A paper that was entered; `act` is the entry of what was done by it, null where nothing was."""

    entry: int = called("event.seq")
    at: datetime = called("event.recorded_at")
    person: str | None
    what: str
    act: int | None
    is_confirmed: bool
    is_denied: bool
    may_confirm: bool


class Paper(Schema):
    """Paper in a matter: forms, who can hand them in, and the entries that tell of what was done on paper."""

    forms: list[Form]
    may_enter: bool
    people: dict[str, list[str]]
    entered: list[Entered]
    served: list[int]
    proxies: list[int]
    adjustments: list[int]

    @staticmethod
    def resolve_people(desk: Any) -> dict[str, list[str]]:
        """Return them with their parts."""
        return {person: list(roles) for person, roles in desk.people}

    @staticmethod
    def resolve_served(desk: Any) -> list[int]:
        """Return the entries."""
        return [one.seq for one in desk.served]

    @staticmethod
    def resolve_proxies(desk: Any) -> list[int]:
        """Return the entries."""
        return [one.seq for one in desk.proxies]

    @staticmethod
    def resolve_adjustments(desk: Any) -> list[int]:
        """Return the entries."""
        return [one.seq for one in desk.adjustments]


class OnPaper(shapes.Proposal):
    """What came on paper: the act, whose it is, when it came, who saw it, and whether it was read back to them."""

    person: shapes.Identifier
    received_at: AwareDatetime
    witness: shapes.Identifier | None = None
    read_back: bool = False


@router.get("/{org}/matters/{matter}/paper", response=Paper, operation_id="show_paper", summary="Paper in a matter")
def show_paper(request: HttpRequest, org: Org, matter: MatterName) -> PaperDesk:
    """Tell what can be done on paper, what was entered and served, and whether the asker may enter what came."""
    del org
    calling = get_calling(request)
    return find_paper(calling.asking.organisation, StreamId(matter), calling.person)


@router.post(
    "/{org}/matters/{matter}/paper",
    response={201: shapes.Recorded},
    auth=BearerToken("paper"),
    operation_id="enter_paper",
    summary="Enter a paper",
    openapi_extra={"requestBody": describe_body("paper", OnPaper)},
)
def enter(request: HttpRequest, org: Org, matter: MatterName, key: Key = None) -> HttpResponse:
    """Enter a paper for whom it is, with one picture of it in `files`: both acts are recorded, or neither.

    Needs the scope `paper`.
    """
    del org, key
    calling, stream = get_calling(request), StreamId(matter)
    desk = find_paper(calling.asking.organisation, stream, calling.person)
    if not desk.may_enter:
        raise not_found()
    with taking_files(request, calling.asking, stream) as uploads:
        sent = read_part(request, uploads, "paper", OnPaper)
        if all(one.spec.name != sent.act for one in desk.forms):
            raise misfit("body.paper.act", "no act that is done on paper")
        if len(uploads.sealed) != 1:
            raise misfit("body.files", "one picture of the paper is kept beside the entry")
        act = build_act(get_spec(sent.act), sent.fields)
        digest = tell_sent(request, uploads, "paper")
        return answer_once(
            request, calling.bearer, lambda: _record(calling, stream, sent, act, uploads=uploads), sent=digest
        )


def _record(calling: Calling, stream: StreamId, sent: OnPaper, act: Act, *, uploads: SealingUploads) -> HttpResponse:
    picture = uploads.sealed[0]
    paper = PaperEntered(
        person=PersonId(sent.person),
        what=sent.act,
        digest=picture.attachment.sha256,
        received_at=sent.received_at.astimezone(UTC).replace(microsecond=0),
        witness=None if sent.witness is None else PersonId(sent.witness),
        read_back=sent.read_back,
    )
    done = enter_paper(calling.asking.organisation, stream, paper, act, calling.person, attachments=(picture,))
    if done:
        uploads.take()
    return answer_recorded(stream, done)
