"""Who does an act in the matters that the prover plays."""

from alteram.core.acts import Act, get_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Facts
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.parts import find_sides
from alteram.core.rules.proving.course import Desk, Step
from alteram.core.rules.rulebook import Rulebook


def find_actors(desk: Desk, step: Step, draft: Act) -> tuple[PersonId, ...]:
    """Return who may do an act, the likeliest first: somebody of the cast, or one holder of each role that may."""
    if step.by:
        return (desk.cast.people.get(step.by, PersonId(step.by)),)
    spec = get_spec(type(draft))
    rule = desk.rulebook.find_act_rule(spec.name)
    return find_free_holders(desk.facts, desk.rulebook, rule.by if rule is not None else spec.by)


def find_free_holders(facts: Facts, rulebook: Rulebook, roles: tuple[Role, ...]) -> tuple[PersonId, ...]:
    """Return one holder of each of the roles who is no side of the matter."""
    sides = find_sides(facts)
    holders = (sorted(find_role_holders(facts, rulebook, role) - sides) for role in roles if role != "anyone")
    return tuple(dict.fromkeys(people[0] for people in holders if people))
