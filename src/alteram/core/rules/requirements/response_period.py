"""Time to answer (Electoral Act 1993 s 55D: 21 working days; British Columbia, Civil Resolution Tribunal: 14 days).

The window runs from delivery of the notice. No earlier deadline may be set, and nothing decided before it has ended,
unless the answering side has closed its case before. More time that was granted counts for whom it was granted, and
the time stands still while somebody cannot take part and has nobody to speak for them. Whether an answer came is not
asked.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from alteram.core.acts import DecisionMade, ExtensionGranted, MotionPut, NoticeServed, SubmissionsClosed, VoteTaken
from alteram.core.kernel.calendars import Calendar
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_moment, as_person, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.decisions import burdens
from alteram.core.rules.findings import Cure, Finding, passed, silent
from alteram.core.rules.incapacity import LACKING, extend, find_stops, measure_stops
from alteram.core.rules.measuring import Measured, measure_at_least, measure_within
from alteram.core.rules.notices import build_notice_cure, find_notices
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING, find_delivery
from alteram.core.rules.view import View
from alteram.core.rules.voting import votes_on_outcome
from alteram.core.rules.weighing import ask_of_each, find_before, judge_period


class ResponsePeriod(Parameters, frozen=True, kw_only=True):
    """`at_least`: how long the respondent has to answer."""

    at_least: Period


@requirement(
    "response-period",
    covers=("N6", "N9", "T5"),
    parameters=ResponsePeriod,
    anchors=(NoticeServed, DecisionMade, VoteTaken),
    reads=(ExtensionGranted, SubmissionsClosed, MotionPut, *LACKING, *SERVING),
    applies=lambda _parameters, anchor: burdens(anchor.act),
)
def check_response_period(view: View, parameters: ResponsePeriod, anchor: AnyEvent) -> Finding:
    """The respondent has at least the period to answer the notice, and nothing is voted or decided before it ends."""
    if isinstance(anchor.act, NoticeServed):
        return _deadline(view, parameters, anchor, anchor.act)
    if not votes_on_outcome(view, anchor):
        return silent(phrase("This vote is on neither a charge nor a sanction."))
    return ask_of_each(view, anchor, view.protected, lambda person: _window(view, parameters, anchor, person))


def _deadline(view: View, parameters: ResponsePeriod, anchor: AnyEvent, notice: NoticeServed) -> Finding:
    """Judge the deadline that a notice sets; the last extension after it counts instead."""
    granted = [one for one in view.supporting(ExtensionGranted) if one.act.person in {None, notice.to}]
    extended = [one.act.until for one in granted if one.seq > anchor.seq]
    deadlines = [at for at in (notice.respond_by, *extended) if at is not None]
    if not deadlines:
        return silent(phrase("The notice sets no deadline, and nothing was decided yet."))
    start = find_delivery(view, anchor, notice.to)
    measured = _measure_deadline(start, parameters.at_least, When.exactly(max(deadlines)), view.calendar)
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("The time to answer is long enough."),
        missed=phrase("The deadline leaves less than {at_least} to answer.", at_least=parameters.at_least),
        entries=(anchor.seq,),
        cures=(
            Cure(
                "extension.granted",
                ("case-manager", "chair"),
                phrase("Give {at_least} to answer.", at_least=parameters.at_least),
            ),
        ),
    )


def _measure_deadline(start: When, at_least: Period, deadline: When, calendar: Calendar) -> Measured:
    """Return whether the deadline is no earlier than the last day of the period, at whatever hour of that day."""
    measured = measure_within(start, at_least, deadline, calendar)
    if measured.end is None or deadline.last is None:
        return Measured(None, working=measured.working)
    if at_least.unit == "hours":
        return Measured(deadline.last >= measured.end, measured.end, measured.working)
    enough = calendar.local_day(deadline.last) >= calendar.local_day(measured.end)
    return Measured(enough, measured.end, measured.working)


def _window(view: View, parameters: ResponsePeriod, anchor: AnyEvent, person: PersonId) -> Finding:
    notices, doubtful = find_notices(view, anchor, person)
    cure = build_notice_cure(
        phrase("Serve notice, leave {at_least} to answer, then decide.", at_least=parameters.at_least)
    )
    if not notices:
        because = phrase("There was no notice to answer.")
        return view.missing(anchor, because, thing="notice", alleged=doubtful, acts=("notice.served",), cures=(cure,))
    closed = _find_closed(view, anchor, person, notices[-1])
    measured = _measure_window(view, parameters, anchor, person, notices[-1])
    if closed is not None and not measured.kept:
        because = phrase("The respondent closed the case on that side before the time ended.")
        entries = (notices[-1].seq, closed.seq, anchor.seq)
        return view.weigh(anchor, passed(because, entries=entries, working=measured.working))
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("The time to answer had passed."),
        missed=phrase("It was decided less than {at_least} after the notice.", at_least=parameters.at_least),
        entries=(notices[-1].seq,),
        cures=(cure,),
    )


def _measure_window(
    view: View, parameters: ResponsePeriod, anchor: AnyEvent, person: PersonId, notice: Event[NoticeServed]
) -> Measured:
    """Return whether the period lay between delivery and `anchor`, without stops, and the time granted is over."""
    start = find_delivery(view, notice, person)
    measured = _without_stops(view, parameters, start, anchor.when, person)
    granted, _ = find_before(view, anchor, view.all(ExtensionGranted))
    own = [one for one in granted if one.act.person in {None, person} and notice.before(one)]
    until = max((one.act.until for one in own), default=None)
    if until is None or (measured.end is not None and until <= measured.end):
        return measured
    working = (*measured.working, _until(view, until))
    over = anchor.when.first is not None and anchor.when.first >= until
    early = anchor.when.last is not None and anchor.when.last < until
    kept = measured.kept if over else False if early or measured.kept is False else None
    return Measured(kept, until, working)


def _without_stops(view: View, parameters: ResponsePeriod, start: When, end: When, person: PersonId) -> Measured:
    events = [one for one in view.all(*LACKING) if one.supports(view.protected)]
    stops = find_stops(events, person)
    stopped = timedelta() if start.last is None or end.first is None else measure_stops(stops, start.last, end.first)
    if start.last is None or not stopped:
        return measure_at_least(start, parameters.at_least, end, view.calendar)
    moved = When(None if end.first is None else end.first - stopped, None if end.last is None else end.last - stopped)
    measured = measure_at_least(start, parameters.at_least, moved, view.calendar)
    due = None if measured.end is None else extend(stops, start.last, measured.end)
    working = phrase(
        "{person} could not take part and had nobody to speak for them for {time}, which is not counted",
        person=as_person(person),
        time=stopped,
    )
    return replace(measured, end=due, working=(*measured.working, working))


def _find_closed(
    view: View, anchor: AnyEvent, person: PersonId, notice: Event[NoticeServed]
) -> Event[SubmissionsClosed] | None:
    own = (one for one in view.all(SubmissionsClosed) if one.actor == person and notice.before(one))
    closed, _ = find_before(view, anchor, own)
    return closed[-1] if closed else None


def _until(view: View, at: datetime) -> str:
    local = view.calendar.local_time(at)
    return phrase("more time was granted until {until}", until=as_moment(local, f"{local:%Y-%m-%d %H:%M}"))
