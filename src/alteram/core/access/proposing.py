"""May this person propose this act here at all? What the rules then say of it is `rules.decide`.

A stranger, who is neither a member nor a party, is told nothing about the matter beyond that.
"""

from alteram.core.acts import get_spec
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.rulebook import Rulebook

#: What somebody outside may do: report, or hand in an order of a court, a regulator or the emergency services.
OPEN_TO_STRANGERS = frozenset({"report.lodged", "external-order.recorded", "organisation.founded", "history.entered"})


def may_propose(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Allowed | Refused:
    """Return whether the actor has any business in this stream with this act."""
    spec = get_spec(type(event.act))
    organisational = facts.matter is facts.organisation
    if spec.stream != ("organisation" if organisational else "matter"):
        return Refused("act.wrong-stream", "record", "This act belongs in another stream.")
    if spec.name in OPEN_TO_STRANGERS:
        return Allowed("anyone")
    roles = find_roles(facts, rulebook, event.actor)
    if roles == ("anyone",) or (facts.matter.head_seq < 0 and spec.stream == "matter"):
        return Refused("access.stranger", "access", "There is nothing here that you may do.")
    return Allowed(roles[0])
