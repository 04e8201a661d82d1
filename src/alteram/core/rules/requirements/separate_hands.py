"""Different people: who did one part must not do the other (Acas Code para 6; SO 150B(6); ISA 2022 Sch 2 cl 8)."""

from alteram.core.acts import AppealDecided, DecisionMade, PersonRecused, SanctionImposed, VoteTaken
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class SeparateHands(Parameters, frozen=True, kw_only=True):
    """`excluded`: the roles whose holders, past or present, may not be among those who act at the anchor."""

    excluded: tuple[Role, ...]
    including_linked: bool = True


@requirement(
    "separate-hands",
    covers=("A4", "C2", "T3"),
    parameters=SeparateHands,
    anchors=(DecisionMade, VoteTaken, AppealDecided),
    reads=(SanctionImposed, PersonRecused),
)
def check_separate_hands(view: View, parameters: SeparateHands, anchor: AnyEvent) -> Finding:
    """Nobody who decides may have accused, testified, investigated or kept the record in this or a linked matter."""
    acting = _acting(anchor)
    if not acting:
        return view.missing(anchor, "Nothing shows who decided.", acts=("decision.made",))
    conflicted = {
        person: role for role in parameters.excluded for person in sorted(_holders(view, role, parameters) & acting)
    }
    if not conflicted:
        return passed("Nobody who decided has played an excluded part.", entries=(anchor.seq,))
    named = ", ".join(f"{person} ({role})" for person, role in sorted(conflicted.items()))
    return failed(
        f"Decided by people who also played another part: {named}.",
        entries=(anchor.seq,),
        missing=("person.recused",),
        cures=(Cure("person.recused", ("anyone",), f"Stand down and decide again without {named}."),),
    )


def _acting(anchor: AnyEvent) -> frozenset[PersonId]:
    match anchor.act:
        case DecisionMade(deciders=people) | VoteTaken(voters=people) | AppealDecided(panel=people):
            return frozenset(people)
        case _:
            return frozenset()


def _holders(view: View, role: Role, parameters: SeparateHands) -> frozenset[PersonId]:
    here = find_ever_holders(view.facts.matter, role)
    if not parameters.including_linked:
        return here
    return here.union(*(linked.holders(role) for linked in view.facts.linked))
