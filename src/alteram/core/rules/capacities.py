"""Which roles a person has in a matter: by appointment in it, by office, by sitting in the body that decides it.

Everybody is `anyone`; members are `member`. Who stood down from a role no longer has it, whatever their office.
"""

from dataclasses import dataclass, field
from typing import Final

from alteram.core.acts import HistoryEntered, MatterAccepted, PersonRecused
from alteram.core.acts.catalogue import ROLES, Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import BEARING, SIDES, Event, Facts, StreamFacts, find_holders
from alteram.core.rules.rulebook import Body, Procedure, Rulebook

#: What decides who has a role in a matter, beside the organisation and its rulebook.
_BEARING: Final = (*BEARING, HistoryEntered)
_UNIVERSAL: tuple[Role, ...] = ("member", "anyone")


def find_procedure(facts: Facts, rulebook: Rulebook) -> Procedure | None:
    """Return the procedure the matter was accepted for, else the rulebook's first."""
    accepted = [one for one in facts.matter.all(MatterAccepted) if one.live or facts.matter.is_history]
    for event in reversed(accepted):
        return rulebook.find_procedure(event.act.procedure)
    return rulebook.procedures[0] if rulebook.procedures else None


def find_body_members(facts: Facts, body: Body) -> frozenset[PersonId]:
    """Return who sits in `body` now; nobody where it was never constituted."""
    return facts.roll.members if body.all_members else facts.roll.body(body.id) or frozenset()


def find_role_holders(facts: Facts, rulebook: Rulebook, role: Role) -> frozenset[PersonId]:
    """Return who has `role` in the matter now."""
    if role == "member":
        return facts.roll.members
    # Asked many times over by each ruling; kept for as long as nothing that bears on it is added to the matter.
    known = _know(facts, rulebook)
    found = known.holders.get(role)
    if found is None:
        found = known.holders[role] = _work_out_holders(facts, rulebook, role)
    return found


@dataclass(slots=True)
class _Known:
    """What was worked out of who has which role, for one rulebook and one state of the organisation."""

    organisation: StreamFacts | None = None
    rulebook: Rulebook | None = None
    holders: dict[Role, frozenset[PersonId]] = field(default_factory=dict)
    roles: dict[PersonId, tuple[Role, ...]] = field(default_factory=dict)


def _know(facts: Facts, rulebook: Rulebook) -> _Known:
    kept = facts.matter.work_out(_BEARING, _begin_known)
    if kept[0].organisation is not facts.organisation or kept[0].rulebook is not rulebook:
        kept[0] = _Known(facts.organisation, rulebook)  # at one stroke: another thread may be reading the one before
    return kept[0]


def _begin_known(_facts: StreamFacts, _reads: object) -> list[_Known]:
    return [_Known()]


def _work_out_holders(facts: Facts, rulebook: Rulebook, role: Role) -> frozenset[PersonId]:
    holders = set(find_holders(facts.matter, role))
    holders.update(
        person
        for office in rulebook.offices
        if role in office.plays and (person := facts.roll.holder(office.id)) is not None
    )
    for body in _deciding_bodies(facts, rulebook):
        if role in body.plays:
            holders |= find_body_members(facts, body)
    if role == "secretary" and facts.roll.founding_secretary is not None and not holders:
        holders.add(facts.roll.founding_secretary)
    return frozenset(holders - find_stood_down_now(facts, role))


def find_roles(facts: Facts, rulebook: Rulebook, person: PersonId | None) -> tuple[Role, ...]:
    """Return every role `person` has in the matter now, `anyone` last. The inverse of `find_role_holders`."""
    if person is None:
        return ("anyone",)
    known = _know(facts, rulebook)
    found = known.roles.get(person)
    if found is None:
        found = known.roles[person] = _work_out_roles(facts, rulebook, person)
    return found


def _work_out_roles(facts: Facts, rulebook: Rulebook, person: PersonId) -> tuple[Role, ...]:
    held = {one.role for one in facts.holdings if one.person == person and one.until is None}
    offices = {office for office, holder in facts.roll.offices if holder == person}
    held.update(role for office in rulebook.offices if office.id in offices for role in office.plays)
    for body in _deciding_bodies(facts, rulebook):
        if person in find_body_members(facts, body):
            held.update(body.plays)
    if person == facts.roll.founding_secretary and person in find_role_holders(facts, rulebook, "secretary"):
        held.add("secretary")
    held.difference_update(
        role
        for event in facts.matter.all(PersonRecused)
        if event.act.person == person and is_own_recusal(event)
        for role in event.act.roles
        if role not in SIDES
    )
    member: list[Role] = ["member"] if person in facts.roll.members else []
    return (*(role for role in ROLES if role in held and role not in _UNIVERSAL), *member, "anyone")


def find_standing_roles(organisation: Facts, rulebook: Rulebook, person: PersonId) -> tuple[Role, ...]:
    """Return the roles `person` has in matters without being appointed in them: by office, or by sitting in a body.

    In one matter they may have fewer: who stood down, and which body decides it, is said there.
    """
    roll = organisation.roll
    held = {role for office in rulebook.offices if roll.holder(office.id) == person for role in office.plays}
    deciding = {name for one in rulebook.procedures for name in (one.decided_by, one.appeal_to)}
    for body in rulebook.bodies:
        if body.id in deciding and person in find_body_members(organisation, body):
            held.update(body.plays)
    if person == roll.founding_secretary:
        held.add("secretary")
    return tuple(role for role in ROLES if role in held)


def _deciding_bodies(facts: Facts, rulebook: Rulebook) -> tuple[Body, ...]:
    procedure = find_procedure(facts, rulebook)
    if procedure is None:
        return ()
    names = (procedure.decided_by, procedure.appeal_to)
    return tuple(body for body in rulebook.bodies if body.id in names)


def find_stood_down_now(facts: Facts, role: Role) -> frozenset[PersonId]:
    """Return who has stood down from `role`. Nobody stands down from being a side: that would end the matter."""
    if role in SIDES:
        return frozenset()
    return frozenset(
        event.act.person
        for event in facts.matter.all(PersonRecused)
        if role in event.act.roles and is_own_recusal(event)
    )


def is_own_recusal(event: Event[PersonRecused]) -> bool:
    """Return whether somebody stood down: by their own act, by agreeing to a report of it, or as was found.

    Nobody takes a part from another person by saying that they stood down.
    """
    if event.corrected:
        return False
    return event.found or event.act.person in ((event.actor,) if event.live else event.agreed_by)
