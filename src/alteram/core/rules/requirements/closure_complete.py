"""A closing says who approved it, what was done, what was learned, that the reporter was told, and which reviews stay
open.

ISO 37002:2021 cl. 8.5. That the reporter was told is shown by what was sent to them, not by the closing's own word.
"""

from typing import Literal, TypeAlias

from alteram.core.acts import DecisionServed, MatterClosed, ReporterInformed
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before

Item: TypeAlias = Literal["actions", "lessons", "reporter-told", "review-routes"]
_WORDS: dict[Item, str] = {
    "actions": "what was done",
    "lessons": "what was learned",
    "reporter-told": "that the reporter was told",
    "review-routes": "which reviews stay open",
}
_AGAIN = Cure("matter.reopened", ("case-manager", "custodian", "appeal-decider"), "Reopen it, and close it in full.")


class ClosureComplete(Parameters, frozen=True, kw_only=True):
    """`items`: what a closing must say beside who approved it."""

    items: tuple[Item, ...] = ("actions", "lessons", "reporter-told", "review-routes")


@requirement(
    "closure-complete",
    covers=("I10",),
    parameters=ClosureComplete,
    anchors=(MatterClosed,),
    reads=(ReporterInformed, DecisionServed),
)
def check_closure_complete(view: View, parameters: ClosureComplete, anchor: AnyEvent) -> Finding:
    """A closing is approved by nobody concerned and says everything that the rules ask of it."""
    act = anchor.act
    if not isinstance(act, MatterClosed) or act.approved_by in _sides(view):
        because = "A party to the matter approved its closing."
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), cures=(_AGAIN,)))
    lacking = [_WORDS[item] for item in parameters.items if not _stated(view, anchor, act, item)]
    if lacking:
        because = f"The closing does not show {', nor '.join(lacking)}."
        return view.missing(anchor, because, acts=("matter.closed",), cures=(_AGAIN,))
    return view.weigh(anchor, passed("The closing says everything that is asked of it.", entries=(anchor.seq,)))


def _sides(view: View) -> frozenset[str]:
    return find_ever_holders(view.facts.matter, "respondent") | find_ever_holders(view.facts.matter, "complainant")


def _stated(view: View, anchor: AnyEvent, act: MatterClosed, item: Item) -> bool:
    match item:
        case "actions":
            return act.actions is not None
        case "lessons":
            return act.lessons is not None
        case "review-routes":
            return act.review_routes
        case "reporter-told":
            return act.reporter_told and _told(view, anchor)


def _told(view: View, anchor: AnyEvent) -> bool:
    informed, _ = find_before(view, anchor, [one for one in view.all(ReporterInformed) if one.act.phase == "outcome"])
    reporters = view.holders("complainant") | view.holders("reporter")
    served, _ = find_before(view, anchor, [one for one in view.all(DecisionServed) if one.act.to in reporters])
    return bool(informed or served)
