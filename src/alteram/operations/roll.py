"""Who belongs to an organisation and holds what, for whoever keeps the roll; and which office lets somebody do what.

Access is asked here. To anybody else there is no such thing, as with a matter that is not open to them.
"""

from dataclasses import dataclass

from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.matters.organisation import Roll
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.rulebook import Body, Office, Rulebook
from alteram.operations.organisation import Organisation
from alteram.operations.questions import UnknownMatterError

#: Parts that only an office gives in the organisation's own stream.
_OF_OFFICES: frozenset[Role] = frozenset({"secretary", "chair", "custodian", "scrutineer", "spokesperson"})


@dataclass(frozen=True, slots=True)
class HeldOffice:
    """An office, and who holds it (None: nobody)."""

    office: Office
    holder: PersonId | None


@dataclass(frozen=True, slots=True)
class SeatedBody:
    """A body, and who sits in it."""

    body: Body
    members: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class RollView:
    """The roll as it stands."""

    members: tuple[PersonId, ...]
    outsiders: tuple[PersonId, ...]
    """Who holds an office or sits in a body without being a member."""
    offices: tuple[HeldOffice, ...]
    bodies: tuple[SeatedBody, ...]

    @property
    def people(self) -> tuple[PersonId, ...]:
        """Return everybody on it."""
        return (*self.members, *self.outsiders)

    def offices_of(self, person: PersonId) -> tuple[str, ...]:
        """Return the titles of what somebody holds, and of the bodies they were put into."""
        held = [one.office.title for one in self.offices if one.holder == person]
        sits = [one.body.title for one in self.bodies if person in one.members and not one.body.all_members]
        return (*held, *sits)


def find_roll(organisation: Organisation, viewer: PersonId) -> RollView:
    """Return the roll, to the secretary. Raises: UnknownMatterError, to anybody else."""
    if "secretary" not in _find_roles(organisation, viewer):
        raise _unknown()
    return _build_roll(organisation)


def find_roll_as_officer(organisation: Organisation, viewer: PersonId) -> RollView:
    """Return the roll, to whoever holds an office that handles matters. Raises: UnknownMatterError."""
    if _OF_OFFICES.isdisjoint(_find_roles(organisation, viewer)):
        raise _unknown()
    return _build_roll(organisation)


def is_on_roll(organisation: Organisation, person: PersonId) -> bool:
    """Return whether somebody is a member, holds an office, or sits in a body; a party from outside is none of these.

    It may be a moment behind another process, and is for what is shown to all who belong.
    """
    roll, rulebook = organisation.facts(ORGANISATION_STREAM).roll, organisation.governing(ORGANISATION_STREAM)
    return (
        person in roll.members
        or any(roll.holder(one.id) == person for one in rulebook.offices)
        or any(person in (roll.body(one.id) or ()) for one in rulebook.bodies)
        or (person == roll.founding_secretary and not _has_secretary(roll, rulebook))
    )


def find_offices(organisation: Organisation, person: PersonId) -> frozenset[Role]:
    """Return the parts that somebody's offices give them in the organisation: pages are offered to them by these."""
    return _OF_OFFICES.intersection(_find_roles(organisation, person))


def _find_roles(organisation: Organisation, person: PersonId) -> tuple[Role, ...]:
    facts = organisation.facts(ORGANISATION_STREAM, fresh=True)
    return find_roles(facts, organisation.governing(ORGANISATION_STREAM), person)


def _build_roll(organisation: Organisation) -> RollView:
    roll, rulebook = organisation.facts(ORGANISATION_STREAM).roll, organisation.governing(ORGANISATION_STREAM)
    bodies = tuple(
        SeatedBody(one, tuple(sorted(roll.members if one.all_members else roll.body(one.id) or ())))
        for one in rulebook.bodies
    )
    offices = tuple(HeldOffice(one, roll.holder(one.id)) for one in rulebook.offices)
    holding = {one.holder for one in offices if one.holder is not None}
    seated = {person for one in bodies for person in one.members}
    outsiders = sorted((holding | seated | {roll.founding_secretary} - {None}) - roll.members, key=str)
    return RollView(
        members=tuple(sorted(roll.members)),
        outsiders=tuple(one for one in outsiders if one is not None),
        offices=offices,
        bodies=bodies,
    )


def _has_secretary(roll: Roll, rulebook: Rulebook) -> bool:
    return any("secretary" in one.plays and roll.holder(one.id) is not None for one in rulebook.offices)


def _unknown() -> UnknownMatterError:
    return UnknownMatterError("There is no such page, or it is not open to you.", remedy="Ask the secretary.")
