"""A decision is given with its reasons in writing (Haque v Faradhi [2023] EWHC 1135 (KB); Acas Code paras 26-29).

It sees only that reasons are there. A sanction has those of the decision it names. Reasons given later, in a decision
that names the earlier one among what it answers, mend their absence.
"""

from alteram.core.acts import AppealDecided, DecisionMade, InterimMeasureImposed, SanctionImposed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class WrittenReasons(Parameters, frozen=True, kw_only=True):
    """It has no parameters."""


@requirement(
    "written-reasons",
    covers=("C1", "A13"),
    parameters=WrittenReasons,
    anchors=(DecisionMade, SanctionImposed, InterimMeasureImposed, AppealDecided),
)
def check_written_reasons(view: View, _parameters: WrittenReasons, anchor: AnyEvent) -> Finding:
    """Whatever is decided is given with its reasons in writing."""
    given = [one for one in _find_reasoned(view, anchor) if _has_reasons(one)]
    sure = [one for one in given if one.supports(view.protected)]
    if sure and not (sure == [anchor] and view.agreed_absent(anchor, "reasons")):
        late = phrase(" later") if sure[0].seq > anchor.seq else ""
        return passed(phrase("Reasons were given{late}.", late=late), entries=tuple(sorted({anchor.seq, sure[0].seq})))
    cure = Cure(
        "decision.made",
        ("chair", "decider"),
        phrase("Give the reasons in a decision that answers entry {seq}.", seq=anchor.seq),
    )
    return view.missing(
        anchor,
        phrase("There are no reasons in writing."),
        thing="reasons",
        alleged=given,
        acts=("decision.made",),
        cures=(cure,),
    )


def _find_reasoned(view: View, anchor: AnyEvent) -> list[AnyEvent]:
    """Return the events whose reasons count for `anchor`: itself, the decision it carries out, and late reasons."""
    carried_out = view.find(anchor.act.decision) if isinstance(anchor.act, SanctionImposed) else None
    first = [anchor] if carried_out is None else [carried_out]
    return [*first, *(one for one in view.all(DecisionMade) if anchor.seq in one.act.answers)]


def _has_reasons(event: AnyEvent) -> bool:
    return getattr(event.act, "reasons", None) is not None
