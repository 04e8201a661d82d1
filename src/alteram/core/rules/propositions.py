"""What no rulebook can let go about contested propositions: somebody speaks, in words that are there, and two people
agree on what was marked.
"""

from alteram.core.acts import AssertionConfirmed, AssertionMarked, AssertionsTied, PropositionStated
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.exhibits import live_acts, refuse
from alteram.core.rules.proceedings import find_given


def find_proposition_refusal(facts: Facts, event: AnyEvent) -> Refused | None:
    """Return why `event`, about what is disputed, may not be; None for any other act, or where it may."""
    match event.act:
        case PropositionStated(proposition=name):
            return find_given(name, [one.act.proposition for one in facts.matter.all(PropositionStated)])
        case AssertionMarked() as marked:
            taken = find_given(marked.assertion, [one.act.assertion for one in facts.matter.all(AssertionMarked)])
            return _find_wrong_mark(marked) if taken is None else taken
        case AssertionConfirmed() as confirmed:
            return _find_wrong_confirmation(facts, confirmed, event.actor)
        case AssertionsTied(assertions=tied) if len(set(tied)) < 2:
            return refuse("assertion.alone", phrase("Tie two assertions or more."))
        case _:
            return None


def _find_wrong_mark(marked: AssertionMarked) -> Refused | None:
    if marked.first >= marked.until:
        return refuse("assertion.empty", phrase("The marked words end after they begin."))
    if (marked.person is None) == (marked.speaker is None):
        return refuse("assertion.speaker", phrase("Say who speaks: a person of this matter, or somebody outside it."))
    return None


def _find_wrong_confirmation(facts: Facts, confirmed: AssertionConfirmed, actor: PersonId | None) -> Refused | None:
    marked = next((one for one in live_acts(facts, AssertionMarked) if one.act.assertion == confirmed.assertion), None)
    if marked is None or marked.act.proposed or (actor is not None and marked.actor != actor):
        return None
    return refuse("assertion.own", phrase("Somebody else than who marked the words confirms them."))
