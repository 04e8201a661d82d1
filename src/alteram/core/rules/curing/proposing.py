"""What a draft of a cure is: an act with somebody who could do it."""

from collections.abc import Iterator
from typing import TypeAlias

from alteram.core.acts import Act, get_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import SIDES, AnyEvent
from alteram.core.rules.curing.desk import Desk
from alteram.core.rules.curing.people import find_actors, find_parties

Proposals: TypeAlias = Iterator[tuple[PersonId, Act]]


def propose_each(desk: Desk, act: Act) -> Proposals:
    """Propose an act by each who could do it."""
    for actor in find_actors(desk.facts, desk.rulebook, get_spec(type(act))):
        yield actor, act


def find_protected(desk: Desk) -> tuple[PersonId, ...]:
    """Return the parties whom the cure is for; both sides where it is for somebody else."""
    sides: tuple[Role, ...] = ("respondent", "complainant")
    meant = find_parties(desk.facts, desk.intent.protects) if desk.intent.protects in SIDES else ()
    return meant or tuple(one for role in sides for one in find_parties(desk.facts, role))


def find_told(desk: Desk) -> list[AnyEvent]:
    """Return the entries that the intent is about."""
    return [one for seq in desk.intent.about if (one := desk.facts.matter.find(seq)) is not None]
