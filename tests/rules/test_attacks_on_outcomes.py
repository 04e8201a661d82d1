"""Bad faith at the outcome: ending a complaint by procedure, expelling without a vote, default and appeal.

Who is who, see test_attacks.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    AppealDecided,
    AppealLodged,
    CorrectionMade,
    DecisionMade,
    DefaultNoted,
    ExhibitLodged,
    InstrumentIssued,
    InterimMeasureImposed,
    MatterClosed,
    MatterReopened,
    MeetingCalled,
    MeetingOpened,
    MotionAmended,
    MotionPut,
    NoticeServed,
    PartyHeard,
    PartyJoined,
    ProceedingsPaused,
    ReporterInformed,
    RiskAssessed,
    RulingMade,
    SanctionImposed,
    SanctionLifted,
    SecondKeyGiven,
    ServiceConfirmed,
    TermsSet,
    VoteTaken,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused, Ruling
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
    assert play.propose("m09", MotionPut(meeting="hearing", motion="undo", kind="procedure", about=seq))
    voters = tuple(map(person, ("m01", "m04", "m06", "m09", "m10", "m11")))
    assert play.propose(
        "m11",
        VoteTaken(motion="undo", votes_for=4, votes_against=2, recused=6, base="eligible", base_count=6, voters=voters),
    )
    assert play.propose("m09", SanctionLifted(sanction=seq, motion="undo"))
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


def test_respondent_who_stays_away_from_the_hearing_does_not_stop_the_decision() -> None:
    made = decision(motions=("guilt",))
    play = before("motion.put", nth=1)
    corrected = [one.seq for one in play.facts.matter.all(PartyHeard) if one.act.person == "m05"]
    assert play.propose("m09", CorrectionMade(entry=corrected[0], reasons="They never came."))
    play.propose("m12", RiskAssessed(point="outcome", person=person("m03"), level="low", text="t"))
    assert "requirement.hearing-content" in codes(play.propose("m09", made))
    (first, *_) = [one for one in play.facts.matter.all(ServiceConfirmed) if one.act.to == "m05"]
    assert default(play, service=first.seq)
    assert play.propose("m09", made)


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
