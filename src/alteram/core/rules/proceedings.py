"""What no rulebook can let go about the course of a matter: what must have come first, and what is given only once.

A meeting opens when it was called and not before, a question is put in an open meeting, a motion stands as it was voted
on, a name given to an exhibit, a charge or a motion is not given again, and nobody is in default before their time was
over. How long a period must be is for the rulebook.
"""

from datetime import datetime

from alteram.core.acts import (
    Allegation,
    AllegationsAmended,
    AllegationsStated,
    DefaultNoted,
    ExhibitDerived,
    ExhibitLodged,
    ExtensionGranted,
    MeetingCalled,
    MeetingClosed,
    MeetingOpened,
    MotionAmended,
    MotionPut,
    NoticeServed,
    PaperServed,
    ProceedingsPaused,
    ServiceConfirmed,
    VoteTaken,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.incapacity import LACKING, extend, find_stops


def find_order_refusal(facts: Facts, event: AnyEvent, now: datetime) -> Refused | None:  # noqa: PLR0911 - a table of acts
    """Return why `event` comes out of turn; None when nothing here stands in its way."""
    match event.act:
        case MotionPut(meeting=meeting):
            return _in_open_meeting(facts, meeting)
        case MotionAmended(motion=motion) if any(
            one.live and one.act.motion == motion for one in facts.matter.all(VoteTaken)
        ):
            return Refused(
                "motion.voted", "record", phrase("A motion stands as it was voted on."), missing=("motion.put",)
            )
        case VoteTaken(motion=motion):
            return _in_open_meeting(facts, _meeting_of(facts, motion))
        case MeetingOpened(meeting=meeting):
            return _as_called(facts, meeting, now)
        case DefaultNoted(person=person, service=service):
            return _in_default(facts, person, service, now)
        case ProceedingsPaused(until=None):
            return Refused("pause.endless", "record", phrase("A pause names when it ends; it can be made again."))
        case _:
            return None


def find_taken_name(facts: Facts, event: AnyEvent) -> Refused | None:
    """Return a refusal where `event` gives a name that something else here has: it is for who may do the act at all."""
    match event.act:
        case ExhibitLodged(exhibit=name):
            # Who is only said to have lodged something may still hand it in, under the name it was told by.
            lodged = [one for one in facts.matter.all(ExhibitLodged) if one.live or one.actor != event.actor]
            derived = [one.act.exhibit for one in facts.matter.all(ExhibitDerived)]
            return find_given(name, [*(one.act.exhibit for one in lodged), *derived])
        case MotionPut(motion=name):
            return find_given(name, [one.act.motion for one in facts.matter.all(MotionPut)])
        case AllegationsStated(allegations=allegations):
            return _stated_once(facts, allegations)
        case _:
            return None


def find_given(name: str, given: list[str]) -> Refused | None:
    """Return a refusal where `name` is one of those `given` before: two things never share one."""
    if name not in given:
        return None
    return Refused(
        "name.taken",
        "record",
        phrase("The name {name} is given already in this matter.", name=as_own(name)),
        facts=(("name", name),),
    )


def _stated_once(facts: Facts, allegations: tuple[Allegation, ...]) -> Refused | None:
    stated = [one.id for event in facts.matter.all(AllegationsStated) for one in event.act.allegations]
    stated += [one.id for event in facts.matter.all(AllegationsAmended) for one in event.act.allegations]
    again = next((one.id for one in allegations if one.id in stated), None)
    if again is None:
        return None
    because = phrase(
        "The charge {charge} was stated already; it can be amended, and then notified again.", charge=as_own(again)
    )
    return Refused("name.taken", "record", because, missing=("allegations.amended",), facts=(("name", again),))


def _meeting_of(facts: Facts, motion: str) -> str | None:
    put = [one.act.meeting for one in facts.matter.all(MotionPut) if one.live and one.act.motion == motion]
    return put[-1] if put else None


def _in_open_meeting(facts: Facts, meeting: str | None) -> Refused | None:
    opened = [one.seq for one in facts.matter.all(MeetingOpened) if one.live and one.act.meeting == meeting]
    closed = [one.seq for one in facts.matter.all(MeetingClosed) if one.live and one.act.meeting == meeting]
    if opened and max(opened) > max(closed, default=-1):
        return None
    return Refused("meeting.not-open", "record", phrase("The meeting is not open."), missing=("meeting.opened",))


def _as_called(facts: Facts, meeting: str, now: datetime) -> Refused | None:
    calls = [one for one in facts.matter.all(MeetingCalled) if one.live and one.act.meeting == meeting]
    if not calls:
        return Refused(
            "meeting.not-called",
            "record",
            phrase("Nobody called this meeting; one that took place is registered."),
            missing=("meeting.called",),
        )
    at = calls[-1].act.at
    if now >= at:
        return None
    return Refused(
        "meeting.too-early",
        "record",
        phrase("A meeting opens at the time it was called for, not before."),
        earliest=at,
        facts=(("called for", at),),
    )


def _in_default(facts: Facts, person: PersonId, service: int | None, now: datetime) -> Refused | None:
    document = _find_served(facts, person, service)
    if document is None:
        return Refused(
            "default.not-served",
            "record",
            phrase("A default rests on a document that was proved to be served on that person."),
            missing=("service.confirmed",),
        )
    stops = find_stops([one for one in facts.matter.all(*LACKING) if one.live and not one.corrected], person)
    if stops and (stops[-1].over is None or stops[-1].over > now):
        return Refused(
            "default.incapable",
            "record",
            phrase("Nobody is in default who cannot take part and has nobody to speak for them."),
            missing=("proxy.named",),
            earliest=stops[-1].over,
        )
    over = _time_over(facts, document, person)
    if over is None and not isinstance(document.act, NoticeServed | MeetingCalled):
        return None
    over = None if over is None else extend(stops, document.recorded_at, over)
    if over is not None and now >= over:
        return None
    return Refused(
        "default.too-early",
        "record",
        phrase("The time that the notice or the call of the meeting gave is not over."),
        earliest=over,
    )


def _find_served(facts: Facts, person: PersonId, service: int | None) -> AnyEvent | None:
    """Return the document of which the entry `service` proves that it was served on `person`."""
    served = None if service is None else facts.matter.find(service)
    if served is None or not isinstance(served.act, ServiceConfirmed | PaperServed) or served.act.to != person:
        return None
    return facts.matter.find(served.act.document)


def _time_over(facts: Facts, document: AnyEvent, person: PersonId) -> datetime | None:
    """Return when the last of the times is over that the person was given: to answer, and to come to be heard."""
    granted = [one for one in facts.matter.all(ExtensionGranted) if one.live and not one.corrected]
    match document.act:
        case NoticeServed(respond_by=respond_by, hearing_at=hearing_at):
            called = [one.act.at for one in facts.matter.all(MeetingCalled) if one.live and person in one.act.invited]
            given = [respond_by, hearing_at, *called[-1:]]
        case MeetingCalled(at=at):
            given = [at]
        case _:
            return None
    given += [one.act.until for one in granted if one.seq > document.seq and one.act.person in {None, person}]
    return max((at for at in given if at is not None), default=None)
