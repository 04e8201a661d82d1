"""Like cases are treated alike: the decision behind a sanction names comparable cases and says why it follows them or
not.

Acas Code (consistency between like cases). It reads that cases are named, or that none is known, and that there are
reasons; whether the cases are alike is for people.
"""

from alteram.core.acts import DecisionMade, SanctionImposed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before


class Comparators(Parameters, frozen=True, kw_only=True):
    """`or_none_known`: a decision may say instead that no like case is known."""

    or_none_known: bool = True


@requirement(
    "comparators",
    covers=("A15",),
    parameters=Comparators,
    anchors=(SanctionImposed,),
    reads=(DecisionMade,),
    applies=lambda _parameters, anchor: isinstance(anchor.act, SanctionImposed) and not anchor.act.announced_only,
)
def check_comparators(view: View, parameters: Comparators, anchor: AnyEvent) -> Finding:
    """The decision behind a sanction names like cases, or says that none is known, and gives reasons."""
    named = anchor.act.decision if isinstance(anchor.act, SanctionImposed) else None
    sure, doubtful = find_before(view, anchor, [one for one in view.all(DecisionMade) if one.seq == named])
    if not sure:
        return _lacking(view, anchor, phrase("The sanction rests on no decision that could name like cases."), doubtful)
    decision = sure[0].act
    if not decision.comparators and not (decision.no_comparators and parameters.or_none_known):
        return view.weigh(anchor, _lacking(view, sure[0], phrase("The decision names no like case."), ()))
    if decision.reasons is None:
        because = phrase("The decision names like cases, but does not say what follows from them.")
        return view.weigh(anchor, _lacking(view, sure[0], because, ()))
    because = phrase("The decision compares like cases, with reasons.")
    return view.weigh(anchor, passed(because, entries=(sure[0].seq, anchor.seq)))


def _lacking(view: View, at: AnyEvent, because: str, doubtful: tuple[Event[DecisionMade], ...]) -> Finding:
    cures = (
        Cure(
            "sanction.lifted",
            ("chair", "appeal-decider"),
            phrase("Lift the sanction until like cases have been compared."),
        ),
        Cure(
            "decision.made",
            ("chair", "decider"),
            phrase("Decide again, naming like cases and why they are followed or not."),
        ),
    )
    return view.missing(at, because, alleged=doubtful, acts=("decision.made",), cures=cures)
