"""Different people: who did one part must not do the other.

Acas Code para 6; Haque v Faradhi [2023] EWHC 1135 (KB); 34 CFR 106.45 (2020). It compares people with parts; whether
somebody who kept apart was free of bias is asked by others.
"""

from alteram.core.acts import AppealDecided, DecisionMade, InterviewHeld, StatementTaken, VoteTaken
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, as_word, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import find_deciders
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
    reads=(StatementTaken, InterviewHeld),
)
def check_separate_hands(view: View, parameters: SeparateHands, anchor: AnyEvent) -> Finding:
    """Nobody who decides may have accused, testified, investigated or kept the record in this or a linked matter."""
    acting = find_deciders(view, anchor)
    if not acting:
        return view.missing(anchor, phrase("Nothing shows who decided."), acts=("vote.taken",))
    conflicted = sorted(
        (person, role) for role in parameters.excluded for person in _holders(view, role, parameters, anchor) & acting
    )
    if not conflicted:
        return view.weigh(
            anchor, passed(phrase("Nobody who decided has played an excluded part."), entries=(anchor.seq,))
        )
    named = join(
        ", ", [phrase("{person} ({part})", person=as_person(person), part=as_word(role)) for person, role in conflicted]
    )
    cure = Cure(
        "person.recused",
        ("decider", "appeal-decider"),
        phrase("Stand down, and decide again without {named}.", named=named),
    )
    because = phrase("Decided by people who also played another part: {named}.", named=named)
    return view.weigh(anchor, failed(because, entries=(anchor.seq,), missing=("person.recused",), cures=(cure,)))


def _holders(view: View, role: Role, parameters: SeparateHands, anchor: AnyEvent) -> frozenset[PersonId]:
    """Return who held the part by the time of `anchor`, here, by office, in fact, or in a linked matter."""
    appointed = [one for one in view.facts.holdings if one.role == role]
    in_time = frozenset(one.person for one in appointed if one.since < anchor.seq or not anchor.live)
    by_office = view.holders(role) - frozenset(one.person for one in appointed)
    linked = view.facts.linked if parameters.including_linked else ()
    return in_time.union(by_office, _in_fact(view, role, anchor), *(one.holders(role) for one in linked))


def _in_fact(view: View, role: Role, anchor: AnyEvent) -> frozenset[PersonId]:
    """Return who testified or interviewed without being named witness or investigator."""
    taken = [one for one in view.all(StatementTaken) if one.established and one.before(anchor) is not False]
    held = [one for one in view.all(InterviewHeld) if one.established and one.before(anchor) is not False]
    match role:
        case "witness":
            return frozenset([one.act.person for one in taken] + [one.act.person for one in held])
        case "investigator":
            return frozenset(one.actor for one in held if one.actor is not None)
        case _:
            return frozenset()
