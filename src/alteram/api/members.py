"""The roll: who belongs, what they are called, people added and invited, acts about the roll, and what waits for two.

Letting somebody in again who lost every way is not asked for or agreed to here: a token opens no other way in.
"""

from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, From, Limit, Org, get_calling
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import ProblemError, misfit, not_found
from alteram.api.proposals import answer_recorded, build_act, get_spec, refuse
from alteram.api.shapes import Answer, Identifier, called
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.kernel.outcomes import Refused
from alteram.installation.agreeing import agree, find_waiting, get_awaited, record_agreed
from alteram.installation.awaiting import forget_awaited
from alteram.installation.grave import GRAVE
from alteram.installation.members import (
    ROLL_ACTS,
    MemberRow,
    add_people,
    build_rows,
    correct_member,
    find_member,
    find_members,
    find_taken,
    invite_member,
    perform_roll_act,
)
from alteram.installation.people_lists import parse_people
from alteram.installation.recovery import RecoveryRefused, find_recoveries, refuse_recovery
from alteram.operations.questions import find_open_acts
from alteram.operations.roll import find_roll, find_roll_as_officer

router = Router(tags=["members"], auth=BearerToken("members"))
_LONGEST_LIST = 1 << 20
MemberName = Annotated[Identifier, Path(description="A member by their identifier.")]
Number = Annotated[int, Path(ge=0, le=2**31 - 1, description="The number of what waits.")]
Find = Annotated[str, Query(max_length=100, description="What is looked for in identifier, name or address.")]


class Member(Schema):
    """A person of the roll, with what the directory says of them; nothing of that is in the record."""

    person: str
    name: str
    email: str
    post: str
    offices: list[str]
    has_account: bool
    has_been_here: bool


class Office(Schema):
    """An office, and who holds it."""

    office: str = called("office.id")
    title: str = called("office.title")
    holder: str | None


class Body(Schema):
    """A body, and who sits in it."""

    body: str = called("body.id")
    title: str = called("body.title")
    members: list[str]


class MemberPage(Schema):
    """A page of the roll; `next` is the cursor of the page after it (null: that was all)."""

    members: list[Member]
    offices: list[Office]
    bodies: list[Body]
    total: int
    next: str | None


class PeopleList(shapes.Asked):
    """People to be added: a line for each, with identifier, name and e-mail address (CSV)."""

    people: Annotated[str, Field(max_length=_LONGEST_LIST)]


class Added(Schema):
    """How many are new, how many links were sent, and to whom none could be."""

    joined: int
    sent: int = called("invited.sent")
    not_sent: list[str] = called("invited.not_sent")


class Waits(Schema):
    """The rules let nobody do this alone: it waits until another agrees, among the agreements."""

    ruling: shapes.Refused


class Correction(shapes.Asked):
    """What somebody is called and where they are reached. The address of who signs in already is not changed here."""

    name: Annotated[str, Field(max_length=200)] = ""
    post: Annotated[str, Field(max_length=500)] = ""
    email: Annotated[str, Field(max_length=254)] = ""


class Sent(Schema):
    """Whether a link left."""

    sent: bool


class Agreement(Schema):
    """An act that waits for a second person; `refused` is what the rules would say if it were recorded now."""

    number: int = called("awaited.number")
    act: str = called("awaited.name")
    asked_by: str = called("awaited.asked_by")
    fields: dict[str, Any]
    is_mine: bool
    refused: shapes.Refused | None

    @staticmethod
    def resolve_fields(one: Any) -> dict[str, Any]:
        """Return them by name."""
        return dict(one.fields)


class Agreements(Schema):
    """What waits for a second person, the oldest first."""

    agreements: list[Agreement]


class Recovery(Schema):
    """That somebody is to be let in again; it is asked for and agreed to on the pages only."""

    number: int = called("pk")
    person: str
    reason: str
    asked_by: str
    asked_at: datetime
    settled_by: str
    settled_at: datetime | None
    agreed: bool


class Recoveries(Schema):
    """What was asked, the newest first."""

    recoveries: list[Recovery]


