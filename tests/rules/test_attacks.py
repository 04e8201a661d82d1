"""People in bad faith under the rules of the caucus: each act here was once a way to kill a complaint or expel a rival.

m03 complains, m05 answers, m12 handles, x04 investigates, m09 chairs, m10 keeps the reports, m02 (the senior whip) is
secretary, m11 counts. Every act is proposed on the lawful path, where the honest act of that moment would be allowed.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from alteram.core.acts import (
    AppealDecided,
    AppealLodged,
    CaseManagerAssigned,
    CompanionNamed,
    CorrectionMade,
    ExternalOrderRecorded,
    FactAgreed,
    FactFound,
    HandoverMade,
    InterestDeclared,
    MeetingCalled,
    NoticeServed,
    OfficeFilled,
    OrganisationActAgreed,
    PartyJoined,
    PartyReplaced,
    PartySevered,
    PersonRecused,
    ReportLodged,
    ReportWithdrawn,
    ResponseGiven,
    SanctionLifted,
    ServiceConfirmed,
    SubmissionsClosed,
    VoteTaken,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Departure, Refused, Ruling
from alteram.core.matters import Facts, build_live_event
from alteram.core.rules import assess, decide
from alteram.core.rules.capacities import find_role_holders
from tests.rules.lawful import RULEBOOK, Play, after, before


def person(name: str) -> PersonId:
    return PersonId(name)


def code(ruling: Ruling) -> str:
    assert isinstance(ruling, Refused), ruling
    return ruling.code


def codes(ruling: Ruling) -> set[str]:
    assert isinstance(ruling, Refused), ruling
    return {ruling.code, *(one.code for one in ruling.also)}


# Orders from outside


def forged(*acts: str) -> ExternalOrderRecorded:
    return ExternalOrderRecorded(source="court", acts=acts, text="Do it.")


@pytest.mark.parametrize("by", ["stranger", "m05", "m03", "m30"])
def test_order_that_nobody_vouches_for_opens_nothing(by: str) -> None:
    play = after("notice.served")
    assert play.propose(by, forged("meeting.opened", "meeting.called"))
    call = MeetingCalled(meeting="eve", body="caucus", at=play.now, agenda=("x",), invited=(person("m01"),))
    assert "requirement.meeting-notice" in codes(play.propose("m09", call))


def test_order_opens_nothing_to_the_one_officer_who_recorded_it() -> None:
    play = after("notice.served")
    assert play.propose("m09", forged("meeting.called"))
    call = MeetingCalled(meeting="eve", body="caucus", at=play.now, agenda=("x",), invited=(person("m01"),))
    assert isinstance(play.propose("m09", call), Refused)


@pytest.mark.parametrize("keeper", ["m02", "m10", "m12"])
def test_order_recorded_by_another_who_keeps_the_matter_is_followed_and_told(keeper: str) -> None:
    play = after("notice.served")
    assert play.propose(keeper, forged("meeting.called"))
    call = MeetingCalled(meeting="eve", body="caucus", at=play.now, agenda=("x",), invited=(person("m01"),))
    ruling = play.propose("m09", call)
    assert isinstance(ruling, Departure)
    assert assess(play.facts, RULEBOOK, play.now).get("notice-of-the-meeting").result == "FAIL"


def test_order_handed_in_by_a_stranger_is_followed_once_somebody_vouches_for_it() -> None:
    play = after("notice.served")
    call = MeetingCalled(meeting="eve", body="caucus", at=play.now, agenda=("x",), invited=(person("m01"),))
    assert play.propose("stranger", forged("meeting.called"))
    assert isinstance(play.propose("m09", call), Refused)
    assert play.propose("m10", FactAgreed(event=play.seq("external-order.recorded")))
    assert isinstance(play.propose("m09", call), Departure)


def test_order_taken_back_by_whoever_recorded_it_opens_nothing_more() -> None:
    play = after("notice.served")
    assert play.propose("m10", forged("meeting.called"))
    assert play.propose("m10", CorrectionMade(entry=play.seq("external-order.recorded"), reasons="Not an order."))
    call = MeetingCalled(meeting="eve", body="caucus", at=play.now, agenda=("x",), invited=(person("m01"),))
    assert isinstance(play.propose("m09", call), Refused)


# Nobody in their own cause


def test_respondent_does_not_stand_down_from_answering() -> None:
    play = before("decision.made")
    own = PersonRecused(person=person("m05"), roles=("respondent",))
    assert code(play.propose("m05", own)) == "part.side"
    play.tell("m05", own, agreed=True)
    assert find_role_holders(play.facts, RULEBOOK, "respondent") == {"m05"}


@pytest.mark.parametrize("role", ["custodian", "chair", "case-manager", "scrutineer", "appeal-decider", "decider"])
def test_nobody_is_joined_in_a_part_that_decides_or_handles(role: str) -> None:
    play = before("investigator.appointed")
    assert code(play.propose("m12", PartyJoined(person=person("m02"), role=role))) == "part.not-joined"  # type: ignore[arg-type]  # each is a role


def test_whip_who_keeps_the_records_joins_nobody() -> None:
    play = before("investigator.appointed")
    assert code(play.propose("m02", PartyJoined(person=person("m06"), role="witness"))) == "act.not-yours"


def test_chair_does_not_put_the_complainant_out_of_the_matter() -> None:
    play = before("meeting.called")
    severed = PartySevered(person=person("m03"), role="complainant", reasons="Tired of it.")
    assert code(play.propose("m09", severed)) == "part.side"
    assert code(play.propose("m12", severed)) == "part.side"


def test_complainant_who_withdrew_freely_may_be_let_go() -> None:
    play = before("meeting.called")
    assert play.propose("m03", ReportWithdrawn(report=play.seq("report.lodged")))
    assert play.propose("m12", PartySevered(person=person("m03"), role="complainant"))


def test_complainant_who_withdrew_under_pressure_stays() -> None:
    play = before("meeting.called")
    assert play.propose("m03", ReportWithdrawn(report=play.seq("report.lodged"), freely=False))
    assert code(play.propose("m12", PartySevered(person=person("m03"), role="complainant"))) == "part.side"


def test_nobody_withdraws_the_report_of_another() -> None:
    play = before("meeting.called")
    play.propose("m12", PartyJoined(person=person("m06"), role="complainant"))
    withdrawn = ReportWithdrawn(report=play.seq("report.lodged"))
    assert code(play.propose("m06", withdrawn)) == "entry.not-yours"


@pytest.mark.parametrize("role", ["respondent", "complainant"])
def test_nobody_takes_the_place_of_a_party(role: str) -> None:
    play = before("meeting.called")
    holder = person("m05" if role == "respondent" else "m03")
    replaced = PartyReplaced(person=holder, by=person("m06"), role=role)  # type: ignore[arg-type]  # each is a role
    assert code(play.propose("m12", replaced)) == "part.side"


def test_case_manager_does_not_take_the_chair() -> None:
    play = before("meeting.called")
    seized = HandoverMade(from_person=person("m09"), to=person("m12"), role="chair")
    assert code(play.propose("m12", seized)) == "part.not-yours"


def test_part_of_somebody_who_stood_down_is_handed_to_a_third_person_and_used() -> None:
    play = before("meeting.called")
    assert play.propose("m09", PersonRecused(person=person("m09"), roles=("chair", "decider")))
    handed = HandoverMade(from_person=person("m09"), to=person("m01"), role="chair")
    assert code(play.propose("m12", replace_to(handed, "m12"))) == "part.not-yours"
    assert code(play.propose("m12", replace_to(handed, "m05"))) == "part.own-cause"
    assert play.propose("m12", handed)
    assert find_role_holders(play.facts, RULEBOOK, "chair") == {"m01"}


def replace_to(act: HandoverMade, to: str) -> HandoverMade:
    return HandoverMade(from_person=act.from_person, to=person(to), role=act.role)


def test_nobody_hands_on_a_part_that_was_not_held() -> None:
    play = before("meeting.called")
    handed = HandoverMade(from_person=person("m12"), to=person("m01"), role="scrutineer")
    assert code(play.propose("m12", handed)) == "part.not-held"


def test_report_against_the_chair_is_not_given_a_handler_by_the_chair_while_another_is_free() -> None:
    play = after("report.lodged")
    against = ReportLodged(identity="named", about="person", text="t", people=(person("m09"),))
    play = Play(with_report(play, against), play.now)
    assigned = CaseManagerAssigned(person=person("m12"))
    assert code(play.propose("m09", assigned)) == "part.own-cause"
    assert code(play.propose("m10", CaseManagerAssigned(person=person("m09")))) == "part.own-cause"
    assert play.propose("m10", assigned)


def test_naming_everybody_in_a_report_leaves_it_a_handler() -> None:
    play = after("report.lodged")
    against = ReportLodged(identity="named", about="person", text="t", people=(person("m09"), person("m10")))
    play = Play(with_report(play, against), play.now)
    assert play.propose("m10", CaseManagerAssigned(person=person("m12")))


def with_report(play: Play, report: ReportLodged) -> Facts:
    matter = play.facts.matter
    (event,) = matter.all(ReportLodged)
    again = replace(event, act=report)
    empty = type(matter).empty(matter.stream)
    return replace(play.facts, matter=empty.with_event(again))


def test_chair_who_answers_does_not_chair_their_own_matter() -> None:
    play = before("meeting.called")
    assert play.propose("m12", PartyJoined(person=person("m09"), role="respondent"))
    call = MeetingCalled(meeting="hearing", body="caucus", at=play.now, agenda=("x",), invited=(person("m05"),))
    assert code(play.propose("m09", call)) == "act.not-yours"
    handed = HandoverMade(from_person=person("m09"), to=person("m01"), role="chair")
    assert play.propose("m12", handed)
    assert code(play.propose("m01", call)).startswith("requirement.")


# Speaking for the other side


def test_complainant_names_nobody_to_speak_for_the_respondent() -> None:
    play = before("response.given")
    named = CompanionNamed(person=person("m06"), for_person=person("m05"), kind="representative")
    assert code(play.propose("m03", named)) == "part.not-yours"


def test_companion_of_the_complainant_does_not_answer_the_charge() -> None:
    play = before("response.given")
    assert play.propose("m03", CompanionNamed(person=person("m06"), for_person=person("m03")))
    answer = ResponseGiven(allegations=("a1",), stance="admit", text="Guilty.")
    assert code(play.propose("m06", answer)) == "part.not-yours"
    assert play.propose("m07", answer), "whom the respondent named may"


@pytest.mark.parametrize("by", ["m03", "m09"])
def test_nobody_else_closes_the_case_of_a_respondent_who_was_not_heard(by: str) -> None:
    play = before("meeting.opened")
    assert code(play.propose(by, SubmissionsClosed(side="respondent"))) == "part.not-yours"


def test_chair_may_close_the_case_of_a_respondent_who_was_heard() -> None:
    assert before("submissions.closed").propose("m09", SubmissionsClosed(side="respondent"))


def test_complainant_does_not_confirm_what_the_respondent_received() -> None:
    play = after("notice.served")
    confirmed = ServiceConfirmed(
        document=play.seq("notice.served"), to=person("m05"), delivered_at=play.now, how="read"
    )
    assert code(play.propose("m03", confirmed)) == "part.not-yours"
    assert play.propose("m05", confirmed)


def test_respondent_does_not_put_delivery_off_into_the_future() -> None:
    play = after("notice.served")
    later = ServiceConfirmed(
        document=play.seq("notice.served"), to=person("m05"), delivered_at=play.now + timedelta(seconds=1), how="read"
    )
    assert code(play.propose("m05", later)) == "service.later"
    play.pass_time(seconds=1)
    assert play.propose("m05", later)


# What stands, and who may undo it


@pytest.mark.parametrize("by", ["m05", "m30", "m09", "m02"])
def test_nobody_corrects_away_the_notice_that_another_served(by: str) -> None:
    play = before("meeting.opened")
    corrected = CorrectionMade(entry=play.seq("notice.served"), reasons="Never happened.")
    assert code(play.propose(by, corrected)) == "entry.not-yours"


@pytest.mark.parametrize("act_name", ["response.given", "draft-report.commented", "report.lodged"])
def test_not_even_a_keeper_corrects_the_word_of_a_party(act_name: str) -> None:
    play = before("meeting.opened")
    corrected = CorrectionMade(entry=play.seq(act_name), reasons="Never happened.")
    assert code(play.propose("m12", corrected)) == "entry.not-yours"
    assert code(play.propose("m10", corrected)) == "entry.not-yours"


def test_case_manager_corrects_what_another_handler_entered() -> None:
    play = before("meeting.opened")
    assert play.propose("m12", CorrectionMade(entry=play.seq("report.finalised"), reasons="A wrong date."))


def test_nobody_finds_what_they_told_themselves() -> None:
    play = before("meeting.opened")
    told = play.tell("m10", NoticeServed(to=person("m05"), worst_sanction="expulsion"))
    found = FactFound(event=told, happened=True, reasons="I say so.")
    assert code(play.propose("m10", found)) == "part.own-cause"
    assert code(play.propose("m09", found)) == "act.not-yours"
    assert play.propose("x04", found)


def test_investigator_finds_nothing_about_themselves() -> None:
    play = before("meeting.opened")
    told = play.tell("m06", PartyJoined(person=person("x04"), role="companion"), of="m03")
    found = FactFound(event=told, happened=False, reasons="I say so.")
    assert code(play.propose("x04", found)) == "part.own-cause"


def test_report_that_an_appeal_quashed_it_takes_nothing_out_of_the_assessment() -> None:
    play = after("decision.made")
    lodged = play.tell("m09", AppealLodged(against=play.seq("decision.made"), grounds=("bias",), text="t"), of="m05")
    play.tell("m09", AppealDecided(appeal=lodged, outcome="quashed", reasons="t"), of="x01", agreed=True)
    assert play.seq("decision.made") in assess(play.facts, RULEBOOK, play.now).get("decided-by-vote").entries


def test_report_that_a_sanction_was_lifted_lifts_nothing() -> None:
    play = after("sanction.imposed")
    seq = play.seq("sanction.imposed")
    play.tell("m09", SanctionLifted(sanction=seq), agreed=True)
    assert seq in assess(play.facts, RULEBOOK, play.now).get("majority-reached").entries


def test_one_persons_own_report_does_not_take_the_vote_of_another_away() -> None:
    play = before("vote.taken")
    (vote, *_) = [one for one in after("vote.taken").facts.matter.every() if isinstance(one.act, VoteTaken)]
    play.tell("m06", InterestDeclared(nature="family"), of="m01", agreed=True)
    play.pass_time(minutes=1)
    assert play.propose("m11", vote.act)


def test_tie_that_somebody_admits_takes_their_vote_away() -> None:
    play = before("vote.taken")
    (vote, *_) = [one for one in after("vote.taken").facts.matter.every() if isinstance(one.act, VoteTaken)]
    play.tell("m01", InterestDeclared(nature="family"), of="m01", agreed=True)
    play.pass_time(minutes=1)
    assert "requirement.interests-declared" in codes(play.propose("m11", vote.act))


@pytest.mark.parametrize(
    ("keeper", "expected"),
    [
        ("m09", "part.not-yours"),
        ("m10", "part.not-yours"),
        ("m12", "part.not-yours"),
        ("m02", "act.not-yours"),  # who stood down has no part, and is told nothing of what is there
    ],
)
def test_who_keeps_the_matter_agrees_to_no_report_about_somebody_else(keeper: str, expected: str) -> None:
    play = before("vote.taken")
    told = play.tell("m06", InterestDeclared(nature="family"), of="m01")
    assert code(play.propose(keeper, FactAgreed(event=told))) == expected


# The roll


def fill(office: str, holder: str, *, agreed: bool = False) -> Ruling:
    organisation = before("meeting.called").facts.organisation
    now = before("meeting.called").now
    if agreed:
        agreement = OrganisationActAgreed(to_act="office.filled", office=office, person=person(holder))
        said = build_live_event(agreement, seq=organisation.head_seq + 1, actor=person("m10"), at=now)
        organisation = organisation.with_event(said)
    facts = Facts(organisation, organisation)
    act = OfficeFilled(office=office, person=person(holder))
    event = build_live_event(act, seq=organisation.head_seq + 1, actor=person("m02"), at=now)
    return decide(facts, RULEBOOK, event, now)


@pytest.mark.parametrize("office", ["custodian", "chair", "scrutineer"])
def test_whip_does_not_put_themselves_into_an_office_that_handles_matters(office: str) -> None:
    assert code(fill(office, "m02", agreed=True)) == "office.own"
    assert fill(office, "m30", agreed=True)


@pytest.mark.parametrize("office", ["custodian", "chair", "scrutineer"])
def test_whip_does_not_put_a_friend_into_an_office_that_handles_matters_alone(office: str) -> None:
    assert code(fill(office, "m30")) == "second-key.missing"


def test_whip_may_record_an_office_they_hold_or_one_that_handles_nothing() -> None:
    assert fill("senior-whip", "m02", agreed=True)
    assert fill("leader", "m02")
