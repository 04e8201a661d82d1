"""Notice long enough to prepare (Acas Code paras 9 and 11; RONR, discipline; Electoral Act 1993 s 55D).

Asked of each person protected, at the hearing and at the decision. The last notice before it counts; an amendment of
the allegations after that notice starts the period again. It does not read what the notice says: see notice-content.
"""

from alteram.core.acts import (
    AllegationsAmended,
    DecisionMade,
    MeetingCalled,
    MeetingOpened,
    NoticeServed,
    RightWaived,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.decisions import burdens
from alteram.core.rules.findings import Finding, failed, passed, silent, unknown
from alteram.core.rules.measuring import Measured, measure_at_least
from alteram.core.rules.meetings import ASIDE, find_purpose
from alteram.core.rules.notices import build_notice_cure, find_notices
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING, find_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each, find_waiver


class NoticePeriod(Parameters, frozen=True, kw_only=True):
    """`at_least`: the period between delivery of the notice and the anchor."""

    at_least: Period


@requirement(
    "notice-period",
    covers=("A8", "R4"),
    parameters=NoticePeriod,
    anchors=(MeetingOpened, DecisionMade),
    reads=(NoticeServed, *SERVING, MeetingCalled, AllegationsAmended, RightWaived),
    applies=lambda _parameters, anchor: burdens(anchor.act),
)
def check_notice_period(view: View, parameters: NoticePeriod, anchor: AnyEvent) -> Finding:
    """The respondent has written notice, and at least the period to prepare, before being heard or decided on."""
    if isinstance(anchor.act, MeetingOpened) and find_purpose(view, anchor.act.meeting) in ASIDE:
        return silent(phrase("This meeting was not called to hear the charge."))
    return ask_of_each(view, anchor, view.protected, lambda person: _ask(view, parameters, anchor, person))


def _ask(view: View, parameters: NoticePeriod, anchor: AnyEvent, person: PersonId) -> Finding:
    notices, doubtful = find_notices(view, anchor, person)
    cure = build_notice_cure(phrase("Serve notice, then wait {at_least}.", at_least=parameters.at_least))
    if not notices or view.agreed_absent(anchor, "notice"):
        return view.missing(
            anchor,
            phrase("No notice was served before this."),
            thing="notice",
            alleged=doubtful,
            acts=("notice.served",),
            cures=(cure,),
        )
    amended = _find_amended(view, anchor, notices[-1])
    if amended:
        because = phrase("The allegations were amended after the notice, so the period must start again.")
        finding = failed(because, entries=(*amended, anchor.seq), missing=("notice.served",), cures=(cure,))
        return view.weigh(anchor, finding)
    measured = measure_at_least(
        find_delivery(view, notices[-1], person), parameters.at_least, anchor.when, view.calendar
    )
    entries = (notices[-1].seq, anchor.seq)
    waiver = find_waiver(view, anchor, "notice-period", person)
    if waiver is not None and not measured.kept:
        finding = passed(
            phrase("The period of notice was waived."), entries=(*entries, waiver.seq), working=measured.working
        )
    else:
        finding = _judge(parameters, measured, entries)
    return view.weigh(anchor, finding)


def _judge(parameters: NoticePeriod, measured: Measured, entries: tuple[int, ...]) -> Finding:
    cure = build_notice_cure(
        phrase("Wait until {at_least} have passed since the notice, or serve it again.", at_least=parameters.at_least)
    )
    if measured.kept:
        return passed(phrase("Notice was long enough."), entries=entries, working=measured.working)
    if measured.kept is None:
        return unknown(
            phrase("Whether notice was long enough is not known from the times recorded."),
            entries=entries,
            working=measured.working,
            earliest=measured.end,
            missing=("service.confirmed",),
            cures=(cure,),
        )
    return failed(
        phrase("Notice was shorter than {at_least}.", at_least=parameters.at_least),
        entries=entries,
        working=measured.working,
        earliest=measured.end,
        cures=(cure,),
    )


def _find_amended(view: View, anchor: AnyEvent, notice: Event[NoticeServed]) -> tuple[int, ...]:
    return tuple(
        one.seq
        for one in view.all(AllegationsAmended)
        if one.established and notice.before(one) and one.before(anchor) is not False
    )
