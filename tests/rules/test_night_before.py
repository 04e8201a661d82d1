"""The shipped history of the night before: an assessment says of it, line by line, what the history expects."""

from datetime import UTC, datetime

import pytest

from alteram.adapters.rulebooks import load_history, load_pack, load_rulebook
from alteram.core.acts import DecisionMade, FactFound, HistoryEntered, MatterDeclined, SanctionImposed
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import Expectation, Facts, build_live_event, fold_history
from alteram.core.rules import Assessment, Finding, assess, examine

HISTORY = load_history("the-night-before")
RULEBOOK = load_rulebook(HISTORY.rulebook)
FURTHER = (load_pack("ronr-discipline"),)
CONDUCT, CONFIDENCE = StreamId("conduct"), StreamId("confidence")
FACTS = fold_history(HISTORY)
ASSESSMENTS = {stream: assess(facts, RULEBOOK, HISTORY.assessed_at, packs=FURTHER) for stream, facts in FACTS.items()}


def finding_of(expected: Expectation, assessments: dict[StreamId, Assessment]) -> Finding:
    return assessments[expected.matter].get(expected.demand)


def name_of(expected: Expectation) -> str:
    return f"{expected.demand}-is-{expected.result}"


@pytest.mark.parametrize("expected", HISTORY.expected, ids=name_of)
def test_requirement_comes_to_what_the_history_expects(expected: Expectation) -> None:
    finding = finding_of(expected, ASSESSMENTS)
    assert finding.result == expected.result, finding.because
    assert set(expected.entries) <= set(finding.entries)
    assert set(expected.cures) <= {one.act for one in finding.cures}
    assert expected.earliest in {None, finding.earliest}
    assert [words for words in expected.says if words not in finding.because] == []
    assert expected.curable in {None, bool(finding.cures) and not finding.incurable}


@pytest.mark.parametrize("expected", HISTORY.expected, ids=name_of)
def test_every_expectation_is_of_a_requirement_of_the_rulebook_or_of_the_pack_it_names(expected: Expectation) -> None:
    one = next(one for one in ASSESSMENTS[expected.matter].requirements if one.demand.id == expected.demand)
    assert one.demand.pack == expected.pack


def test_each_standard_that_sets_a_period_reports_its_own_earliest_lawful_time() -> None:
    notice = [one.finding for one in ASSESSMENTS[CONFIDENCE].requirements if one.demand.kind == "meeting-notice"]
    # Two of the rulebook's own and two of standards; one of each asks for five working days, and so end together.
    assert len(notice) == 4
    assert len({one.earliest for one in notice}) == 3
    assert all(one.working for one in notice)


def test_the_cures_open_on_the_last_day_are_at_least_those_expected() -> None:
    findings = [one.finding for assessment in ASSESSMENTS.values() for one in assessment.requirements]
    assert set(HISTORY.open_cures) <= {cure.act for finding in findings for cure in finding.cures}


def test_every_event_that_was_told_is_there_as_a_reported_act() -> None:
    told = {stream: [event for event in events[1:] if event.reported] for stream, events in HISTORY.matters.items()}
    assert [len(events) for events in told.values()] == [len(events) - 1 for events in HISTORY.matters.values()]
    assert all(isinstance(events[0].act, HistoryEntered) for events in HISTORY.matters.values())
    assert sum(type(event.act).__name__ == "SanctionImposed" for event in told[CONFIDENCE]) == 2


def test_each_matter_sees_the_parts_of_the_other_and_nothing_more() -> None:
    linked = {stream: facts.linked[0] for stream, facts in FACTS.items()}
    assert linked[CONFIDENCE].stream == CONDUCT
    assert linked[CONFIDENCE].holders("respondent") == {"m02"}
    assert linked[CONDUCT].holders("respondent") == {"m05"}
    assert not hasattr(linked[CONDUCT], "events")


def test_nothing_passes_because_the_record_is_silent() -> None:
    """In a history that tells of no hearing, no notice and no vote, whatever passes rests on something told."""
    for assessment in ASSESSMENTS.values():
        passed = [one for one in assessment.requirements if one.finding.result == "PASS"]
        assert [one.demand.id for one in passed if not one.finding.entries] == []


def test_the_same_history_gives_the_same_assessment_whoever_enters_it_and_when() -> None:
    later = fold_history(HISTORY, at=datetime(2026, 11, 1, tzinfo=UTC), by=PersonId("m12"))
    again = {stream: assess(facts, RULEBOOK, HISTORY.assessed_at, packs=FURTHER) for stream, facts in later.items()}
    for expected in HISTORY.expected:
        assert finding_of(expected, again).result == finding_of(expected, ASSESSMENTS).result


def test_two_readings_give_the_same_assessment_to_the_last_word() -> None:
    assert assess(FACTS[CONFIDENCE], RULEBOOK, HISTORY.assessed_at, packs=FURTHER) == ASSESSMENTS[CONFIDENCE]


def with_finding(facts: Facts, kind: type[object], *, happened: bool) -> Facts:
    event = next(one for one in facts.matter.every() if isinstance(one.act, kind))
    act = FactFound(event=event.seq, happened=happened, reasons="as found")
    at = HISTORY.assessed_at
    return facts.with_event(build_live_event(act, seq=facts.matter.head_seq + 1, actor=PersonId("m01"), at=at))


@pytest.mark.parametrize(
    ("stream", "kind", "demand"),
    [(CONDUCT, MatterDeclined, "declined-only-independently"), (CONFIDENCE, SanctionImposed, "reasons-in-writing")],
)
def test_what_is_found_not_to_have_happened_no_longer_fails(stream: StreamId, kind: type[object], demand: str) -> None:
    facts = with_finding(FACTS[stream], kind, happened=False)
    one = next(one.demand for one in ASSESSMENTS[stream].requirements if one.demand.id == demand)
    before = set(ASSESSMENTS[stream].get(demand).entries)
    gone = {event.seq for event in FACTS[stream].matter.every()} - {event.seq for event in facts.matter.every()}
    assert before & gone
    assert not set(examine(one, facts, RULEBOOK, HISTORY.assessed_at).entries) & gone


def test_decision_told_of_is_only_a_report() -> None:
    decision = next(event for event in FACTS[CONFIDENCE].matter.all(DecisionMade))
    assert not decision.live
    assert decision.standing == "agreed"
