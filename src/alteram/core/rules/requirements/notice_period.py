"""Notice long enough before the hearing or the decision (Acas Code paras 9, 11; RONR ch. XX; Electoral Act 1993 s 55D)."""

from datetime import datetime

from alteram.core.acts import DecisionMade, MeetingCalled, MeetingOpened, NoticeServed, RightWaived, ServiceConfirmed
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period, earliest_after
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class NoticePeriod(Parameters, frozen=True, kw_only=True):
    """`at_least`: the period between delivery of the notice and the anchor."""

    at_least: Period


@requirement(
    "notice-period",
    covers=("A8", "R4"),
    parameters=NoticePeriod,
    anchors=(MeetingOpened, DecisionMade),
    reads=(NoticeServed, ServiceConfirmed, MeetingCalled, RightWaived),
)
def check_notice_period(view: View, parameters: NoticePeriod, anchor: AnyEvent) -> Finding:
    """The respondent has written notice, and at least the period to prepare, before being heard or decided on."""
    notices = [one for one in view.supporting(NoticeServed) if one.when.before(anchor.when) is not False]
    cure = Cure("notice.served", ("case-manager", "secretary"), f"Serve notice, then wait {parameters.at_least}.")
    if not notices:
        return view.missing(
            anchor,
            "No notice was served before this.",
            thing="notice",
            alleged=view.alleged(NoticeServed),
            acts=("notice.served",),
            cures=(cure,),
        )
    delivered = _delivered(view, notices[-1])
    reckoning = earliest_after(delivered, parameters.at_least, view.calendar)
    entries = (notices[-1].seq, anchor.seq)
    if anchor.when.first is not None and anchor.when.first >= reckoning.end:
        return passed("Notice was long enough.", entries=entries, working=reckoning.working)
    if any(one.act.right == "notice-period" and one.act.informed for one in view.supporting(RightWaived)):
        return passed("Notice was short, and the period was waived.", entries=entries, working=reckoning.working)
    return failed(
        f"Notice was shorter than {parameters.at_least}.",
        entries=entries,
        working=reckoning.working,
        earliest=reckoning.end,
        cures=(cure,),
    )


def _delivered(view: View, notice: Event[NoticeServed]) -> datetime:
    confirmed = [one.act.delivered_at for one in view.supporting(ServiceConfirmed) if one.act.document == notice.seq]
    when = When.exactly(min(confirmed)) if confirmed else notice.when
    return when.last or notice.recorded_at