@router.get("/{org}/members", response=MemberPage, operation_id="list_members", summary="The roll")
def list_members(request: HttpRequest, org: Org, find: Find = "", cursor: From = None, limit: Limit = 25) -> Answer:
    """List the roll, a page at a time, with offices and bodies, to who keeps it. Needs the scope `members`."""
    calling, first = get_calling(request), cursor or 0
    roll, people = find_members(calling.asking, calling.person, find)
    rows = build_rows(org, roll, people[first : first + limit])
    following = str(first + limit) if first + limit < len(people) else None
    told = {"members": rows, "offices": roll.offices, "bodies": roll.bodies}
    return {**told, "total": len(people), "next": following}


@router.post(
    "/{org}/members",
    response={201: Added, 202: Waits},
    operation_id="add_members",
    summary="Add people",
)
def add_members(request: HttpRequest, org: Org, listed: PeopleList, key: Key = None) -> HttpResponse:
    """Record who is new, note what all are called, and send links to those who have no account. One or many."""
    del key
    calling = get_calling(request)
    find_roll(calling.asking.organisation, calling.person)
    people, problems = parse_people(listed.people)
    if problems or not people:
        told = f"line {problems[0].line}: {problems[0].problem}" if problems else "nobody stands in it"
        raise misfit("body.people", told)

    def do() -> HttpResponse:
        if find_taken(org, people):
            raise misfit("body.people", "an address that is somebody else's already")
        added = add_people(calling.asking, people, calling.person)
        return answer(Added.model_validate(added), 201) if added.refused is None else _wait(added.refused, added.waits)

    return answer_once(request, calling.bearer, do)


@router.post(
    "/{org}/members/acts",
    response={201: shapes.Recorded, 202: Waits},
    operation_id="propose_roll_act",
    summary="Do an act about the roll",
)
def propose_roll_act(request: HttpRequest, org: Org, proposal: shapes.Proposal, key: Key = None) -> HttpResponse:
    """Fill an office, seat a body, end a membership: recorded, refused, or kept until another agrees.

    Needs the scope `members`, and `grave` where the catalogue says so.
    """
    del org, key
    calling, spec = get_calling(request), get_spec(proposal.act)
    if spec.name not in ROLL_ACTS:
        raise misfit("body.act", f"one of {', '.join(ROLL_ACTS)}")
    organisation, now = calling.asking.organisation, calling.asking.now
    if not find_open_acts(organisation, ORGANISATION_STREAM, calling.person, only=spec, now=now).acts[0].is_own:
        raise not_found()
    if spec.name in GRAVE:
        calling.need("grave")
    act = build_act(spec, proposal.fields)

    def do() -> HttpResponse:
        done = perform_roll_act(calling.asking, act, calling.person)
        if done.waits and isinstance(done.performed.ruling, Refused):
            return _wait(done.performed.ruling, True)
        return answer_recorded(ORGANISATION_STREAM, done.performed)

    return answer_once(request, calling.bearer, do)


@router.get("/{org}/members/{member}", response=Member, operation_id="show_member", summary="One person of the roll")
def show_member(request: HttpRequest, org: Org, member: MemberName) -> MemberRow:
    """Tell what is known of a person."""
    del org
    return find_member(get_calling(request).asking, get_calling(request).person, member)


@router.post("/{org}/members/{member}", response=Member, operation_id="correct_member", summary="Correct the directory")
def correct(
    request: HttpRequest, org: Org, member: MemberName, correction: Correction, key: Key = None
) -> HttpResponse:
    """Correct what somebody is called and where they are reached."""
    del org, key
    calling = get_calling(request)
    row = find_member(calling.asking, calling.person, member)
    if correction.email and row.has_account and correction.email != row.email:
        raise misfit("body.email", "who signs in already keeps their address")
    need_email("body.email", correction.email)

    def do() -> HttpResponse:
        if not correct_member(calling.asking, row, **correction.model_dump()):
            raise misfit("body.email", "somebody else here signs in with it")
        return answer(Member.model_validate(find_member(calling.asking, calling.person, member)))

    return answer_once(request, calling.bearer, do)


@router.post("/{org}/members/{member}/invite", response=Sent, operation_id="invite_member", summary="Invite somebody")
def invite(request: HttpRequest, org: Org, member: MemberName, key: Key = None) -> HttpResponse:
    """Send somebody a link, to their own address. Nobody else ever sees it."""
    del org, key
    calling = get_calling(request)
    row = find_member(calling.asking, calling.person, member)
    return answer_once(request, calling.bearer, lambda: answer(Sent(sent=bool(invite_member(calling.asking, row)))))


