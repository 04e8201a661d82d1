"""An appeal comes within its window (PWSS Act 2023: 28 days; common practice: 5 working days; Debian: 30 days).

The window opens when the decision reaches the one who appeals, and not before: what was never served can be appealed
at any time. It does not say whether a late appeal may be let in; that is a departure.
"""

from datetime import datetime

from alteram.core.acts import AppealLodged, DecisionMade, DecisionServed, ExtensionGranted, SanctionImposed
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Finding, passed, silent
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING, find_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before, judge_period


class AppealInWindow(Parameters, frozen=True, kw_only=True):
    """`within`: the window."""

    within: Period


@requirement(
    "appeal-in-window",
    covers=("A14", "P3", "T4"),
    parameters=AppealInWindow,
    anchors=(AppealLodged,),
    reads=(DecisionMade, SanctionImposed, DecisionServed, ExtensionGranted, *SERVING),
)
def check_appeal_in_window(view: View, parameters: AppealInWindow, anchor: AnyEvent) -> Finding:
    """An appeal is lodged within the window that opens when the decision reaches the one who appeals."""
    if not isinstance(anchor.act, AppealLodged) or anchor.actor is None:
        return silent(phrase("Nobody is named who appealed."))
    against = view.find(anchor.act.against)
    carried_out = against.act.decision if against is not None and isinstance(against.act, SanctionImposed) else None
    served, _ = find_before(view, anchor, view.all(DecisionServed))
    reached = [one for one in served if one.act.decision in {anchor.act.against, carried_out}]
    own = [one for one in reached if one.act.to == anchor.actor]
    if not own:
        because = phrase("What is appealed was never served on the one who appeals, so the window has not closed.")
        return view.nothing_against(anchor, because)
    measured = measure_within(find_delivery(view, own[0], anchor.actor), parameters.within, anchor.when, view.calendar)
    extended = [
        one for one in find_before(view, anchor, view.all(ExtensionGranted))[0] if _covers(one.act.until, anchor)
    ]
    if extended and not measured.kept:
        entries = (own[0].seq, extended[0].seq, anchor.seq)
        return view.weigh(anchor, passed(phrase("More time was granted."), entries=entries, working=measured.working))
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("The appeal came within its window."),
        missed=phrase("The appeal came later than {within} after the decision was served.", within=parameters.within),
        entries=(own[0].seq,),
        incurable=phrase("The window has closed."),
    )


def _covers(until: datetime, anchor: AnyEvent) -> bool:
    return anchor.when.last is not None and until >= anchor.when.last
