"""Time for both sides to inspect: the evidence before the report, the report before the hearing (34 CFR 106.45(b)(5)).

The report has reached a side once its delivery is confirmed. Where there was none, nothing is asked at the hearing.
"""

from alteram.core.acts import ExhibitLodged, MeetingCalled, MeetingOpened, ReportFinalised
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.disclosure import DISCLOSING, judge_disclosed
from alteram.core.rules.findings import Cure, Finding, silent, worst
from alteram.core.rules.measuring import measure_at_least
from alteram.core.rules.meetings import ASIDE, find_purpose
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import find_confirmed_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each, find_before, judge_period


class InspectionPeriod(Parameters, frozen=True, kw_only=True):
    """`before_report`, `before_hearing`: how long the sides have evidence and report. `roles`: who they are."""

    before_report: Period
    before_hearing: Period
    roles: tuple[Role, ...] = ("complainant", "respondent")


@requirement(
    "inspection-period",
    covers=("T1",),
    parameters=InspectionPeriod,
    anchors=(ReportFinalised, MeetingOpened),
    reads=(*DISCLOSING, MeetingCalled),
)
def check_inspection_period(view: View, parameters: InspectionPeriod, anchor: AnyEvent) -> Finding:
    """Both sides have the evidence for a period before the report, and the report for a period before the hearing."""
    people = [person for role in parameters.roles for person in view.holders(role)]
    if isinstance(anchor.act, ReportFinalised):
        exhibits = _find_exhibits(view, anchor, anchor.act)
        if not exhibits:
            return view.nothing_against(anchor, phrase("The report rests on no exhibit."))
        return ask_of_each(view, anchor, people, lambda person: _evidence(view, parameters, anchor, person, exhibits))
    if isinstance(anchor.act, MeetingOpened) and find_purpose(view, anchor.act.meeting) in ASIDE:
        return silent(phrase("This meeting was not called to hear the charge."))
    reports, doubtful = find_before(view, anchor, view.all(ReportFinalised))
    if not reports and not doubtful:
        return silent(phrase("There was no report of an investigation."))
    if not reports:
        return view.missing(anchor, phrase("No final report came before the hearing."), alleged=doubtful)
    return ask_of_each(view, anchor, people, lambda person: _report(view, parameters, anchor, person, reports[-1]))


def _find_exhibits(view: View, anchor: AnyEvent, report: ReportFinalised) -> tuple[str, ...]:
    lodged = [one.act.exhibit for one in view.all(ExhibitLodged) if one.established and one.before(anchor) is not False]
    return tuple(dict.fromkeys((*report.exhibits, *lodged)))


def _evidence(
    view: View, parameters: InspectionPeriod, anchor: AnyEvent, person: PersonId, exhibits: tuple[str, ...]
) -> Finding:
    at_least = parameters.before_report
    found = worst(judge_disclosed(view, anchor, one, person, at_least=at_least, before=anchor.when) for one in exhibits)
    return view.weigh(anchor, found)


def _report(
    view: View, parameters: InspectionPeriod, anchor: AnyEvent, person: PersonId, report: Event[ReportFinalised]
) -> Finding:
    delivered = find_confirmed_delivery(view, report, person)
    cure = Cure(
        "service.confirmed",
        ("case-manager", "secretary"),
        phrase("Serve the report on {person} and confirm it.", person=as_person(person)),
    )
    if delivered is None:
        because = phrase("Nothing shows that the report reached {person}.", person=as_person(person))
        return view.missing(anchor, because, acts=("service.confirmed",), cures=(cure,))
    return judge_period(
        view,
        anchor,
        measure_at_least(delivered, parameters.before_hearing, anchor.when, view.calendar),
        kept=phrase("The sides had the report in time."),
        missed=phrase(
            "{person} had the report for less than {before_hearing} before the hearing.",
            person=as_person(person),
            before_hearing=parameters.before_hearing,
        ),
        entries=(report.seq,),
        cures=(
            Cure(
                "meeting.adjourned",
                ("chair", "secretary"),
                phrase("Give {person} the rest of the period.", person=as_person(person)),
            ),
        ),
    )
