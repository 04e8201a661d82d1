"""Who plays which part, and who has parts that do not go together: here, and across linked matters.

Across matters it tells only those who handle this one and have a part in the other: that two matters are linked is for
nobody else to know.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from alteram.core.access.parts import HANDLERS
from alteram.core.acts import MattersLinked
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules.capacities import find_procedure, find_role_holders, find_roles
from alteram.operations.entries import Entered, enter
from alteram.operations.organisation import Organisation
from alteram.operations.questions import UnknownMatterError

_SIDES: frozenset[Role] = frozenset({"reporter", "complainant", "respondent", "witness", "companion", "representative"})
_POWERS: frozenset[Role] = frozenset(
    {"case-manager", "investigator", "decider", "chair", "scrutineer", "appeal-decider", "mediator", "custodian",
     "secretary", "spokesperson"}
)  # fmt: skip
#: Offices that are told beside those who were given a part.
_OFFICES: tuple[Role, ...] = ("chair", "secretary", "custodian", "scrutineer", "spokesperson")


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A person with every part they play or played here, as the reader may know them."""

    person: PersonId
    parts: tuple[Role, ...]
    former: tuple[Role, ...]
    since: int | None


@dataclass(frozen=True, slots=True)
class Collision:
    """Somebody who is a side in one matter and has power in it or in a linked one."""

    person: PersonId
    side: tuple[Role, ...]
    side_in: StreamId
    power: tuple[Role, ...]
    power_in: StreamId


@dataclass(frozen=True, slots=True)
class PartiesPage:
    """Who plays which part; `deciders` counts the body that decides, of whom each is told only where they collide."""

    parties: tuple[PartyLine, ...]
    closed_to: int
    decided_by: str
    deciders: int
    collisions: tuple[Collision, ...]
    linked: tuple[StreamId, ...]
    """Linked matters the reader may enter."""


def find_players(organisation: Organisation, stream: StreamId) -> frozenset[PersonId]:
    """Return everybody who has or had a part in a matter, holds an office or sits in a body of its organisation.

    Theirs are the names that pages of the matter may have to show. It does not say who may know of whom.
    """
    facts = organisation.facts(stream)
    sitting = {person for _, people in facts.roll.bodies for person in people}
    return frozenset({one.person for one in facts.holdings} | {person for _, person in facts.roll.offices} | sitting)


def find_parties(entered: Entered) -> PartiesPage:
    """Return the parties of a matter for the person who entered it."""
    facts, rulebook, reader = entered.facts, entered.rulebook, entered.reader
    procedure = find_procedure(facts, rulebook)
    body = None if procedure is None else rulebook.find_body(procedure.decided_by)
    others = tuple(_enter_linked(entered))
    return PartiesPage(
        parties=tuple(_find_lines(entered)),
        closed_to=len({one.person for one in facts.holdings} & reader.unknown),
        decided_by="" if body is None else body.title,
        deciders=len(find_role_holders(facts, rulebook, "decider")),
        collisions=tuple(_find_collisions(entered, others)),
        linked=tuple(one.stream for one in others),
    )


def _find_lines(entered: Entered) -> Iterator[PartyLine]:
    facts, rulebook, unknown = entered.facts, entered.rulebook, entered.reader.unknown
    held = [one for one in facts.holdings if one.person not in unknown]
    people = dict.fromkeys(one.person for one in held)
    for role in _OFFICES:
        people.update(dict.fromkeys(sorted(find_role_holders(facts, rulebook, role))))
    for person in people:
        own = [one for one in held if one.person == person]
        now = dict.fromkeys(one.role for one in own if one.until is None)
        now.update(dict.fromkeys(role for role in _OFFICES if person in find_role_holders(facts, rulebook, role)))
        former = tuple(dict.fromkeys(one.role for one in own if one.until is not None and one.role not in now))
        yield PartyLine(person, tuple(now), former, min((one.since for one in own), default=None))


def _enter_linked(entered: Entered) -> Iterator[Entered]:
    """Yield the linked matters that whoever handles this one may enter as well."""
    if HANDLERS.isdisjoint(entered.reader.roles):
        return
    for other in sorted({one.act.other for one in entered.facts.matter.all(MattersLinked)} - {entered.stream}):
        try:
            yield enter(entered.organisation, other, entered.person)
        except UnknownMatterError:
            continue


def _find_collisions(entered: Entered, others: tuple[Entered, ...]) -> Iterator[Collision]:
    matters = (entered, *others)
    for concerned in matters:
        known = {one.person for one in concerned.facts.holdings if one.role in _SIDES and one.until is None}
        for person in sorted(known - concerned.reader.unknown):
            side = _roles(concerned, person, _SIDES)
            for powerful in matters:
                power = _roles(powerful, person, _POWERS)
                here = entered.stream in {concerned.stream, powerful.stream}
                if side and power and here and person not in powerful.reader.unknown:
                    yield Collision(person, side, concerned.stream, power, powerful.stream)


def _roles(entered: Entered, person: PersonId, among: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(one for one in find_roles(entered.facts, entered.rulebook, person) if one in among)
