"""Whoever is to be judged is invited to the meeting that judges them, suspended or not.

The rule of a caucus as 1news.co.nz 2022-08-22 reports it. The call's roll proves who was invited; who came is not asked
here.
"""

from alteram.core.acts import InterimMeasureImposed, MeetingCalled, MotionPut, SanctionImposed
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.meetings import find_call
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class SuspendedMemberInvited(Parameters, frozen=True, kw_only=True):
    """`purposes`: the meetings that the person is invited to; a motion on a sanction always counts."""

    purposes: tuple[str, ...] = ("hearing", "decision")


def _applies(parameters: SuspendedMemberInvited, anchor: AnyEvent) -> bool:
    match anchor.act:
        case MeetingCalled(purpose=purpose):
            return purpose in parameters.purposes
        case MotionPut(kind=kind):
            return kind == "sanction"
        case _:
            return False


@requirement(
    "suspended-member-invited",
    covers=("N14",),
    parameters=SuspendedMemberInvited,
    anchors=(MeetingCalled, MotionPut),
    reads=(InterimMeasureImposed, SanctionImposed),
    applies=_applies,
)
def check_suspended_member_invited(view: View, parameters: SuspendedMemberInvited, anchor: AnyEvent) -> Finding:
    """The person to be judged is invited to the meeting, also while suspended."""
    del parameters
    call = find_call(view, anchor.act.meeting) if isinstance(anchor.act, MeetingCalled | MotionPut) else None
    if call is None or not view.protected:
        why = (
            phrase("No call of the meeting shows who was invited.")
            if call is None
            else phrase("Nobody is charged yet.")
        )
        return view.missing(anchor, why, thing="notice", acts=("meeting.called",), cures=(_CURE,))
    left_out = sorted(view.protected - frozenset(call.act.invited))
    entries = dict.fromkeys((call.seq, anchor.seq))
    if not left_out:
        because = phrase("The person to be judged was invited{although}.", although=_although(view, call))
        return view.weigh(call, view.weigh(anchor, passed(because, entries=entries)))
    if not call.live and not call.act.invited:
        return unknown(phrase("The report of the call does not say who was invited."), entries=entries, cures=(_CURE,))
    because = phrase("Not invited{although}: {left_out}.", although=_although(view, call), left_out=as_people(left_out))
    return view.weigh(call, failed(because, entries=entries, missing=("meeting.called",), cures=(_CURE,)))


_CURE = Cure(
    "meeting.called", ("chair", "secretary"), phrase("Call the meeting again and invite the person to be judged.")
)


def _although(view: View, call: Event[MeetingCalled]) -> str:
    measures: list[tuple[PersonId, bool | None]] = [
        (one.act.person, one.before(call)) for one in view.all(InterimMeasureImposed) if one.act.measure == "suspension"
    ]
    measures += [(one.act.person, one.before(call)) for one in view.all(SanctionImposed)]
    under = any(person in view.protected and before for person, before in measures)
    return phrase(", although under a measure or sanction already") if under else ""
