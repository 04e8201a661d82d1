"""A serious breach by somebody who still belongs goes to the authority that stands above the body.

PWSS Act 2023 (Cth) s 24A. Which breaches are serious is a parameter. It reads which charges were proved and whether a
referral followed; what the other body made of it is not asked.
"""

from alteram.core.acts import (
    AllegationsAmended,
    AllegationsStated,
    DecisionMade,
    MatterReferred,
)
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_standing


class SeriousReferred(Parameters, frozen=True, kw_only=True):
    """`breaches`: those that are serious; `within`: how soon after the decision they are referred."""

    breaches: tuple[str, ...]
    within: Period


@requirement(
    "serious-referred",
    covers=("P5",),
    parameters=SeriousReferred,
    anchors=(DecisionMade,),
    reads=(AllegationsStated, AllegationsAmended, MatterReferred),
    applies=lambda _parameters, anchor: isinstance(anchor.act, DecisionMade) and bool(anchor.act.proved),
)
def check_serious_referred(view: View, parameters: SeriousReferred, anchor: AnyEvent) -> Finding:
    """A serious breach proved against a present member is referred outside in time."""
    proved = anchor.act.proved if isinstance(anchor.act, DecisionMade) else ()
    breaches = _breaches(view)
    if not all(name in breaches for name in proved):
        return unknown(
            phrase("Which breach was proved is not shown."), entries=(anchor.seq,), missing=("allegations.stated",)
        )
    if not any(breaches[name] in parameters.breaches for name in proved):
        return view.weigh(anchor, passed(phrase("No serious breach was proved."), entries=(anchor.seq,)))
    if not view.protected & view.facts.roll.members:
        return view.weigh(anchor, passed(phrase("The person no longer belongs."), entries=(anchor.seq,)))
    return view.weigh(anchor, _referred(view, parameters, anchor))


def _breaches(view: View) -> dict[str, str]:
    found = {one.id: one.breach for event in view.supporting(AllegationsStated) for one in event.act.allegations}
    return found | {
        one.id: one.breach for event in view.supporting(AllegationsAmended) for one in event.act.allegations
    }


def _referred(view: View, parameters: SeriousReferred, anchor: AnyEvent) -> Finding:
    sure, doubtful = find_standing(view, view.all(MatterReferred))
    when = sure[0].when if sure else When(view.now, None)
    measured = measure_within(anchor.when, parameters.within, when, view.calendar)
    entries = (anchor.seq, *(one.seq for one in sure))
    if sure and measured.kept:
        return passed(phrase("A serious breach was referred in time."), entries=entries, working=measured.working)
    cure = Cure("matter.referred", ("case-manager", "custodian", "chair"), phrase("Refer the finding outside."))
    if sure and measured.kept is False:
        because = phrase("It was referred later than {within} after the decision.", within=parameters.within)
        return failed(because, entries=entries, working=measured.working, incurable=phrase("It was late."))
    if measured.kept is None:
        because = phrase("The referral is still to be made, or when it was made is not known.")
        return unknown(because, entries=entries, working=measured.working, cures=(cure,))
    because = phrase("A serious breach was proved, and not referred outside.")
    return view.missing(
        anchor, because, alleged=doubtful, acts=("matter.referred",), cures=(cure,), working=measured.working
    )
