"""A sanction is carried by the majority that the rules require, of the number they require it of.

Electoral Act 1993 (NZ) s 55D: two thirds of all members, not of those present; RONR 12th ed.: two thirds of the votes
cast. Whether the base was counted rightly is asked elsewhere.
"""

from alteram.core.acts import DecisionMade, PersonRecused, SanctionImposed, VoteTaken
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding
from alteram.core.rules.people import SITTING
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.rulebook import Share
from alteram.core.rules.view import View
from alteram.core.rules.voting import (
    MORE_FOR_THAN_AGAINST,
    PUTTING,
    find_motion,
    find_sanction_put,
    judge_vote,
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
    cures = (
        Cure("vote.taken", ("scrutineer", "chair"), phrase("Put it to the vote, and carry it by the majority needed.")),
    )
    if not supporting:
        return view.missing(
            anchor,
            phrase("No vote for this sanction was taken before it."),
            alleged=[one for one in votes if not one.live and not one.supports(view.protected)],
            acts=("vote.taken",),
            cures=cures,
        )
    return judge_vote(view, anchor, supporting[-1], _share(view, parameters, anchor), cures)


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
