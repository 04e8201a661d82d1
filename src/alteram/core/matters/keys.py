"""The signing keys as the organisation's stream tells of them: which are in force, which no longer are, whose each was.

It holds public keys as they are written in the acts, base64url. It verifies no signature and knows no private key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from alteram.core.acts import KeyEnrolled, KeyLost, KeyRotated, RecordKeyRotated
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters.stream_facts import StreamFacts

_READS: Final[tuple[type[Act], ...]] = (KeyEnrolled, KeyRotated, RecordKeyRotated, KeyLost)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by their public halves. `record` is None until the first rotation: only the log names the founding one.

    `passkeys` are those held elsewhere that sign in a browser. `owners` says whose each key of a person was, at any
    time; `gone` and `lost` are in force for nobody.
    """

    people: Mapping[PersonId, str] = field(default_factory=dict)
    held_elsewhere: frozenset[str] = frozenset()
    passkeys: frozenset[str] = frozenset()
    owners: Mapping[str, PersonId] = field(default_factory=dict)
    record: str | None = None
    gone: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()

    @property
    def used(self) -> frozenset[str]:
        """Return every key that was ever anybody's: none of them is taken again."""
        return self.gone | self.lost | self.owners.keys() | ({self.record} if self.record else frozenset())


def build_key_ring(facts: StreamFacts) -> KeyRing:
    """Return the keys as they stand at the head of the organisation's stream."""
    return facts.work_out(_READS, _build_key_ring)


def _build_key_ring(facts: StreamFacts, reads: tuple[type[Act], ...]) -> KeyRing:
    people: dict[PersonId, str] = {}
    owners: dict[str, PersonId] = {}
    elsewhere: set[str] = set()
    passkeys: set[str] = set()
    gone: set[str] = set()
    lost: set[str] = set()
    record: str | None = None
    for event in facts.all(*reads):
        if not event.live:
            continue
        match event.act:
            case KeyEnrolled(person=person, public_key=key) | KeyRotated(person=person, public_key=key):
                gone.update(filter(None, [people.get(person)]))
                people[person], owners[key] = key, person
                if event.act.held_by == "person":
                    elsewhere.add(key)
                    passkeys.update([key] if event.act.scheme == "webauthn" else [])
            case RecordKeyRotated(public_key=key, replaces=old):
                gone.add(old)
                record = key
            case KeyLost(public_key=key):
                lost.add(key)
            case _:
                pass
    held = frozenset(elsewhere), frozenset(passkeys)
    return KeyRing(people, *held, owners, record, frozenset(gone), frozenset(lost))
