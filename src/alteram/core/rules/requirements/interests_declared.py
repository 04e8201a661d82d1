"""Everybody who decides has declared what ties them to the matter, and nobody tied to it decides.

Incorporated Societies Act 2022 Sch 2 cl 8. What a tie is worth is not weighed here: the rulebook says which bar.
"""

from typing import Literal, TypeAlias

from alteram.core.acts import AppealDecided, DecisionMade, InterestDeclared, VoteTaken
from alteram.core.kernel.phrases import as_people, as_person, as_word, join, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import find_deciders
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

Tie: TypeAlias = Literal["personal", "family", "financial", "line-of-command", "witness", "prior-role", "other"]


class InterestsDeclared(Parameters, frozen=True, kw_only=True):
    """`barring`: the ties with which nobody may decide."""

    barring: tuple[Tie, ...] = ("personal", "family", "financial", "line-of-command", "witness", "prior-role", "other")


@requirement(
    "interests-declared",
    covers=("N5", "I3"),
    parameters=InterestsDeclared,
    anchors=(DecisionMade, VoteTaken, AppealDecided),
    reads=(InterestDeclared,),
)
def check_interests_declared(view: View, parameters: InterestsDeclared, anchor: AnyEvent) -> Finding:
    """Everybody who decides has first declared their interests, and nobody with a tie that bars them decides."""
    acting = find_deciders(view, anchor)
    if not acting:
        return view.missing(anchor, phrase("Nothing shows who decided."), acts=("vote.taken",))
    declared = [one for one in view.all(InterestDeclared) if one.actor in acting and one.before(anchor) is True]
    tied = [one for one in declared if one.established and one.act.nature in parameters.barring]
    if tied:
        return view.weigh(anchor, _tied(anchor, tied))
    supporting = [one for one in declared if one.supports(view.protected)]
    silent = sorted(acting.difference(one.actor for one in supporting if one.actor is not None))
    if silent:
        return view.missing(
            anchor,
            phrase(
                "{count} of the {acting} who decided had declared nothing: {silent}.",
                count=len(silent),
                acting=len(acting),
                silent=as_people(silent[:10]),
            ),
            alleged=[one for one in declared if one not in supporting],
            acts=("interest.declared",),
            cures=(
                Cure(
                    "interest.declared", ("decider", "appeal-decider"), phrase("Declare interests, then decide again.")
                ),
            ),
        )
    entries = (*(one.seq for one in supporting), anchor.seq)
    return view.weigh(anchor, passed(phrase("All who decided had declared that nothing bars them."), entries=entries))


def _tied(anchor: AnyEvent, tied: list[Event[InterestDeclared]]) -> Finding:
    named = join(", ", sorted(map(_name, tied)))
    return failed(
        phrase("Decided by people who had declared a tie: {named}.", named=named),
        entries=(*(one.seq for one in tied), anchor.seq),
        missing=("person.recused",),
        cures=(
            Cure(
                "person.recused",
                ("decider", "appeal-decider"),
                phrase("Stand down, and decide again without {named}.", named=named),
            ),
        ),
    )


def _name(tie: Event[InterestDeclared]) -> str:
    return phrase("{person} ({nature})", person=as_person(tie.actor or "None"), nature=as_word(tie.act.nature))
