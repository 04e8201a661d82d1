"""A charge is dealt with behind closed doors: only members of the body and those invited attend (RONR 12th ed. 63:2).

It compares who came with who belongs or was invited. Whether the doors were shut in fact is not on record.
"""

from alteram.core.acts import AttendanceChanged, MeetingCalled, MeetingOpened
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.meetings import find_call
from alteram.core.rules.people import SITTING, find_members_at
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class ExecutiveSession(Parameters, frozen=True, kw_only=True):
    """`may_be_open`: whether the chair may call an open meeting."""

    may_be_open: bool = False


_CURE = Cure(
    "meeting.called", ("chair", "secretary"), phrase("Call it again as a closed meeting, with its roll of invited.")
)
_HEARD = phrase("What strangers heard they cannot unhear.")


@requirement(
    "executive-session",
    covers=("R1",),
    parameters=ExecutiveSession,
    anchors=(MeetingOpened, AttendanceChanged),
    reads=(MeetingCalled, *SITTING),
)
def check_executive_session(view: View, parameters: ExecutiveSession, anchor: AnyEvent) -> Finding:
    """Only members of the body and those invited attend a meeting on a charge."""
    meeting, came = _attendance(anchor)
    call = find_call(view, meeting)
    if call is None or not call.supports(view.protected):
        alleged = () if call is None else (call,)
        because = phrase("No call of the meeting shows who was invited.")
        return view.missing(anchor, because, alleged=alleged, acts=("meeting.called",), cures=(_CURE,))
    entries = (call.seq, anchor.seq)
    if call.act.open:
        if parameters.may_be_open:
            return view.weigh(
                anchor, passed(phrase("It was called as an open meeting, as the rules allow."), entries=entries)
            )
        return view.weigh(anchor, failed(phrase("It was called as an open meeting."), entries=entries, cures=(_CURE,)))
    body = view.rulebook.find_body(call.act.body)
    members = view.facts.roll.members if body is None else find_members_at(view, body, anchor)
    strangers = sorted(came - members - frozenset(call.act.invited))
    if strangers:
        because = phrase("Neither members of the body nor invited: {strangers}.", strangers=as_people(strangers))
        return view.weigh(anchor, failed(because, entries=entries, incurable=_HEARD))
    if not came and isinstance(anchor.act, MeetingOpened):
        return view.missing(anchor, phrase("The record does not say who came."), acts=("attendance.changed",))
    return view.weigh(anchor, passed(phrase("Only members of the body and those invited came."), entries=entries))


def _attendance(anchor: AnyEvent) -> tuple[str, frozenset[PersonId]]:
    match anchor.act:
        case MeetingOpened(meeting=meeting, present=people) | AttendanceChanged(meeting=meeting, came=people):
            return meeting, frozenset(people)
        case _:
            return "", frozenset()
