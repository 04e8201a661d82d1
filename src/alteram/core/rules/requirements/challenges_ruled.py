"""A challenge for bias is ruled on, by somebody else, before the person challenged decides.

Incorporated Societies Act 2022 Sch 2 cl 8; RONR 12th ed. ch. XX. Whether the ruling was right is for an appeal.
"""

from alteram.core.acts import AppealDecided, BiasChallenged, ChallengeRuled, DecisionMade, VoteTaken
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, worst
from alteram.core.rules.people import find_deciders
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class ChallengesRuled(Parameters, frozen=True, kw_only=True):
    """`only_of_deciders`: leave aside challenges to people who did not decide."""

    only_of_deciders: bool = False


@requirement(
    "challenges-ruled",
    covers=("N5",),
    parameters=ChallengesRuled,
    anchors=(DecisionMade, VoteTaken, AppealDecided),
    reads=(BiasChallenged, ChallengeRuled),
)
def check_challenges_ruled(view: View, parameters: ChallengesRuled, anchor: AnyEvent) -> Finding:
    """Every challenge for bias is ruled on before the decision, and not by the person challenged."""
    acting = find_deciders(view, anchor)
    challenges = [
        one
        for one in view.all(BiasChallenged)
        if one.before(anchor) is not False and (one.act.person in acting or not parameters.only_of_deciders)
    ]
    if not challenges:
        return view.nothing_against(anchor, phrase("Nobody had been challenged for bias."))
    return view.weigh(anchor, worst(_answer(view, challenge, anchor) for challenge in challenges))


def _answer(view: View, challenge: Event[BiasChallenged], anchor: AnyEvent) -> Finding:
    person = challenge.act.person
    rulings = [one for one in view.all(ChallengeRuled) if one.act.challenge == challenge.seq]
    valid = [
        one
        for one in rulings
        if one.supports(view.protected) and one.actor not in {None, person} and one.before(anchor) is True
    ]
    if not valid:
        return _unanswered(view, challenge, anchor, rulings)
    entries = (challenge.seq, valid[-1].seq, anchor.seq)
    if valid[-1].act.upheld and person in find_deciders(view, anchor):
        cure = Cure(
            "person.recused",
            ("decider", "appeal-decider"),
            phrase("Decide again without {person}.", person=as_person(person)),
        )
        because = phrase(
            "The challenge to {person} was upheld, and {person} decided all the same.", person=as_person(person)
        )
        return failed(because, entries=entries, missing=("person.recused",), cures=(cure,))
    return passed(phrase("The challenge was ruled on, by somebody else, before the decision."), entries=entries)


def _unanswered(
    view: View, challenge: Event[BiasChallenged], anchor: AnyEvent, rulings: list[Event[ChallengeRuled]]
) -> Finding:
    person = challenge.act.person
    own = [one for one in rulings if one.actor == person]
    why = phrase(" Nobody rules on a challenge to themselves.") if own else ""
    claimed = [one for one in rulings if not one.live and one not in own]
    return view.missing(
        anchor,
        phrase(
            "The challenge to {person} was not ruled on by somebody else before this.{why}",
            person=as_person(person),
            why=why,
        ),
        thing="ruling",
        alleged=[*claimed, *([] if challenge.established else [challenge])],
        acts=("challenge.ruled",),
        cures=(
            Cure(
                "challenge.ruled",
                ("chair", "appeal-decider", "custodian"),
                phrase("Rule on the challenge, with reasons."),
            ),
        ),
    )
