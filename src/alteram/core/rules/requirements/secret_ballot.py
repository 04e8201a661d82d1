"""One member's demand makes a vote secret.

RONR 12th ed. 63. That the vote was secret is what the scrutineers recorded; how the ballot ran is not seen here.
"""

from alteram.core.acts import BallotDemanded, MotionPut, VoteTaken
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.voting import find_motion


class SecretBallot(Parameters, frozen=True, kw_only=True):
    """`always_for`: the kinds of motion that are voted on in secret without anybody's demand."""

    always_for: tuple[str, ...] = ()


@requirement(
    "secret-ballot",
    covers=("R8", "T4"),
    parameters=SecretBallot,
    anchors=(VoteTaken,),
    reads=(BallotDemanded, MotionPut),
)
def check_secret_ballot(view: View, parameters: SecretBallot, anchor: AnyEvent) -> Finding:
    """A vote is secret when one member demands it, or where the rules always want it."""
    act = anchor.act
    motion = find_motion(view, act.motion) if isinstance(act, VoteTaken) else None
    if not isinstance(act, VoteTaken) or act.secret:
        return view.weigh(anchor, passed(phrase("The vote was secret."), entries=(anchor.seq,)))
    demands = [one for one in view.all(BallotDemanded) if one.act.motion == act.motion]
    in_time = [one for one in demands if one.before(anchor) is not False]
    always = motion is not None and motion.act.kind in parameters.always_for
    if not in_time and not always:
        return view.nothing_against(anchor, phrase("Nobody demanded a secret vote."))
    entries = (*(one.seq for one in in_time), anchor.seq)
    cure = Cure("vote.taken", ("scrutineer",), phrase("Take the vote again, in secret."))
    if not always and not any(one.established and one.before(anchor) for one in in_time):
        because = phrase("It is said that a secret vote was demanded, and the vote was open.")
        return view.missing(anchor, because, alleged=in_time, cures=(cure,))
    because = (
        phrase("The rules want this vote secret, and it was open.")
        if always
        else phrase("A secret vote was demanded and refused.")
    )
    return view.weigh(anchor, failed(because, entries=entries, cures=(cure,)))
