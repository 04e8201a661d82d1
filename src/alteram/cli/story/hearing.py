"""The end: a hearing, two questions in turn, the decision as an instrument, an appeal to people who have not sat."""

from datetime import date

from alteram.cli.story.people import (
    ALL,
    CHAIR,
    COMPANION,
    CONFIDENCE,
    CONTACT,
    CUSTODIAN,
    INDEPENDENT,
    MANAGER,
    OTHER_MANAGER,
    PANEL,
    REPORTER,
    RESPONDENT,
    SCRUTINEER,
    VOTERS,
    WHIP,
)
from alteram.cli.story.player import Player
from alteram.core.acts import (
    AdverseActReasoned,
    AppealAdmitted,
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    AttendanceChanged,
    ContactMade,
    DecisionMade,
    DecisionServed,
    InstrumentIssued,
    InterestDeclared,
    MatterClosed,
    MeetingCalled,
    MeetingClosed,
    MeetingOpened,
    MinuteConfirmed,
    MinuteDisclosed,
    MinuteMade,
    MotionPut,
    MotionSeconded,
    OutcomePublished,
    PartyHeard,
    PersonRecused,
    ReporterInformed,
    RiskAssessed,
    SanctionImposed,
    SecondKeyGiven,
    ServiceConfirmed,
    SubmissionsClosed,
    ThirdPartiesConsidered,
    ViewSought,
    VoteTaken,
)
from alteram.core.kernel.identifiers import PersonId


def hear(player: Player) -> tuple[str, ...]:
    """Call the meeting in time and hear both sides; return the exhibits that may be relied on."""
    player.on("2025-10-20", "10:00", "A meeting is called in time; everybody is invited")
    for day in ("2025-10-22", "2025-11-05"):
        player.on(day, "09:00")
        player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    player.on("2025-11-05", "10:00")
    player.do(
        CONFIDENCE,
        CHAIR,
        MeetingCalled(
            meeting="hearing",
            body="caucus",
            at=player.instant("2025-12-09T10:00"),
            agenda=("the charge against the member",),
            invited=ALL,
            purpose="hearing",
        ),
    )
    player.do(CONFIDENCE, OTHER_MANAGER, ViewSought(person=INDEPENDENT, text="Proportionate at most: a reprimand."))
    player.on("2025-11-19", "09:00")
    player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    player.on("2025-12-02", "09:00", "Whoever took another part stands down; whoever votes declares")
    player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    everything = ("decider", "secretary", "spokesperson")
    player.do(CONFIDENCE, WHIP, PersonRecused(person=WHIP, roles=everything, reasons="The member accuses me."))
    for person in (REPORTER, RESPONDENT, MANAGER, OTHER_MANAGER, CONTACT, COMPANION):
        player.do(CONFIDENCE, person, PersonRecused(person=person, reasons="I have another part in this."))
    player.do_each(CONFIDENCE, VOTERS, InterestDeclared(nature="none"))
    player.on(
        "2025-12-09", "10:00", "The hearing: both sides are heard, and the respondent closes before anyone deliberates"
    )
    present = tuple(one for one in ALL if one != WHIP)
    player.do(CONFIDENCE, CHAIR, MeetingOpened(meeting="hearing", present=present, chair=CHAIR))
    items = ("case-put", "response-heard", "questions", "witnesses", "summing-up")
    player.do(CONFIDENCE, CHAIR, PartyHeard(meeting="hearing", person=REPORTER, items=items))
    player.do(CONFIDENCE, CHAIR, PartyHeard(meeting="hearing", person=RESPONDENT, items=items))
    player.do(CONFIDENCE, RESPONDENT, SubmissionsClosed(side="respondent"))
    player.do(CONFIDENCE, REPORTER, SubmissionsClosed(side="complainant"))
    leaving = AttendanceChanged(meeting="hearing", left=(RESPONDENT, REPORTER), at_item="before-deliberation")
    player.do(CONFIDENCE, CHAIR, leaving)
    return ("e1",)


