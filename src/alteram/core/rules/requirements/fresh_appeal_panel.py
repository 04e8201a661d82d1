"""Nobody hears an appeal against what they had a part in (House of Commons SO 150B(6); Acas Code para 27).

Whoever decided or voted before, and whoever held one of the excluded roles in this or a linked matter, is not fresh.
Where nobody knows who decided before, it is not known whether the panel is.
"""

from alteram.core.acts import (
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    DecisionMade,
    InterimMeasureImposed,
    MatterDeclined,
    PersonRecused,
    SanctionImposed,
    VoteTaken,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.capacities import find_body_members
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.people import find_deciders, find_stood_down
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

#: What may be appealed against.
_APPEALABLE = (DecisionMade, SanctionImposed, InterimMeasureImposed, MatterDeclined)
_CURE = Cure("appeal-panel.formed", ("secretary", "custodian"), "Form a panel of people who had no part before.")


class FreshAppealPanel(Parameters, frozen=True, kw_only=True):
    """`excluded`: roles whose holders, past or present, may not sit beside those who decided before."""

    excluded: tuple[Role, ...] = ("complainant", "respondent", "reporter", "witness", "investigator", "case-manager")
    including_linked: bool = True


@requirement(
    "fresh-appeal-panel",
    covers=("U3", "A13", "T4", "P3"),
    parameters=FreshAppealPanel,
    anchors=(AppealPanelFormed, AppealDecided),
    reads=(
        DecisionMade,
        SanctionImposed,
        InterimMeasureImposed,
        MatterDeclined,
        VoteTaken,
        AppealLodged,
        PersonRecused,
    ),
)
def check_fresh_appeal_panel(view: View, parameters: FreshAppealPanel, anchor: AnyEvent) -> Finding:
    """Whoever hears an appeal had no part in what is appealed."""
    panel = _find_panel(view, anchor)
    if not panel:
        because = "Nothing shows who heard the appeal."
        return view.missing(anchor, because, acts=("appeal-panel.formed",), cures=(_CURE,))
    taken_part = _find_taken_part(view, parameters, anchor, panel)
    if taken_part:
        named = ", ".join(f"{person} ({part})" for person, part in sorted(taken_part.items()))
        because = f"On the appeal sit people who had a part before: {named}."
        finding = failed(because, entries=(anchor.seq,), missing=("appeal-panel.formed",), cures=(_CURE,))
        return view.weigh(anchor, finding)
    decisions = _find_decisions(view, anchor)
    unnamed = [one.seq for one in decisions if not _find_first_deciders(view, one)]
    if unnamed or not decisions:
        return unknown("It is not known who decided before.", entries=(*unnamed, anchor.seq))
    entries = (*(one.seq for one in decisions), anchor.seq)
    return view.weigh(anchor, passed("Nobody on the appeal had a part before.", entries=entries))


def _find_panel(view: View, anchor: AnyEvent) -> frozenset[PersonId]:
    """Return who hears the appeal: those named in its outcome, else the panel formed for it, less who stood down."""
    if isinstance(anchor.act, AppealPanelFormed):
        return frozenset(anchor.act.members) - find_stood_down(view, "appeal-decider", anchor)
    named = find_deciders(view, anchor)
    formed = [one.act.members for one in view.supporting(AppealPanelFormed) if one.before(anchor)]
    return named or frozenset(formed[-1] if formed else ()) - find_stood_down(view, "appeal-decider", anchor)


def _find_taken_part(
    view: View, parameters: FreshAppealPanel, anchor: AnyEvent, panel: frozenset[PersonId]
) -> dict[PersonId, str]:
    parts: dict[PersonId, str] = {}
    for role in parameters.excluded:
        linked = (one.holders(role) for one in view.facts.linked if parameters.including_linked)
        holders = find_ever_holders(view.facts.matter, role).union(*linked)
        parts.update(dict.fromkeys(holders & panel, role))
    for decision in _find_decisions(view, anchor):
        parts.update(dict.fromkeys(_find_first_deciders(view, decision) & panel, "decided"))
    for vote in view.all(VoteTaken):
        if vote.before(anchor) is not False and not _on_appeal(view, vote.act.motion):
            parts.update(dict.fromkeys(panel.intersection(vote.act.voters), "voted"))
    return parts


def _find_decisions(view: View, anchor: AnyEvent) -> list[AnyEvent]:
    """Return what was decided before: every decision, and what is appealed against where that is something else."""
    decisions: list[AnyEvent] = [one for one in view.all(DecisionMade) if one.before(anchor) is not False]
    appealed = {view.find(one.act.against) for one in view.all(AppealLodged)}
    others = (one for one in appealed if one is not None and not isinstance(one.act, DecisionMade | SanctionImposed))
    return [*decisions, *others]


def _find_first_deciders(view: View, decision: AnyEvent) -> frozenset[PersonId]:
    """Return who took a decision: those named, those who voted, else everybody in the body it was taken by."""
    if not isinstance(decision.act, DecisionMade):
        return frozenset(() if decision.actor is None else (decision.actor,))
    named = find_deciders(view, decision)
    body = view.rulebook.find_body(decision.act.body or "")
    return named or (find_body_members(view.facts, body) if body is not None else frozenset())


def _on_appeal(view: View, motion: str) -> bool:
    return any(motion in one.act.motions for one in view.all(AppealDecided))
