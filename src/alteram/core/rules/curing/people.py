"""Who could do an act of a cure, and who could be given a part in it.

Nobody handles their own cause, nobody accused in a linked matter is given a part, and where everybody inside was part
of what is complained of, somebody from outside is meant. Who that is, is for whoever carries the cure out.
"""

from collections.abc import Collection
from typing import Final

from alteram.core.acts.catalogue import ActSpec, Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import SIDES, Facts, find_holders
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.curing.steps import find_people
from alteram.core.rules.parts import find_sides
from alteram.core.rules.rulebook import Rulebook

#: People whom a plan brings in from outside: to be named by whoever carries it out.
OUTSIDERS: Final = tuple(PersonId(f"outsider-{number}") for number in range(1, 6))
#: Who brings a charge that nobody is named for yet.
ACCUSER: Final = PersonId("who-brings-it")
_PARTY: Final[frozenset[Role]] = SIDES | {"witness", "companion", "representative"}


def find_concerned(facts: Facts) -> frozenset[PersonId]:
    """Return whose own cause the matter is: its sides, and whom a linked one accuses."""
    accused = frozenset(one.person for it in facts.linked for one in it.holdings if one.role == "respondent")
    return find_sides(facts) | accused


def find_roles_for(rulebook: Rulebook, spec: ActSpec) -> tuple[Role, ...]:
    """Return the parts that may do an act: as the rulebook has it, else the catalogue."""
    rule = rulebook.find_act_rule(spec.name)
    return spec.by if rule is None else rule.by


def find_actors(facts: Facts, rulebook: Rulebook, spec: ActSpec) -> tuple[PersonId, ...]:
    """Return who could do an act, the likeliest first: one holder of each part that may."""
    found: list[PersonId] = []
    if spec.stream == "organisation":
        # The roll is kept by its officers whomever a matter accuses; what they may not do alone the rules say.
        facts = Facts(facts.organisation, facts.organisation)
    concerned = find_concerned(facts)
    for role in find_roles_for(rulebook, spec):
        if role == "anyone":
            found += [*sorted(find_sides(facts)), *_find_handlers(facts, rulebook)]
            continue
        holders = sorted(find_role_holders(facts, rulebook, role))
        free = holders if role in _PARTY else [one for one in holders if one not in concerned]
        found += free[:2] if role in _PARTY else free[:1]
        # Officers whom a linked matter accuses may act while they have not stood down: the rules say so or not.
        if not free and role not in _PARTY:
            found += [one for one in holders if one not in find_sides(facts)][:1]
    return tuple(dict.fromkeys(found))


def find_free(facts: Facts, *, but: Collection[PersonId] = ()) -> PersonId:
    """Return somebody who could be given a part: a member without office or part in the matter, else an outsider."""
    busy = find_concerned(facts) | {person for _, person in facts.roll.offices} | frozenset(but)
    busy |= {one.person for one in facts.holdings} | _find_told_of(facts)
    return next((one for one in (*sorted(facts.roll.members), *OUTSIDERS) if one not in busy), OUTSIDERS[0])


def find_outsider(facts: Facts) -> PersonId:
    """Return somebody from outside who has no part in the matter yet."""
    busy = {one.person for one in facts.holdings} | {person for _, person in facts.roll.offices} | _find_told_of(facts)
    return next((one for one in OUTSIDERS if one not in busy), OUTSIDERS[0])


def _find_told_of(facts: Facts) -> frozenset[PersonId]:
    """Return who did something in the matter, or is named in it alone: they are not free of it."""
    actors = {one.actor for one in facts.matter.every() if one.actor is not None}
    named = {person for one in facts.matter.every() for person in find_people(one.act, alone=True)}
    return frozenset(actors | named)


def _find_handlers(facts: Facts, rulebook: Rulebook) -> list[PersonId]:
    roles: tuple[Role, ...] = ("case-manager", "investigator", "chair", "custodian", "secretary", "appeal-decider")
    return [one for role in roles for one in sorted(find_role_holders(facts, rulebook, role))[:1]]


def find_parties(facts: Facts, role: Role) -> tuple[PersonId, ...]:
    """Return who has a side in the matter."""
    return tuple(sorted(find_holders(facts.matter, role)))
