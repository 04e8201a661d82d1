"""May this person propose this act here at all? What the rules then say of it is `rules.decide`.

A stranger, who is neither a member nor a party, is told nothing about the matter beyond that.
"""

from alteram.core.acts import HistoryEntered, get_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import REGISTERS, PersonId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.rulebook import Rulebook

#: What somebody outside may do: report, or hand in an order of a court, a regulator or the emergency services.
OPEN_TO_STRANGERS = frozenset({"report.lodged", "external-order.recorded", "organisation.founded"})
#: What a matter begins with, and only begins with when it is done here.
OPENING = frozenset({"report.lodged", "history.entered"})
#: What is done here or not at all: reporting it would be a back door.
NEVER_REPORTED = frozenset({"record.shredded"})


def may_propose(facts: Facts, rulebook: Rulebook, event: AnyEvent, *, proposer: PersonId | None) -> Allowed | Refused:
    """Return whether `proposer` has any business in this stream with this act.

    Of an act proposed now the proposer is the actor; of a reported event it is whoever reports it.
    """
    spec = get_spec(type(event.act))
    organisational, begun = facts.matter is facts.organisation, facts.matter.head_seq >= 0
    if spec.stream != ("organisation" if organisational else "matter") or facts.matter.stream in REGISTERS:
        return Refused("act.wrong-stream", "record", phrase("This act belongs in another stream."))
    if not organisational and not begun and spec.name not in OPENING:
        return _unknown()
    if not event.live and (organisational or spec.name in NEVER_REPORTED):
        return Refused("act.not-reported", "record", phrase("This is done here or not at all; it cannot be reported."))
    if _is_open_to_strangers(spec.name, event, begun=begun) or _tells_history(facts, proposer):
        return Allowed("anyone")
    return _ask_roles(find_roles(facts, rulebook, proposer), begins_again=begun and _begins(spec.name, event))


def _ask_roles(roles: tuple[Role, ...], *, begins_again: bool) -> Allowed | Refused:
    if roles == ("anyone",):
        return _unknown()
    if begins_again:
        return Refused("matter.begun", "record", phrase("A matter is begun once; another can be linked to it."))
    return Allowed(roles[0])


def _begins(name: str, event: AnyEvent) -> bool:
    return name == "history.entered" or (name == "report.lodged" and event.live)


def _unknown() -> Refused:
    return Refused("matter.unknown", "access", phrase("There is no such matter, or it is not open to you."))


def _is_open_to_strangers(name: str, event: AnyEvent, *, begun: bool) -> bool:
    """Return whether anybody may do this: whoever lodges a report has a part in its matter, so only to begin one."""
    return event.live and name in OPEN_TO_STRANGERS and not (begun and name == "report.lodged")


def _tells_history(facts: Facts, proposer: PersonId | None) -> bool:
    """Return whether somebody goes on with a history that they began."""
    begun = facts.matter.all(HistoryEntered)
    return bool(begun) and proposer is not None and begun[0].actor == proposer
