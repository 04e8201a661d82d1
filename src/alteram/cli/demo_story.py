"""The dispute of `the-night-before`, played live: what went wrong is tried and refused, then the lawful way is taken.

Two linked matters: `live-conduct` (a member complains of bullying by a whip) and `live-confidence` (the same member is
charged with breaking the confidence of the caucus). Everybody is a role; m05 is complainant in one and respondent in
the other.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from alteram.cli.describing import tell_ruling
from alteram.core.acts import (
    AdverseActReasoned,
    Allegation,
    AllegationsStated,
    AppealAdmitted,
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    AttendanceChanged,
    CaseManagerAssigned,
    CompanionNamed,
    ConsentRecorded,
    ContactMade,
    ContactPersonNamed,
    DecisionMade,
    DecisionServed,
    DraftReportCommented,
    DraftReportServed,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitRuled,
    FindingMade,
    InstrumentIssued,
    InterestDeclared,
    InterimMeasureImposed,
    InterviewHeld,
    InvestigationBegun,
    InvestigatorAppointed,
    MatterAccepted,
    MatterClosed,
    MatterDeclined,
    MattersLinked,
    MediationOffered,
    MeetingCalled,
    MeetingClosed,
    MeetingOpened,
    MinuteConfirmed,
    MinuteDisclosed,
    MinuteMade,
    MotionPut,
    MotionSeconded,
    NoticeServed,
    OutcomePublished,
    PartyHeard,
    PersonRecused,
    ReportAcknowledged,
    ReporterInformed,
    ReportFinalised,
    ReportLodged,
    ResponseGiven,
    RiskAssessed,
    SanctionImposed,
    ServiceConfirmed,
    StatementPublished,
    SubmissionsClosed,
    SupportOffered,
    TermsSet,
    ThirdPartiesConsidered,
    TriageDecided,
    ViewSought,
    VoteTaken,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Rulebook
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform

#: Offices beside the four of the dispute.
PARTIES: Final[Mapping[str, str]] = {"chair": "m09", "custodian": "m10", "scrutineer": "m11"}
_CONDUCT, _CONFIDENCE = StreamId("live-conduct"), StreamId("live-confidence")
_ALL = tuple(PersonId(f"m{number:02d}") for number in range(1, 65))
_RESPONDENT, _WHIP, _REPORTER = PersonId("m05"), PersonId("m02"), PersonId("m03")
_LEADER, _CHAIR, _CUSTODIAN, _SCRUTINEER = PersonId("m01"), PersonId("m09"), PersonId("m10"), PersonId("m11")
_MANAGER, _OTHER_MANAGER, _CONTACT, _COMPANION = PersonId("m20"), PersonId("m22"), PersonId("m21"), PersonId("m23")
_INVESTIGATOR, _INDEPENDENT = PersonId("x04"), PersonId("x05")
_PANEL = (PersonId("x01"), PersonId("x02"), PersonId("x03"))
#: When the story has ended.
FINISHED: Final = datetime(2025, 12, 17, tzinfo=UTC)
#: Who took no other part, and so may vote.
_VOTERS = tuple(
    one for one in _ALL if one not in {_RESPONDENT, _WHIP, _REPORTER, _MANAGER, _OTHER_MANAGER, _CONTACT, _COMPANION}
)


#: Of the further reasons for a refusal, how many are told.
_OTHERS_TOLD: Final = 4


class StoryError(AlteramError):
    """A step of the story came out otherwise than told."""


class _Player:
    def __init__(self, organisation: Organisation, rules: Rulebook, tell: Callable[[str], None]) -> None:
        self._organisation = organisation
        self._rules = rules
        self._tell = tell
        self._local = datetime(2025, 1, 1)  # noqa: DTZ001 - wall-clock time of the organisation

    def on(self, day: str, time: str, what: str = "") -> None:
        """Turn the clock to a local time; `what` heads what follows."""
        self._local = datetime.fromisoformat(f"{day}T{time}")
        if what:
            self._tell("")
            self._tell(f"{day}  {what}")

    @property
    def now(self) -> datetime:
        return self._rules.calendar.instant_of(self._local)

    def instant(self, local: str) -> datetime:
        return self._rules.calendar.instant_of(datetime.fromisoformat(local))

    def do(self, stream: StreamId, who: PersonId, act: Act) -> int:
        """Have an act done that must be allowed; return its entry."""
        done = perform(self._organisation, stream, act, who, now=self.now)
        name = get_spec(type(act)).name
        if done.seq is None:
            raise StoryError(f"{name} by {who} was refused: " + " ".join(tell_ruling(name, done.ruling)))
        self._tell(f"  {stream:<16} {who}  {name}, entry {done.seq}")
        return done.seq

    def do_each(self, stream: StreamId, people: Sequence[PersonId], act: Act) -> None:
        """Have each of `people` do an act that must be allowed; tell it in one line."""
        done = [perform(self._organisation, stream, act, who, now=self.now) for who in people]
        name = get_spec(type(act)).name
        if not all(done):
            raise StoryError(f"{name} was refused to somebody.")
        self._tell(f"  {stream:<16} {len(done)} members, each: {name}, entries {done[0].seq} to {done[-1].seq}")

    def refused(self, stream: StreamId, who: PersonId, act: Act, *codes: str) -> None:
        """Have an act tried that must be refused, for one of these reasons among others."""
        done = perform(self._organisation, stream, act, who, now=self.now)
        name = get_spec(type(act)).name
        if done:
            raise StoryError(f"{name} by {who} was allowed.")
        told = list(tell_ruling(name, done.ruling))
        others = [line for line in told if line.lstrip().startswith("also:")]
        for line in told:
            if line not in others[_OTHERS_TOLD:]:
                self._tell(f"  {line}")
        if len(others) > _OTHERS_TOLD:
            self._tell(f"          and {len(others) - _OTHERS_TOLD} more")
        missing = [code for code in codes if not any(code in line for line in told)]
        if missing:
            raise StoryError(f"{name} by {who} was refused, but not for {', '.join(missing)}.")


def play_story(organisation: Organisation, rules: Rulebook, tell: Callable[[str], None]) -> None:
    """Play the dispute to its end, telling each step. Raises: StoryError when a step comes out otherwise."""
    player = _Player(organisation, rules, tell)
    _complaint(player)
    _charge(player)
    _what_went_wrong(player)
    _investigation(player)
    exhibits = _hearing(player)
    _decision(player, exhibits)


def _complaint(player: _Player) -> None:
    player.on("2025-08-07", "09:00", "A member complains of bullying by the senior whip")
    report = player.do(
        _CONDUCT,
        _RESPONDENT,
        ReportLodged(
            identity="named",
            about="person",
            text="Since March the senior whip has shouted at me and at my staff.",
            people=(_WHIP,),
            public=True,
        ),
    )
    player.on("2025-08-07", "11:00", "The person complained of, who keeps the records, tries to end it there")
    player.refused(_CONDUCT, _WHIP, MatterDeclined(reasons="The whips' records warrant nothing."))
    player.on("2025-08-07", "12:00", "Somebody independent takes it up")
    player.do(_CONDUCT, _CUSTODIAN, CaseManagerAssigned(person=_MANAGER))
    player.do(_CONDUCT, _MANAGER, InterestDeclared(nature="none"))
    player.do(
        _CONDUCT,
        _MANAGER,
        ReportAcknowledged(
            report=report, text="We have it. These doors outside are open to you: …", external_routes=True
        ),
    )
    player.do(_CONDUCT, _MANAGER, SupportOffered(to=_RESPONDENT))
    player.do(_CONDUCT, _MANAGER, SupportOffered(to=_WHIP))
    player.do(_CONDUCT, _MANAGER, RiskAssessed(point="report", person=_RESPONDENT, level="medium", text="In private."))
    player.do(_CONDUCT, _MANAGER, TriageDecided(score="medium", reasons="Serious if true; nobody is in danger."))
    player.do(
        _CONDUCT,
        _MANAGER,
        MatterAccepted(
            procedure="conduct-complaint", complainant=_RESPONDENT, respondent=_WHIP, reasons="To be looked into."
        ),
    )


def _charge(player: _Player) -> None:
    player.on("2025-08-08", "09:00", "The same member is charged with breaking the confidence of the caucus")
    report = player.do(
        _CONFIDENCE,
        _REPORTER,
        ReportLodged(
            identity="named",
            about="person",
            text="A column and a series of posts told what was said in caucus.",
            people=(_RESPONDENT,),
        ),
    )
    player.do(_CONFIDENCE, _CUSTODIAN, CaseManagerAssigned(person=_OTHER_MANAGER))
    player.do(_CONFIDENCE, _CUSTODIAN, MattersLinked(other=_CONDUCT, why="same-people"))
    player.do(_CONFIDENCE, _OTHER_MANAGER, InterestDeclared(nature="none"))
    player.do(
        _CONFIDENCE,
        _OTHER_MANAGER,
        ReportAcknowledged(report=report, text="We have it. What happens next: …", external_routes=True),
    )
    for person in (_REPORTER, _RESPONDENT):
        player.do(_CONFIDENCE, _OTHER_MANAGER, SupportOffered(to=person))
    player.do(_CONFIDENCE, _OTHER_MANAGER, RiskAssessed(point="report", person=_REPORTER, level="low", text="Asked."))
    player.do(_CONFIDENCE, _OTHER_MANAGER, TriageDecided(score="medium", reasons="Public, and repeated."))
    player.do(
        _CONFIDENCE,
        _OTHER_MANAGER,
        MatterAccepted(
            procedure="conduct-complaint", complainant=_REPORTER, respondent=_RESPONDENT, reasons="To be heard."
        ),
    )
    player.do(
        _CONFIDENCE,
        _OTHER_MANAGER,
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


def _what_went_wrong(player: _Player) -> None:
    player.on("2025-08-11", "20:00", "The night before: the room without the member it is about")
    without = tuple(one for one in _ALL if one != _RESPONDENT)
    eve = MeetingCalled(
        meeting="eve", body="caucus", at=player.now, agenda=("the member",), invited=without, purpose="decision"
    )
    player.refused(_CONFIDENCE, _CHAIR, eve)
    player.on("2025-08-12", "11:00", "The morning after: suspended, warned, offered mediation, all at once")
    player.refused(
        _CONFIDENCE, _CHAIR, InterimMeasureImposed(person=_RESPONDENT, measure="suspension", nature="penalty")
    )
    player.refused(_CONFIDENCE, _CHAIR, DecisionMade(kind="suspension", body="caucus", deciders=without))
    player.refused(
        _CONFIDENCE,
        _CHAIR,
        SanctionImposed(person=_RESPONDENT, sanction="final-warning", body="caucus", announced_only=True),
    )
    player.refused(_CONFIDENCE, _CHAIR, MediationOffered(to=(_RESPONDENT, _REPORTER)))
    player.on("2025-08-14", "15:00", "Notice of a meeting to expel, five days ahead")
    expel = MeetingCalled(
        meeting="expulsion",
        body="caucus",
        at=player.instant("2025-08-19T10:00"),
        agenda=("expulsion of the member",),
        invited=_ALL,
        purpose="decision",
    )
    player.refused(_CONFIDENCE, _CHAIR, expel)
    player.refused(
        _CONFIDENCE,
        _WHIP,
        StatementPublished(
            office="senior whip", names_respondent=True, announces_outcome=True, text="Further steps follow."
        ),
    )


def _investigation(player: _Player) -> None:
    player.on("2025-08-15", "09:00", "The lawful way: somebody keeps in touch, an investigator from outside looks")
    player.do(_CONFIDENCE, _OTHER_MANAGER, ContactPersonNamed(person=_CONTACT, for_person=_RESPONDENT, every_days=14))
    player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    terms = player.do(_CONFIDENCE, _OTHER_MANAGER, TermsSet(allegations=("a1",), text="Who published what, and when."))
    player.do(
        _CONFIDENCE,
        _OTHER_MANAGER,
        InvestigatorAppointed(
            person=_INVESTIGATOR,
            terms=terms,
            principles=("independent", "confidential", "competent", "impartial", "lawful"),
        ),
    )
    player.do(_CONFIDENCE, _INVESTIGATOR, InterestDeclared(nature="none"))
    player.do(
        _CONFIDENCE,
        _OTHER_MANAGER,
        RiskAssessed(point="decision-to-investigate", person=_REPORTER, level="low", text="No change."),
    )
    player.do(_CONFIDENCE, _INVESTIGATOR, InvestigationBegun(terms=terms))
    player.do(
        _CONFIDENCE,
        _INVESTIGATOR,
        ExhibitLodged(exhibit="e1", kind="web-page", obtained="published", title="The column of 7 August"),
    )
    player.do(
        _CONFIDENCE,
        _RESPONDENT,
        ExhibitLodged(
            exhibit="e2",
            kind="recording",
            obtained="made-by-lodger",
            speakers=(_RESPONDENT, PersonId("m06")),
            title="The telephone call of 11 August, the whole of it",
        ),
    )
    player.do(_CONFIDENCE, _RESPONDENT, ConsentRecorded(exhibit="e2", speaker=_RESPONDENT, state="before"))
    player.do(_CONFIDENCE, PersonId("m06"), ConsentRecorded(exhibit="e2", speaker=PersonId("m06"), state="after"))
    player.do(
        _CONFIDENCE,
        _CHAIR,
        ExhibitRuled(exhibit="e2", admissible=True, reasons="Whole, and both speakers agree to its use."),
    )
    player.on("2025-08-20", "10:00", "Notice with particulars, evidence and the worst outcome; then time to answer")
    notice = player.do(
        _CONFIDENCE,
        _OTHER_MANAGER,
        NoticeServed(
            to=_RESPONDENT,
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
        _CONFIDENCE,
        _OTHER_MANAGER,
        ServiceConfirmed(document=notice, to=_RESPONDENT, delivered_at=player.now, how="read"),
    )
    for person in (_RESPONDENT, _REPORTER):
        player.do(_CONFIDENCE, _OTHER_MANAGER, ExhibitDisclosed(exhibits=("e1", "e2"), to=person))
    player.do(_CONFIDENCE, _RESPONDENT, CompanionNamed(person=_COMPANION, for_person=_RESPONDENT))
    player.on("2025-08-27", "10:00", "Interviews, with whoever each wants beside them")
    player.do(_CONFIDENCE, _INVESTIGATOR, InterviewHeld(person=_REPORTER, terms=terms))
    player.do(_CONFIDENCE, _INVESTIGATOR, InterviewHeld(person=_RESPONDENT, terms=terms, accompanied_by=(_COMPANION,)))
    player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    player.on("2025-09-10", "10:00", "The respondent answers")
    player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    player.do(
        _CONFIDENCE,
        _RESPONDENT,
        ResponseGiven(allegations=("a1",), stance="in-part", text="I wrote it; I told nothing that was not public."),
    )
    player.do(
        _CONFIDENCE, _OTHER_MANAGER, ReporterInformed(phase="investigation", text="Answered; the report follows.")
    )
    player.on("2025-09-24", "10:00", "The draft report goes to both sides before it is final")
    player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    drafts = [
        player.do(_CONFIDENCE, _INVESTIGATOR, DraftReportServed(to=person, exhibits=("e1", "e2"), text="The draft."))
        for person in (_RESPONDENT, _REPORTER)
    ]
    player.do(
        _CONFIDENCE, _OTHER_MANAGER, RiskAssessed(point="during", person=_REPORTER, level="low", text="No change.")
    )
    player.on("2025-10-01", "10:00")
    comment = player.do(
        _CONFIDENCE, _RESPONDENT, DraftReportCommented(draft=drafts[0], text="The date in paragraph 4 is wrong.")
    )
    player.on("2025-10-08", "10:00", "The report is final: what it finds, and what became of the comment")
    player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    player.do(
        _CONFIDENCE,
        _INVESTIGATOR,
        FindingMade(allegation="a1", outcome="proved", exhibits=("e1",), reasons="Two sentences were not public."),
    )
    final = player.do(
        _CONFIDENCE,
        _INVESTIGATOR,
        ReportFinalised(terms=terms, exhibits=("e1", "e2"), comments_answered=(comment,), text="The report."),
    )
    for person in (_RESPONDENT, _REPORTER):
        confirmed = ServiceConfirmed(document=final, to=person, delivered_at=player.now, how="read")
        player.do(_CONFIDENCE, _OTHER_MANAGER, confirmed)


def _hearing(player: _Player) -> tuple[str, ...]:
    player.on("2025-10-20", "10:00", "A meeting is called in time; everybody is invited")
    for day in ("2025-10-22", "2025-11-05"):
        player.on(day, "09:00")
        player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    player.on("2025-11-05", "10:00")
    player.do(
        _CONFIDENCE,
        _CHAIR,
        MeetingCalled(
            meeting="hearing",
            body="caucus",
            at=player.instant("2025-12-09T10:00"),
            agenda=("the charge against the member",),
            invited=_ALL,
            purpose="hearing",
        ),
    )
    player.do(_CONFIDENCE, _OTHER_MANAGER, ViewSought(person=_INDEPENDENT, text="Proportionate at most: a reprimand."))
    player.on("2025-11-19", "09:00")
    player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    player.on("2025-12-02", "09:00", "Whoever took another part stands down; whoever votes declares")
    player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    everything = ("decider", "secretary", "spokesperson")
    player.do(_CONFIDENCE, _WHIP, PersonRecused(person=_WHIP, roles=everything, reasons="The member accuses me."))
    for person in (_REPORTER, _RESPONDENT, _MANAGER, _OTHER_MANAGER, _CONTACT, _COMPANION):
        player.do(_CONFIDENCE, person, PersonRecused(person=person, reasons="I have another part in this."))
    player.do_each(_CONFIDENCE, _VOTERS, InterestDeclared(nature="none"))
    player.on(
        "2025-12-09", "10:00", "The hearing: both sides are heard, and the respondent closes before anyone deliberates"
    )
    present = tuple(one for one in _ALL if one != _WHIP)
    player.do(_CONFIDENCE, _CHAIR, MeetingOpened(meeting="hearing", present=present, chair=_CHAIR))
    items = ("case-put", "response-heard", "questions", "witnesses", "summing-up")
    player.do(_CONFIDENCE, _CHAIR, PartyHeard(meeting="hearing", person=_REPORTER, items=items))
    player.do(_CONFIDENCE, _CHAIR, PartyHeard(meeting="hearing", person=_RESPONDENT, items=items))
    player.do(_CONFIDENCE, _RESPONDENT, SubmissionsClosed(side="respondent"))
    player.do(_CONFIDENCE, _REPORTER, SubmissionsClosed(side="complainant"))
    leaving = AttendanceChanged(meeting="hearing", left=(_RESPONDENT, _REPORTER), at_item="before-deliberation")
    player.do(_CONFIDENCE, _CHAIR, leaving)
    return ("e1",)


def _decision(player: _Player, exhibits: tuple[str, ...]) -> None:
    player.do(_CONFIDENCE, _CHAIR, ThirdPartiesConsidered(text="Voters, staff, and the reporter were considered."))
    player.on("2025-12-09", "12:00", "One question after the other, counted by a scrutineer; the whip may not vote")
    player.do(_CONFIDENCE, _CHAIR, MotionPut(meeting="hearing", motion="finding", kind="finding", allegation="a1"))
    player.do(_CONFIDENCE, PersonId("m30"), MotionSeconded(motion="finding"))
    player.refused(_CONFIDENCE, _SCRUTINEER, _vote("finding", (*_VOTERS, _WHIP)), "m02")
    player.do(_CONFIDENCE, _SCRUTINEER, _vote("finding", _VOTERS))
    player.do(
        _CONFIDENCE,
        _CHAIR,
        MotionPut(meeting="hearing", motion="penalty", kind="sanction", allegation="a1", sanction="reprimand"),
    )
    player.do(_CONFIDENCE, PersonId("m30"), MotionSeconded(motion="penalty"))
    player.do(_CONFIDENCE, _SCRUTINEER, _vote("penalty", _VOTERS))
    player.on("2025-12-09", "14:00", "The decision with reasons, and the sanction as an instrument")
    player.do(_CONFIDENCE, _OTHER_MANAGER, RiskAssessed(point="outcome", person=_REPORTER, level="low", text="Asked."))
    decision = player.do(
        _CONFIDENCE,
        _CHAIR,
        DecisionMade(
            kind="outcome",
            body="caucus",
            deciders=_VOTERS,
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
        _CONFIDENCE,
        _OTHER_MANAGER,
        AdverseActReasoned(
            person=_RESPONDENT,
            signed_off_by=_CUSTODIAN,
            reasons="For the column alone; the complaint goes on untouched.",
        ),
    )
    sanction = player.do(
        _CONFIDENCE,
        _CHAIR,
        SanctionImposed(person=_RESPONDENT, sanction="reprimand", body="caucus", decision=decision, motion="penalty"),
    )
    instrument = player.do(
        _CONFIDENCE,
        _CHAIR,
        InstrumentIssued(
            sanction=sanction,
            person=_RESPONDENT,
            clause="2.2",
            expires_on=date.fromisoformat("2026-06-09"),
            states_appeal=True,
            trigger="A further breach of the same clause within the term.",
            conduct="Publishing two sentences of a confidential discussion.",
        ),
    )
    delivered = ServiceConfirmed(document=instrument, to=_RESPONDENT, delivered_at=player.now, how="signed")
    player.do(_CONFIDENCE, _OTHER_MANAGER, delivered)
    for person in (_RESPONDENT, _REPORTER):
        player.do(_CONFIDENCE, _OTHER_MANAGER, DecisionServed(decision=decision, to=person, states_appeal=True))
    player.do(_CONFIDENCE, _CONTACT, ContactMade(person=_RESPONDENT))
    player.do(_CONFIDENCE, _OTHER_MANAGER, ReporterInformed(phase="outcome", text="What was decided, and why."))
    player.do(_CONFIDENCE, _CHAIR, MinuteMade(meeting="hearing", text="The minute."))
    for person in (_RESPONDENT, _REPORTER):
        player.do(_CONFIDENCE, _CHAIR, MinuteDisclosed(meeting="hearing", to=person))
    player.do(_CONFIDENCE, _RESPONDENT, MinuteConfirmed(meeting="hearing"))
    player.do(_CONFIDENCE, _CHAIR, MeetingClosed(meeting="hearing"))
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


def _appeal(player: _Player, decision: int) -> None:
    player.on("2025-12-11", "10:00", "An appeal, to people who have not sat")
    appeal = player.do(
        _CONFIDENCE,
        _RESPONDENT,
        AppealLodged(against=decision, grounds=("sanction",), text="Too much for two sentences."),
    )
    player.do(_CONFIDENCE, _CUSTODIAN, AppealPanelFormed(members=_PANEL, appeal=appeal))
    for person in _PANEL:
        player.do(_CONFIDENCE, person, InterestDeclared(nature="none"))
    player.do(_CONFIDENCE, _PANEL[0], AppealAdmitted(appeal=appeal))
    player.on("2025-12-17", "10:00", "The outcome")
    sat_before = AppealDecided(
        appeal=appeal, outcome="upheld", panel=(_CHAIR, *_PANEL[1:]), reasons="We see no reason to differ."
    )
    player.refused(_CONFIDENCE, _PANEL[1], sat_before, "fresh-appeal-panel")
    outcome = player.do(
        _CONFIDENCE,
        _PANEL[0],
        AppealDecided(
            appeal=appeal, outcome="upheld", panel=_PANEL, reasons="Within what the rules allow, and the least of it."
        ),
    )
    for person in (_RESPONDENT, _REPORTER):
        player.do(_CONFIDENCE, _OTHER_MANAGER, DecisionServed(decision=outcome, to=person, states_appeal=True))
    player.do(
        _CONFIDENCE, _CHAIR, OutcomePublished(decision=outcome, names="nobody", text="A reprimand, upheld on appeal.")
    )
    player.do(
        _CONFIDENCE, _OTHER_MANAGER, RiskAssessed(point="after-closing", person=_REPORTER, level="low", text="Asked.")
    )
    player.do(
        _CONFIDENCE,
        _OTHER_MANAGER,
        MatterClosed(
            approved_by=_CUSTODIAN,
            actions="A reprimand.",
            lessons="Say in advance which parts of a discussion are public.",
            reporter_told=True,
            review_routes=True,
        ),
    )
