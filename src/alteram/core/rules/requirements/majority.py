"""A sanction is carried by the majority that the rules require, of the number they require it of.

Electoral Act 1993 (NZ) s 55D: two thirds of all members, not of those present; RONR 12th ed.: two thirds of the votes
cast. Whether the base was counted rightly is asked elsewhere.
"""

from alteram.core.acts import DecisionMade, PersonRecused, SanctionImposed, VoteTaken
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import SITTING, find_members_at, find_stood_down
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.rulebook import Share
from alteram.core.rules.view import View
from alteram.core.rules.voting import (
    MORE_FOR_THAN_AGAINST,
    PUTTING,
    count_cast,
    count_needed,
    find_body_voting,
    find_motion,
    find_sanction_put,
    show_share,
)


class Majority(Parameters, frozen=True, kw_only=True):
    """`at_least`: the share needed; none given: the ladder's. `sanctions`: of which sanctions; none named: of all."""

    at_least: Share | None = None
    sanctions: tuple[str, ...] = ()


def _needs_it(parameters: Majority, anchor: AnyEvent) -> bool:
    act = anchor.act
    return isinstance(act, SanctionImposed) and (not parameters.sanctions or act.sanction in parameters.sanctions)


@requirement(
    "majority",
    covers=("N7", "R6"),
    parameters=Majority,
    anchors=(SanctionImposed,),
    reads=(VoteTaken, DecisionMade, PersonRecused, *PUTTING, *SITTING),
    applies=_needs_it,
)
def check_majority(view: View, parameters: Majority, anchor: AnyEvent) -> Finding:
    """The sanction was carried by a vote with the majority it needs, of the base it is taken of."""
    votes = _votes(view, anchor)
    supporting = [one for one in votes if one.supports(view.protected) and one.before(anchor) is True]
    cures = (Cure("vote.taken", ("scrutineer", "chair"), "Put it to the vote, and carry it by the majority needed."),)
    if not supporting:
        return view.missing(
            anchor,
            "No vote for this sanction was taken before it.",
            alleged=[one for one in votes if not one.live and not one.supports(view.protected)],
            acts=("vote.taken",),
            cures=cures,
        )
    vote = supporting[-1]
    share = _share(view, parameters, anchor)
    base, shown = _base(view, share, vote)
    if base is None:
        because = f"The vote does not show how many {share.of} there were."
        return view.missing(anchor, because, acts=("vote.taken",), cures=cures, working=shown)
    needed = count_needed(share, base)
    working = (*shown, f"{show_share(share)}, {base}: {needed} votes", f"for: {vote.act.votes_for}")
    entries = (vote.seq, anchor.seq)
    if vote.act.votes_for >= needed:
        because = f"Carried by {vote.act.votes_for} votes, {needed} were needed."
        return view.weigh(anchor, passed(because, entries=entries, working=working))
    because = f"Carried by only {vote.act.votes_for} votes, {needed} were needed."
    return view.weigh(anchor, failed(because, entries=entries, working=working, missing=("vote.taken",), cures=cures))


def _votes(view: View, anchor: AnyEvent) -> list[Event[VoteTaken]]:
    """Return the votes on motions for just this sanction that it or its decision names."""
    act = anchor.act
    if not isinstance(act, SanctionImposed):
        return []
    decisions = [one.act.motions for one in view.all(DecisionMade) if one.seq == act.decision]
    named = (act.motion, *(motion for motions in decisions for motion in motions))
    return [one for one in view.all(VoteTaken) if one.act.motion in named and _for_this(view, one, act.sanction)]


def _for_this(view: View, vote: Event[VoteTaken], sanction: str) -> bool:
    motion = find_motion(view, vote.act.motion)
    return motion is not None and find_sanction_put(view, motion) == sanction


def _share(view: View, parameters: Majority, anchor: AnyEvent) -> Share:
    sanction = view.rulebook.find_sanction(anchor.act.sanction) if isinstance(anchor.act, SanctionImposed) else None
    on_ladder = None if sanction is None else sanction.majority
    return parameters.at_least or on_ladder or MORE_FOR_THAN_AGAINST


def _base(view: View, share: Share, vote: Event[VoteTaken]) -> tuple[int | None, tuple[str, ...]]:
    stated = vote.act.base_count if vote.act.base == share.of else None
    if share.of == "cast":
        return count_cast(vote.act), (f"cast: {vote.act.votes_for} for and {vote.act.votes_against} against",)
    if share.of == "present":
        return stated, (f"the vote was counted of {vote.act.base}",)
    sitting = _sitting(view, vote)
    if share.of == "eligible":
        sitting -= find_stood_down(view, "decider", vote)
    # The larger of the two, so that neither a short roll nor a short count lowers what is needed.
    return max(len(sitting), stated or 0) or None, (f"{share.of} on the roll: {len(sitting)}",)


def _sitting(view: View, vote: Event[VoteTaken]) -> frozenset[PersonId]:
    body = find_body_voting(view, find_motion(view, vote.act.motion))
    return frozenset() if body is None else find_members_at(view, body, vote)
