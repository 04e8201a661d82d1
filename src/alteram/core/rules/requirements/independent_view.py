"""Somebody independent is asked for a view before an allegation is decided (Localism Act 2011 s 28).

Independent means: no member of the body, no part in the matter. The view need not be followed; the decision shows that
it was there.
"""

from alteram.core.acts import DecisionMade, ViewSought
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.decisions import burdens
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before


class IndependentView(Parameters, frozen=True, kw_only=True):
    """`outsider`: whether a member of the organisation can be independent."""

    outsider: bool = True


@requirement(
    "independent-view",
    covers=("U11",),
    parameters=IndependentView,
    anchors=(DecisionMade,),
    reads=(ViewSought,),
    applies=lambda _parameters, anchor: burdens(anchor.act),
)
def check_independent_view(view: View, parameters: IndependentView, anchor: AnyEvent) -> Finding:
    """The view of somebody independent was sought before the decision."""
    sure, doubtful = find_before(view, anchor, view.all(ViewSought))
    free = [one for one in sure if _independent(view, parameters, one)]
    if free:
        because = phrase("The view of somebody independent was sought first.")
        return view.weigh(anchor, passed(because, entries=(free[-1].seq, anchor.seq)))
    because = (
        phrase("A view was sought, but not from somebody independent.")
        if sure
        else phrase("Nobody independent was asked first.")
    )
    cure = Cure("view.sought", ("case-manager", "chair"), phrase("Ask somebody from outside, then decide again."))
    return view.missing(anchor, because, alleged=doubtful, acts=("view.sought",), cures=(cure,))


def _independent(view: View, parameters: IndependentView, sought: Event[ViewSought]) -> bool:
    person = sought.act.person
    outside = not parameters.outsider or person not in view.facts.roll.members
    return sought.act.independent and outside and person not in _playing(view)


def _playing(view: View) -> frozenset[PersonId]:
    return frozenset(one.person for one in view.facts.holdings)
