"""What would still mend a matter: each plan replays to what it promises, costs least, and ends when it says."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alteram.adapters.rulebooks import load_history, load_pack, load_rulebook
from alteram.core.acts import AppealDecided, MeetingCalled, RulingMade
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts, fold_events, fold_history
from alteram.core.matters.stream_facts import StreamFacts
from alteram.core.rules import CurePlan, Cures, assess, plan_cures
from alteram.core.rules.curing.chosen import find_chosen, find_fills
from alteram.core.rules.curing.costs import Cost, reckon_cost
from alteram.core.rules.curing.searching import Search, is_mended
from alteram.core.rules.curing.series import PACE, replay
from alteram.core.rules.curing.steps import perform_steps
from tests.rules import lawful

HISTORY = load_history("the-night-before")
RULEBOOK = load_rulebook(HISTORY.rulebook)
NOW = HISTORY.assessed_at
FACTS = fold_history(HISTORY)
CONDUCT, CONFIDENCE = StreamId("conduct"), StreamId("confidence")
CURES = {stream: plan_cures(facts, RULEBOOK, NOW) for stream, facts in FACTS.items()}
PLANS = [(stream, plan) for stream, cures in CURES.items() for plan in cures.plans]
WITH_STEPS = [(stream, plan) for stream, plan in PLANS if plan.steps]


def named(case: object) -> str:
    return case.demand.id if isinstance(case, CurePlan) else str(case)


def after(facts: Facts, cures: Cures) -> Facts:
    done = perform_steps(facts, RULEBOOK, [one.step for one in cures.combined])
    assert isinstance(done, Facts), done
    return done


@pytest.mark.parametrize(("stream", "plan"), WITH_STEPS, ids=named)
def test_each_plan_performed_step_by_step_comes_to_what_it_promises(stream: StreamId, plan: CurePlan) -> None:
    facts = perform_steps(FACTS[stream], RULEBOOK, plan.steps)
    assert isinstance(facts, Facts)
    finding = assess(facts, RULEBOOK, plan.steps[-1].at + PACE).get(plan.demand.id)
    assert finding.result == plan.promised
    assert plan.is_lifted == (finding.result == "UNKNOWN")
    assert is_mended(finding)


@pytest.mark.parametrize(("stream", "plan"), WITH_STEPS, ids=named)
def test_no_plan_makes_a_requirement_fail_that_did_not(stream: StreamId, plan: CurePlan) -> None:
    facts = perform_steps(FACTS[stream], RULEBOOK, plan.steps)
    assert isinstance(facts, Facts)
    before = assess(FACTS[stream], RULEBOOK, NOW)
    now = assess(facts, RULEBOOK, plan.steps[-1].at + PACE)
    failed = {one.demand.id for one in now.requirements if one.finding.result == "FAIL"}
    assert failed <= {one.demand.id for one in before.requirements if one.finding.result == "FAIL"}


@pytest.mark.parametrize("stream", FACTS)
def test_plan_is_complete_everything_that_failed_or_is_open_is_mended_or_says_why_not(stream: StreamId) -> None:
    found = assess(FACTS[stream], RULEBOOK, NOW).requirements
    reached = [one for one in found if one.finding.entries and one.finding.result in {"FAIL", "UNKNOWN"}]
    cures = CURES[stream]
    assert [one.demand.id for one in reached] == [plan.demand.id for plan in cures.plans]
    assert [plan.demand.id for plan in cures.plans if not plan.steps and not plan.incurable] == []
    assert [plan.demand.id for plan in cures.plans if plan.result == "FAIL" and not plan.steps] == []


@pytest.mark.parametrize("stream", FACTS)
def test_no_search_ends_at_its_bound_each_plan_is_least_or_says_why_there_is_none(stream: StreamId) -> None:
    plans = [*CURES[stream].plans, *(plan.unruled for plan in CURES[stream].plans if plan.unruled is not None)]
    assert [plan.demand.id for plan in plans if not plan.is_least] == []


def test_beside_a_plan_that_rules_on_its_requirement_stands_the_cheapest_that_does_not_or_why_there_is_none() -> None:
    for _, plan in WITH_STEPS:
        ruled = {one.act.requirement for one in plan.steps if isinstance(one.act, RulingMade)}
        assert (plan.unruled is not None) == (plan.demand.id in ruled)
        if plan.unruled is not None and plan.unruled.steps:
            acts = [one.act for one in plan.unruled.steps]
            assert plan.demand.id not in {act.requirement for act in acts if isinstance(act, RulingMade)}
            assert plan.unruled.promised != "RULED"
            assert plan.unruled.cost.total >= plan.cost.total
    without = CURES[CONFIDENCE].get("no-collision-of-parts").unruled
    assert without is not None
    assert (without.promised, without.steps[0].name) == ("PASS", "person.recused")
    none = CURES[CONFIDENCE].get("facts-that-look-like-bias").unruled
    assert none is not None
    assert (none.steps, bool(none.incurable)) == ((), True)


def test_the_whole_is_least_where_the_search_for_a_cheaper_one_ended_and_says_so_where_it_did_not() -> None:
    assert (CURES[CONDUCT].is_least, CURES[CONDUCT].cost.total) == (True, 14)
    assert not CURES[CONFIDENCE].is_least
    assert CURES[CONFIDENCE].cost.total >= max(plan.cost.total for plan in CURES[CONFIDENCE].plans)


def test_one_plan_that_mends_all_is_the_least_whole() -> None:
    cures = plan_cures(FACTS[CONFIDENCE], RULEBOOK, NOW, only={"way-to-appeal", "decision-served-on-both"})
    assert (cures.is_least, cures.left) == (True, ())
    assert cures.cost == cures.get("way-to-appeal").cost


@pytest.mark.parametrize("stream", FACTS)
def test_the_steps_for_everything_change_the_assessment_as_promised(stream: StreamId) -> None:
    cures = CURES[stream]
    facts = after(FACTS[stream], cures)
    found = assess(facts, RULEBOOK, cures.combined[-1].step.at + PACE)
    assert [one.demand.id for one in found.requirements if one.finding.result == "FAIL"] == []
    mended = {name for one in cures.combined for name in one.mends}
    assert [name for name in sorted(mended) if not is_mended(found.get(name))] == []
    assert mended.isdisjoint(cures.left)
    assert mended.union(cures.left) == {plan.demand.id for plan in cures.plans}


def test_one_act_that_mends_many_is_done_once() -> None:
    quashed = [one for one in CURES[CONFIDENCE].combined if isinstance(one.step.act, AppealDecided)]
    assert len(quashed) == 2
    assert max(len(one.mends) for one in quashed) > 20
    alone = sum(plan.cost.total for plan in CURES[CONFIDENCE].plans)
    assert CURES[CONFIDENCE].cost.total < alone / 3


@pytest.mark.parametrize("promised", ["PASS", "RULED"])
def test_a_plan_that_needs_a_ruling_says_so_and_only_such_a_one_is_ruled(promised: str) -> None:
    for _, plan in WITH_STEPS:
        rests = any(isinstance(step.act, RulingMade) for step in plan.steps)
        assert plan.rests_on_ruling == rests
        assert rests or plan.promised != "RULED"
    assert any(plan.promised == promised for _, plan in WITH_STEPS)


def test_calling_the_meeting_again_is_open_until_it_begins_and_what_has_no_end_says_none() -> None:
    plan = CURES[CONFIDENCE].get("notice-of-the-meeting")
    called = next(one.act for one in FACTS[CONFIDENCE].matter.all(MeetingCalled))
    assert (plan.lasting.until, plan.lasting.meeting) == (called.at, called.meeting)
    assert CURES[CONFIDENCE].get("minute-kept").lasting.until is None


def test_what_came_too_late_is_incurable_with_the_reason() -> None:
    plan = CURES[CONDUCT].get("report-acknowledged")
    assert plan.steps == ()
    assert "later than 5 working days" in plan.incurable


def test_what_nothing_done_now_can_show_is_left_to_what_is_agreed_or_found() -> None:
    plan = CURES[CONDUCT].get("confidential-until-decided")
    assert "agreed, or found" in plan.incurable


def test_a_search_that_ends_at_its_bound_claims_nothing_more() -> None:
    demand = CURES[CONFIDENCE].get("reasons-in-writing").demand
    search = Search(RULEBOOK, NOW, bound=5)
    assert search.run((demand,), FACTS[CONFIDENCE], NOW, lambda _: True) is None
    assert search.is_cut


def test_cost_counts_each_person_once_each_day_and_each_step() -> None:
    plan = CURES[CONFIDENCE].get("notice-of-the-meeting")
    assert plan.cost.people == 64
    assert plan.cost.steps == 2
    call = next(step.act for step in plan.steps if isinstance(step.act, MeetingCalled))
    assert plan.cost.days == -(-(call.at - NOW) // timedelta(days=1))
    assert reckon_cost((), NOW) == Cost()


def test_how_far_it_is_is_told_part_by_part_and_never_more_than_there_is() -> None:
    told: list[tuple[int, int]] = []
    plan_cures(FACTS[CONDUCT], RULEBOOK, NOW, tell=lambda done, parts: told.append((done, parts)))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert {parts for _, parts in told} == {len(told) + 1}


def test_packs_are_mended_as_the_rulebook_is() -> None:
    packs = (load_pack("ronr-discipline"),)
    cures = plan_cures(FACTS[CONFIDENCE], RULEBOOK, NOW, packs=packs, only={"ronr-notice-of-the-meeting"})
    plan = cures.get("ronr-notice-of-the-meeting")
    call = next(step.act for step in plan.steps if isinstance(step.act, MeetingCalled))
    assert call.at - NOW >= timedelta(days=30)
    assert plan.promised == "PASS"


def test_nobody_who_is_to_be_left_out_is_named_in_what_is_done_together() -> None:
    respondent = next(iter(FACTS[CONFIDENCE].holdings)).person
    cures = plan_cures(FACTS[CONFIDENCE], RULEBOOK, NOW, avoid={respondent}, only={"way-to-appeal", "minute-kept"})
    assert [one for one in cures.combined if one.step.actor == respondent] == []
    assert "way-to-appeal" in cures.left
    assert "minute-kept" not in cures.left


def test_forms_are_filled_with_what_it_is_about_never_with_people_or_entries_that_are_not_there() -> None:
    facts = FACTS[CONFIDENCE]
    plan = CURES[CONFIDENCE].get("reasons-in-writing")
    lodged, decided = (
        next(one for one in plan.steps if one.name == name) for name in ("appeal.lodged", "appeal.decided")
    )
    assert find_fills(lodged, facts.matter.head_seq) == (("against", "11"), ("grounds", "procedure"))
    assert find_fills(decided, facts.matter.head_seq) == (("outcome", "quashed"),)
    assert {"outsider-3", "m07"} <= find_chosen(plan.steps)
    assert "m05" not in find_chosen(plan.steps)


def test_replay_leaves_out_what_is_done_already() -> None:
    facts, plan = FACTS[CONFIDENCE], CURES[CONFIDENCE].get("way-to-appeal")
    once = replay(facts, RULEBOOK, plan.steps, NOW)
    assert not isinstance(once, Refused)
    again = replay(once[0], RULEBOOK, plan.steps, NOW + timedelta(hours=1), done=once[1])
    assert not isinstance(again, Refused)
    assert again[1] == ()


@settings(max_examples=25)
@given(st.sampled_from(sorted(lawful.paths())), st.integers(1, 60))
def test_wherever_a_lawful_matter_stands_each_plan_replays_to_what_it_promises(path: str, length: int) -> None:
    whole = lawful.paths()[path]
    events = sorted(whole.matter.every(), key=lambda event: event.seq)[:length]
    matter = fold_events(StreamFacts.empty(whole.matter.stream), events)
    facts = Facts(whole.organisation, matter, whole.linked)
    now = matter.last_at or NOW
    for plan in plan_cures(facts, lawful.RULEBOOK, now).plans:
        assert bool(plan.steps) != bool(plan.incurable)
        if plan.steps:
            done = perform_steps(facts, lawful.RULEBOOK, plan.steps)
            assert isinstance(done, Facts)
            finding = assess(done, lawful.RULEBOOK, plan.steps[-1].at + PACE).get(plan.demand.id)
            assert finding.result == plan.promised
            assert is_mended(finding)
