"""The shapes of what the API is asked and answers, as its OpenAPI document describes them.

What an act holds is described by the catalogue of acts (`describing.describe_acts`), not here.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from ninja import Schema
from pydantic import ConfigDict, Field

from alteram.core.kernel.identifiers import IDENTIFIER_PATTERN

#: The same pattern without what Python alone understands.
IDENTIFIER = IDENTIFIER_PATTERN.removesuffix(r"(?!\n)")
Identifier: TypeAlias = Annotated[str, Field(pattern=IDENTIFIER, max_length=64)]


class Allowed(Schema):
    """The rules permit it, in this capacity, by this clause."""

    outcome: Literal["allowed"] = "allowed"
    capacity: str
    clause: str


class Departure(Schema):
    """It departs from a clause, as the rulebook lets somebody authorise."""

    outcome: Literal["departure"] = "departure"
    capacity: str
    clause: str
    requirement: str
    authorised_by: str
    entry: int


class Refused(Schema):
    """The rules refuse it: by which clause, why, what is missing, from when it would be lawful, and how that is found.

    `also` are further reasons why it would be refused.
    """

    outcome: Literal["refused"] = "refused"
    code: str
    clause: str
    because: str
    requirement: str
    missing: list[str]
    earliest: datetime | None
    working: list[str]
    also: list["Refused"]


Ruling: TypeAlias = Annotated[Allowed | Departure | Refused, Field(discriminator="outcome")]


class Misfit(Schema):
    """Something in a request that does not fit: where, and why not. It never repeats what was sent."""

    where: str
    problem: str


class Problem(Schema):
    """What went wrong (RFC 9457). `ruling` is there where the rules refused an act."""

    type: str
    title: str
    status: int
    detail: str
    misfits: list[Misfit] = Field(default_factory=list)
    ruling: Refused | None = None


class Me(Schema):
    """Whom a token acts for, where, and what it is good for."""

    organisation: str
    title: str
    person: str
    scopes: list[str]
    expires_at: datetime


class Matter(Schema):
    """A matter as lists show it; `waits` says whether the next step is the asker's."""

    matter: str
    procedure: str
    stage: str
    opened_at: datetime
    last_at: datetime
    last_seq: int
    closed_at: datetime | None
    next_due_at: datetime | None
    next_owner: str
    parts: list[str]
    waits: bool


class MatterPage(Schema):
    """A page of matters; `next` is the cursor of the page after it (null: that was all)."""

    matters: list[Matter]
    next: str | None


class Stage(Schema):
    """A stage of a procedure."""

    id: str
    title: str
    entered_by: list[str]
    owner: str
    overdue_to: str | None
    clause: str


class Clock(Schema):
    """The period of the present stage, with the working."""

    stage: str
    began_at: datetime
    due_at: datetime
    working: list[str]


class Part(Schema):
    """A person in a part, since an entry."""

    person: str
    role: str
    since: int
    is_over: bool


class Overview(Schema):
    """Where a matter stands. `closed_to` counts the people whose part is not open to the asker."""

    matter: str
    procedure: str
    stages: list[Stage]
    stage: Stage | None
    clock: Clock | None
    is_overdue: bool
    is_history: bool
    my_parts: list[str]
    parts: list[Part]
    closed_to: int


class Entry(Schema):
    """An entry as far as it is open to the asker: `claims` holds what is; `act` is empty where it is withheld."""

    seq: int
    at: datetime
    act: str
    claims: dict[str, Any]


class EntryPage(Schema):
    """A page of entries, the oldest first; `next` is the cursor of the page after it (null: that was all so far)."""

    entries: list[Entry]
    total: int
    next: str | None


class OpenAct(Schema):
    """An act, the parts that may do it here, whether the asker has one of them, and what the rules would say."""

    act: str
    help: str
    by: list[str]
    is_own: bool
    ruling: Ruling


class OpenActs(Schema):
    """What the asker can do in a matter now. An allowed act can still be refused for what is written in it."""

    parts: list[str]
    stage: str | None
    next_stage: str | None
    acts: list[OpenAct]


class _Asked(Schema):
    model_config = ConfigDict(extra="forbid")


class Proposal(_Asked):
    """An act to be done: its name, and its fields as the catalogue describes them."""

    act: Annotated[str, Field(max_length=100)]
    fields: dict[str, Any] = Field(default_factory=dict)


class Told(_Asked):
    """When an event that is reported happened, by whom it was done, and who says so or denies it."""

    first: datetime | None = None
    last: datetime | None = None
    by: Identifier | None = None
    asserted_by: list[Identifier] = Field(default_factory=list)
    denied_by: list[Identifier] = Field(default_factory=list)
    agreed_by: list[Identifier] = Field(default_factory=list)
    absent: list[str] = Field(default_factory=list)
    absent_agreed_by: list[Identifier] = Field(default_factory=list)


class Event(Proposal):
    """An event that happened elsewhere, to be recorded with its standing."""

    reported: Told


class Recorded(Schema):
    """An act that was recorded: where it stands, the hash of its leaf (hexadecimal), and the ruling."""

    matter: str
    seq: int
    leaf_hash: str
    ruling: Ruling


class Tried(Schema):
    """What the rules would say. Nothing was recorded."""

    matter: str
    ruling: Ruling


class Cure(Schema):
    """A lawful act that would mend a failure or settle an unknown."""

    act: str
    by: list[str]
    why: str


class Assessed(Schema):
    """A requirement and what it comes to. UNKNOWN is never a pass."""

    requirement: str
    title: str
    guarantee: str
    clause: str
    result: Literal["PASS", "FAIL", "UNKNOWN", "RULED"]
    because: str
    entries: list[int]
    working: list[str]
    missing: list[str]
    earliest: datetime | None


class Assessment(Schema):
    """Every requirement of the rulebook that governs a matter, as of `now`."""

    rulebook: str
    now: datetime
    requirements: list[Assessed]


class CurePlan(Schema):
    """What would mend one requirement; `incurable` says why where nothing would."""

    requirement: str
    result: Literal["PASS", "FAIL", "UNKNOWN", "RULED"]
    steps: list[Cure]
    incurable: str


class Cures(Schema):
    """A plan for each requirement that failed, or is open and can be settled."""

    plans: list[CurePlan]


class Rulebook(Schema):
    """A rulebook in its executable form, and the SHA-256 of its canonical bytes."""

    digest: str
    rulebook: dict[str, Any]


class Act(Schema):
    """An act of the catalogue, with the JSON Schema of its fields."""

    act: str
    tag: str
    area: str
    stream: str
    by: list[str]
    open_to: str
    help: str
    is_grave: bool
    confidential: list[str]
    fields: dict[str, Any]


class Catalogue(Schema):
    """Every act."""

    acts: list[Act]


class Count(Schema):
    """A row of a table; null is hidden, because so few would single somebody out."""

    row: str
    count: int | None


class Table(Schema):
    """A table of numbers, with the total of all rows, the hidden ones included (null: hidden as well)."""

    group: str
    rows: list[Count]
    total: int | None


class Statistics(Schema):
    """The numbers of one quarter as they were released, and how many days each stage took in the middle (median)."""

    quarter: str
    least: int
    tables: list[Table]
    medians: list[Count]
