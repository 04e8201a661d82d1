"""What somebody can do now, asked without doing it: the same answers as doing it gets, and nothing recorded."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.core.acts import (
    ActSpec,
    AllegationsStated,
    CaseManagerAssigned,
    MatterAccepted,
    MatterClosed,
    MeetingCalled,
    NoticeServed,
    OrganisationFounded,
    ResponseGiven,
    all_specs,
    encode_fields,
    find_spec,
    parse_act,
)
from alteram.core.acts.charge import Allegation
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.core.rules.drafts import TRIED, build_basis, find_drafts
from alteram.operations.founding import found
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.questions import OpenAct, UnknownMatterError, find_open_acts
from alteram.operations.rulebooks import adopt_rulebook
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    M1,
    MANAGER,
    MEMBER,
    ORGANISATION,
    OUTSIDER,
    PANEL,
    RESPONDENT,
    SECRETARY,
    START,
    do,
    open_world,
    report,
)


def ask(organisation: Organisation, who: PersonId, stream: StreamId = M1) -> dict[str, OpenAct]:
    return {one.spec.name: one for one in find_open_acts(organisation, stream, who).acts}


def refusal(one: OpenAct) -> Refused:
    ruling: Ruling = one.ruling
    assert isinstance(ruling, Refused)
    return ruling


@pytest.fixture
def club(tmp_path: Path) -> Organisation:
    """A club under the rulebook of one page, with a committee, and a complaint that just arrived."""
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        act = OrganisationFounded(name="Club", kind="club", jurisdiction="nz", time_zone="UTC", secretary=SECRETARY)
        members = (SECRETARY, CHAIR, MANAGER, COMPLAINANT, RESPONDENT, MEMBER, *PANEL)
        offices = {"secretary": SECRETARY, "president": CHAIR}
        found(organisation, act, members=members, offices=offices, bodies={"committee": (CHAIR, *PANEL)})
        rules = load_rulebook("small-club")
        assert adopt_rulebook(organisation, rules, SECRETARY, packs=load_packs(rules))
        do(organisation, M1, report(), COMPLAINANT)
        return organisation


def accept(organisation: Organisation) -> None:
    do(organisation, M1, CaseManagerAssigned(person=MANAGER), SECRETARY)
    accepted = MatterAccepted(procedure="complaint", complainant=COMPLAINANT, respondent=RESPONDENT)
    do(organisation, M1, accepted, MANAGER)


def serve(organisation: Organisation, now: datetime | None = None) -> None:
    stated = AllegationsStated(allegations=(Allegation(id="a1", breach="misconduct"),), particulars=("So.",))
    do(organisation, M1, stated, MANAGER)
    notice = NoticeServed(to=RESPONDENT, allegations=("a1",), particulars=("So.",))
    assert perform(organisation, M1, notice, SECRETARY, now=now)


def test_every_act_of_a_matter_is_answered_once(matter: Organisation) -> None:
    answered = [one.spec.name for one in find_open_acts(matter, M1, MANAGER).acts]
    assert answered == [spec.name for spec in all_specs() if spec.stream == "matter"]


def test_asking_records_nothing_and_keeps_no_attempt(matter: Organisation) -> None:
    before = [(one, list(matter.ports.store.load(ORGANISATION, one))) for one in (M1, ATTEMPTS_STREAM)]
    for who in (MANAGER, RESPONDENT, MEMBER):
        find_open_acts(matter, M1, who)
    assert [(one, list(matter.ports.store.load(ORGANISATION, one))) for one in (M1, ATTEMPTS_STREAM)] == before


def test_what_is_open_to_a_party_is_not_open_to_the_other(matter: Organisation) -> None:
    theirs, others = ask(matter, RESPONDENT)["response.given"], ask(matter, MEMBER)["response.given"]
    assert (theirs.is_own, bool(theirs.ruling)) == (True, True)
    assert (others.is_own, others.by) == (False, ("respondent", "companion", "representative"))


def test_whoever_is_told_that_an_act_is_open_can_do_it(club: Organisation) -> None:
    assert ask(club, SECRETARY)["case-manager.assigned"].ruling
    accept(club)
    for who, act in ((RESPONDENT, ResponseGiven(stance="deny")), (COMPLAINANT, None), (MANAGER, None)):
        open_now = ask(club, who)
        assert open_now["meeting.alleged"].ruling
        if act is not None:
            assert open_now["response.given"].ruling
            assert perform(club, M1, act, who)


def test_an_act_that_needs_another_first_names_it(club: Organisation) -> None:
    opened = refusal(ask(club, CHAIR)["meeting.opened"])
    assert (opened.code, opened.missing) == ("reference.unknown", ("meeting.called",))


def test_a_meeting_too_soon_is_told_with_the_earliest_lawful_time(club: Organisation) -> None:
    accept(club)
    heard_at = START + timedelta(days=10)
    called = MeetingCalled(
        meeting="hearing",
        body="committee",
        at=heard_at,
        agenda=("the complaint",),
        invited=(CHAIR, *PANEL, RESPONDENT),
    )
    do(club, M1, called, SECRETARY)
    serve(club, now=heard_at - timedelta(days=1))
    opening = _spec("meeting.opened")
    told = refusal(find_open_acts(club, M1, CHAIR, only=opening, now=heard_at).acts[0])
    assert told.code == "requirement.notice-period"
    assert told.earliest is not None
    just_before = find_open_acts(club, M1, CHAIR, now=told.earliest - timedelta(seconds=1), only=opening)
    at_once = find_open_acts(club, M1, CHAIR, now=told.earliest, only=opening)
    assert [bool(one.acts[0].ruling) for one in (just_before, at_once)] == [False, True]


def test_a_decision_waits_for_the_stage_and_then_for_the_hearing(club: Organisation) -> None:
    accept(club)
    assert refusal(ask(club, CHAIR)["decision.made"]).code == "act.wrong-stage"
    serve(club)
    told = refusal(ask(club, CHAIR)["decision.made"])
    codes = {told.code, *(one.code for one in told.also)}
    assert codes == {"requirement.notice-period", "requirement.interests-declared", "requirement.party-heard"}
    assert "party.heard" in told.missing


def test_the_stage_and_the_one_after_are_told(club: Organisation) -> None:
    told = find_open_acts(club, M1, CHAIR)
    assert (told.stage and told.stage.id, told.next_stage and told.next_stage.id) == ("intake", "hearing")
    assert "chair" in told.parts
    accept(club)
    serve(club)
    told = find_open_acts(club, M1, CHAIR)
    assert (told.stage and told.stage.id, told.next_stage and told.next_stage.id) == ("hearing", "done")


def test_in_a_closed_matter_little_is_open(matter: Organisation) -> None:
    assert ask(matter, MANAGER)["notice.served"].ruling
    do(matter, M1, MatterClosed(approved_by=CUSTODIAN), MANAGER)
    assert refusal(ask(matter, MANAGER)["notice.served"]).code == "matter.closed"
    assert ask(matter, MANAGER)["matter.reopened"].ruling


@pytest.mark.parametrize(
    ("who", "stream"), [(OUTSIDER, M1), (OUTSIDER, "nothing"), (MEMBER, "nothing"), (MEMBER, ATTEMPTS_STREAM)]
)
def test_a_stranger_and_whoever_asks_of_nothing_are_told_the_same(
    who: PersonId, stream: str, matter: Organisation
) -> None:
    with pytest.raises(UnknownMatterError, match="There is no such matter, or it is not open to you"):
        find_open_acts(matter, StreamId(stream), who)


def test_the_organisation_answers_with_its_own_acts(matter: Organisation) -> None:
    told = find_open_acts(matter, ORGANISATION_STREAM, SECRETARY)
    by_name = {one.spec.name: one for one in told.acts}
    assert by_name["member.joined"].ruling
    assert refusal(by_name["organisation.founded"]).code == "organisation.founded"
    assert {one.spec.stream for one in told.acts} == {"organisation"}
    assert (told.stage, told.next_stage) == (None, None)
    assert not refusal(
        {one.spec.name: one for one in find_open_acts(matter, ORGANISATION_STREAM, MEMBER).acts}["member.joined"]
    )


def test_every_act_has_drafts_that_are_well_formed(club: Organisation) -> None:
    for spec in all_specs():
        stream = ORGANISATION_STREAM if spec.stream == "organisation" else M1
        for who in (SECRETARY, RESPONDENT):
            drafts = list(find_drafts(spec, build_basis(club.facts(stream), club.governing(stream), who, START)))
            assert 1 <= len(drafts) <= TRIED, spec.name
            for one in drafts:
                assert parse_act(spec.tag, encode_fields(one)) == one


def _spec(name: str) -> ActSpec:
    spec = find_spec(name)
    assert spec is not None
    return spec
