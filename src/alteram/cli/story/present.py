"""A complaint that is under way now: notice was served two days ago, the respondent has not answered yet.

It is told back from the present, so that its deadlines lie ahead of whoever looks at it in the browser.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from alteram.cli.story.people import CHAIR, CUSTODIAN
from alteram.cli.story.player import Player
from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    CaseManagerAssigned,
    ContactMade,
    ContactPersonNamed,
    ExhibitDisclosed,
    ExhibitLodged,
    InterestDeclared,
    InvestigationBegun,
    InvestigatorAppointed,
    MatterAccepted,
    NoticeServed,
    PartyJoined,
    ReportAcknowledged,
    ReporterAsked,
    ReporterInformed,
    ReportLodged,
    RiskAssessed,
    ServiceConfirmed,
    SupportOffered,
    TermsSet,
    TriageDecided,
)
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Rulebook
from alteram.operations.organisation import Organisation

MATTER: Final = StreamId("shouting-in-meetings")
COMPLAINANT, RESPONDENT, WITNESS = PersonId("m30"), PersonId("m31"), PersonId("m32")
MANAGER, CONTACT, INVESTIGATOR = PersonId("m33"), PersonId("m35"), PersonId("x06")
#: Who can be signed in as, in the order in which a visitor may want to look, each told as a part.
VISITORS: Final = (
    (RESPONDENT, "Respondent"),
    (COMPLAINANT, "Complainant"),
    (MANAGER, "Case manager"),
    (INVESTIGATOR, "Investigator"),
    (WITNESS, "Witness"),
    (CHAIR, "Chair"),
    (PersonId("m40"), "Decider"),
    (PersonId("m11"), "Scrutineer"),
    (PersonId("x01"), "Appeal panel"),
    (CUSTODIAN, "Custodian"),
    (PersonId("m02"), "Secretary"),
)


def play_present(organisation: Organisation, rules: Rulebook, now: datetime, tell: Callable[[str], None]) -> None:
    """Play the complaint up to two days before `now`. Raises: StoryError when a step comes out otherwise."""
    player = Player(organisation, rules, tell)
    today = rules.calendar.local_day(now)

    def back(days: int, time: str = "10:00") -> None:
        player.on((today - timedelta(days=days)).isoformat(), time)

    def day_ahead(days: int) -> datetime:
        return player.instant(f"{(today + timedelta(days=days)).isoformat()}T17:00")

    back(30)
    report = player.do(
        MATTER,
        COMPLAINANT,
        ReportLodged(
            identity="named",
            about="person",
            text="In meetings since the spring I was shouted at, and told I had no business there.",
            people=(RESPONDENT,),
        ),
    )
    back(29)
    player.do(MATTER, CUSTODIAN, CaseManagerAssigned(person=MANAGER))
    player.do(MATTER, MANAGER, InterestDeclared(nature="none"))
    text = "We have your report. Within three weeks you hear what becomes of it. Doors outside are open to you too."
    player.do(MATTER, MANAGER, ReportAcknowledged(report=report, text=text, external_routes=True))
    for person in (COMPLAINANT, RESPONDENT):
        player.do(MATTER, MANAGER, SupportOffered(to=person))
    player.do(MATTER, MANAGER, RiskAssessed(point="report", person=COMPLAINANT, level="low", text="No danger now."))
    player.do(MATTER, MANAGER, TriageDecided(score="medium", reasons="Serious if true; others were there."))
    back(25)
    player.do(
        MATTER,
        MANAGER,
        MatterAccepted(
            procedure="conduct-complaint", complainant=COMPLAINANT, respondent=RESPONDENT, reasons="To be looked into."
        ),
    )
    player.do(MATTER, MANAGER, ReporterInformed(phase="triage", text="It is accepted; an investigator follows."))
    player.do(
        MATTER,
        MANAGER,
        AllegationsStated(
            allegations=(
                Allegation(
                    id="a1",
                    breach="conduct-towards-colleagues",
                    first_on=today - timedelta(days=80),
                    last_on=today - timedelta(days=40),
                ),
            ),
            particulars=("In three meetings of the group: shouted at a colleague, and sent them out of the room.",),
        ),
    )
    back(22)
    _investigate(player)
    back(2)
    notice = player.do(
        MATTER,
        MANAGER,
        NoticeServed(
            to=RESPONDENT,
            allegations=("a1",),
            particulars=("In three meetings of the group: shouted at a colleague, and sent them out of the room.",),
            worst_sanction="suspension",
            jeopardy="The chair of a committee, while a suspension lasts.",
            exhibits=("e1",),
            hearing_at=day_ahead(70),
            respond_by=day_ahead(40),
            states_companion=True,
            states_presumption=True,
        ),
    )
    player.do(MATTER, MANAGER, ServiceConfirmed(document=notice, to=RESPONDENT, delivered_at=player.now, how="read"))
    for person in (RESPONDENT, COMPLAINANT):
        player.do(MATTER, MANAGER, ExhibitDisclosed(exhibits=("e1",), to=person))
    player.do(MATTER, MANAGER, ReporterAsked(text="May the witness be told that you named them?"))


def _investigate(player: Player) -> None:
    """Let somebody from outside look, and somebody keep in touch with the respondent."""
    player.do(MATTER, MANAGER, ContactPersonNamed(person=CONTACT, for_person=RESPONDENT, every_days=30))
    player.do(MATTER, CONTACT, ContactMade(person=RESPONDENT))
    player.do(MATTER, MANAGER, PartyJoined(person=WITNESS, role="witness"))
    terms = player.do(MATTER, MANAGER, TermsSet(allegations=("a1",), text="What was said, by whom, before whom."))
    principles = ("independent", "confidential", "competent", "impartial", "lawful")
    player.do(MATTER, MANAGER, InvestigatorAppointed(person=INVESTIGATOR, terms=terms, principles=principles))
    player.do(MATTER, INVESTIGATOR, InterestDeclared(nature="none"))
    player.do(
        MATTER,
        MANAGER,
        RiskAssessed(point="decision-to-investigate", person=COMPLAINANT, level="low", text="No change."),
    )
    player.do(MATTER, INVESTIGATOR, InvestigationBegun(terms=terms))
    title = "Minutes of the three meetings"
    player.do(MATTER, INVESTIGATOR, ExhibitLodged(exhibit="e1", kind="document", obtained="given", title=title))
