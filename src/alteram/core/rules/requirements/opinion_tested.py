"""What an expulsion rests on can be tested by somebody else (Awatere Huata v Prebble CA34/04; SC CIV 9/2004).

It must be there: reasons, and what they rest on. Whether it was one that could reasonably be held is for a judge, an
appeal body, or a reasoned ruling.
"""

from alteram.core.acts import AppealDecided, AppealLodged, DecisionMade, SanctionImposed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class OpinionTested(Parameters, frozen=True, kw_only=True):
    """`sanctions`: those whose opinion must be tested."""

    sanctions: tuple[str, ...] = ("expulsion",)


_RULING = Cure("ruling.made", ("custodian", "appeal-decider"), phrase("Rule, with reasons, on whether it is tenable."))


@requirement(
    "opinion-tested",
    covers=("C9",),
    parameters=OpinionTested,
    anchors=(SanctionImposed,),
    reads=(DecisionMade, AppealLodged, AppealDecided),
    applies=lambda parameters, anchor: getattr(anchor.act, "sanction", "") in parameters.sanctions,
    may_be_ruled=True,
)
def check_opinion_tested(view: View, _parameters: OpinionTested, anchor: AnyEvent) -> Finding:
    """An expulsion rests on reasons and evidence that can be tested, and somebody else found them tenable."""
    decision = view.find(anchor.act.decision) if isinstance(anchor.act, SanctionImposed) else None
    if decision is None or not isinstance(decision.act, DecisionMade):
        because = phrase("The sanction names no decision, so nobody can test what it rests on.")
        return view.missing(anchor, because, acts=("decision.made",), cures=(_RULING,))
    entries = (decision.seq, anchor.seq)
    if decision.act.reasons is None or not decision.act.exhibits:
        because = phrase("The decision gives no reasons, or names nothing that they rest on.")
        cure = Cure("decision.made", ("chair", "decider"), phrase("Decide again, with reasons and evidence."))
        return view.missing(anchor, because, thing="reasons", acts=("decision.made",), cures=(cure,))
    tested = _find_test(view, {anchor.seq, decision.seq})
    if tested is None:
        because = phrase("Whether the opinion is tenable was not tested by anybody else.")
        return unknown(because, entries=entries, missing=("ruling.made",), cures=(_RULING,))
    if isinstance(tested.act, AppealDecided) and tested.act.outcome == "upheld":
        because = phrase("On appeal the opinion was found tenable.")
        return view.weigh(anchor, passed(because, entries=(*entries, tested.seq)))
    because = phrase("On appeal the opinion did not stand.")
    cure = Cure("sanction.lifted", ("chair", "appeal-decider"), phrase("Lift it, as was decided on appeal."))
    return view.weigh(anchor, failed(because, entries=(*entries, tested.seq), cures=(cure,)))


def _find_test(view: View, appealed: set[int]) -> AnyEvent | None:
    appeals = {one.seq for one in view.all(AppealLodged) if one.act.against in appealed}
    decided = [one for one in view.supporting(AppealDecided) if one.act.appeal in appeals]
    return decided[-1] if decided else None
