"""Where a matter stands, as one person may be told it: stages, clock, who plays which part, whom to ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from alteram.core.acts import ContactPersonNamed
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules.capacities import find_procedure, find_role_holders
from alteram.core.rules.rulebook import Stage
from alteram.core.rules.stages import Clock, find_clock, find_entered
from alteram.operations.entries import Entered, enter
from alteram.operations.organisation import Organisation

StepState: TypeAlias = Literal["done", "now", "to-come", "passed-over"]


@dataclass(frozen=True, slots=True)
class Part:
    """A person in a part, since an entry; `is_over` where they no longer have it."""

    person: PersonId
    role: Role
    since: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the procedure: done, now, to come, or passed over; when it began, and the entry that began it."""

    stage: Stage
    state: StepState
    began_at: datetime | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody who can be asked, and as what."""

    person: PersonId
    role: Role


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
    steps: tuple[Step, ...] = ()
    next_stage: Stage | None = None
    decided_by: str = ""
    ask: tuple[Ask, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Return whether the matter has come to the last stage of its procedure."""
        return self.stage is not None and bool(self.stages) and self.stage == self.stages[-1]


def find_overview(organisation: Organisation, stream: StreamId, viewer: PersonId, *, now: datetime) -> Overview:
    """Return where a matter stands. Raises: UnknownMatterError, also where it is not open to `viewer`."""
    return build_overview(enter(organisation, stream, viewer), now=now)


def build_overview(entered: Entered, *, now: datetime) -> Overview:
    """Return where a matter stands, for the person who entered it."""
    facts, rulebook, reader = entered.facts, entered.rulebook, entered.reader
    procedure = find_procedure(facts, rulebook)
    steps = tuple(_find_steps(entered))
    here = next((one.stage for one in steps if one.state == "now"), None)
    clock = _find_clock(entered)
    body = None if procedure is None else rulebook.find_body(procedure.decided_by)
    known = [one for one in facts.holdings if one.person not in reader.unknown]
    return Overview(
        stream=entered.stream,
        procedure="" if procedure is None else procedure.title,
        stages=() if procedure is None else procedure.stages,
        stage=here,
        clock=clock,
        is_overdue=clock is not None and clock.overdue(now),
        is_history=facts.matter.is_history,
        my_parts=reader.roles,
        parts=tuple(Part(one.person, one.role, one.since, one.until is not None) for one in known),
        closed_to=len({one.person for one in facts.holdings} & reader.unknown),
        steps=steps,
        next_stage=next((one.stage for one in steps if one.state == "to-come"), None),
        decided_by="" if body is None else body.title,
        ask=tuple(_find_ask(entered)),
    )


def _find_clock(entered: Entered) -> Clock | None:
    try:
        return find_clock(entered.facts, entered.rulebook)
    except CalendarError:
        return None


def _find_steps(entered: Entered) -> Iterator[Step]:
    procedure = find_procedure(entered.facts, entered.rulebook)
    if procedure is None:
        return
    begun = {stage.id: event for stage, event in find_entered(entered.facts, entered.rulebook)}
    last = max((place for place, one in enumerate(procedure.stages) if one.id in begun), default=-1)
    for place, stage in enumerate(procedure.stages):
        event = begun.get(stage.id)
        if event is None:
            yield Step(stage, "passed-over" if place < last else "to-come")
        else:
            state: StepState = "now" if place == last else "done"
            yield Step(stage, state, event.recorded_at, event.seq)


def _find_ask(entered: Entered) -> Iterator[Ask]:
    """Yield whom to ask: who is named for them, who handles the matter, and the secretary."""
    facts, rulebook = entered.facts, entered.rulebook
    named = [
        one.act.person
        for one in facts.matter.all(ContactPersonNamed)
        if one.live and not one.corrected and one.act.for_person == entered.reader.person
    ]
    told = {entered.reader.person}
    for person in named[-1:]:
        told.add(person)
        yield Ask(person, "contact-person")
    for role in ("case-manager", "secretary"):
        # Whoever is both is named once, as the nearer of the two.
        for person in sorted(find_role_holders(facts, rulebook, role) - told):
            told.add(person)
            yield Ask(person, role)
