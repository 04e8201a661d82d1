"""What no rulebook can let go about keys: nobody changes another's, none comes back, and only a known one is lost.

The secretary may act for anybody, because somebody must when a person cannot; the entry says who did.
"""

from alteram.core.acts import KeyEnrolled, KeyLost, KeyRotated, RecordKeyRotated
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts, KeyRing, build_key_ring
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.rulebook import Rulebook


def find_key_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    """Return why `event`, an act about a key, may not be; None for any other act, or when nothing stands in its way."""
    act, ring = event.act, build_key_ring(facts.organisation)
    match act:
        case KeyEnrolled(person=person) | KeyRotated(person=person):
            if event.actor != person and "secretary" not in find_roles(facts, rulebook, event.actor):
                return Refused(
                    "key.not-yours", "record", phrase("A key is changed by whose it is, or by the secretary.")
                )
            return _find_misuse(ring, act)
        case RecordKeyRotated():
            return _find_misuse(ring, act)
        case KeyLost(kind="person", person=person, public_key=key) if person is None or ring.owners.get(key) != person:
            return Refused(
                "key.unknown", "record", phrase("This was never that person's key."), missing=("key.enrolled",)
            )
        case _:
            return None


def _find_misuse(ring: KeyRing, act: KeyEnrolled | KeyRotated | RecordKeyRotated) -> Refused | None:
    if act.public_key in ring.used:
        return Refused("key.used", "record", phrase("This key was used before; a new one is needed."))
    match act:
        case KeyEnrolled(person=person) if person in ring.people:
            return Refused("key.enrolled", "record", phrase("This person has a key; it can be replaced."))
        case KeyRotated(person=person, replaces=old) if ring.people.get(person) != old:
            return Refused("key.not-in-force", "record", phrase("The key to be replaced is not the one in force."))
        case RecordKeyRotated(replaces=old) if ring.record not in {None, old}:
            return Refused("key.not-in-force", "record", phrase("The key to be replaced is not the one in force."))
        case _:
            return None
