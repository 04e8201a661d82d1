"""People in bad faith under the rules of the caucus: each act here was once a way to kill a complaint or expel a rival.

m03 complains, m05 answers, m12 handles, x04 investigates, m09 chairs, m10 keeps the reports, m02 (the senior whip) is
secretary, m11 counts. Every act is proposed on the lawful path, where the honest act of that moment would be allowed.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    AppealDecided,
    AppealLodged,
    CaseManagerAssigned,
    CompanionNamed,
    CorrectionMade,
    DecisionMade,
    DefaultNoted,
    ExhibitLodged,
    ExternalOrderRecorded,
    FactAgreed,
    FactFound,
    HandoverMade,
    InstrumentIssued,
    InterimMeasureImposed,
    MatterClosed,
    MatterReopened,
    MeetingCalled,
    MeetingOpened,
    MotionAmended,
    MotionPut,
    NoticeServed,
    PartyJoined,
    PartyReplaced,
    PartySevered,
    PersonRecused,
    ProceedingsPaused,
    ReporterInformed,
    ReportLodged,
    ReportWithdrawn,
    ResponseGiven,
    RulingMade,
    SanctionImposed,
    SanctionLifted,
    SecondKeyGiven,
    ServiceConfirmed,
    SubmissionsClosed,
    TermsSet,
    VoteTaken,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Departure, Refused, Ruling
from alteram.core.matters import Facts
from alteram.core.rules import assess
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.stages import find_stage
from tests.rules.lawful import RULEBOOK, Play, after, before


def person(name: str) -> PersonId:
    return PersonId(name)


def code(ruling: Ruling) -> str:
    assert isinstance(ruling, Refused), ruling
    return ruling.code


def codes(ruling: Ruling) -> set[str]:
    assert isinstance(ruling, Refused), ruling
    return {ruling.code, *(one.code for one in ruling.also)}


EXPEL = SanctionImposed(person=person("m05"), sanction="expulsion", body="caucus")


def stage(play: Play) -> str:
    found = find_stage(play.facts, RULEBOOK)
    return "" if found is None else found.id


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


# Killing a complaint by procedure


def test_chair_does_not_end_the_intake_by_calling_a_meeting_about_something_else() -> None:
    play = before("matter.accepted")
    at = play.now + timedelta(days=60)
    call = MeetingCalled(meeting="tea", body="caucus", at=at, agenda=("tea",), invited=(), purpose="other")
    play.propose("m09", call)
    assert stage(play) == "triage"


def test_appeal_against_a_measure_meanwhile_ends_nothing_else() -> None:
    play = before("notice.served")
    play.propose("m10", SecondKeyGiven(to_act="interim-measure.imposed"))
    measure = InterimMeasureImposed(
        person=person("m05"),
        measure="restriction",
        until=play.now + timedelta(days=30),
        review_by=play.now + timedelta(days=14),
        keeps=("be-notified", "attend", "see-evidence", "speak", "be-represented", "appeal"),
        particulars="t",
        reasons="t",
    )
    stood_at = stage(play)
    play.tell("m05", measure, of="m09")
    play.tell("m05", AppealLodged(against=play.seq("interim-measure.imposed"), grounds=("bias",), text="t"))
    live = [replace(one, live=True) for one in play.facts.matter.every()[-2:]]
    play.facts = replace(before("notice.served").facts.with_event(live[0]).with_event(live[1]))
    assert stage(play) == stood_at


def test_matter_that_was_reopened_goes_on_where_it_stood() -> None:
    play = after("matter.closed")
    assert stage(play) == "closed"
    play.pass_time(days=90)
    assert play.propose("m12", MatterReopened(ground="new-evidence", reasons="t"))
    assert stage(play) == "appeal"


@pytest.mark.parametrize("approver", ["m10", "m12"])
def test_case_manager_does_not_close_what_has_not_ended(approver: str) -> None:
    play = before("terms.set")
    assert play.propose("m12", ReporterInformed(phase="outcome", text="We did nothing."))
    closed = MatterClosed(
        approved_by=person(approver), actions="t", lessons="t", reporter_told=True, review_routes=True
    )
    assert code(play.propose("m12", closed)) == "requirement.closure-complete"


def test_closing_is_not_approved_by_naming_somebody() -> None:
    play = before("second-key.given")
    closed = MatterClosed(approved_by=person("m10"), actions="t", lessons="t", reporter_told=True, review_routes=True)
    assert code(play.propose("m12", closed)) == "requirement.closure-complete"
    assert play.propose("m10", SecondKeyGiven(to_act="matter.closed"))
    assert play.propose("m12", closed)


def test_pause_without_an_end_is_refused() -> None:
    play = before("notice.served")
    assert code(play.propose("m12", ProceedingsPaused(why="mediation"))) == "pause.endless"
    assert play.propose("m12", ProceedingsPaused(why="mediation", until=play.now + timedelta(days=30)))


def test_chair_does_not_decide_to_do_nothing_without_a_vote() -> None:
    play = before("decision.made")
    nothing = DecisionMade(
        kind="no-action", deciders=(person("m09"),), states_appeal=True, considers_third_parties=True, reasons="t"
    )
    assert "requirement.decision-by-vote" in codes(play.propose("m09", nothing))


# Expelling somebody


def decision(**changes: object) -> DecisionMade:
    (event,) = after("decision.made").facts.matter.all(DecisionMade)
    return type(event.act)(**{**{name: getattr(event.act, name) for name in event.act.__struct_fields__}, **changes})


def test_chair_does_not_find_proved_what_nobody_voted_on() -> None:
    play = before("vote.taken")
    assert "requirement.decision-by-vote" in codes(play.propose("m09", decision(motions=())))


def test_chair_does_not_find_proved_what_was_voted_down() -> None:
    play = before("vote.taken")
    voters = tuple(map(person, ("m01", "m04", "m06", "m09", "m10", "m11")))
    lost = VoteTaken(
        motion="guilt", votes_for=1, votes_against=5, recused=6, base="eligible", base_count=6, voters=voters
    )
    assert play.propose("m11", lost)
    assert "requirement.decision-by-vote" in codes(play.propose("m09", decision(motions=("guilt",))))


def test_vote_does_not_leave_out_of_its_roll_those_who_should_not_have_voted() -> None:
    play = before("vote.taken")
    stuffed = VoteTaken(
        motion="guilt", votes_for=6, votes_against=0, recused=6, base="eligible", base_count=6, voters=(person("m01"),)
    )
    assert codes(play.propose("m11", stuffed)) == {"requirement.vote-base"}


def test_announced_sanction_does_not_step_around_the_ladder() -> None:
    play = before("sanction.imposed")
    announced = SanctionImposed(
        person=person("m05"),
        sanction="expulsion",
        body="caucus",
        decision=play.seq("decision.made"),
        motion="penalty",
        announced_only=True,
    )
    assert code(play.propose("m09", announced)) == "sanction.announced-only"


@pytest.mark.parametrize("other", ["m06", "m03", "m12"])
def test_sanction_strikes_nobody_who_was_not_charged(other: str) -> None:
    play = before("sanction.imposed")
    strike = SanctionImposed(
        person=person(other), sanction="warning", body="caucus", decision=play.seq("decision.made"), motion="penalty"
    )
    assert code(play.propose("m09", strike)) == "sanction.not-charged"


def test_sanction_strikes_nobody_who_was_charged_only_after_the_decision() -> None:
    play = before("sanction.imposed")
    assert play.propose("m12", PartyJoined(person=person("m06"), role="respondent"))
    strike = SanctionImposed(
        person=person("m06"), sanction="warning", body="caucus", decision=play.seq("decision.made"), motion="penalty"
    )
    assert code(play.propose("m09", strike)) == "sanction.not-charged"


def test_sanction_does_not_rest_on_a_decision_that_was_only_reported() -> None:
    play = before("sanction.imposed")
    told = play.tell("m09", decision(), agreed=True)
    strike = SanctionImposed(person=person("m05"), sanction="warning", body="caucus", decision=told, motion="penalty")
    assert code(play.propose("m09", strike)) == "sanction.no-decision"
    assert code(play.propose("m09", EXPEL)) == "sanction.no-decision"


def test_instrument_does_not_rest_on_a_sanction_that_was_only_reported() -> None:
    play = before("instrument.issued")
    told = play.tell("m09", EXPEL, agreed=True)
    paper = InstrumentIssued(sanction=told, person=person("m05"), clause="7.1", conduct="t", trigger="t")
    assert code(play.propose("m09", paper)) == "sanction.no-decision"


def test_instrument_is_not_made_out_to_somebody_else() -> None:
    play = before("instrument.issued")
    paper = InstrumentIssued(sanction=play.seq("sanction.imposed"), person=person("m06"), clause="7.1")
    assert code(play.propose("m09", paper)) == "sanction.not-charged"


def test_instrument_is_not_issued_of_what_was_lifted() -> None:
    play = before("instrument.issued")
    seq = play.seq("sanction.imposed")
    assert play.propose("m09", SanctionLifted(sanction=seq))
    assert code(play.propose("m09", InstrumentIssued(sanction=seq, person=person("m05")))) == "sanction.no-decision"


def test_motion_is_not_amended_after_the_vote() -> None:
    play = before("decision.made")
    amended = MotionAmended(motion="penalty", sanction="expulsion")
    assert code(play.propose("m09", amended)) == "motion.voted"


@pytest.mark.parametrize(
    "act",
    [
        MotionAmended(motion="penalty", sanction="suspension"),
        MotionPut(meeting="hearing", motion="penalty", kind="sanction", sanction="suspension"),
    ],
)
def test_report_of_another_motion_does_not_turn_a_vote_for_one_sanction_into_one_for_another(act: Act) -> None:
    play = before("sanction.imposed")
    play.tell("m09", act, agreed=True)
    strike = SanctionImposed(
        person=person("m05"),
        sanction="suspension",
        body="caucus",
        decision=play.seq("decision.made"),
        motion="penalty",
        until=play.now + timedelta(days=30),
    )
    assert "requirement.majority" in codes(play.propose("m09", strike))


@pytest.mark.parametrize(
    ("by", "act"),
    [
        ("m09", MotionPut(meeting="hearing", motion="guilt", kind="sanction", sanction="expulsion")),
        ("x04", ExhibitLodged(exhibit="column", kind="document", obtained="found")),
    ],
)
def test_name_is_not_given_again_to_something_else(by: str, act: Act) -> None:
    assert code(before("decision.made").propose(by, act)) == "name.taken"


def test_charge_is_not_stated_anew_after_the_notice() -> None:
    play = after("notice.served")
    again = AllegationsStated(allegations=(Allegation(id="a1", breach="conduct-towards-colleagues"),))
    assert code(play.propose("m12", again)) == "name.taken"


def test_meeting_opens_when_it_was_called_for_and_not_a_second_before() -> None:
    play = before("meeting.opened")
    opened = MeetingOpened(meeting="hearing", present=(person("m05"),), chair=person("m09"))
    early = Play(play.facts, play.now - timedelta(seconds=1))
    ruling = early.propose("m09", opened)
    assert code(ruling) == "meeting.too-early"
    assert isinstance(ruling, Refused)
    assert ruling.earliest == play.now
    assert play.propose("m09", opened)


def test_question_is_put_only_in_an_open_meeting() -> None:
    play = before("meeting.opened")
    put = MotionPut(meeting="hearing", motion="guilt", kind="finding", allegation="a1")
    assert code(play.propose("m09", put)) == "meeting.not-open"


# Default


def default(play: Play, *, service: int | None) -> Ruling:
    return play.propose("m12", DefaultNoted(person=person("m05"), step="hearing", service=service))


def test_default_needs_proof_that_something_was_served() -> None:
    assert code(default(before("meeting.called"), service=None)) == "default.not-served"


def test_default_is_not_noted_before_the_time_to_answer_is_over() -> None:
    play = after("service.confirmed")
    ruling = default(play, service=play.seq("service.confirmed"))
    assert code(ruling) == "default.too-early"
    assert isinstance(ruling, Refused)
    assert ruling.earliest is not None
    late = Play(play.facts, ruling.earliest)
    assert default(late, service=play.seq("service.confirmed"))
    soon = Play(play.facts, ruling.earliest - timedelta(seconds=1))
    assert code(default(soon, service=play.seq("service.confirmed"))) == "default.too-early"


# Appeal


def test_whip_does_not_sit_people_on_every_appeal_by_constituting_the_panel() -> None:
    play = before("appeal-panel.formed")
    assert find_role_holders(play.facts, RULEBOOK, "appeal-decider") == frozenset()


def test_chair_does_not_rule_that_their_own_sanction_is_in_proportion() -> None:
    play = before("ruling.made")
    own = RulingMade(requirement="sanction-in-proportion", met=True, reasons="t", about=(play.seq("decision.made"),))
    assert play.propose("m09", own)
    assert play.propose("m12", (after("adverse-act.reasoned").facts.matter.every())[-1].act)
    strike = SanctionImposed(
        person=person("m05"),
        sanction="warning",
        body="caucus",
        decision=play.seq("decision.made"),
        motion="penalty",
        until=play.now + timedelta(days=30),
    )
    assert codes(play.propose("m09", strike)) == {"requirement.proportionality-ruled"}


def test_measure_meanwhile_strikes_nobody_outside_the_matter() -> None:
    play = before("notice.served")
    measure = InterimMeasureImposed(person=person("m08"), measure="suspension")
    assert code(play.propose("m09", measure)) == "part.none"


def test_matter_sent_back_begins_again_with_notice() -> None:
    play = before("appeal.decided")
    sent_back = AppealDecided(
        appeal=play.seq("appeal.lodged"),
        outcome="sent-back",
        panel=(person("x01"), person("x02"), person("x03")),
        reasons="t",
    )
    assert play.propose("x01", sent_back)
    (first, *_) = [one.act for one in play.facts.matter.all(NoticeServed)]
    again = {name: getattr(first, name) for name in first.__struct_fields__}
    again |= {"respond_by": play.now + timedelta(days=60), "hearing_at": play.now + timedelta(days=90)}
    assert play.propose("m12", NoticeServed(**again))
    assert play.propose("m12", TermsSet(allegations=("a1",), text="t"))
