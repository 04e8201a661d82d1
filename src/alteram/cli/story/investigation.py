"""The investigation: somebody from outside, evidence, notice, the answer, a draft both sides check."""

from alteram.cli.story.consents import rule_on_call
from alteram.cli.story.evidence import Evidence, dispute_call, give, lodge_call, lodge_column, trace_copy
from alteram.cli.story.people import (
    COMPANION,
    CONFIDENCE,
    CONTACT,
    INVESTIGATOR,
    OTHER_MANAGER,
    REPORTER,
    RESPONDENT,
)
from alteram.cli.story.player import Player
from alteram.core.acts import (
    CompanionNamed,
    ContactMade,
    ContactPersonNamed,
    DraftReportCommented,
    DraftReportServed,
    FindingMade,
    InterestDeclared,
    InterviewHeld,
    InvestigationBegun,
    InvestigatorAppointed,
    NoticeServed,
    ReporterInformed,
    ReportFinalised,
    ResponseGiven,
    RiskAssessed,
    ServiceConfirmed,
    TermsSet,
)


def investigate(player: Player, evidence: Evidence | None = None) -> None:
    """Establish the facts, serve notice, take the answer, and have both sides check the draft report."""
    player.on("2025-08-15", "09:00", "The lawful way: somebody keeps in touch, an investigator from outside looks")
    player.do(CONFIDENCE, OTHER_MANAGER, ContactPersonNamed(person=CONTACT, for_person=RESPONDENT, every_days=14))
    player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    terms = player.do(CONFIDENCE, OTHER_MANAGER, TermsSet(allegations=("a1",), text="Who published what, and when."))
    player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        InvestigatorAppointed(
            person=INVESTIGATOR,
            terms=terms,
            principles=("independent", "confidential", "competent", "impartial", "lawful"),
        ),
    )
    player.do(CONFIDENCE, INVESTIGATOR, InterestDeclared(nature="none"))
    player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        RiskAssessed(point="decision-to-investigate", person=REPORTER, level="low", text="No change."),
    )
    player.do(CONFIDENCE, INVESTIGATOR, InvestigationBegun(terms=terms))
    lodge_column(player, evidence)
    lodge_call(player, evidence)
    rule_on_call(player)
    player.on("2025-08-20", "10:00", "Notice with particulars, evidence and the worst outcome; then time to answer")
    notice = player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        NoticeServed(
            to=RESPONDENT,
            allegations=("a1",),
            particulars=("On 7 August, in a newspaper column: what the caucus had discussed on 5 August.",),
            worst_sanction="expulsion",
            jeopardy="A seat, the office's staff, and possibly a by-election.",
            exhibits=("e1", "e2"),
            hearing_at=player.instant("2025-11-20T10:00"),
            respond_by=player.instant("2025-10-06T17:00"),
            states_companion=True,
            states_presumption=True,
        ),
    )
    player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        ServiceConfirmed(document=notice, to=RESPONDENT, delivered_at=player.now, how="read"),
    )
    give(player, evidence, (RESPONDENT, REPORTER))
    player.do(CONFIDENCE, RESPONDENT, CompanionNamed(person=COMPANION, for_person=RESPONDENT))
    player.on("2025-08-27", "10:00", "Interviews, with whoever each wants beside them")
    player.do(CONFIDENCE, INVESTIGATOR, InterviewHeld(person=REPORTER, terms=terms))
    player.do(CONFIDENCE, INVESTIGATOR, InterviewHeld(person=RESPONDENT, terms=terms, accompanied_by=(COMPANION,)))
    player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    player.on("2025-09-03", "10:00", "Part of the call is in a newspaper; whether it misrepresents can be checked")
    dispute_call(player, evidence)
    trace_copy(player, evidence)
    player.on("2025-09-10", "10:00", "The respondent answers")
    player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    player.do(
        CONFIDENCE,
        RESPONDENT,
        ResponseGiven(allegations=("a1",), stance="in-part", text="I wrote it; I told nothing that was not public."),
    )
    player.do(CONFIDENCE, OTHER_MANAGER, ReporterInformed(phase="investigation", text="Answered; the report follows."))
    player.on("2025-09-24", "10:00", "The draft report goes to both sides before it is final")
    player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    drafts = [
        player.do(CONFIDENCE, INVESTIGATOR, DraftReportServed(to=person, exhibits=("e1", "e2"), text="The draft."))
        for person in (RESPONDENT, REPORTER)
    ]
    player.do(CONFIDENCE, OTHER_MANAGER, RiskAssessed(point="during", person=REPORTER, level="low", text="No change."))
    player.on("2025-10-01", "10:00")
    comment = player.do(
        CONFIDENCE, RESPONDENT, DraftReportCommented(draft=drafts[0], text="The date in paragraph 4 is wrong.")
    )
    player.on("2025-10-08", "10:00", "The report is final: what it finds, and what became of the comment")
    player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    player.do(
        CONFIDENCE,
        INVESTIGATOR,
        FindingMade(allegation="a1", outcome="proved", exhibits=("e1",), reasons="Two sentences were not public."),
    )
    final = player.do(
        CONFIDENCE,
        INVESTIGATOR,
        ReportFinalised(terms=terms, exhibits=("e1", "e2"), comments_answered=(comment,), text="The report."),
    )
    for person in (RESPONDENT, REPORTER):
        confirmed = ServiceConfirmed(document=final, to=person, delivered_at=player.now, how="read")
        player.do(CONFIDENCE, OTHER_MANAGER, confirmed)
