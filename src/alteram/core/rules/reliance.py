"""Nothing rests on what a respondent neither has nor was told the gist of: no rulebook, and no departure, lets that go.

By when they must have it is for the rulebook; that they have it is asked here, of the very act that rests on it. In a
matter that only tells a history nobody is given anything: nothing is asked there.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from alteram.core.acts import DecisionMade, FindingMade, PropositionEvidenced, PropositionFound, PropositionStated
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_own, as_person, phrase
from alteram.core.matters import AnyEvent, Facts, StreamFacts, find_holders
from alteram.core.rules.evidence import RELYING, find_relied_on
from alteram.core.rules.exhibits import find_chain, find_lodging, refuse
from alteram.core.rules.giving import find_given, find_made_of, find_opening

#: What `find_rested_on` reads.
RESTING: Final = (*RELYING, PropositionStated, PropositionEvidenced)


def find_reliance_refusal(facts: Facts, event: AnyEvent) -> Refused | None:
    """Return why `event` may not rest on what it does: the first exhibit of which a respondent has nothing."""
    rested_on = () if facts.matter.is_history else find_rested_on(facts.matter, event)
    for exhibit in rested_on:
        for person in sorted(find_holders(facts.matter, "respondent")):
            if not knows_of(facts, exhibit, person):
                because = phrase(
                    "Nothing may rest on exhibit {exhibit} yet: {person} has neither it nor its gist.",
                    exhibit=as_own(exhibit),
                    person=as_person(person),
                )
                return refuse("reliance.unseen", because, missing=("exhibit.disclosed",))
    return None


def find_rested_on(matter: StreamFacts, event: AnyEvent) -> tuple[str, ...]:
    """Return the exhibits that an act rests on: those it names, and those of what was found before that it follows.

    Whoever finds that a proposition is so follows the evidence for it, that it is not so the evidence against it.
    Whoever finds or decides that a charge is proved follows what was found on it, and on propositions it turns on.
    """
    return tuple(dict.fromkeys((*find_relied_on(event), *_find_followed(matter, event))))


def knows_of(facts: Facts, exhibit: str, person: PersonId) -> bool:
    """Return whether somebody has an exhibit, the whole that it was made of, or its gist."""
    given, near = find_given(facts, exhibit, person), (exhibit, *find_made_of(facts, exhibit))
    # What was made of what they lodged is theirs once it opens to them; of a redaction they may have the whole.
    is_own = any(getattr(find_lodging(facts, one), "actor", None) == person for one in near)
    whole = find_chain(facts, exhibit)[len(near) :]
    return (
        (given is not None and given.gist)
        or (is_own and find_opening(facts, exhibit, person) is not None)
        or any(_has(facts, one, person) for one in (exhibit, *whole))
    )


def _has(facts: Facts, exhibit: str, person: PersonId) -> bool:
    lodged, given = find_lodging(facts, exhibit), find_given(facts, exhibit, person)
    whole = given is not None and given.has_since is not None and not given.gist
    return whole or (lodged is not None and lodged.actor == person)


def _find_followed(matter: StreamFacts, event: AnyEvent) -> Iterator[str]:
    match event.act:
        case PropositionFound(proposition=name, outcome="so" | "not-so" as outcome):
            side = "for" if outcome == "so" else "against"
            for one in matter.all(PropositionEvidenced):
                if (one.act.proposition, one.act.side) == (name, side) and _stands(one, event):
                    yield one.act.exhibit
        case FindingMade(allegation=allegation, outcome="proved"):
            yield from _find_on(matter, event, (allegation,))
        case DecisionMade(proved=proved):
            yield from _find_on(matter, event, proved)
            for finding in matter.all(FindingMade):
                if finding.act.allegation in proved and _stands(finding, event):
                    yield from find_relied_on(finding)
        case _:
            return


def _find_on(matter: StreamFacts, event: AnyEvent, allegations: Iterable[str]) -> Iterator[str]:
    """Yield what was rested on by what was found on the propositions that these charges turn on."""
    charges = frozenset(allegations)
    stated = {one.act.proposition for one in matter.all(PropositionStated) if one.act.allegation in charges}
    for found in matter.all(PropositionFound):
        if found.act.proposition in stated and _stands(found, event):
            yield from find_rested_on(matter, found)


def _stands(earlier: AnyEvent, event: AnyEvent) -> bool:
    return earlier.live and not earlier.corrected and earlier.seq < event.seq
