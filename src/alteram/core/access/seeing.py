"""Which fields of an entry a role may see.

The audience of an act names who may read all of it. Others who have a part in the matter see that it happened: the
act's name and time, so that nobody is surprised by a gap. Strangers see nothing.
Order matters: the author always sees their own entry; handlers see what they handle; then sides; then addressees.
"""

from collections.abc import Collection

from alteram.core.acts import ActSpec
from alteram.core.acts.catalogue import Audience, Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent

_HANDLERS: frozenset[Role] = frozenset({"case-manager", "investigator", "chair", "custodian", "secretary"})
_DECIDERS: frozenset[Role] = frozenset({"decider", "appeal-decider", "scrutineer"})
_SIDES: frozenset[Role] = frozenset({"complainant", "respondent", "representative", "companion"})
_REPORTER: frozenset[Role] = frozenset({"reporter", "complainant"})
_OTHERS: frozenset[Role] = frozenset({"witness", "mediator", "contact-person", "spokesperson"})
_PARTIES = _HANDLERS | _DECIDERS | _SIDES | _REPORTER | _OTHERS

READERS: dict[Audience, frozenset[Role]] = {
    "handlers": _HANDLERS,
    "reporter-side": _REPORTER | {"case-manager", "custodian"},
    "sides": _HANDLERS | _DECIDERS | _SIDES,
    "deciders": _HANDLERS | _DECIDERS,
    "addressee": frozenset({"case-manager", "custodian"}),
    "parties": _PARTIES,
    "organisation": _PARTIES | {"member"},
}
#: What everybody with a part in the matter may see of any entry.
OUTLINE: tuple[str, ...] = ("stream", "seq", "prev", "seen", "act", "at")
ENVELOPE: tuple[str, ...] = (*OUTLINE, "reads", "ruling", "actor", "reported", "attachments", "fields", "author")


def find_visible_fields(
    spec: ActSpec, roles: Collection[Role], *, viewer: PersonId | None, event: AnyEvent | None
) -> tuple[str, ...]:
    """Return the names of the claims that somebody with `roles` may see of an entry of this act.

    `event` tells who acted and to whom; None for an entry that can no longer be read.
    """
    own = event is not None and viewer is not None and viewer in _named(event)
    if own or READERS[spec.open_to].intersection(roles):
        return (*ENVELOPE, *(f"act.{field.name}" for field in spec.fields))
    return OUTLINE if _PARTIES.intersection(roles) else ()


def has_part(roles: Collection[Role]) -> bool:
    """Return whether any of these roles is a part in the matter: others are not even told what they cannot see."""
    return not _PARTIES.isdisjoint(roles)


def _named(event: AnyEvent) -> tuple[object, ...]:
    """Return the actor and the person an act is addressed to; of a reported event those who say that it happened.

    Whoever is said to have done it may be the last person to be told who said so.
    """
    return (event.actor, getattr(event.act, "to", None)) if event.live else event.asserted_by
