"""Those who decided explain themselves to those who review it, soon after the appeal (Debian account managers, 2019).

What they say is not read. It counts whoever of them was heard on it; who takes the statement down is an officer's task.
"""

from alteram.core.acts import AppealLodged, StatementTaken, VoteTaken
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.appeals import APPEALABLE, find_decisions, find_first_deciders
from alteram.core.rules.findings import Cure, Finding, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_not_done, judge_period


class DecidersExplain(Parameters, frozen=True, kw_only=True):
    """`within`: how soon after the appeal one of those who decided has explained the decision."""

    within: Period


@requirement(
    "deciders-explain",
    covers=("T4",),
    parameters=DecidersExplain,
    anchors=(AppealLodged,),
    reads=(*APPEALABLE, VoteTaken, StatementTaken),
)
def check_deciders_explain(view: View, parameters: DecidersExplain, anchor: AnyEvent) -> Finding:
    """One of those who decided states why to those who review it, within the period after the appeal."""
    deciders = {person for decision in find_decisions(view, anchor) for person in find_first_deciders(view, decision)}
    if not deciders:
        return unknown(phrase("Who decided what is appealed is not shown."), entries=(anchor.seq,))
    stated = [
        one
        for one in view.all(StatementTaken)
        if one.act.person in deciders and anchor.before(one) is not False and not one.corrected
    ]
    sure = [one for one in stated if one.supports(view.protected)]
    if not sure:
        return judge_not_done(
            view,
            anchor,
            measure_within(anchor.when, parameters.within, When(view.now), view.calendar),
            because=phrase("None of those who decided explained the decision to those who review it."),
            alleged=stated,
            acts=("statement.taken",),
            cures=(Cure("statement.taken", ("case-manager", "investigator"), phrase("Take down what they say.")),),
        )
    return judge_period(
        view,
        anchor,
        measure_within(anchor.when, parameters.within, sure[0].when, view.calendar),
        kept=phrase("Those who decided explained the decision in time."),
        missed=phrase("Those who decided explained the decision later than {within}.", within=parameters.within),
        entries=(sure[0].seq,),
        incurable=phrase("The time has passed."),
    )
