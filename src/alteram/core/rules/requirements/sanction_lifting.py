"""A sanction that a body voted for ends by the vote of that body, or on appeal; nobody lets a friend off alone.

RONR 12th ed. 35 (what was adopted by a vote is rescinded by one). Staying it takes the same, or an appeal that is open.
An order from outside opens the way past this, see orders. Whether the appeal was decided rightly is asked elsewhere.
"""

from alteram.core.acts import (
    AppealDecided,
    AppealLodged,
    AppealRefused,
    DecisionMade,
    PersonRecused,
    SanctionImposed,
    SanctionLifted,
    SanctionStayed,
    VoteTaken,
)
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent
from alteram.core.rules.people import SITTING
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.rulebook import Share
from alteram.core.rules.view import View
from alteram.core.rules.voting import MORE_FOR_THAN_AGAINST, PUT_TO, find_body_voting, find_motion, judge_vote
from alteram.core.rules.weighing import find_before

_CURES = (
    Cure("vote.taken", ("scrutineer", "chair"), phrase("Put it to the body that imposed the sanction, and carry it.")),
    Cure("appeal.decided", ("appeal-decider",), phrase("Have it decided on appeal.")),
)


class SanctionLifting(Parameters, frozen=True, kw_only=True):
    """`at_least`: the share of votes that ends a sanction; none given: what its rung of the ladder needs."""

    at_least: Share | None = None


@requirement(
    "sanction-lifting",
    covers=("R6",),
    parameters=SanctionLifting,
    anchors=(SanctionLifted, SanctionStayed),
    reads=(
        SanctionImposed,
        DecisionMade,
        AppealLodged,
        AppealDecided,
        AppealRefused,
        VoteTaken,
        PersonRecused,
        *PUT_TO,
        *SITTING,
    ),
)
def check_sanction_lifting(view: View, parameters: SanctionLifting, anchor: AnyEvent) -> Finding:
    """What a body imposed by its vote is lifted or stayed by its vote or on appeal; stayed also while one is open."""
    if not isinstance(anchor.act, SanctionLifted | SanctionStayed):
        return silent(phrase("No sanction was lifted or stayed."))
    sanction = next((one for one in view.all(SanctionImposed) if one.seq == anchor.act.sanction), None)
    if sanction is None:
        return view.missing(anchor, phrase("Nothing shows which sanction this is about."), acts=("sanction.imposed",))
    appeal = _find_appeal(view, anchor, sanction)
    if appeal is not None:
        return view.weigh(anchor, passed(phrase("An appeal stands behind it."), entries=(appeal.seq, anchor.seq)))
    if not _was_voted(view, sanction):
        return _without_vote(view, anchor, sanction)
    return _voted(view, parameters, anchor, sanction, anchor.act.motion)


def _find_appeal(view: View, anchor: AnyEvent, sanction: Event[SanctionImposed]) -> AnyEvent | None:
    """Return the appeal decision that changes the sanction; for a stay also an appeal that is still open."""
    against = {sanction.seq, sanction.act.decision}
    lodged, _ = find_before(view, anchor, view.all(AppealLodged))
    appeals = [one for one in lodged if one.act.against in against]
    numbers = {one.seq for one in appeals}
    decided, _ = find_before(view, anchor, view.all(AppealDecided))
    for one in decided:
        if one.act.appeal in numbers and one.act.outcome != "upheld":
            return one
    if isinstance(anchor.act, SanctionLifted):
        return None
    refused, _ = find_before(view, anchor, view.all(AppealRefused))
    over = {one.act.appeal for one in decided} | {one.act.appeal for one in refused}
    return next((one for one in appeals if one.seq not in over), None)


def _was_voted(view: View, sanction: Event[SanctionImposed]) -> bool:
    motions = [one.act.motions for one in view.all(DecisionMade) if one.seq == sanction.act.decision]
    return sanction.act.motion is not None or any(motions)


def _without_vote(view: View, anchor: AnyEvent, sanction: Event[SanctionImposed]) -> Finding:
    entries = (sanction.seq, anchor.seq)
    if anchor.actor is not None and anchor.actor == sanction.actor:
        because = phrase("Nobody voted for the sanction, and whoever imposed it ends it.")
        return view.weigh(anchor, passed(because, entries=entries))
    because = phrase("Nobody voted for the sanction, and somebody else than who imposed it ends it.")
    return view.weigh(anchor, failed(because, entries=entries, missing=("appeal.decided",), cures=_CURES))


def _voted(
    view: View, parameters: SanctionLifting, anchor: AnyEvent, sanction: Event[SanctionImposed], named: str | None
) -> Finding:
    votes, doubtful = find_before(view, anchor, [one for one in view.all(VoteTaken) if one.act.motion == named])
    motion = None if named is None else find_motion(view, named)
    if motion is None or not votes:
        because = phrase("A body voted for the sanction, and no vote of that body ends it.")
        return view.missing(anchor, because, alleged=doubtful, acts=("motion.put", "vote.taken"), cures=_CURES)
    if motion.act.about != sanction.seq:
        because = phrase("The motion {motion} is not about this sanction.", motion=as_own(named or ""))
        finding = failed(because, entries=(motion.seq, anchor.seq), missing=("motion.put",), cures=_CURES)
        return view.weigh(anchor, finding)
    on_ladder = view.rulebook.find_sanction(sanction.act.sanction)
    imposing = sanction.act.body or (on_ladder.by if on_ladder is not None else "")
    body = find_body_voting(view, motion)
    if body is None or body.id != imposing:
        because = phrase(
            "It was not put to {imposing}.",
            imposing=as_own(imposing) if imposing else phrase("the body that imposed it"),
        )
        finding = failed(because, entries=(motion.seq, anchor.seq), missing=("motion.put",), cures=_CURES)
        return view.weigh(anchor, finding)
    share = parameters.at_least or (on_ladder.majority if on_ladder is not None else None) or MORE_FOR_THAN_AGAINST
    return judge_vote(view, anchor, votes[-1], share, _CURES)
