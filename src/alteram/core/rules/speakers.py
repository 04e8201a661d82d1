"""What no rulebook can let go about words: a side answers, closes its case and confirms for itself.

Whom a side named beside it may speak for it too; the other side never does. What was said is not read.
"""

from datetime import datetime

from alteram.core.acts import (
    CompanionNamed,
    DefaultNoted,
    PaperServed,
    PartyHeard,
    ResponseGiven,
    ServiceConfirmed,
    SubmissionsClosed,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts, find_holders
from alteram.core.rules.parts import find_sides


def find_speaking_refusal(facts: Facts, event: AnyEvent, now: datetime) -> Refused | None:
    """Return why `event` may not speak for whom it speaks for; None when nothing here stands in its way."""
    match event.act:
        case ResponseGiven() if event.actor not in _speakers(facts, "respondent"):
            return Refused(
                "part.not-yours", "record", phrase("The respondent answers, or somebody whom the respondent named.")
            )
        case SubmissionsClosed(side=side) if not _may_close(facts, side, event.actor):
            return Refused(
                "part.not-yours",
                "record",
                phrase("A side closes its own case; the chair may, once everybody on that side was heard."),
            )
        case ServiceConfirmed(to=to) if event.actor in find_sides(facts) - {to}:
            return Refused("part.not-yours", "record", phrase("A party confirms only what was delivered to them."))
        case ServiceConfirmed(delivered_at=at) | PaperServed(delivered_at=at) if at > now:
            because = phrase("It cannot have been delivered later than now.")
            return Refused("service.later", "record", because, earliest=at, facts=(("delivered", at),))
        case _:
            return None


def _speakers(facts: Facts, side: Role) -> frozenset[PersonId]:
    """Return who speaks for a side: its people, and whom they themselves named beside them."""
    people = find_holders(facts.matter, side)
    return people.union(
        one.act.person
        for one in facts.matter.all(CompanionNamed)
        if one.live and one.act.for_person in people and one.actor == one.act.for_person
    )


def _may_close(facts: Facts, side: Role, actor: PersonId | None) -> bool:
    if actor in _speakers(facts, side):
        return True
    heard = {one.act.person for one in facts.matter.all(PartyHeard) if one.live and not one.corrected}
    heard |= {one.act.person for one in facts.matter.all(DefaultNoted) if one.live and not one.corrected}
    people = find_holders(facts.matter, side)
    return actor not in find_sides(facts) and not _names(facts, actor) and bool(people) and people <= heard


def _names(facts: Facts, actor: PersonId | None) -> bool:
    """Return whether somebody was named beside a party: they close nobody else's case."""
    return any(one.live and one.act.person == actor for one in facts.matter.all(CompanionNamed))
