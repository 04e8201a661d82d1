"""The beginning: two complaints, and everything that went wrong, tried and refused."""

from datetime import date

from alteram.cli.story.people import (
    ALL,
    CHAIR,
    CONDUCT,
    CONFIDENCE,
    CUSTODIAN,
    MANAGER,
    OTHER_MANAGER,
    REPORTER,
    RESPONDENT,
    WHIP,
)
from alteram.cli.story.player import Player
from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    CaseManagerAssigned,
    DecisionMade,
    InterestDeclared,
    InterimMeasureImposed,
    MatterAccepted,
    MatterDeclined,
    MattersLinked,
    MediationOffered,
    MeetingCalled,
    ReportAcknowledged,
    ReportLodged,
    RiskAssessed,
    SanctionImposed,
    StatementPublished,
    SupportOffered,
    TriageDecided,
)


def complain(player: Player) -> None:
    """Complain of the whip; the whip cannot end it; somebody independent takes it up."""
    player.on("2025-08-07", "09:00", "A member complains of bullying by the senior whip")
    report = player.do(
        CONDUCT,
        RESPONDENT,
        ReportLodged(
            identity="named",
            about="person",
            text="Since March the senior whip has shouted at me and at my staff.",
            people=(WHIP,),
            public=True,
        ),
    )
    player.on("2025-08-07", "11:00", "The person complained of, who keeps the records, tries to end it there")
    player.refused(CONDUCT, WHIP, MatterDeclined(reasons="The whips' records warrant nothing."))
    player.on("2025-08-07", "12:00", "Somebody independent takes it up")
    player.do(CONDUCT, CUSTODIAN, CaseManagerAssigned(person=MANAGER))
    player.do(CONDUCT, MANAGER, InterestDeclared(nature="none"))
    player.do(
        CONDUCT,
        MANAGER,
        ReportAcknowledged(
            report=report, text="We have it. These doors outside are open to you: …", external_routes=True
        ),
    )
    player.do(CONDUCT, MANAGER, SupportOffered(to=RESPONDENT))
    player.do(CONDUCT, MANAGER, SupportOffered(to=WHIP))
    player.do(CONDUCT, MANAGER, RiskAssessed(point="report", person=RESPONDENT, level="medium", text="In private."))
    player.do(CONDUCT, MANAGER, TriageDecided(score="medium", reasons="Serious if true; nobody is in danger."))
    player.do(
        CONDUCT,
        MANAGER,
        MatterAccepted(
            procedure="conduct-complaint", complainant=RESPONDENT, respondent=WHIP, reasons="To be looked into."
        ),
    )


def charge(player: Player) -> None:
    """Charge the same member in a matter of its own, linked to the first."""
    player.on("2025-08-08", "09:00", "The same member is charged with breaking the confidence of the caucus")
    report = player.do(
        CONFIDENCE,
        REPORTER,
        ReportLodged(
            identity="named",
            about="person",
            text="A column and a series of posts told what was said in caucus.",
            people=(RESPONDENT,),
        ),
    )
    player.do(CONFIDENCE, CUSTODIAN, CaseManagerAssigned(person=OTHER_MANAGER))
    player.do(CONFIDENCE, CUSTODIAN, MattersLinked(other=CONDUCT, why="same-people"))
    player.do(CONFIDENCE, OTHER_MANAGER, InterestDeclared(nature="none"))
    player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        ReportAcknowledged(report=report, text="We have it. What happens next: …", external_routes=True),
    )
    for person in (REPORTER, RESPONDENT):
        player.do(CONFIDENCE, OTHER_MANAGER, SupportOffered(to=person))
    player.do(CONFIDENCE, OTHER_MANAGER, RiskAssessed(point="report", person=REPORTER, level="low", text="Asked."))
    player.do(CONFIDENCE, OTHER_MANAGER, TriageDecided(score="medium", reasons="Public, and repeated."))
    player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        MatterAccepted(
            procedure="conduct-complaint", complainant=REPORTER, respondent=RESPONDENT, reasons="To be heard."
        ),
    )
    player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        AllegationsStated(
            allegations=(
                Allegation(
                    id="a1",
                    breach="caucus-confidence",
                    first_on=date.fromisoformat("2025-08-07"),
                    last_on=date.fromisoformat("2025-08-07"),
                ),
            ),
            particulars=("On 7 August, in a newspaper column: what the caucus had discussed on 5 August.",),
        ),
    )


def go_wrong(player: Player) -> None:
    """Try what was done in the history; every act of it is refused."""
    player.on("2025-08-11", "20:00", "The night before: the room without the member it is about")
    without = tuple(one for one in ALL if one != RESPONDENT)
    eve = MeetingCalled(
        meeting="eve", body="caucus", at=player.now, agenda=("the member",), invited=without, purpose="decision"
    )
    player.refused(CONFIDENCE, CHAIR, eve)
    player.on("2025-08-12", "11:00", "The morning after: suspended, warned, offered mediation, all at once")
    player.refused(CONFIDENCE, CHAIR, InterimMeasureImposed(person=RESPONDENT, measure="suspension", nature="penalty"))
    player.refused(CONFIDENCE, CHAIR, DecisionMade(kind="suspension", body="caucus", deciders=without))
    player.refused(
        CONFIDENCE,
        CHAIR,
        SanctionImposed(person=RESPONDENT, sanction="final-warning", body="caucus", announced_only=True),
    )
    player.refused(CONFIDENCE, CHAIR, MediationOffered(to=(RESPONDENT, REPORTER)))
    player.on("2025-08-14", "15:00", "Notice of a meeting to expel, five days ahead")
    expel = MeetingCalled(
        meeting="expulsion",
        body="caucus",
        at=player.instant("2025-08-19T10:00"),
        agenda=("expulsion of the member",),
        invited=ALL,
        purpose="decision",
    )
    player.refused(CONFIDENCE, CHAIR, expel)
    player.refused(
        CONFIDENCE,
        WHIP,
        StatementPublished(
            office="senior whip", names_respondent=True, announces_outcome=True, text="Further steps follow."
        ),
    )
