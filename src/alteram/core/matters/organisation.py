"""The organisation as its stream tells it: members, offices, bodies, who stands under whom, what was adopted."""

from dataclasses import dataclass
from typing import cast

from alteram.core.acts import (
    BodyConstituted,
    CommandRecorded,
    MemberJoined,
    MemberLeft,
    OfficeFilled,
    OfficeVacated,
    OrganisationFounded,
    RulebookAdopted,
    RulebookAmended,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters.stream_facts import StreamFacts

#: Acts that bear on who belongs and who holds what.
_ROLL = (OrganisationFounded, MemberJoined, MemberLeft, OfficeFilled, OfficeVacated, BodyConstituted, CommandRecorded)


@dataclass(frozen=True, slots=True)
class Roll:
    """Who belongs, who holds what, now."""

    members: frozenset[PersonId] = frozenset()
    offices: tuple[tuple[str, PersonId], ...] = ()
    bodies: tuple[tuple[str, frozenset[PersonId]], ...] = ()
    commands: tuple[tuple[PersonId, frozenset[PersonId]], ...] = ()
    founding_secretary: PersonId | None = None

    def holder(self, office: str) -> PersonId | None:
        """Return who holds `office` now."""
        return next((person for name, person in self.offices if name == office), None)

    def offices_of(self, person: PersonId) -> tuple[str, ...]:
        """Return the offices `person` holds now."""
        return tuple(name for name, holder in self.offices if holder == person)

    def body(self, name: str) -> frozenset[PersonId] | None:
        """Return who was constituted as body `name`; None when nobody was."""
        return next((members for body, members in self.bodies if body == name), None)

    def commanded_by(self, person: PersonId) -> frozenset[PersonId]:
        """Return who stands under the authority of `person`, directly or through others."""
        below: set[PersonId] = set()
        open_superiors = {person}
        while open_superiors:
            direct = {one for superior, people in self.commands if superior in open_superiors for one in people}
            open_superiors = direct - below
            below |= direct
        return frozenset(below)


def build_roll(facts: StreamFacts) -> Roll:
    """Return the roll as it stands at the head of the organisation's stream."""
    return facts.work_out(_ROLL, _build_roll)


def _build_roll(facts: StreamFacts, _reads: object) -> Roll:
    members: set[PersonId] = set()
    offices: dict[str, PersonId] = {}
    bodies: dict[str, frozenset[PersonId]] = {}
    commands: dict[PersonId, frozenset[PersonId]] = {}
    secretary: PersonId | None = None
    for event in facts.all(*_ROLL):
        if not event.live:
            continue
        match event.act:
            case OrganisationFounded(secretary=person):
                secretary = person
            case MemberJoined(people=people):
                members.update(people)
            case MemberLeft(person=person):
                members.discard(person)
            case OfficeFilled(office=office, person=person):
                offices[office] = person
            case OfficeVacated(office=office, person=person):
                if offices.get(office) == person:
                    del offices[office]
            case BodyConstituted(body=body, members=sitting):
                bodies[body] = frozenset(sitting)
            case CommandRecorded(superior=superior, people=people):
                commands[superior] = frozenset(people)
            case _:
                pass
    return Roll(
        frozenset(members),
        tuple(sorted(offices.items())),
        tuple(sorted(bodies.items())),
        tuple(sorted(commands.items())),
        secretary,
    )


def find_adoption(facts: StreamFacts, *, up_to_seq: int | None = None) -> RulebookAdopted | RulebookAmended | None:
    """Return the adoption of the rulebook in force (at the entry `up_to_seq`, or now)."""
    adoptions = [
        event.act
        for event in facts.all(RulebookAdopted, RulebookAmended)
        if event.live and (up_to_seq is None or event.seq <= up_to_seq)
    ]
    return cast("RulebookAdopted | RulebookAmended", adoptions[-1]) if adoptions else None
