"""Parts that are open and parts that may be protected, and which claims of an entry speak of which.

A name is withheld where it would tell that somebody has a protected part. It is not withheld where the same person is
named for another part that everybody knows of: closing those too would give away the very person by the gaps.
"""

from collections.abc import Collection, Mapping

from alteram.core.acts import ActSpec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.canonical import Json
from alteram.core.rules import handing

HANDLERS, DECIDERS, SIDES = handing.HANDLERS, handing.DECIDERS, handing.SIDES
_OTHERS: frozenset[Role] = frozenset({"witness", "mediator", "contact-person", "spokesperson"})
PARTIES: frozenset[Role] = HANDLERS | DECIDERS | SIDES | _OTHERS | {"reporter"}
#: Who may know a protected name without its being released to them: who receives reports and follows them up.
KEEPERS: frozenset[Role] = frozenset({"case-manager", "custodian"})

#: Whoever is one of these sees a matter as that, whatever office they hold or body they sit in.
_PARTISANS: frozenset[Role] = frozenset({"reporter", "complainant", "respondent"})
_BY_OFFICE: frozenset[Role] = HANDLERS | DECIDERS | {"spokesperson"}
#: Capacities of which nothing is secret.
_OPEN: frozenset[str] = HANDLERS | DECIDERS | {"respondent", "mediator", "contact-person", "spokesperson", "member"}
#: Fields that name somebody for an open part: respondent, handler, decider, or one who signs for the organisation.
_OPEN_FIELDS = frozenset(
    {
        "person.recused/1:person",
        "bias.challenged/1:person",
        "case-manager.assigned/1:person",
        "matter.accepted/1:respondent",
        "matter.declined/1:second",
        "notice.served/1:to",
        "interim-measure.imposed/1:signed_off_by",
        "mediator.chosen/1:mediator",
        "investigator.appointed/1:person",
        "meeting.opened/1:chair",
        "contact.reported/1:decider",
        "view.sought/1:person",
        "sanction.imposed/1:person",
        "instrument.issued/1:person",
        "contact-person.named/1:person",
        "adverse-act.reasoned/1:signed_off_by",
        "record.shredded/1:second",
        "matter.closed/1:approved_by",
    }
)
#: Lists of those who are invited to, come to or vote in a body: open for who belongs there anyway.
_ROLLS = frozenset({"invited", "present", "came", "left", "attended", "voters", "deciders", "members", "panel"})


def act_as_party(roles: Collection[Role]) -> tuple[Role, ...]:
    """Return the roles in which somebody looks at a matter: nobody reads their own case as its judge or keeper."""
    if _PARTISANS.isdisjoint(roles):
        return tuple(roles)
    return tuple(role for role in roles if role not in _BY_OFFICE)


def is_told_openly(name: str, spec: ActSpec, claims: Mapping[str, Json], *, serving: bool = False) -> bool:
    """Return whether a claim names somebody for a part that is open, so that it tells nothing of a protected one.

    `name` is a field of the act, or `actor`; `serving`: the person has an open part in the matter.
    """
    if name == "actor":
        return claims.get("reported") is None and _capacity(claims) in _OPEN
    if any(field.name == "role" for field in spec.fields):
        return claims.get("act.role") in _OPEN
    return f"{spec.tag}:{name}" in _OPEN_FIELDS or (serving and name in _ROLLS)


def _capacity(claims: Mapping[str, Json]) -> Json:
    match claims.get("ruling"):
        case {"capacity": str() as capacity}:
            return capacity
        case _:
            return ""
