"""A closing says who approved it, what was done, what was learned, that the reporter was told, and which reviews stay
open.

ISO 37002:2021 cl. 8.5. That the reporter was told is shown by what was sent to them, not by the closing's own word.
"""

from typing import Literal, TypeAlias

from alteram.core.acts import (
    DecisionMade,
    DecisionServed,
    MatterClosed,
    MatterDeclined,
    MediationSettled,
    ReferralAnswered,
    ReporterInformed,
    ReportWithdrawn,
    SecondKeyGiven,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.phrases import join, phrase
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.decisions import is_preliminary
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before

Item: TypeAlias = Literal["actions", "lessons", "reporter-told", "review-routes", "ended", "approval"]
_ENDINGS: tuple[type[Act], ...] = (DecisionMade, MatterDeclined, ReportWithdrawn, MediationSettled, ReferralAnswered)
_WORDS: dict[Item, str] = {
    "actions": phrase("what was done"),
    "lessons": phrase("what was learned"),
    "reporter-told": phrase("that the reporter was told"),
    "review-routes": phrase("which reviews stay open"),
    "ended": phrase("how the matter ended: decided, declined, settled, taken up outside or freely withdrawn"),
    "approval": phrase("that somebody else approved it by their own act"),
}
_AGAIN = Cure(
    "matter.reopened", ("case-manager", "custodian", "appeal-decider"), phrase("Reopen it, and close it in full.")
)


class ClosureComplete(Parameters, frozen=True, kw_only=True):
    """`items`: what a closing must say, and the record show, beside who approved it.

    `ended`: the matter came to an end before. `approval`: who approved gave the second key.
    """

    items: tuple[Item, ...] = ("actions", "lessons", "reporter-told", "review-routes")


@requirement(
    "closure-complete",
    covers=("I10",),
    parameters=ClosureComplete,
    anchors=(MatterClosed,),
    reads=(ReporterInformed, DecisionServed, SecondKeyGiven, *_ENDINGS),
)
def check_closure_complete(view: View, parameters: ClosureComplete, anchor: AnyEvent) -> Finding:
    """A closing is approved by nobody concerned and says everything that the rules ask of it."""
    act = anchor.act
    if not isinstance(act, MatterClosed) or act.approved_by in _sides(view):
        because = phrase("A party to the matter approved its closing.")
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), cures=(_AGAIN,)))
    lacking = [_WORDS[item] for item in parameters.items if not _stated(view, anchor, act, item)]
    if lacking:
        because = phrase("The closing does not show {lacking}.", lacking=join(phrase(", nor "), lacking))
        return view.missing(anchor, because, acts=("matter.closed",), cures=(_AGAIN,))
    return view.weigh(anchor, passed(phrase("The closing says everything that is asked of it."), entries=(anchor.seq,)))


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
        case "ended":
            return bool(find_before(view, anchor, [one for one in view.all(*_ENDINGS) if _ends(one.act)])[0])
        case "approval":
            keys = [one for one in view.all(SecondKeyGiven) if one.act.to_act == "matter.closed"]
            given, _ = find_before(view, anchor, [one for one in keys if one.actor == act.approved_by])
            return bool(given) and act.approved_by != anchor.actor


def _ends(act: Act) -> bool:
    match act:
        case DecisionMade():
            return not is_preliminary(act)
        case ReportWithdrawn(freely=freely):
            return freely
        case ReferralAnswered(outcome=outcome):
            return outcome != "declined"
        case _:
            return True


def _told(view: View, anchor: AnyEvent) -> bool:
    informed, _ = find_before(view, anchor, [one for one in view.all(ReporterInformed) if one.act.phase == "outcome"])
    reporters = view.holders("complainant") | view.holders("reporter")
    served, _ = find_before(view, anchor, [one for one in view.all(DecisionServed) if one.act.to in reporters])
    return bool(informed or served)
