"""What a person has to do, and what is known of people: desks, standing, the health of the record."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Path, Query, Router, Schema

from alteram.adapters.witness import is_near
from alteram.api.calling import BearerToken, Limit, Org, Word, get_calling
from alteram.api.cursors import encode_cursor, encode_place, parse_cursor, parse_place
from alteram.api.files import describe_file, stream
from alteram.api.matter_shapes import IdentityRequest
from alteram.api.shapes import Answer, Identifier, Ruling, called
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.machine import Machine, examine_machine
from alteram.operations.desks import find_desks
from alteram.operations.health import find_health
from alteram.operations.personal import PersonPage, find_person
from alteram.operations.subject_access import stream_subject_access

router = Router(tags=["desk"], auth=BearerToken("read"))
Person = Annotated[Identifier, Path(description="A person by their identifier.")]
Closed = Annotated[bool, Query(description="The closed matters, in the place of the open ones.")]
_ZIP = describe_file("application/zip")


class Task(Schema):
    """An act that is next in a matter, with what the rules would say; `fills` are fields of it that are known."""

    matter: str
    act: str = called("next.act")
    why: str = called("next.why")
    due_at: datetime | None = called("next.due_at")
    entry: int | None = called("next.entry")
    person: str | None = called("next.person")
    fills: dict[str, str]
    is_late: bool
    ruling: Ruling

    @staticmethod
    def resolve_fills(task: Any) -> dict[str, str]:
        """Return them by name."""
        return dict(task.next.fills)


class StageClock(Schema):
    """A stage that falls to a desk, and when it must be left."""

    matter: str
    stage: str = called("clock.stage.id")
    due_at: datetime = called("clock.due_at")
    is_late: bool


class Desk(Schema):
    """One part of the asker's: the stages that fall to it, and the acts that are next, what is due first at the top."""

    role: str
    stages: list[StageClock]
    tasks: list[Task]


class NameRequest(Schema):
    """A protected name that somebody asked for, and that waits for the asker's answer or second key."""

    matter: str
    request: IdentityRequest


class DeskPage(Schema):
    """The desks of the asker over some of the open matters; `next` is the cursor of the others (null: that was all)."""

    desks: list[Desk]
    names: list[NameRequest]
    matters: int
    next: str | None


class ImposedSanction(Schema):
    """A sanction, or a measure in the meantime, and whether it is in force."""

    matter: str = called("stream")
    entry: int = called("seq")
    kind: str
    title: str
    imposed_at: datetime
    instrument: int | None
    expires_on: date | None
    until: datetime | None
    is_in_force: bool
    is_interim: bool


class PartOf(Schema):
    """A matter in which somebody has parts."""

    matter: str = called("stream")
    roles: list[str]
    is_closed: bool


class Patterns(Schema):
    """Numbers across the matters that are open to the asker."""

    by_role: dict[str, int]
    open_as_respondent: int
    proved: int
    imposed: int
    reprisals: int
    breaches: dict[str, int]

    @staticmethod
    def resolve_by_role(found: Any) -> dict[str, int]:
        """Return them by part."""
        return dict(found.by_role)

    @staticmethod
    def resolve_breaches(found: Any) -> dict[str, int]:
        """Return them by breach."""
        return dict(found.breaches)


class Standing(Schema):
    """What the asker may know of one person, from the matters of one page.

    `is_whole` is false where there are others: `looked` is how many were looked into, `next` the cursor of the rest.
    """

    person: str
    is_member: bool
    offices: list[str]
    bodies: list[str]
    imposed: list[ImposedSanction]
    patterns: Patterns
    matters: list[PartOf]
    is_own: bool
    may_export: bool
    is_whole: bool
    looked: int
    next: str | None

    @staticmethod
    def resolve_next(found: Any) -> str | None:
        """Return where the others begin."""
        return encode_cursor(found.after)


class WitnessHealth(Schema):
    """A witness: whether it signed the newest checkpoint, and whether it stands on its own."""

    name: str
    has_signed: bool
    is_independent: bool


class RecordHealth(Schema):
    """How the record is kept."""

    origin: str
    size: int
    published: int
    signed_at: datetime | None
    pending: int
    outbox: int
    witnesses: list[WitnessHealth]
    vacant: list[str]
    is_up_to_date: bool


class Health(Schema):
    """Whether the record is well kept, and the machine well."""

    record: RecordHealth
    machine: Machine


@router.get("/{org}/desks", response=DeskPage, operation_id="list_desks", summary="What I have to do")
def list_desks(
    request: HttpRequest, org: Org, *, cursor: Word = None, limit: Limit = 50, closed: Closed = False
) -> Answer:
    """List, for each part that the asker plays, the stages that fall to it and the acts that are next."""
    del org
    calling, after = get_calling(request), parse_place(cursor)
    found = find_desks(
        calling.asking.organisation, calling.person, now=calling.asking.now, after=after, limit=limit, closed=closed
    )
    return {"desks": found.desks, "names": found.names, "matters": found.matters, "next": encode_place(found.after)}


@router.get("/{org}/people/{person}", response=Standing, operation_id="show_person", summary="One person's standing")
def show_person(request: HttpRequest, org: Org, person: Person, cursor: Word = None) -> PersonPage:
    """Tell a person's standing, what is in force, and patterns as numbers: to themselves, and to who keeps offices."""
    del org
    calling, after = get_calling(request), parse_cursor(cursor)
    organisation, now = calling.asking.organisation, calling.asking.now
    return find_person(organisation, PersonId(person), calling.person, now=now, after=after)


@router.get(
    "/{org}/people/{person}/export",
    auth=BearerToken("export"),
    operation_id="export_person",
    summary="What the record holds about somebody",
    openapi_extra={"responses": {200: _ZIP}},
)
def export_person(request: HttpRequest, org: Org, person: Person) -> StreamingHttpResponse:
    """Return what the record holds by or about a person, protecting everybody else. Needs the scope `export`."""
    del org
    calling = get_calling(request)
    organisation, now = calling.asking.organisation, calling.asking.now
    pieces = stream_subject_access(organisation, PersonId(person), calling.person, now=now)
    return stream("about-me.zip", pieces, "application/zip")


@router.get("/{org}/health", response=Health, operation_id="show_health", summary="Is all well")
def show_health(request: HttpRequest, org: Org) -> Answer:
    """Tell whether the record is well kept and the machine well, to whoever holds an office."""
    calling = get_calling(request)
    health = find_health(calling.asking.organisation, calling.person, is_near)
    return {"record": health, "machine": examine_machine(org)}
