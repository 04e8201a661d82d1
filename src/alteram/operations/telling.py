"""Who is to be told that something was recorded, or that a step is due. It tells who, never what.

Told are those to whom an entry is open beyond its outline: by their part in the matter, by office, or because it is
addressed to them; and whoever has the next step, where the entry begins it. Never whoever recorded it. A body of many
is not told of every entry that its members may read: only when the next step is theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alteram.core.access import build_reader, find_visible_claims
from alteram.core.access.seeing import OUTLINE
from alteram.core.acts import ActSpec, find_spec
from alteram.core.acts.catalogue import ROLES, Area
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import Facts
from alteram.core.matters.protection import find_protected
from alteram.core.rules import Rulebook
from alteram.core.rules.capacities import find_role_holders, find_roles
from alteram.core.rules.stages import find_clock, find_stage
from alteram.operations.organisation import Organisation
from alteram.operations.ports import ListPlace, MatterRow

_PAGE = 200
#: Who answers for what leaves an organisation.
OFFICERS = frozenset({"secretary", "custodian"})


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody to be told; `waits` where the next step is theirs, `is_protected` where their part is a secret."""

    person: PersonId
    waits: bool
    is_protected: bool


@dataclass(frozen=True, slots=True)
class Telling:
    """An entry of which people are to be told, by the area of its act and nothing more."""

    area: Area
    people: tuple[ToTell, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The clock of a matter's present stage, whose step it is, and who takes over when it is missed."""

    stage: str
    began_at: datetime
    due_at: datetime
    owners: tuple[ToTell, ...]
    overdue_to: tuple[ToTell, ...]


def find_people_to_tell(organisation: Organisation, stream: StreamId, seq: int) -> Telling | None:
    """Return who is to be told of an entry; None where it can no longer be read, or is no act of a matter."""
    ports = organisation.ports
    stored = next(iter(ports.store.load(ports.organisation, stream, seq - 1, limit=1)), None)
    opened = None if stored is None else organisation.open(stored)
    claims = {} if opened is None else opened.presentation.claims
    tag = claims.get("act")
    spec = find_spec(tag) if isinstance(tag, str) else None
    if spec is None:
        return None
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    waiting = _find_waiting(facts, rulebook, spec)
    people = {*_find_candidates(facts, rulebook), *_named(claims.get("act.to")), *waiting}
    told = [
        one for one in sorted(people) if one in waiting or _is_open(facts, rulebook, spec=spec, claims=claims, to=one)
    ]
    return Telling(spec.area, _to_tell(facts, (one for one in told if one != claims.get("actor")), waiting))


def find_deadline(organisation: Organisation, stream: StreamId) -> Deadline | None:
    """Return the clock of a matter with the people it concerns; None where none runs."""
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    try:
        clock = find_clock(facts, rulebook)
    except CalendarError:
        return None
    if clock is None:
        return None
    owners = find_role_holders(facts, rulebook, clock.stage.owner)
    others = (
        frozenset() if clock.stage.overdue_to is None else find_role_holders(facts, rulebook, clock.stage.overdue_to)
    )
    return Deadline(
        clock.stage.id,
        clock.began_at,
        clock.due_at,
        _to_tell(facts, sorted(owners), owners),
        _to_tell(facts, sorted(others - owners), others),
    )


def find_due_matters(organisation: Organisation, until: datetime) -> Iterator[MatterRow]:
    """Yield the open matters whose step is due at `until` or was before, by an index: it costs what it yields."""
    ports = organisation.ports
    for role in ROLES:
        place: ListPlace | None = None
        while rows := ports.store.matters_owned(ports.organisation, role, place, _PAGE):
            due = [row for row in rows if row.next_due_at is not None and row.next_due_at <= until]
            yield from due
            if len(due) < len(rows) or len(rows) < _PAGE:
                break
            place = (rows[-1].next_due_at, rows[-1].stream)


def is_officer(organisation: Organisation, person: PersonId) -> bool:
    """Return whether somebody is an officer of the organisation now: its secretary or its custodian."""
    facts = organisation.facts(ORGANISATION_STREAM, fresh=True)
    return not OFFICERS.isdisjoint(find_roles(facts, organisation.governing(ORGANISATION_STREAM), person))


def handles(organisation: Organisation, stream: StreamId, person: PersonId) -> bool:
    """Return whether somebody sees a matter as an officer: not where they are a side in it themselves."""
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    return not OFFICERS.isdisjoint(build_reader(facts, rulebook, person).roles)


def _find_candidates(facts: Facts, rulebook: Rulebook) -> Iterator[PersonId]:
    yield from (one.person for one in facts.holdings if one.until is None)
    for office in rulebook.offices:
        holder = facts.roll.holder(office.id)
        if holder is not None:
            yield holder
    if facts.roll.founding_secretary is not None:
        yield facts.roll.founding_secretary


def _find_waiting(facts: Facts, rulebook: Rulebook, spec: ActSpec) -> frozenset[PersonId]:
    stage = find_stage(facts, rulebook)
    if stage is None or spec.name not in stage.entered_by:
        return frozenset()
    return find_role_holders(facts, rulebook, stage.owner)


def _is_open(facts: Facts, rulebook: Rulebook, *, spec: ActSpec, claims: dict[str, Json], to: PersonId) -> bool:
    reader = build_reader(facts, rulebook, to)
    return not set(find_visible_claims(reader, spec, claims)) <= set(OUTLINE)


def _to_tell(
    facts: Facts, people: Iterator[PersonId] | list[PersonId], waiting: frozenset[PersonId]
) -> tuple[ToTell, ...]:
    protected = find_protected(facts.matter)
    return tuple(ToTell(one, one in waiting, one in protected) for one in people)


def _named(value: Json) -> Iterator[PersonId]:
    for one in value if isinstance(value, list | tuple) else (value,):
        if isinstance(one, str):
            yield PersonId(one)
