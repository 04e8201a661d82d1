"""Drafts by which somebody free of the matter is given a part in it, or whom it concerns leaves theirs."""

from typing import Final

from alteram.core.acts import (
    CaseManagerAssigned,
    ContactPersonNamed,
    InterestDeclared,
    InvestigatorAppointed,
    MediatorChosen,
    OfficeFilled,
    OrganisationActAgreed,
    PartyJoined,
    PersonRecused,
    get_spec,
)
from alteram.core.acts.catalogue import Role
from alteram.core.rules.capacities import find_role_holders, find_roles
from alteram.core.rules.curing.desk import TEXT, Desk
from alteram.core.rules.curing.people import ACCUSER, find_actors, find_free, find_outsider, find_parties
from alteram.core.rules.curing.proposing import Proposals, propose_each
from alteram.core.rules.parts import HANDLING

_SIDES: Final[tuple[Role, ...]] = ("respondent", "complainant")
_PRINCIPLES: Final = ("independent", "confidential", "competent", "impartial", "lawful")


def propose_recusal(desk: Desk) -> Proposals:
    """Propose that whom it concerns stands down from every part that handles the matter."""
    people = desk.intent.concerns or tuple(sorted(desk.concerned))
    for person in people:
        held = find_roles(desk.facts, desk.rulebook, person)
        roles = tuple(role for role in held if role in HANDLING)
        if roles:
            yield person, PersonRecused(person=person, roles=roles, reasons=TEXT)


def propose_declaration(desk: Desk) -> Proposals:
    """Propose that somebody who has a part says what ties them to the matter."""
    roles: tuple[Role, ...] = ("appeal-decider", "investigator", "case-manager", "chair", "decider")
    said = {one.actor for one in desk.facts.matter.all(InterestDeclared)}
    for role in roles:
        for person in sorted(find_role_holders(desk.facts, desk.rulebook, role)):
            if person not in said:
                yield person, InterestDeclared(nature="none")


def propose_office(desk: Desk) -> Proposals:
    """Propose that an office that plays a part is filled, where nobody free of the matter holds it."""
    role = desk.intent.role
    for office in desk.rulebook.offices:
        holder = desk.facts.roll.holder(office.id)
        if role not in office.plays or (holder is not None and holder not in desk.concerned):
            continue
        person = find_free(desk.facts, but=desk.intent.concerns)
        yield from propose_each(desk, OfficeFilled(office=office.id, person=person))


def propose_agreement(desk: Desk) -> Proposals:
    """Propose that another officer agrees to the filling of an office."""
    if desk.intent.to_act != "office.filled":
        return
    for act in (one for _, one in propose_office(desk) if isinstance(one, OfficeFilled)):
        agreed = OrganisationActAgreed(to_act="office.filled", person=act.person, office=act.office)
        for actor in find_actors(desk.facts, desk.rulebook, get_spec(OrganisationActAgreed)):
            if actor != act.person:
                yield actor, agreed


def propose_case_manager(desk: Desk) -> Proposals:
    """Propose that somebody free handles the matter."""
    yield from propose_each(desk, CaseManagerAssigned(person=find_free(desk.facts, but=desk.intent.concerns)))


def propose_investigator(desk: Desk) -> Proposals:
    """Propose that somebody from outside investigates."""
    yield from propose_each(desk, InvestigatorAppointed(person=find_outsider(desk.facts), principles=_PRINCIPLES))


def propose_accuser(desk: Desk) -> Proposals:
    """Propose that whoever brings the charge becomes a party to it."""
    if not find_parties(desk.facts, "complainant"):
        yield from propose_each(desk, PartyJoined(person=ACCUSER, role="complainant"))


def propose_mediator(desk: Desk) -> Proposals:
    """Propose a mediator chosen by both sides."""
    respondents, complainants = (find_parties(desk.facts, role) for role in _SIDES)
    if not complainants:
        return
    by = tuple(sorted({*respondents, *complainants}))
    yield from propose_each(desk, MediatorChosen(mediator=find_outsider(desk.facts), chosen_by=by))


def propose_contact_person(desk: Desk) -> Proposals:
    """Propose that somebody free keeps in touch with a party once a week."""
    for side in _SIDES:
        for one in find_parties(desk.facts, side):
            act = ContactPersonNamed(person=find_free(desk.facts), for_person=one, every_days=7)
            yield from propose_each(desk, act)
