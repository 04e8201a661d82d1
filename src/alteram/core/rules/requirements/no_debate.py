"""What an independent panel determined is ratified or not, and not debated again (House of Commons SO 150A; cbp-8944).

It reads what was recorded as debated. That somebody spoke without its being recorded is not seen here.
"""

from alteram.core.acts import DebateHeld, MotionPut, VoteTaken
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.voting import find_motion
from alteram.core.rules.weighing import find_before


class NoDebate(Parameters, frozen=True, kw_only=True):
    """`motions`: the kinds of motion that are voted on without debate."""

    motions: tuple[str, ...] = ("ratification",)


@requirement(
    "no-debate",
    covers=("U5",),
    parameters=NoDebate,
    anchors=(VoteTaken,),
    reads=(MotionPut, DebateHeld),
)
def check_no_debate(view: View, parameters: NoDebate, anchor: AnyEvent) -> Finding:
    """A motion to ratify what an independent panel determined is voted on without debate."""
    name = anchor.act.motion if isinstance(anchor.act, VoteTaken) else ""
    motion = find_motion(view, name)
    if motion is None:
        return unknown(phrase("What was voted on is not shown."), entries=(anchor.seq,), missing=("motion.put",))
    if motion.act.kind not in parameters.motions:
        return view.weigh(anchor, passed(phrase("This motion may be debated."), entries=(motion.seq, anchor.seq)))
    debates = [one for one in view.all(DebateHeld) if one.act.motion == name]
    held, doubtful = find_before(view, anchor, debates)
    cure = Cure("vote.taken", ("scrutineer", "chair"), phrase("Put the motion again, and vote without debate."))
    if held:
        because = phrase("The motion was debated before the vote.")
        return view.weigh(anchor, failed(because, entries=(held[0].seq, anchor.seq), cures=(cure,)))
    if doubtful:
        because = phrase("It is said that the motion was debated.")
        return unknown(because, entries=(doubtful[0].seq, anchor.seq), cures=(cure,))
    return view.nothing_against(anchor, phrase("Nobody debated the motion."))
