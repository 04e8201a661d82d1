"""Lists of matters, for one person: those they have a part in, and those that wait on an office they hold."""

from dataclasses import dataclass

from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.rules.capacities import find_roles
from alteram.operations.organisation import Organisation
from alteram.operations.ports import MatterRow


@dataclass(frozen=True, slots=True)
class MyMatter:
    """A matter with the parts somebody plays in it; `waits` says whether the next step is theirs."""

    row: MatterRow
    parts: tuple[Role, ...]
    waits: bool


def find_my_matters(organisation: Organisation, person: PersonId, limit: int = 100) -> tuple[MyMatter, ...]:
    """Return the open and closed matters of `person`: what waits on them first, then by the time that is due."""
    ports = organisation.ports
    streams = {row.stream for row in ports.store.parts_of(ports.organisation, person, limit)}
    offices = find_roles(organisation.facts(ORGANISATION_STREAM), organisation.governing(ORGANISATION_STREAM), person)
    rows = ports.store.matters(ports.organisation, limit=limit)
    mine = []
    for row in rows:
        if row.stream in streams or row.next_owner in offices:
            facts, rulebook = organisation.facts(row.stream), organisation.governing(row.stream)
            parts = find_roles(facts, rulebook, person)
            mine.append(MyMatter(row, parts, row.next_owner in parts))
    far = max((one.row.next_due_at for one in mine if one.row.next_due_at), default=None)
    return tuple(
        sorted(mine, key=lambda one: (one.row.closed_at is not None, not one.waits, one.row.next_due_at or far or 0))
    )
