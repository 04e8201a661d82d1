"""The shapes of what the API is asked and answers, as its OpenAPI document describes them.

A shape is filled in from what an operation returns, attribute by attribute; where the two are called differently, the
field says after what. What an act holds is described by the catalogue of acts (`catalogue.describe_acts`), not here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

from alteram.core.kernel import outcomes
from alteram.core.kernel.identifiers import IDENTIFIER_PATTERN

#: The same pattern without what Python alone understands.
IDENTIFIER = IDENTIFIER_PATTERN.removesuffix(r"(?!\n)")
DigestHex: TypeAlias = Annotated[str, Field(pattern="^[0-9a-f]{64}$", max_length=64)]
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


def tell_ruling(ruling: object) -> Any:
    """Return a ruling of the rules in its shape; whatever else comes as it is."""
    match ruling:
        case outcomes.Refused():
            return Refused.model_validate(ruling)
        case outcomes.Departure():
            return Departure.model_validate(ruling)
        case outcomes.Allowed():
            return Allowed.model_validate(ruling)
        case _:
            return ruling


def called(name: str) -> Any:
    """Return a field that an operation calls differently; dots lead further in."""
    return Field(validation_alias=name)


#: What a call answers, before it is put into its shape: what operations returned, by the names of the fields.
Answer: TypeAlias = Mapping[str, object]

Ruling: TypeAlias = Annotated[
    Annotated[Allowed | Departure | Refused, Field(discriminator="outcome")], BeforeValidator(tell_ruling)
]


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

    matter: str = called("row.stream")
    procedure: str = called("row.procedure")
    stage: str = called("row.stage")
    opened_at: datetime = called("row.opened_at")
    last_at: datetime = called("row.last_at")
    last_seq: int = called("row.last_seq")
    closed_at: datetime | None = called("row.closed_at")
    next_due_at: datetime | None = called("row.next_due_at")
    next_owner: str = called("row.next_owner")
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

    stage: str = called("stage.id")
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

    matter: str = called("stream")
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

    act: str = called("spec.name")
    help: str = called("spec.help")
    by: list[str]
    is_own: bool
    ruling: Ruling


class OpenActs(Schema):
    """What the asker can do in a matter now. An allowed act can still be refused for what is written in it."""

    parts: list[str]
    stage: str | None
    next_stage: str | None
    acts: list[OpenAct]

    @staticmethod
    def resolve_stage(found: Any) -> str | None:
        """Return the stage by its identifier."""
        return getattr(found.stage, "id", None)

    @staticmethod
    def resolve_next_stage(found: Any) -> str | None:
        """Return the stage after it by its identifier."""
        return getattr(found.next_stage, "id", None)


class Asked(Schema):
    """What is asked: nothing else may stand in it."""

    model_config = ConfigDict(extra="forbid")


class Proposal(Asked):
    """An act to be done: its name, and its fields as the catalogue describes them."""

    act: Annotated[str, Field(max_length=100)]
    fields: dict[str, Any] = Field(default_factory=dict)


class ToldHow(Asked):
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

    reported: ToldHow


class Recorded(Schema):
    """An act that was recorded: where it stands, the hash of its leaf (hexadecimal), and the ruling."""

    matter: str
    seq: int
    leaf_hash: str
    ruling: Ruling


class Done(Schema):
    """It is done. Nothing of it is in the record."""

    done: Literal[True] = True


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

    requirement: str = called("demand.id")
    title: str = called("demand.title")
    guarantee: str = called("demand.guarantee")
    clause: str = called("demand.clause")
    result: Literal["PASS", "FAIL", "UNKNOWN", "RULED"] = called("finding.result")
    because: str = called("finding.because")
    entries: list[int] = called("finding.entries")
    working: list[str] = called("finding.working")
    missing: list[str] = called("finding.missing")
    earliest: datetime | None = called("finding.earliest")


class Assessment(Schema):
    """Every requirement of the rulebook that governs a matter, as of `now`."""

    rulebook: str
    now: datetime
    requirements: list[Assessed]


class Cost(Schema):
    """What a series of acts costs: people burdened, days of delay, steps, and the one figure they come to."""

    people: int
    days: int
    steps: int
    total: int


class CureStep(Schema):
    """One act of a plan; `person` is null where somebody is yet to be chosen. `fills` are fields it follows from."""

    act: str
    capacity: str
    person: str | None
    at: datetime
    fills: list[tuple[str, str]]
    mends: list[str]
    for_the_organisation: bool = called("is_organisational")


class CurePlan(Schema):
    """The least-cost series found that mends one requirement; `incurable` says why where nothing would.

    `acts` are what the requirement itself names. `promised` is what it comes to after the steps, and `is_lifted` says
    that what it complains of then no longer stands. `until` is the last time to begin; null: none within a year.
    Where somebody rules on this requirement in it, `unruled` is the cheapest without that, or why there is none.
    """

    requirement: str = called("told.demand.id")
    result: Literal["PASS", "FAIL", "UNKNOWN", "RULED"] = called("told.finding.result")
    acts: list[Cure] = called("told.finding.cures")
    steps: list[CureStep]
    cost: Cost | None
    promised: Literal["PASS", "FAIL", "UNKNOWN", "RULED"] | None
    is_lifted: bool
    until: datetime | None
    meeting: str
    is_least: bool
    rests_on_ruling: bool
    begins: list[str]
    incurable: str
    unruled: "CurePlan | None"


class Cures(Schema):
    """A plan for each requirement that failed or is open, and one series for all that can be mended together.

    `is_least`: no cheaper series for all of it is known to the search; false: it was found by joining the plans.
    """

    now: datetime
    plans: list[CurePlan]
    together: list[CureStep]
    cost: Cost
    left: list[str]
    is_least: bool


class SaidByStandard(Schema):
    """What one standard says; `standard` is empty for the rulebook that governs the matter."""

    standard: str
    requirement: str = called("found.demand.id")
    title: str = called("found.demand.title")
    clause: str = called("found.demand.clause")
    source: str = called("found.demand.source")
    source_status: str = called("found.demand.status")
    result: Literal["PASS", "FAIL", "UNKNOWN", "RULED"] = called("found.finding.result")
    because: str = called("found.finding.because")
    working: list[str] = called("found.finding.working")
    earliest: datetime | None = called("found.finding.earliest")


class ComparedRow(Schema):
    """One kind of requirement with what each standard that has it says."""

    kind: str
    differs: bool
    said: list[SaidByStandard]


class TakenFigure(Schema):
    """A figure beside the benchmark that a source gives; it decides nothing."""

    pack: str = called("pack.id")
    title: str = called("metric.title")
    source: str = called("metric.source")
    source_status: str = called("metric.status")
    value: int | None = called("figure.value")
    benchmark: int = called("metric.benchmark")
    unit: str = called("figure.unit")
    standing: str = called("figure.standing")
    is_final: bool = called("figure.is_final")
    working: list[str] = called("figure.working")


class NamedResult(Schema):
    """What a standard says of several of its demands together, such as a safe harbour."""

    pack: str = called("pack.id")
    title: str = called("result.title")
    source: str = called("result.source")
    result: Literal["PASS", "FAIL", "UNKNOWN", "RULED"] = called("finding.result")
    because: str = called("finding.because")


class Comparison(Schema):
    """A matter under several standards: an aid, no legal advice."""

    now: datetime
    shared: list[ComparedRow]
    alone: list[ComparedRow]
    figures: list[TakenFigure]
    results: list[NamedResult]


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
    can_be_reported: bool
    confidential: list[str]
    fields: dict[str, Any]


class Catalogue(Schema):
    """Every act."""

    acts: list[Act]
