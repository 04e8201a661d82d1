"""Notice of a meeting before the time it is called for (RONR, discipline: a letter with day, hour and place).

The period can be reckoned while the meeting is still to come, so that the earliest lawful time is known in advance.
The call is the notice for whoever it invites; so is a notice of the charge that states the same time. Later calls of
the same meeting replace earlier ones. It does not read what was notified.
"""

from dataclasses import replace
from typing import Literal

from alteram.core.acts import MeetingCalled, MeetingOpened, NoticeServed, RightWaived
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent, unknown
from alteram.core.rules.measuring import Measured, measure_at_least
from alteram.core.rules.meetings import find_call
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING, find_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each


class MeetingNotice(Parameters, frozen=True, kw_only=True):
    """`at_least`: the period between notice of the meeting and its time. `purposes`: meetings that it is asked of."""

    at_least: Period
    purposes: tuple[Literal["hearing", "decision", "interim", "appeal", "other"], ...] = ("hearing", "decision")


@requirement(
    "meeting-notice",
    covers=("R3", "R4"),
    parameters=MeetingNotice,
    anchors=(MeetingCalled, MeetingOpened),
    reads=(NoticeServed, *SERVING, RightWaived),
    applies=lambda parameters, anchor: (
        not isinstance(anchor.act, MeetingCalled) or anchor.act.purpose in parameters.purposes
    ),
)
def check_meeting_notice(view: View, parameters: MeetingNotice, anchor: AnyEvent) -> Finding:
    """Whoever is judged at a meeting is told of it at least the period before the time it is called for."""
    if isinstance(anchor.act, MeetingOpened):
        call = find_call(view, anchor.act.meeting)
        if call is None or call.act.purpose not in parameters.purposes:
            return silent(phrase("Nothing shows that the meeting was called for this."))
        # What was on the way when it was called must have arrived by now.
        return replace(check_meeting_notice(view, parameters, call), entries=(call.seq, anchor.seq))
    act = anchor.act
    if not isinstance(act, MeetingCalled):
        return view.missing(anchor, phrase("No meeting was called."), acts=("meeting.called",))
    later = [one for one in view.supporting(MeetingCalled) if one.seq > anchor.seq and one.act.meeting == act.meeting]
    if later:
        return passed(
            phrase("The meeting was called again, which replaces this call."), entries=(anchor.seq, later[-1].seq)
        )
    return ask_of_each(view, anchor, view.protected, lambda person: _ask(view, parameters, anchor, act, person))


def _ask(view: View, parameters: MeetingNotice, anchor: AnyEvent, act: MeetingCalled, person: PersonId) -> Finding:
    told = _find_telling(view, anchor, act, person)
    cure = Cure(
        "meeting.called",
        ("chair", "secretary"),
        phrase("Call the meeting again for {at_least} later.", at_least=parameters.at_least),
    )
    if told is None:
        because = phrase("The call of the meeting leaves out somebody who is to be judged there.")
        finding = failed(because, entries=(anchor.seq,), missing=("meeting.called",), cures=(cure,))
        return view.weigh(anchor, finding)
    delivered = find_delivery(view, told, person)
    measured = measure_at_least(delivered, parameters.at_least, When.exactly(act.at), view.calendar)
    entries = tuple(sorted({told.seq, anchor.seq}))
    waiver = _find_waiver(view, act, person)
    if waiver is not None and not measured.kept:
        finding = passed(
            phrase("The period of notice was waived."), entries=(*entries, waiver.seq), working=measured.working
        )
    else:
        finding = _judge(parameters, measured, entries, cure)
    return view.weigh(anchor, finding)


def _judge(parameters: MeetingNotice, measured: Measured, entries: tuple[int, ...], cure: Cure) -> Finding:
    if measured.kept:
        return passed(phrase("Notice of the meeting is long enough."), entries=entries, working=measured.working)
    if measured.kept is None:
        because = phrase("Whether notice of the meeting is long enough is not known from the times recorded.")
        return unknown(because, entries=entries, working=measured.working, earliest=measured.end, cures=(cure,))
    return failed(
        phrase("Notice of the meeting is shorter than {at_least}.", at_least=parameters.at_least),
        entries=entries,
        working=measured.working,
        earliest=measured.end,
        cures=(cure,),
    )


def _find_telling(view: View, anchor: AnyEvent, act: MeetingCalled, person: PersonId) -> AnyEvent | None:
    """Return what told `person` of the meeting: the first notice of the charge that names its time, else the call.

    A reported call whose roll nobody tells is taken for one that invited them; a call that leaves them out is not.
    """
    notices = [one for one in view.supporting(NoticeServed) if (one.act.to, one.act.hearing_at) == (person, act.at)]
    if notices:
        return notices[0]
    return anchor if person in act.invited or (not anchor.live and not act.invited) else None


def _find_waiver(view: View, act: MeetingCalled, person: PersonId) -> Event[RightWaived] | None:
    """Return how `person` waived the period before the meeting was to begin."""
    waivers = (one for one in view.supporting(RightWaived) if one.act.right == "notice-period" and one.act.informed)
    return next((one for one in waivers if one.actor == person and (one.when.last or act.at) < act.at), None)
