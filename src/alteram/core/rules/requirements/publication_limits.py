"""What is published of an outcome stays within the rules: not more than they allow, and not while an appeal is open.

RONR 12th ed. ch. XX: after an expulsion only the fact that a membership ended is disclosed. It reads whom the
publication names, never its words.
"""

from typing import Literal, TypeAlias

from alteram.core.acts import (
    AppealDecided,
    AppealLodged,
    AppealRefused,
    DecisionMade,
    OutcomePublished,
    SanctionImposed,
)
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Finding, failed, passed, silent, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

Names: TypeAlias = Literal["nobody", "ceased-membership-only", "respondent"]
_ORDER: tuple[Names, ...] = ("nobody", "ceased-membership-only", "respondent")
_SAID = phrase("What is published cannot be made secret again.")


class PublicationLimits(Parameters, frozen=True, kw_only=True):
    """`most`: whom a publication may name at most; `ends_membership`: the sanctions that end a membership."""

    most: Names = "ceased-membership-only"
    ends_membership: tuple[str, ...] = ("expulsion",)


@requirement(
    "publication-limits",
    covers=("R9",),
    parameters=PublicationLimits,
    anchors=(OutcomePublished,),
    reads=(DecisionMade, SanctionImposed, AppealLodged, AppealDecided, AppealRefused),
)
def check_publication_limits(view: View, parameters: PublicationLimits, anchor: AnyEvent) -> Finding:
    """A publication of the outcome names no more than the rules allow, and waits for an open appeal."""
    act = anchor.act
    if not isinstance(act, OutcomePublished):
        return silent(phrase("No outcome was published."))
    because = _too_much(view, parameters, act)
    if because:
        return view.weigh(anchor, failed(because, entries=(anchor.seq, act.decision), incurable=_SAID))
    decision = view.find(act.decision)
    if decision is None or not decision.supports(view.protected):
        return unknown(phrase("What was decided is not shown."), entries=(anchor.seq,), missing=("decision.made",))
    pending = _open_appeals(view, anchor, act) if act.names != "nobody" else []
    if pending:
        because = phrase("It was published while an appeal was open.")
        return view.weigh(anchor, failed(because, entries=(*pending, anchor.seq), incurable=_SAID))
    return view.weigh(
        anchor, passed(phrase("It names no more than the rules allow."), entries=(act.decision, anchor.seq))
    )


def _too_much(view: View, parameters: PublicationLimits, act: OutcomePublished) -> str:
    if _ORDER.index(act.names) > _ORDER.index(parameters.most):
        return phrase(
            "It names {named}; the rules allow at most {most}.",
            named=_worded(act.names),
            most=_worded(parameters.most),
        )
    if act.names == "respondent" and _cleared(view, act):
        return phrase("It names the person although nothing was proved.")
    ended = any(
        one.act.sanction in parameters.ends_membership and one.act.decision == act.decision
        for one in view.supporting(SanctionImposed)
    )
    if act.names == "ceased-membership-only" and not ended:
        return phrase("It says that a membership ended, and nothing shows that it did.")
    return ""


def _worded(names: Names) -> str:
    return {
        "nobody": phrase("nobody"),
        "ceased-membership-only": phrase("that a membership ended"),
        "respondent": phrase("the person"),
    }[names]


def _cleared(view: View, act: OutcomePublished) -> bool:
    return any(one.seq == act.decision and not one.act.proved for one in view.all(DecisionMade))


def _open_appeals(view: View, anchor: AnyEvent, act: OutcomePublished) -> list[int]:
    concerned = {act.decision, *(one.seq for one in view.all(SanctionImposed) if one.act.decision == act.decision)}
    answered = {one.act.appeal for one in view.all(AppealDecided) if one.before(anchor) is True}
    answered |= {one.act.appeal for one in view.all(AppealRefused) if one.before(anchor) is True}
    return [
        one.seq
        for one in view.all(AppealLodged)
        if one.act.against in concerned and one.before(anchor) is not False and one.seq not in answered
    ]
