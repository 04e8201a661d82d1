"""The facts are established, the respondent is charged and answers, and both sides check the report."""

from datetime import timedelta
from typing import Final

from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    CompanionNamed,
    DraftReportServed,
    ExhibitDisclosed,
    ExhibitLodged,
    FindingMade,
    InterestDeclared,
    InterviewHeld,
    InvestigationBegun,
    InvestigatorAppointed,
    NoticeServed,
    ReportFinalised,
    ReportLodged,
    ResponseGiven,
    ServiceConfirmed,
    TermsSet,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.course.desk import (
    BOTH,
    CHARGE,
    EXHIBIT,
    PRINCIPLES,
    TEXT,
    Desk,
    Drafting,
    Drafts,
    Step,
    build_confirming,
    build_risk,
    each,
)


def _appoint(desk: Desk) -> Drafts:
    yield InvestigatorAppointed(person=desk.who("investigator"), terms=desk.last(TermsSet), principles=PRINCIPLES)


def _begin(desk: Desk) -> Drafts:
    terms = desk.last(TermsSet)
    if terms is not None:
        yield InvestigationBegun(terms=terms)


def _interview(part: str) -> Drafting:
    def draft(desk: Desk) -> Drafts:
        beside = (desk.who("companion"),) if part == "respondent" else ()
        yield InterviewHeld(person=desk.who(part), terms=desk.last(TermsSet), accompanied_by=beside)

    return draft


def _lodge(_: Desk) -> Drafts:
    yield ExhibitLodged(exhibit=EXHIBIT, kind="document", obtained="given", title=TEXT)


_INQUIRY: Final = (
    Step("terms-set", lambda _: (TermsSet(text=TEXT),)),
    Step("investigator-appointed", _appoint),
    Step("investigator-declared", lambda _: (InterestDeclared(nature="none"),), by="investigator"),
    Step("risk-at-inquiry", build_risk("decision-to-investigate")),
    Step("begun", _begin),
    Step("complainant-interviewed", _interview("complainant"), by="investigator"),
    Step("exhibit-lodged", _lodge),
)


def _state(desk: Desk) -> Drafts:
    conduct = desk.rulebook.calendar.local_day(desk.facts.matter.last_at or desk.now)
    reports = desk.facts.matter.all(ReportLodged)
    on = reports[0].act.last_on if reports and reports[0].act.last_on else conduct
    for breach in desk.rulebook.breaches[:1]:
        yield AllegationsStated(
            allegations=(Allegation(id=CHARGE, breach=breach.id, first_on=on, last_on=on),), particulars=(TEXT,)
        )


def _notify(desk: Desk) -> Drafts:
    exhibits = (EXHIBIT,) if desk.last(ExhibitLodged) is not None else ()
    for respond_by in desk.later():
        yield NoticeServed(
            to=desk.who("respondent"),
            allegations=(CHARGE,) if desk.last(AllegationsStated) is not None else (),
            particulars=(TEXT,),
            worst_sanction=None if desk.sanction is None else desk.sanction.id,
            jeopardy=TEXT,
            exhibits=exhibits,
            respond_by=respond_by,
            hearing_at=respond_by + timedelta(days=1),
            states_companion=True,
            states_presumption=True,
        )


def _disclose(desk: Desk, person: PersonId) -> Drafts:
    if desk.last(ExhibitLodged) is not None:
        yield ExhibitDisclosed(exhibits=(EXHIBIT,), to=person)


def _name_companion(desk: Desk) -> Drafts:
    yield CompanionNamed(person=desk.who("companion"), for_person=desk.who("respondent"))


def _respond(desk: Desk) -> Drafts:
    if desk.last(AllegationsStated) is not None:
        yield ResponseGiven(allegations=(CHARGE,), stance="in-part", text=TEXT)


_CHARGE: Final = (
    Step("alleged", _state),
    Step("terms-of-the-charge", lambda _: (TermsSet(allegations=(CHARGE,), text=TEXT),)),
    Step("notified", _notify),
    Step("notice-delivered", build_confirming(NoticeServed, "respondent")),
)
_ANSWER: Final = (
    Step("companion-named", _name_companion, by="respondent"),
    Step("respondent-interviewed", _interview("respondent"), by="investigator"),
    Step("answered", _respond, by="respondent"),
)


def _serve_draft(desk: Desk, person: PersonId) -> Drafts:
    exhibits = (EXHIBIT,) if desk.last(ExhibitLodged) is not None else ()
    yield DraftReportServed(to=person, exhibits=exhibits, text=TEXT)


def _find(_: Desk) -> Drafts:
    yield FindingMade(allegation=CHARGE, outcome="proved", exhibits=(EXHIBIT,), reasons=TEXT)


def _finalise(desk: Desk) -> Drafts:
    yield ReportFinalised(terms=desk.last(TermsSet), exhibits=(EXHIBIT,), text=TEXT)


def _confirm_report(desk: Desk, person: PersonId) -> Drafts:
    report = desk.last(ReportFinalised)
    if report is not None:
        yield ServiceConfirmed(document=report, to=person, delivered_at=desk.now, how="read")


_REPORT: Final = (
    Step("found", _find, by="investigator"),
    Step("risk-during", build_risk("during")),
    Step("report-final", _finalise),
)


def build_inquiry() -> tuple[Step, ...]:
    """Return the steps from the terms of reference to the final report."""
    return (
        *_INQUIRY,
        *_CHARGE,
        *(each("disclosed", _disclose, part) for part in BOTH),
        *_ANSWER,
        *(each("draft-report", _serve_draft, part) for part in BOTH),
        *_REPORT,
        *(each("report-delivered", _confirm_report, part) for part in BOTH),
    )
