"""When an order from outside is followed: it is never blocked, and nobody forges one.

Anybody may hand an order in. It opens an act once somebody who keeps the matter recorded it or vouched for it, who is
no party to it, and who is not the one relying on it: following an order takes two people, and the entries name both.
"""

from typing import Final

from alteram.core.acts import ExternalOrderRecorded, get_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.parts import find_sides
from alteram.core.rules.rulebook import Rulebook

#: Whose word makes an order known to be one.
_VOUCHERS: Final[tuple[Role, ...]] = ("secretary", "custodian", "case-manager", "chair")


def find_order_followed(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Event[ExternalOrderRecorded] | None:
    """Return the order that `event` follows, if it names such an act and somebody else vouched for it."""
    name = get_spec(type(event.act)).name
    orders = [one for one in facts.matter.all(ExternalOrderRecorded) if name in one.act.acts and one.live]
    if not orders:
        return None
    free = _find_vouchers(facts, rulebook) - {event.actor}
    return next((one for one in orders if not one.corrected and free.intersection((one.actor, *one.agreed_by))), None)


def _find_vouchers(facts: Facts, rulebook: Rulebook) -> frozenset[PersonId | None]:
    holders = frozenset(person for role in _VOUCHERS for person in find_role_holders(facts, rulebook, role))
    return frozenset[PersonId | None](holders - find_sides(facts))