def decide(player: Player, exhibits: tuple[str, ...]) -> None:
    """Vote, decide with reasons, issue the instrument, hear the appeal, close the matter."""
    player.do(CONFIDENCE, CHAIR, ThirdPartiesConsidered(text="Voters, staff, and the reporter were considered."))
    player.on("2025-12-09", "12:00", "One question after the other, counted by a scrutineer; the whip may not vote")
    player.do(CONFIDENCE, CHAIR, MotionPut(meeting="hearing", motion="finding", kind="finding", allegation="a1"))
    player.do(CONFIDENCE, PersonId("m30"), MotionSeconded(motion="finding"))
    player.refused(CONFIDENCE, SCRUTINEER, _vote("finding", (*VOTERS, WHIP)), "m02")
    player.do(CONFIDENCE, SCRUTINEER, _vote("finding", VOTERS))
    player.do(
        CONFIDENCE,
        CHAIR,
        MotionPut(meeting="hearing", motion="penalty", kind="sanction", allegation="a1", sanction="reprimand"),
    )
    player.do(CONFIDENCE, PersonId("m30"), MotionSeconded(motion="penalty"))
    player.do(CONFIDENCE, SCRUTINEER, _vote("penalty", VOTERS))
    player.on("2025-12-09", "14:00", "The decision with reasons, and the sanction as an instrument")
    player.do(CONFIDENCE, OTHER_MANAGER, RiskAssessed(point="outcome", person=REPORTER, level="low", text="Asked."))
    decision = player.do(
        CONFIDENCE,
        CHAIR,
        DecisionMade(
            kind="outcome",
            body="caucus",
            deciders=VOTERS,
            meeting="hearing",
            proved=("a1",),
            exhibits=exhibits,
            motions=("finding", "penalty"),
            states_appeal=True,
            considers_third_parties=True,
            no_comparators=True,
            reasons="Two sentences were not public; no harm is shown; no like case is on record.",
        ),
    )
    player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        AdverseActReasoned(
            person=RESPONDENT,
            signed_off_by=CUSTODIAN,
            reasons="For the column alone; the complaint goes on untouched.",
        ),
    )
    sanction = player.do(
        CONFIDENCE,
        CHAIR,
        SanctionImposed(person=RESPONDENT, sanction="reprimand", body="caucus", decision=decision, motion="penalty"),
    )
    instrument = player.do(
        CONFIDENCE,
        CHAIR,
        InstrumentIssued(
            sanction=sanction,
            person=RESPONDENT,
            clause="2.2",
            expires_on=date.fromisoformat("2026-06-09"),
            states_appeal=True,
            trigger="A further breach of the same clause within the term.",
            conduct="Publishing two sentences of a confidential discussion.",
        ),
    )
    delivered = ServiceConfirmed(document=instrument, to=RESPONDENT, delivered_at=player.now, how="signed")
    player.do(CONFIDENCE, OTHER_MANAGER, delivered)
    for person in (RESPONDENT, REPORTER):
        player.do(CONFIDENCE, OTHER_MANAGER, DecisionServed(decision=decision, to=person, states_appeal=True))
    player.do(CONFIDENCE, CONTACT, ContactMade(person=RESPONDENT))
    player.do(CONFIDENCE, OTHER_MANAGER, ReporterInformed(phase="outcome", text="What was decided, and why."))
    player.do(CONFIDENCE, CHAIR, MinuteMade(meeting="hearing", text="The minute."))
    for person in (RESPONDENT, REPORTER):
        player.do(CONFIDENCE, CHAIR, MinuteDisclosed(meeting="hearing", to=person))
    player.do(CONFIDENCE, RESPONDENT, MinuteConfirmed(meeting="hearing"))
    player.do(CONFIDENCE, CHAIR, MeetingClosed(meeting="hearing"))
    _appeal(player, decision)


def _vote(motion: str, voters: tuple[PersonId, ...]) -> VoteTaken:
    against = 13
    return VoteTaken(
        motion=motion,
        votes_for=len(voters) - against,
        votes_against=against,
        recused=7,
        base="eligible",
        base_count=len(voters),
        secret=True,
        voters=voters,
    )


def _appeal(player: Player, decision: int) -> None:
    player.on("2025-12-11", "10:00", "An appeal, to people who have not sat")
    appeal = player.do(
        CONFIDENCE,
        RESPONDENT,
        AppealLodged(against=decision, grounds=("sanction",), text="Too much for two sentences."),
    )
    player.do(CONFIDENCE, CUSTODIAN, AppealPanelFormed(members=PANEL, appeal=appeal))
    for person in PANEL:
        player.do(CONFIDENCE, person, InterestDeclared(nature="none"))
    player.do(CONFIDENCE, PANEL[0], AppealAdmitted(appeal=appeal))
    player.on("2025-12-17", "10:00", "The outcome")
    sat_before = AppealDecided(
        appeal=appeal, outcome="upheld", panel=(CHAIR, *PANEL[1:]), reasons="We see no reason to differ."
    )
    player.refused(CONFIDENCE, PANEL[1], sat_before, "fresh-appeal-panel")
    outcome = player.do(
        CONFIDENCE,
        PANEL[0],
        AppealDecided(
            appeal=appeal, outcome="upheld", panel=PANEL, reasons="Within what the rules allow, and the least of it."
        ),
    )
    for person in (RESPONDENT, REPORTER):
        player.do(CONFIDENCE, OTHER_MANAGER, DecisionServed(decision=outcome, to=person, states_appeal=True))
    player.do(
        CONFIDENCE, CHAIR, OutcomePublished(decision=outcome, names="nobody", text="A reprimand, upheld on appeal.")
    )
    player.do(
        CONFIDENCE, OTHER_MANAGER, RiskAssessed(point="after-closing", person=REPORTER, level="low", text="Asked.")
    )
    player.do(CONFIDENCE, CUSTODIAN, SecondKeyGiven(to_act="matter.closed"))
    player.do(
        CONFIDENCE,
        OTHER_MANAGER,
        MatterClosed(
            approved_by=CUSTODIAN,
            actions="A reprimand.",
            lessons="Say in advance which parts of a discussion are public.",
            reporter_told=True,
            review_routes=True,
        ),
    )
