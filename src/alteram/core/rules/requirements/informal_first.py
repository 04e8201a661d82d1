"""An informal way is tried before the formal one, or it is said why not (RONR 12th ed. 61:4; BC Civil Resolution
Tribunal).

Mediation was offered, or the matter was found too grave for it at triage, or somebody ruled why it would not do. What
came of the attempt is not asked.
"""

from typing import Literal

from alteram.core.acts import MediationOffered, NoticeServed, TriageDecided
from alteram.core.kernel.phrases import as_word, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before


class InformalFirst(Parameters, frozen=True, kw_only=True):
    """`unless`: how grave a matter must be at triage for the informal way to be left out."""

    unless: tuple[Literal["low", "medium", "high"], ...] = ("high",)


@requirement(
    "informal-first",
    covers=("R10", "T5"),
    parameters=InformalFirst,
    anchors=(NoticeServed,),
    reads=(MediationOffered, TriageDecided),
    may_be_ruled=True,
)
def check_informal_first(view: View, parameters: InformalFirst, anchor: AnyEvent) -> Finding:
    """Before notice of a charge, an informal way was offered, unless the matter was too grave."""
    offered, doubtful = find_before(view, anchor, view.all(MediationOffered))
    if offered:
        because = phrase("An informal way was offered first.")
        return view.weigh(anchor, passed(because, entries=(offered[-1].seq, anchor.seq)))
    scored, _ = find_before(view, anchor, view.all(TriageDecided))
    if scored and scored[-1].act.score in parameters.unless:
        because = phrase("At triage the matter was found too grave: {score}.", score=as_word(str(scored[-1].act.score)))
        return view.weigh(anchor, passed(because, entries=(scored[-1].seq, anchor.seq)))
    return view.missing(
        anchor,
        phrase("No informal way was offered first, and nothing says why not."),
        alleged=doubtful,
        acts=("mediation.offered",),
        cures=(
            Cure(
                "mediation.offered", ("case-manager", "chair"), phrase("Offer mediation, then serve the notice again.")
            ),
            Cure("ruling.made", view.demand.ruled_by, phrase("Say with reasons why an informal way would not do.")),
        ),
    )
