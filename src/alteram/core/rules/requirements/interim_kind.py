"""A measure that holds meanwhile does not turn into a penalty: it neither follows the outcome nor outlives it.

After shadownec.wordpress.com on rule-book penalties: what is a penalty is named as one and imposed as one. Its length
and reviews are asked by interim-measure; a penalty under its own name by sanction-authorised.
"""

from alteram.core.acts import DecisionMade, InterimMeasureImposed, InterimMeasureReviewed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class InterimKind(Parameters, frozen=True, kw_only=True):
    """`after_outcome`: whether a measure may be imposed, or still hold, once the outcome is decided."""

    after_outcome: bool = False


_LIFT = Cure(
    "interim-measure.lifted",
    ("chair", "case-manager", "decider"),
    phrase("Lift it: only a sanction may follow the outcome."),
)


@requirement(
    "interim-kind",
    covers=("C7",),
    parameters=InterimKind,
    anchors=(InterimMeasureImposed,),
    reads=(DecisionMade, InterimMeasureReviewed),
)
def check_interim_kind(view: View, parameters: InterimKind, anchor: AnyEvent) -> Finding:
    """An interim measure is precautionary in name and in fact: it comes before the outcome and ends with it."""
    measure = anchor.act
    if not isinstance(measure, InterimMeasureImposed) or measure.nature == "penalty":
        return view.weigh(anchor, failed(phrase("It is imposed as a penalty."), entries=(anchor.seq,), cures=(_LIFT,)))
    outcomes = [] if parameters.after_outcome else [one for one in view.all(DecisionMade) if one.act.kind == "outcome"]
    established = [one for one in outcomes if one.established]
    for outcome in established:
        if outcome.before(anchor) is True:
            because = phrase("It was imposed after the outcome was decided, when nothing was left to guard against.")
            return view.weigh(anchor, failed(because, entries=(outcome.seq, anchor.seq), cures=(_LIFT,)))
        if not _ended(view, anchor, measure):
            because = phrase("It still holds although the outcome is decided.")
            return view.weigh(anchor, failed(because, entries=(anchor.seq, outcome.seq), cures=(_LIFT,)))
    if len(outcomes) > len(established):
        because = phrase("An outcome is asserted; whether the measure came before it is not shown.")
        return unknown(because, entries=(anchor.seq, *(one.seq for one in outcomes)))
    return view.weigh(
        anchor, passed(phrase("It holds only until the outcome, and is no penalty."), entries=(anchor.seq,))
    )


def _ended(view: View, anchor: AnyEvent, measure: InterimMeasureImposed) -> bool:
    """Return whether the measure is over, by its own term or by a review that lifted it."""
    reviews = [one.act for one in view.supporting(InterimMeasureReviewed) if one.act.measure == anchor.seq]
    if any(one.outcome == "lifted" for one in reviews):
        return True
    return measure.until is not None and measure.until <= view.now
