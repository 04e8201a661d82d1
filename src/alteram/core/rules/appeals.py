"""Who had a part in what is appealed: those who decided or voted before, and those who held a part that excludes.

It names people only; whether they may hear or refuse the appeal is asked by the requirements.
"""

from collections.abc import Iterable

from alteram.core.acts import (
    AppealDecided,
    AppealLodged,
    DecisionMade,
    InterimMeasureImposed,
    MatterDeclined,
    SanctionImposed,
    VoteTaken,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.capacities import find_body_members
from alteram.core.rules.people import find_deciders
from alteram.core.rules.view import View

#: What a requirement must declare to ask `find_taken_part`.
APPEALABLE = (DecisionMade, SanctionImposed, InterimMeasureImposed, MatterDeclined)
APPEALING = (*APPEALABLE, VoteTaken, AppealLodged, AppealDecided)


def find_taken_part(
    view: View, anchor: AnyEvent, people: frozenset[PersonId], excluded: Iterable[Role], *, including_linked: bool
) -> dict[PersonId, str]:
    """Return who of `people` had a part before the appeal that `anchor` is about, each with the part."""
    parts: dict[PersonId, str] = {}
    for role in excluded:
        linked = (one.holders(role) for one in view.facts.linked if including_linked)
        holders = find_ever_holders(view.facts.matter, role).union(*linked)
        parts.update(dict.fromkeys(holders & people, role))
    for decision in find_decisions(view, anchor):
        parts.update(dict.fromkeys(find_first_deciders(view, decision) & people, phrase("decided")))
    for vote in view.all(VoteTaken):
        if vote.before(anchor) is not False and not _on_appeal(view, vote.act.motion):
            parts.update(dict.fromkeys(people.intersection(vote.act.voters), phrase("voted")))
    return parts


def find_decisions(view: View, anchor: AnyEvent) -> list[AnyEvent]:
    """Return what was decided before: every decision, and what is appealed against where that is something else."""
    decisions: list[AnyEvent] = [one for one in view.all(DecisionMade) if one.before(anchor) is not False]
    appealed = {view.find(one.act.against) for one in view.all(AppealLodged)}
    others = (one for one in appealed if one is not None and not isinstance(one.act, DecisionMade | SanctionImposed))
    return [*decisions, *others]


def find_first_deciders(view: View, decision: AnyEvent) -> frozenset[PersonId]:
    """Return who took a decision: those named, those who voted, else everybody in the body it was taken by."""
    if not isinstance(decision.act, DecisionMade):
        return frozenset(() if decision.actor is None else (decision.actor,))
    named = find_deciders(view, decision)
    body = view.rulebook.find_body(decision.act.body or "")
    return named or (find_body_members(view.facts, body) if body is not None else frozenset())


def _on_appeal(view: View, motion: str) -> bool:
    return any(motion in one.act.motions for one in view.all(AppealDecided))
