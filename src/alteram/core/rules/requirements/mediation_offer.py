"""Mediation is on offer only with a mediator both sides chose and the proceedings paused (RONR 12th ed. 61:4 on
settling first; the practice of dispute tribunals). An offer while the motion stays on the table is none. What was
said in mediation is never read.
"""

from alteram.core.acts import MediationOffered, MediatorChosen, MotionPut, ProceedingsPaused, ProceedingsResumed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_standing


class MediationOffer(Parameters, frozen=True, kw_only=True):
    """`paused`: whether the proceedings must be paused."""

    paused: bool = True


_CHOOSE = Cure(
    "mediator.chosen", ("case-manager", "complainant", "respondent"), phrase("Let both sides choose the mediator.")
)
_PAUSE = Cure("proceedings.paused", ("case-manager", "chair"), phrase("Pause the proceedings for the mediation."))


@requirement(
    "mediation-offer",
    covers=("R10",),
    parameters=MediationOffer,
    anchors=(MediationOffered,),
    reads=(MediatorChosen, ProceedingsPaused, ProceedingsResumed, MotionPut),
)
def check_mediation_offer(view: View, parameters: MediationOffer, anchor: AnyEvent) -> Finding:
    """An offer of mediation counts once both sides chose the mediator and the proceedings are paused."""
    answers = [_mediator(view, anchor)]
    if parameters.paused:
        answers.append(_pause(view, anchor))
    return view.weigh(anchor, worst(answers))


def _mediator(view: View, anchor: AnyEvent) -> Finding:
    sure, doubtful = find_standing(view, view.all(MediatorChosen))
    joint = [one for one in sure if _by_both(view, one)]
    if joint:
        return passed(phrase("Both sides chose the mediator."), entries=(anchor.seq, joint[-1].seq))
    because = phrase("One side alone chose the mediator.") if sure else phrase("No mediator was chosen by both sides.")
    return view.missing(
        anchor, because, thing="joint-mediator", alleged=doubtful, acts=("mediator.chosen",), cures=(_CHOOSE,)
    )


def _by_both(view: View, chosen: Event[MediatorChosen]) -> bool:
    by = frozenset(chosen.act.chosen_by)
    return bool(by & view.holders("complainant")) and bool(by & view.holders("respondent"))


def _pause(view: View, anchor: AnyEvent) -> Finding:
    pauses, doubtful = find_standing(view, [one for one in view.all(ProceedingsPaused) if one.act.why == "mediation"])
    if not pauses:
        because = phrase("The proceedings were not paused for it.")
        return view.missing(
            anchor, because, thing="pause", alleged=doubtful, acts=("proceedings.paused",), cures=(_PAUSE,)
        )
    meanwhile = [one for one in view.all(MotionPut) if pauses[-1].before(one) and not _resumed(view, pauses[-1], one)]
    if any(one.established for one in meanwhile):
        entries = (anchor.seq, pauses[-1].seq, *(one.seq for one in meanwhile))
        because = phrase("A motion was put while the proceedings were said to be paused.")
        return failed(because, entries=entries, incurable=phrase("The motion was put; begin again with another offer."))
    return passed(phrase("The proceedings were paused for it."), entries=(anchor.seq, pauses[-1].seq))


def _resumed(view: View, pause: AnyEvent, motion: AnyEvent) -> bool:
    resumed = [one for one in view.supporting(ProceedingsResumed) if one.act.pause == pause.seq]
    return any(one.before(motion) for one in resumed)
