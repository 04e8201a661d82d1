"""Once both sides have closed, the respondent leaves while the others deliberate and vote.

RONR 12th ed. 63. It reads who was recorded as present, as having left, and as having voted.
"""

from alteram.core.acts import AttendanceChanged, MeetingOpened, MotionPut, SubmissionsClosed, VoteTaken
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.voting import find_motion


class RespondentLeavesDeliberation(Parameters, frozen=True, kw_only=True):
    """`motions`: the kinds of motion that are deliberated on without the respondent."""

    motions: tuple[str, ...] = ("finding", "sanction")


@requirement(
    "respondent-leaves-deliberation",
    covers=("R8",),
    parameters=RespondentLeavesDeliberation,
    anchors=(VoteTaken,),
    reads=(MotionPut, MeetingOpened, AttendanceChanged, SubmissionsClosed),
)
def check_respondent_leaves_deliberation(
    view: View, parameters: RespondentLeavesDeliberation, anchor: AnyEvent
) -> Finding:
    """The respondent is out of the room while the others deliberate and vote, and has no vote."""
    motion = _find_motion(view, anchor)
    voted = view.protected.intersection(anchor.act.voters if isinstance(anchor.act, VoteTaken) else ())
    cure = Cure(
        "vote.taken", ("scrutineer", "chair"), phrase("Let the respondent leave, then deliberate and vote again.")
    )
    if voted:
        because = phrase("The respondent voted: {voted}.", voted=as_people(sorted(voted)))
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), cures=(cure,)))
    if motion is not None and motion.act.kind not in parameters.motions:
        because = phrase("This motion is not deliberated on without the respondent.")
        return view.weigh(anchor, passed(because, entries=(motion.seq, anchor.seq)))
    in_room, entries = _in_room(view, motion, anchor)
    if in_room is None:
        return view.missing(
            anchor, phrase("Nothing shows who was in the room."), acts=("meeting.opened",), cures=(cure,)
        )
    if not in_room:
        because = phrase("The respondent was not in the room during deliberation.")
        return view.weigh(anchor, passed(because, entries=(*entries, anchor.seq)))
    return view.missing(
        anchor,
        phrase(
            "Nothing shows that the respondent ({in_room}) had left before the deliberation.",
            in_room=as_people(sorted(in_room)),
        ),
        alleged=[one for one in view.alleged(AttendanceChanged) if in_room.intersection(one.act.left)],
        acts=("attendance.changed",),
        cures=(cure,),
    )


def _find_motion(view: View, anchor: AnyEvent) -> Event[MotionPut] | None:
    """Return the motion voted on, where it is more than asserted: it says in which room the vote was."""
    motion = find_motion(view, anchor.act.motion) if isinstance(anchor.act, VoteTaken) else None
    return motion if motion is not None and motion.supports(view.protected) else None


def _in_room(
    view: View, motion: Event[MotionPut] | None, anchor: AnyEvent
) -> tuple[frozenset[PersonId] | None, tuple[int, ...]]:
    """Return who of the respondents was still there at the vote, None where nobody was recorded as present."""
    meeting = None if motion is None else motion.act.meeting
    opened = [one for one in view.supporting(MeetingOpened) if one.act.meeting == meeting]
    if not opened:
        return None, ()
    there = set(view.protected.intersection(opened[-1].act.present))
    changes = [one for one in view.supporting(AttendanceChanged) if one.act.meeting == meeting and one.before(anchor)]
    for change in changes:
        there |= view.protected.intersection(change.act.came)
        if _after_closing(view, change):
            there -= set(change.act.left)
    return frozenset(there), (opened[-1].seq, *(one.seq for one in changes))


def _after_closing(view: View, change: Event[AttendanceChanged]) -> bool:
    """Return whether that side had closed its case when somebody left; whoever is sent out earlier has not left."""
    closings = [one for one in view.all(SubmissionsClosed) if one.act.side == view.demand.protects]
    return not closings or any(one.supports(view.protected) and one.before(change) is not False for one in closings)
