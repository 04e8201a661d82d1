"""What a rulebook lets nobody do alone to the organisation: another officer agrees to just that act beforehand.

It sees only the organisation's own stream. An agreement is for one act on one thing and counts once. Where nobody else
holds an office that could agree, none is asked for: else the first officer could never fill the other offices.
"""

from typing import Final

from alteram.core.acts import MemberLeft, OfficeFilled, OfficeVacated, OrganisationActAgreed, get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.rulebook import Rulebook, SecondKeyRule

#: The acts that a rulebook may let nobody do alone: an agreement can say just what it is to.
MAY_NEED_TWO: Final = (
    "member.joined",
    "member.left",
    "member.suspended",
    "office.filled",
    "office.vacated",
    "body.constituted",
    "command.recorded",
    "rulebook.adopted",
    "rulebook.amended",
    "pack.adopted",
)
#: What an agreement says of the act, and what those acts call it.
_SUBJECT: Final = (
    ("person", ("person", "superior")),
    ("office", ("office",)),
    ("body", ("body",)),
    ("people", ("people", "members")),
    ("digest", ("digest",)),
    ("matter", ("matter",)),
)


def find_second_key_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    """Return why `event` may not be done by one person alone; None when it may, or another agreed to it."""
    spec = get_spec(type(event.act))
    rule = rulebook.find_second_key(spec.name)
    if rule is None or spec.stream != "organisation" or not _bears(rulebook, event.act):
        return None
    leaving = _find_leaving(event.act)
    if leaving is not None and leaving == event.actor:
        return None
    officers = _find_officers(facts, rulebook, rule, event)
    if not officers or any(
        one.live and not one.corrected and one.actor in {*officers, leaving} and _is_for(facts, one.act, one.seq, event)
        for one in facts.organisation.all(OrganisationActAgreed)
    ):
        return None
    return Refused(
        "second-key.missing",
        rule.clause or "record",
        phrase("Nobody does this alone: another who holds an office must first agree to just this act."),
        missing=("organisation-act.agreed",),
        facts=(("who may agree", rule.by),),
    )


def _bears(rulebook: Rulebook, act: Act) -> bool:
    """Return whether an act bears on how matters go: an office that plays no part in them does not."""
    if not isinstance(act, OfficeFilled | OfficeVacated):
        return True
    return any(one.id == act.office and one.plays for one in rulebook.offices)


def _find_leaving(act: Act) -> PersonId | None:
    """Return who gives something up by the act: they may do so themselves, and need nobody else to agree."""
    match act:
        case OfficeVacated(person=person) | MemberLeft(person=person, why="resigned"):
            return person
        case _:
            return None


def _find_officers(facts: Facts, rulebook: Rulebook, rule: SecondKeyRule, event: AnyEvent) -> set[PersonId]:
    """Return who may agree: not whoever does the act, and nobody to what puts themselves into an office."""
    officers = {person for role in rule.by for person in find_role_holders(facts, rulebook, role)}
    officers.difference_update(() if event.actor is None else (event.actor,))
    if isinstance(event.act, OfficeFilled):
        officers.discard(event.act.person)
    return officers


def _is_for(facts: Facts, agreed: OrganisationActAgreed, seq: int, event: AnyEvent) -> bool:
    """Return whether an agreement is to just this act, and that act was not done since."""
    if agreed.to_act != get_spec(type(event.act)).name or _find_subject(agreed) != _find_subject(event.act):
        return False
    done = (one for one in facts.organisation.all(type(event.act)) if seq < one.seq < event.seq)
    return not any(_find_subject(one.act) == _find_subject(event.act) for one in done)


def _find_subject(act: Act) -> tuple[object, ...]:
    """Return what an act is about, or what an agreement says it is about, in the same order."""
    return tuple(_first(act, names) for _, names in _SUBJECT)


def _first(act: Act, names: tuple[str, ...]) -> object:
    found = next((getattr(act, name) for name in names if name in act.__struct_fields__), None)
    return (tuple(sorted(found)) or None) if isinstance(found, tuple) else found