@router.get("/{org}/agreements", response=Agreements, operation_id="list_agreements", summary="What waits for two")
def list_agreements(request: HttpRequest, org: Org) -> Answer:
    """List the acts that wait for a second person, to whoever holds an office."""
    del org
    calling = get_calling(request)
    return {"agreements": find_waiting(calling.asking, calling.person)}


@router.post(
    "/{org}/agreements/{number}/agree",
    response={201: shapes.Recorded},
    operation_id="agree_to_act",
    summary="Agree to an act",
)
def agree_to_act(request: HttpRequest, org: Org, number: Number, key: Key = None) -> HttpResponse:
    """Agree, as the second of two, to just this act. Needs the scopes `members` and `grave`."""
    del org, key
    calling = _need_grave(get_calling(request))

    def do() -> HttpResponse:
        awaited = get_awaited(calling.asking, calling.person, number)
        return answer_recorded(ORGANISATION_STREAM, agree(calling.asking, awaited, calling.person))

    return answer_once(request, calling.bearer, do)


@router.post(
    "/{org}/agreements/{number}/record",
    response={201: shapes.Recorded},
    operation_id="record_agreed_act",
    summary="Record what was agreed to",
)
def record(request: HttpRequest, org: Org, number: Number, key: Key = None) -> HttpResponse:
    """Record an act of one's own that another agreed to. Needs the scopes `members` and `grave`."""
    del org, key
    calling = _need_grave(get_calling(request))

    def do() -> HttpResponse:
        awaited = get_awaited(calling.asking, calling.person, number, own=True)
        return answer_recorded(ORGANISATION_STREAM, record_agreed(calling.asking, awaited))

    return answer_once(request, calling.bearer, do)


@router.post(
    "/{org}/agreements/{number}/withdraw",
    response=shapes.Done,
    operation_id="withdraw_awaited_act",
    summary="Give up what waits",
)
def withdraw(request: HttpRequest, org: Org, number: Number, key: Key = None) -> HttpResponse:
    """Give up an act of one's own that waits. Nothing is recorded."""
    del key
    calling = get_calling(request)

    def do() -> HttpResponse:
        forget_awaited(org, get_awaited(calling.asking, calling.person, number, own=True).number)
        return answer(shapes.Done())

    return answer_once(request, calling.bearer, do)


@router.get("/{org}/recoveries", response=Recoveries, operation_id="list_recoveries", summary="Who is let in again")
def list_recoveries(request: HttpRequest, org: Org) -> Answer:
    """List who is to be let in again, and what became of it, to whoever holds an office."""
    calling = get_calling(request)
    find_roll_as_officer(calling.asking.organisation, calling.person)
    return {"recoveries": find_recoveries(org)}


@router.post(
    "/{org}/recoveries/{number}/refuse",
    response=shapes.Done,
    operation_id="refuse_recovery",
    summary="Refuse to let somebody in",
)
def refuse_to_recover(request: HttpRequest, org: Org, number: Number, key: Key = None) -> HttpResponse:
    """Refuse: nothing changes. To agree, sign in: a token opens no other way in."""
    del key
    calling = get_calling(request)
    find_roll_as_officer(calling.asking.organisation, calling.person)

    def do() -> HttpResponse:
        try:
            refuse_recovery(org, number, by=calling.person, at=calling.asking.now)
        except RecoveryRefused as error:
            raise not_found() if error.why == "unknown" else ProblemError(409, "settled", error.why) from error
        return answer(shapes.Done())

    return answer_once(request, calling.bearer, do)


def _wait(refused: Refused, waits: bool) -> HttpResponse:
    """Return that something waits for another. Raises: ProblemError where it was refused for another reason."""
    if not waits:
        raise refuse(refused)
    return answer(Waits(ruling=shapes.Refused.model_validate(refused)), 202)


def _need_grave(calling: Calling) -> Calling:
    calling.need("grave")
    return calling


def need_email(where: str, email: str) -> None:
    """Go on only with an e-mail address, or none. Raises: ProblemError."""
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise misfit(where, "no e-mail address") from error
