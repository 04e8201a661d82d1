"""May this person propose this act here at all? What the rules then say of it is `rules.decide`.

A stranger, who is neither a member nor a party, is told nothing about the matter beyond that.
"""

from alteram.core.acts import HistoryEntered, get_spec
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, PersonId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.rulebook import Rulebook

#: What somebody outside may do: report, or hand in an order of a court, a regulator or the emergency services.
OPEN_TO_STRANGERS = frozenset({"report.lodged", "external-order.recorded", "organisation.founded"})
#: What a matter begins with.
OPENING = frozenset({"report.lodged", "history.entered"})


def may_propose(facts: Facts, rulebook: Rulebook, event: AnyEvent, *, proposer: PersonId | None) -> Allowed | Refused:
    """Return whether `proposer` has any business in this stream with this act.

    Of an act proposed now the proposer is the actor; of a reported event it is whoever reports it.
    """
    spec = get_spec(type(event.act))
    organisational = facts.matter is facts.organisation
    if spec.stream != ("organisation" if organisational else "matter") or facts.matter.stream == ATTEMPTS_STREAM:
        return Refused("act.wrong-stream", "record", "This act belongs in another stream.")
    if not organisational and facts.matter.head_seq < 0 and spec.name not in OPENING:
        return Refused("matter.unknown", "access", "There is no such matter, or it is not open to you.")
    if spec.name in OPEN_TO_STRANGERS or _tells_history(facts, proposer):
        return Allowed("anyone")
    roles = find_roles(facts, rulebook, proposer)
    if roles == ("anyone",):
        return Refused("matter.unknown", "access", "There is no such matter, or it is not open to you.")
    return Allowed(roles[0])


def _tells_history(facts: Facts, proposer: PersonId | None) -> bool:
    """Return whether somebody goes on with a history that they began."""
    begun = facts.matter.all(HistoryEntered)
    return bool(begun) and proposer is not None and begun[0].actor == proposer
