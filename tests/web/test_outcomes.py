"""What a respondent is told once it is decided: the decision, what follows, how to appeal, and no longer to answer."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.bootstrap import Opened, create
from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    AppealAdmitted,
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    AppealRefused,
    CaseManagerAssigned,
    DecisionMade,
    DecisionServed,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    InterestDeclared,
    MatterAccepted,
    MatterReopened,
    MeetingCalled,
    MeetingOpened,
    MotionPut,
    NoticeServed,
    OrganisationFounded,
    PartyHeard,
    ReportLodged,
    SanctionImposed,
    VoteTaken,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation import organisations
from alteram.installation.signing_in import invite
from alteram.operations.accusation import Accusation, find_accusations
from alteram.operations.entries import enter
from alteram.operations.founding import found
from alteram.operations.letters import Writing, build_reply_form
from alteram.operations.perform import perform
from alteram.operations.rulebooks import adopt_rulebook
from alteram.web.templatetags.wording import left_until
from tests.web.conftest import prove
from tests.web.scenes import must

BOWL = StreamId("bowl")
PRESIDENT, SECRETARY = PersonId("president"), PersonId("secretary")
COMPLAINANT, RESPONDENT, OTHER = PersonId("complainant"), PersonId("respondent"), PersonId("other")
COMMITTEE = (PersonId("five"), PersonId("six"), PersonId("seven"))
#: When the hearing was; the notice came twenty days before.
HEARD_AT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
SERVED_AT = HEARD_AT - timedelta(days=20)


@pytest.fixture
def club(home: Path) -> Opened:
    """A club under the rules of one page, with a complaint of which notice was served."""
    create(home / "club", organisation="club", origin="club.example/log")
    opened = organisations.get_organisation("club")
    act = OrganisationFounded(
        name="The club", kind="club", jurisdiction="NZ", time_zone="Pacific/Auckland", secretary=SECRETARY
    )
    began = SERVED_AT - timedelta(days=100)
    offices = {"president": PRESIDENT, "secretary": SECRETARY}
    members = (PRESIDENT, SECRETARY, COMPLAINANT, RESPONDENT, OTHER, *COMMITTEE)
    found(opened.organisation, act, members=members, offices=offices, bodies={"committee": COMMITTEE}, now=began)
    rules = load_rulebook("small-club")
    adopt_rulebook(opened.organisation, rules, SECRETARY, packs=load_packs(rules), now=began)
    do(opened, COMPLAINANT, ReportLodged(identity="named", about="person", text="He threw it."), at=SERVED_AT)
    do(opened, SECRETARY, CaseManagerAssigned(person=SECRETARY), at=SERVED_AT)
    accepted = MatterAccepted(procedure="complaint", complainant=COMPLAINANT, respondent=RESPONDENT)
    do(opened, SECRETARY, accepted, at=SERVED_AT)
    alleged = AllegationsStated(
        allegations=(Allegation(id="a1", breach="misconduct", first_on=SERVED_AT.date()),), particulars=("A bowl.",)
    )
    do(opened, SECRETARY, alleged, at=SERVED_AT)
    notice = NoticeServed(
        to=RESPONDENT,
        allegations=("a1",),
        particulars=("A bowl.",),
        worst_sanction="expulsion",
        respond_by=HEARD_AT - timedelta(days=5),
        hearing_at=HEARD_AT,
    )
    do(opened, SECRETARY, notice, at=SERVED_AT)
    return opened


def do(club: Opened, who: PersonId, act: Act, *, at: datetime = HEARD_AT) -> int:
    return must(perform(club.organisation, BOWL, act, who, now=at))


def decide(club: Opened) -> int:
    called = MeetingCalled(
        meeting="m", body="committee", at=HEARD_AT, invited=(COMPLAINANT, RESPONDENT, *COMMITTEE), agenda=("It",)
    )
    do(club, PRESIDENT, called, at=SERVED_AT)
    do(
        club,
        PRESIDENT,
        MeetingOpened(meeting="m", chair=PRESIDENT, present=(PRESIDENT, COMPLAINANT, RESPONDENT, *COMMITTEE)),
    )
    for person in COMMITTEE:
        do(club, person, InterestDeclared(nature="none"))
    for person in (RESPONDENT, COMPLAINANT):
        do(club, PRESIDENT, PartyHeard(meeting="m", person=person, items=("case-put", "response-heard")))
    made = DecisionMade(body="committee", deciders=COMMITTEE, meeting="m", proved=("a1",), reasons="It was seen.")
    return do(club, PRESIDENT, made)


def warn(club: Opened, decision: int) -> None:
    do(club, PRESIDENT, MotionPut(meeting="m", motion="warn", kind="sanction", allegation="a1", sanction="warning"))
    counted = VoteTaken(
        motion="warn",
        votes_for=len(COMMITTEE),
        votes_against=0,
        base="cast",
        base_count=len(COMMITTEE),
        voters=COMMITTEE,
    )
    do(club, PRESIDENT, counted)
    imposed = SanctionImposed(person=RESPONDENT, sanction="warning", body="committee", decision=decision, motion="warn")
    do(club, PRESIDENT, imposed)


def look(club: Opened) -> Accusation:
    (found_one,) = find_accusations(enter(club.organisation, BOWL, RESPONDENT))
    return found_one


def show(club: Opened, person: PersonId = RESPONDENT) -> str:
    page = get(club, person, "matters/bowl/")
    return page[page.index("<h1") :]


ANSWER = 'href="/club/matters/bowl/acts/response.given/">Answer</a>'


def test_respondent_is_asked_to_answer_until_it_is_decided_and_not_after(db: None, club: Opened) -> None:
    before = show(club)
    assert ANSWER in before
    assert "What was decided" not in before
    assert look(club).outcome is None
    decide(club)
    after = show(club)
    assert ANSWER not in after
    assert "What was decided" in after
    assert "You were not served with it yet" in after
    assert "What comes after" not in after


def test_decision_tells_what_was_found_and_what_follows_and_how_to_appeal(db: None, club: Opened) -> None:
    decision = decide(club)
    warn(club, decision)
    do(club, SECRETARY, DecisionServed(decision=decision, to=RESPONDENT))
    page = show(club)
    assert "Misconduct" in page
    assert "<strong>proved</strong>" in page
    assert ">Warning</a>" in page
    assert "You were served with it:" in page
    assert f'href="/club/matters/bowl/acts/appeal.lodged/?a-against={decision}"' in page


def test_decision_served_on_the_other_side_is_not_served_on_the_respondent(club: Opened) -> None:
    decision = decide(club)
    do(club, SECRETARY, DecisionServed(decision=decision, to=COMPLAINANT))
    outcome = look(club).outcome
    assert outcome is not None
    assert outcome.served is None


@pytest.mark.parametrize("kind", ["preliminary", "suspension"])
def test_what_holds_meanwhile_is_no_decision_on_what_is_alleged(club: Opened, kind: str) -> None:
    sides = (COMPLAINANT, RESPONDENT)
    called = MeetingCalled(meeting="m", body="committee", at=HEARD_AT, invited=(*sides, *COMMITTEE), agenda=("It",))
    do(club, PRESIDENT, called, at=SERVED_AT)
    do(club, PRESIDENT, MeetingOpened(meeting="m", chair=PRESIDENT, present=(PRESIDENT, *sides, *COMMITTEE)))
    for person in COMMITTEE:
        do(club, person, InterestDeclared(nature="none"))
    for person in sides:
        do(club, PRESIDENT, PartyHeard(meeting="m", person=person, items=("case-put",)))
    made = DecisionMade(kind=kind, body="committee", deciders=COMMITTEE, meeting="m", reasons="For now.")  # type: ignore[arg-type] # one of two words of the act
    do(club, PRESIDENT, made)
    assert look(club).outcome is None


def test_appeal_is_told_from_lodged_to_decided(db: None, club: Opened) -> None:
    decision = decide(club)
    appeal = do(club, RESPONDENT, AppealLodged(against=decision, grounds=("evidence",), text="Nobody saw it."))
    page = show(club)
    assert "Nobody has ruled on it yet." in page
    assert "acts/appeal.lodged/?a-against" not in page
    assert "an appeal waits to be decided" in show(club, SECRETARY)
    do(club, SECRETARY, AppealAdmitted(appeal=appeal))
    outcome = look(club).outcome
    assert outcome is not None
    assert outcome.waits_on_appeal
    do(club, SECRETARY, AppealPanelFormed(members=(OTHER,), appeal=appeal))
    do(club, OTHER, InterestDeclared(nature="none"))
    do(club, OTHER, AppealDecided(appeal=appeal, outcome="varied", panel=(OTHER,), reasons="Too hard."))
    outcome = look(club).outcome
    assert outcome is not None
    assert [one.state for one in outcome.appeals] == ["varied"]
    assert not outcome.waits_on_appeal
    assert "was changed" in show(club)


def test_refused_appeal_is_told_and_not_offered_again(db: None, club: Opened) -> None:
    decision = decide(club)
    appeal = do(club, RESPONDENT, AppealLodged(against=decision, grounds=("evidence",), text="Nobody saw it."))
    do(club, SECRETARY, AppealPanelFormed(members=(OTHER,), appeal=appeal))
    do(club, OTHER, AppealRefused(appeal=appeal, reasons="Too late."))
    assert "It was not admitted." in show(club)


def test_what_is_sent_back_on_appeal_is_to_be_answered_again(db: None, club: Opened) -> None:
    decision = decide(club)
    appeal = do(club, RESPONDENT, AppealLodged(against=decision, grounds=("evidence",), text="Nobody saw it."))
    do(club, SECRETARY, AppealPanelFormed(members=(OTHER,), appeal=appeal))
    do(club, OTHER, InterestDeclared(nature="none"))
    do(club, OTHER, AppealDecided(appeal=appeal, outcome="sent-back", panel=(OTHER,), reasons="Hear them again."))
    assert look(club).outcome is None
    assert ANSWER in show(club)


def test_reopened_matter_is_to_be_answered_again(club: Opened) -> None:
    decide(club)
    do(club, SECRETARY, MatterReopened(ground="new-evidence", reasons="A film."))
    assert look(club).outcome is None


def test_more_time_that_was_asked_for_shows_until_it_is_answered(db: None, club: Opened) -> None:
    until = HEARD_AT - timedelta(days=1)
    asked = do(club, RESPONDENT, ExtensionAsked(until=until, reasons="I am away."), at=SERVED_AT)
    assert look(club).asked_until == until
    assert "That is not answered yet" in show(club)
    do(club, SECRETARY, ExtensionRefused(request=asked, reasons="No."), at=SERVED_AT)
    assert look(club).asked_until is None
    do(club, RESPONDENT, ExtensionAsked(until=until, reasons="Still away."), at=SERVED_AT)
    assert look(club).asked_until == until
    do(club, SECRETARY, ExtensionGranted(until=until), at=SERVED_AT)
    assert look(club).asked_until is None
    assert look(club).respond_by == until


def test_form_to_answer_on_names_the_day_that_holds_after_more_time_was_granted(club: Opened) -> None:
    writing = Writing(club.organisation, "The club", ZoneInfo("UTC"), str)
    until = HEARD_AT - timedelta(days=1)
    do(club, SECRETARY, ExtensionGranted(until=until, person=OTHER), at=SERVED_AT)
    first = build_reply_form(writing, BOWL, RESPONDENT, now=HEARD_AT).data["respond_by"]
    do(club, SECRETARY, ExtensionGranted(until=until, person=RESPONDENT), at=SERVED_AT)
    then = build_reply_form(writing, BOWL, RESPONDENT, now=HEARD_AT).data["respond_by"]
    days = [HEARD_AT - timedelta(days=5), until]
    assert [first, then] == [[one.year, one.month, one.day, one.hour, one.minute] for one in days]


def test_time_that_the_other_side_asked_for_is_not_the_respondents(club: Opened) -> None:
    until = HEARD_AT - timedelta(days=1)
    do(club, COMPLAINANT, ExtensionAsked(until=until, reasons="I am away."), at=SERVED_AT)
    assert look(club).asked_until is None


def test_who_handles_and_keeps_the_matter_is_named_once(db: None, club: Opened) -> None:
    page = show(club)
    asked = page[page.index('id="ask"') :]
    assert asked[: asked.index("</section>")].count(SECRETARY) == 1


def get(club: Opened, person: PersonId, address: str) -> str:
    client = Client()
    account = invite("club", person, f"{person}@club.invalid")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    prove(client, account)
    page: str = client.get(f"/club/{address}").content.decode()
    return page


def test_form_to_decide_an_appeal_names_the_panel_and_the_appeal(db: None, club: Opened) -> None:
    decision = decide(club)
    appeal = do(club, RESPONDENT, AppealLodged(against=decision, grounds=("evidence",), text="Nobody saw it."))
    form = get(club, SECRETARY, "matters/bowl/acts/appeal-panel.formed/")
    offered = re.search(r'<select name="a-appeal".*?</select>', form, re.DOTALL)
    assert offered is not None
    assert re.findall(r'value="([^"]*)"', offered[0]) == ["", str(appeal)]
    do(club, SECRETARY, AppealPanelFormed(members=(OTHER,), appeal=appeal))
    page = get(club, OTHER, "matters/bowl/letters/write/appeal-outcome/")
    assert re.findall(r'name="a-panel" value="([^"]+)"[^>]* checked', page) == [OTHER]
    read = get(club, OTHER, "matters/bowl/")
    read = read[read.index("To read") :]
    assert read.index("Decision made") < read.index("Appeal lodged") < read.index("</section>")


def test_form_to_serve_a_decision_begins_with_the_decision_and_not_what_was_imposed(db: None, club: Opened) -> None:
    decision = decide(club)
    warn(club, decision)
    page = get(club, SECRETARY, "matters/bowl/letters/write/decision/")
    assert f'<option value="{decision}" selected>' in page


def test_whoever_names_a_companion_is_whom_they_come_with(db: None, club: Opened) -> None:
    page = get(club, RESPONDENT, "matters/bowl/acts/companion.named/")
    assert re.search(rf'name="a-for_person" value="{RESPONDENT}"', page)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "less than an hour left"),
        (3599, "less than an hour left"),
        (3600, "1 hour left"),
        (-1, "less than an hour ago"),
        (-3599, "less than an hour ago"),
        (-3600, "1 hour ago"),
        (86400, "1 day left"),
    ],
)
def test_what_is_left_is_never_told_as_nothing(seconds: int, said: str) -> None:
    assert left_until(HEARD_AT + timedelta(seconds=seconds), HEARD_AT) == said
