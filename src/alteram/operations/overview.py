"""Where a matter stands, as one person may be told it: stage, clock, who plays which part."""

from dataclasses import dataclass
from datetime import datetime

from alteram.core.access import build_reader
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules.capacities import find_procedure
from alteram.core.rules.rulebook import Stage
from alteram.core.rules.stages import Clock, find_clock, find_stage
from alteram.operations.organisation import Organisation
from alteram.operations.questions import UnknownMatterError


@dataclass(frozen=True, slots=True)
class Part:
    """A person in a part, since an entry; `is_over` where they no longer have it."""

    person: PersonId
    role: Role
    since: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """A matter at a glance. `closed_to` counts the people whose part is not open to whoever asks."""

    stream: StreamId
    procedure: str
    stages: tuple[Stage, ...]
    stage: Stage | None
    clock: Clock | None
    is_overdue: bool
    is_history: bool
    my_parts: tuple[Role, ...]
    parts: tuple[Part, ...]
    closed_to: int


def find_overview(organisation: Organisation, stream: StreamId, viewer: PersonId, *, now: datetime) -> Overview:
    """Return where a matter stands. Raises: UnknownMatterError, also where it is not open to `viewer`."""
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    reader = build_reader(facts, rulebook, viewer)
    if facts.matter.head_seq < 0 or not reader.has_part:
        raise UnknownMatterError("There is no such matter, or it is not open to you.", remedy="Ask the secretary.")
    procedure, stage = find_procedure(facts, rulebook), find_stage(facts, rulebook)
    try:
        clock = find_clock(facts, rulebook)
    except CalendarError:
        clock = None
    known = [one for one in facts.holdings if one.person not in reader.unknown]
    return Overview(
        stream=stream,
        procedure="" if procedure is None else procedure.title,
        stages=() if procedure is None else procedure.stages,
        stage=stage,
        clock=clock,
        is_overdue=clock is not None and clock.overdue(now),
        is_history=facts.matter.is_history,
        my_parts=reader.roles,
        parts=tuple(Part(one.person, one.role, one.since, one.until is not None) for one in known),
        closed_to=len({one.person for one in facts.holdings} & reader.unknown),
    )
