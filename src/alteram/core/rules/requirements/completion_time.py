"""The matter ends in time, and its outcome is sent in time (OIA framework for student complaints).

The target runs from the acceptance of the matter; pauses are not counted. A preliminary decision does not end a matter.
"""

from alteram.core.acts import DecisionMade, DecisionServed, MatterAccepted, MatterClosed, MatterDeclined
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding
from alteram.core.rules.measuring import Measured, measure_within
from alteram.core.rules.pauses import PAUSING, without_pauses
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_not_done, judge_period


class CompletionTime(Parameters, frozen=True, kw_only=True):
    """`within`: from acceptance to the outcome. `letter_within`: from the outcome to its service (none: not asked)."""

    within: Period
    letter_within: Period | None = None


@requirement(
    "completion-time",
    covers=("T6",),
    parameters=CompletionTime,
    anchors=(MatterAccepted, DecisionMade),
    reads=(MatterClosed, MatterDeclined, DecisionServed, *PAUSING),
    applies=lambda parameters, anchor: (
        isinstance(anchor.act, MatterAccepted)
        or (parameters.letter_within is not None and getattr(anchor.act, "kind", "") != "preliminary")
    ),
)
def check_completion_time(view: View, parameters: CompletionTime, anchor: AnyEvent) -> Finding:
    """The matter comes to its outcome within the period, and the outcome is served within another."""
    if isinstance(anchor.act, MatterAccepted):
        ended = _find_ended(view, anchor)
        return _judge(view, anchor, ended, parameters.within, what=phrase("The matter"), act="decision.made")
    served: list[AnyEvent] = [
        one
        for one in view.supporting(DecisionServed)
        if one.act.decision == anchor.seq and one.act.to in view.protected
    ]
    within = parameters.letter_within or parameters.within
    return _judge(view, anchor, served, within, what=phrase("The letter"), act="decision.served")


def _find_ended(view: View, anchor: AnyEvent) -> list[AnyEvent]:
    ends: list[AnyEvent] = [one for one in view.supporting(DecisionMade) if one.act.kind != "preliminary"]
    ends += [*view.supporting(MatterClosed), *view.supporting(MatterDeclined)]
    return sorted((one for one in ends if anchor.before(one)), key=lambda one: one.seq)


def _judge(view: View, anchor: AnyEvent, ends: list[AnyEvent], within: Period, *, what: str, act: str) -> Finding:
    end = ends[0].when if ends else When(view.now)
    counted, paused = without_pauses(view, anchor.when, end)
    measured = measure_within(anchor.when, within, counted, view.calendar)
    measured = Measured(measured.kept, measured.end, (*measured.working, *paused))
    if not ends:
        because = phrase("{what} was not finished within {within}.", what=what, within=within)
        cure = Cure(act, ("chair", "secretary"), phrase("{what} is to be finished.", what=what))
        return judge_not_done(view, anchor, measured, because=because, acts=(act,), cures=(cure,))
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("{what} was finished in time.", what=what),
        missed=phrase("{what} took longer than {within}.", what=what, within=within),
        entries=(ends[0].seq,),
        incurable=phrase("The time has passed."),
    )
