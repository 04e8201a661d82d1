"""Whether an organisation's record is well kept, for whoever holds an office: how far the log is, and what waits.

It says nothing of any matter but numbers. Whether the machine is well is not asked here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from alteram.core.kernel.identifiers import PersonId
from alteram.core.tlog import Note, Policy, parse_checkpoint, parse_note_unverified
from alteram.operations.organisation import Organisation
from alteram.operations.roll import find_roll_as_officer

#: Items of the outbox that are counted at most: beyond that it is enough to say that there are many.
MOST_COUNTED = 1000
#: Says whether an address leads back to this machine; the machine is asked, so it comes in as an argument.
IsNear: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class WitnessHealth:
    """A witness of the policy: whether it signed the newest checkpoint, and whether it stands on its own."""

    name: str
    has_signed: bool
    is_independent: bool
    """False where it runs on this machine: it sees what its operator lets it see."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the record is kept. `published` is the size of the newest checkpoint; `signed_at` when it was last signed."""

    origin: str
    size: int
    published: int
    signed_at: datetime | None
    pending: int
    outbox: int
    witnesses: tuple[WitnessHealth, ...]
    vacant: tuple[str, ...]

    @property
    def is_up_to_date(self) -> bool:
        """Return whether all that was recorded stands in the published log."""
        return self.pending == 0 and self.published == self.size


def find_health(organisation: Organisation, viewer: PersonId, is_near: IsNear) -> Health:
    """Return it. Raises: UnknownMatterError, to whoever holds no office."""
    roll = find_roll_as_officer(organisation, viewer)
    ports = organisation.ports
    published, locked = ports.tiles.find_checkpoint(), ports.lock.load(ports.origin)
    note = None if published is None else parse_note_unverified(published)
    return Health(
        origin=ports.origin,
        size=ports.store.size(ports.organisation),
        published=0 if note is None else parse_checkpoint(note.text).size,
        signed_at=None if locked is None else datetime.fromtimestamp(locked.signed_at_ns // 10**9, UTC),
        pending=ports.store.count_pending(ports.organisation),
        outbox=len(ports.store.take_outbox(ports.organisation, MOST_COUNTED)),
        witnesses=find_witnesses(ports.policy, note, is_near),
        vacant=tuple(one.office.title for one in roll.offices if one.holder is None),
    )


def find_witnesses(policy: Policy, note: Note | None, is_near: IsNear) -> tuple[WitnessHealth, ...]:
    """Return the witnesses of a policy. Which of them signed is read from the names on the note, unverified."""
    signed = set() if note is None else {(line.name, line.key_id) for line in note.lines}
    return tuple(
        WitnessHealth(
            name=one.name,
            has_signed=(one.key.name, one.key.key_id) in signed,
            is_independent=not is_near(one.url or ""),
        )
        for one in policy.witnesses
    )
