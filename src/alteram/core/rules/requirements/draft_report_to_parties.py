"""The draft report goes to both sides before it is final (UK Parliament, ICGS: checked for factual accuracy).

Every comment must be answered in the final report. Whether a comment was answered well is not asked.
"""

from alteram.core.acts import DraftReportCommented, DraftReportServed, ReportFinalised
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.disclosure import AT_ANY_TIME
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent, worst
from alteram.core.rules.measuring import measure_at_least
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING, find_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each, find_before, judge_period


class DraftReportToParties(Parameters, frozen=True, kw_only=True):
    """`roles`: the sides that get the draft. `at_least`: how long before the final report they have it."""

    roles: tuple[Role, ...] = ("complainant", "respondent")
    at_least: Period = AT_ANY_TIME


@requirement(
    "draft-report-to-parties",
    covers=("U7",),
    parameters=DraftReportToParties,
    anchors=(ReportFinalised,),
    reads=(DraftReportServed, DraftReportCommented, *SERVING),
)
def check_draft_report_to_parties(view: View, parameters: DraftReportToParties, anchor: AnyEvent) -> Finding:
    """Both sides could check the draft report before it was final, and each comment was answered."""
    if not isinstance(anchor.act, ReportFinalised):
        return silent(phrase("This is no final report."))
    people = [person for role in parameters.roles for person in view.holders(role)]
    served = ask_of_each(view, anchor, people, lambda person: _ask(view, parameters, anchor, person))
    return worst((served, _comments(view, anchor, anchor.act)))


def _ask(view: View, parameters: DraftReportToParties, anchor: AnyEvent, person: PersonId) -> Finding:
    drafts, doubtful = find_before(view, anchor, (one for one in view.all(DraftReportServed) if one.act.to == person))
    cure = Cure(
        "draft-report.served",
        ("investigator", "case-manager"),
        phrase("Serve the draft on {person}, then finish it.", person=as_person(person)),
    )
    if not drafts:
        because = phrase("The draft report was not served on {person}.", person=as_person(person))
        return view.missing(anchor, because, alleged=doubtful, acts=("draft-report.served",), cures=(cure,))
    return judge_period(
        view,
        anchor,
        measure_at_least(find_delivery(view, drafts[-1], person), parameters.at_least, anchor.when, view.calendar),
        kept=phrase("Both sides had the draft in time."),
        missed=phrase(
            "{person} had the draft report for less than {at_least}.",
            person=as_person(person),
            at_least=parameters.at_least,
        ),
        entries=(drafts[-1].seq,),
        cures=(cure,),
    )


def _comments(view: View, anchor: AnyEvent, report: ReportFinalised) -> Finding:
    comments = [one.seq for one in view.all(DraftReportCommented) if one.established and one.before(anchor)]
    ignored = sorted(set(comments) - set(report.comments_answered))
    if not ignored:
        finding = passed(phrase("Every comment on the draft was answered."), entries=(*comments, anchor.seq))
    else:
        cure = Cure(
            "report.finalised", ("investigator",), phrase("Say in the final report what became of each comment.")
        )
        because = phrase(
            "{ignored} of {comments} comments on the draft were not answered.",
            ignored=len(ignored),
            comments=len(comments),
        )
        finding = failed(because, entries=(*ignored, anchor.seq), missing=("report.finalised",), cures=(cure,))
    return view.weigh(anchor, finding)
