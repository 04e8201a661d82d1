"""Histories and cases are read strictly, and fold to the facts they state."""

import re
from datetime import datetime

import pytest

from alteram.adapters.rulebooks import load_rulebook, read_document
from alteram.core.acts import MeetingRegistered, PartyJoined, RulebookAdopted
from alteram.core.kernel.documents import DocumentError, Place, Scalar
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import History, fold_history
from alteram.core.rules.parsing import Case, find_difference, parse_cases, parse_history, run_case
from alteram.core.rules.parsing.values import Scope, read_value

HISTORY = """\
history: short
title: A short one
source: told afterwards
rulebook: caucus
entered_at: 2025-09-01T09:00
entered_by: observer
organisation:
  founded_at: 2025-01-01T09:00
  members: 12
  offices: {chair: m09}
linked: [[first, second]]
matters:
  first:
    title: The first
    parties: {respondent: m05}
    both_sides: [m05, m09]
    events:
      - {id: e1, at: 2025-08-11T20:00, act: meeting.registered, fields: {meeting: eve, held_at: 2025-08-11T20:00, attended: everyone but m05}, agreed: true, absent: [minute], absent_agreed: true}
      - {on: 2025-08-12, by: m05, act: fact.denied, fields: {event: $e1}, asserted_by: [m05]}
      - {from: 2025-08-12, to: 2025-08-15, act: contact.missed, fields: {person: m05}, asserted_by: [m05], denied_by: [m09]}
  second:
    title: The second
    parties: {complainant: m05, respondent: [m02, m03]}
    both_sides: [m05, m02]
    events:
      - {when: unknown, by: m09, act: matter.declined, agreed: true}
expected:
  - {matter: first, requirement: minute-kept, result: FAIL, why: There is none., entries: [$e1]}
"""  # noqa: E501 - one event to a line, as people write them

CASES = """\
requirement: notice-period
cases:
  - case: too short
    expected: FAIL
    parameters: {at_least: {clear_days: 10}}
    events:
      - {at: 2025-08-01T10:00, by: m07, act: notice.served, id: n1, fields: {to: m05}}
      - {at: 2025-08-11T10:00, by: m09, act: meeting.opened, fields: {meeting: m, present: [m01..m03], chair: m09}}
"""


def history(text: str) -> History:
    return parse_history(read_document(text.encode(), "short.yaml"), load_rulebook)


def cases(text: str) -> tuple[Case, ...]:
    return parse_cases(read_document(text.encode(), "cases.yaml"), load_rulebook)


HISTORY_FAULTS = [
    ("m09, act: matter.declined", "m09, act: matter.decline", "Did you mean 'matter.declined'?"),
    ("fields: {person: m05}", "fields: {persons: m05}", "unknown field 'persons'"),
    ("fields: {person: m05}", "fields: {}", "the field 'person' is missing"),
    ("event: $e1", "event: $e9", "no event has the identifier 'e9'"),
    ("id: e1", "id: E1", "Not an identifier"),
    ("on: 2025-08-12", "on: 2025-08-32", "there is no such day"),
    ("held_at: 2025-08-11T20:00", "held_at: 2025-09-28T02:00", "there was no such time"),
    ("entered_at: 2025-09-01T09:00", "entered_at: 2025-09-28T02:59", "there was no such time"),
    ("rulebook: caucus", "rulebook: ../short.yaml", "Not an identifier"),
    ("rulebook: caucus", "rulebook: /dev/stdin", "Not an identifier"),
    ("on: 2025-08-12", "on: 12-08-2025", "must be a day"),
    ("on: 2025-08-12", "on: 1999-08-12", "outside the calendar"),
    ("matters:\n", "matters: []\nmatter:\n", "unknown field 'matter'"),
    ("parties: {respondent: m05}", "parties: [m05]", "must be a mapping of fields"),
    ("on: 2025-08-12", "on: 2025-08-12, at: 2025-08-12T10:00", "says when in no known way"),
    ("on: 2025-08-12, ", "", "says when in no known way"),
    ("to: 2025-08-15", "to: 2025-08-11", "ends before it begins"),
    ("when: unknown", "when: later", "'later' is not known"),
    ("held_at: 2025-08-11T20:00", "held_at: 2025-08-11T20:00Z", "must be a local time"),
    ("held_at: 2025-08-11T20:00", "held_at: 2025-8-11T20:00", "must be a local time"),
    ("held_at: 2025-08-11T20:00", "held_at: 2025-08-11T24:01", "there is no such time"),
    ("held_at: 2025-08-11T20:00", "held_at: 1999-08-11T20:00", "outside the calendar"),
    ("everyone but m05", "everyone but m77", "not a way to name people"),
    ("everyone but m05", "everyone except m05", "not a way to name people"),
    ("everyone but m05", "[m05, m05]", "somebody is named twice"),
    ("everyone but m05", "[m09..m01]", "not a range of people"),
    ("absent: [minute]", "absent: [minutes]", "Did you mean 'minute'?"),
    ("denied_by: [m09]", "denied_by: [m09], found: true", "a history finds nothing"),
    ("agreed: true, absent", "agreed: maybe, absent", "must be true or false"),
    ("agreed: true, absent", "agreed: true, agreed_by: [m05], absent", "says twice who agrees"),
    ("[[first, second]]", "[[first, third]]", "'third' is not known"),
    ("[[first, second]]", "[[first, first]]", "a link names two matters"),
    ("{respondent: m05}", "{defendant: m05}", "'defendant' is not known"),
    ("members: 12", "members: 0", "must be a whole number from 1"),
    ("rulebook: caucus", "rulebook: unheard-of", "nothing called 'unheard-of'"),
    ("matter: first", "matter: third", "'third' is not known"),
    ("result: FAIL", "result: FAILED", "Did you mean 'FAIL'?"),
    ("entries: [$e1]", "entries: [$e2]", "no event has the identifier 'e2'"),
    ("source: told afterwards\n", "", "the field 'source' is missing"),
]


@pytest.mark.parametrize(("old", "new", "problem"), HISTORY_FAULTS, ids=[f"{f[1]}" for f in HISTORY_FAULTS])
def test_a_fault_in_a_history_is_refused_with_its_place(old: str, new: str, problem: str) -> None:
    assert HISTORY.count(old) == 1, old
    with pytest.raises(DocumentError, match=problem) as caught:
        history(HISTORY.replace(old, new))
    assert re.match(r"short\.yaml:[0-9]+:[0-9]+: ", str(caught.value))


CASE_FAULTS = [
    ("requirement: notice-period", "requirement: notice-perod", "Did you mean 'notice-period'?"),
    ("{at_least: {clear_days: 10}}", "{at_least: {clear_days: 10, days: 1}}", "exactly one unit"),
    ("{at_least: {clear_days: 10}}", "{at_least: {clear_days: ten}}", "must be a whole number"),
    ("at: 2025-08-11T10:00", "at: 2025-07-11T10:00", "must stand in the order of time"),
    ("at: 2025-08-11T10:00", "when: unknown", "says when in no known way"),
    ("expected: FAIL", "expected: FAIL\n    anchor: n2", "no event has the identifier 'n2'"),
    ("events:", "evnts:", "Did you mean 'events'?"),
]


@pytest.mark.parametrize(("old", "new", "problem"), CASE_FAULTS, ids=[f"{f[1]}" for f in CASE_FAULTS])
def test_a_fault_in_a_case_is_refused_with_its_place(old: str, new: str, problem: str) -> None:
    assert CASES.count(old) == 1, old
    with pytest.raises(DocumentError, match=problem):
        cases(CASES.replace(old, new))


def test_two_cases_of_one_name_are_refused() -> None:
    with pytest.raises(DocumentError, match="two cases are called 'too short'"):
        cases(CASES + CASES[CASES.index("  - case") :])


def test_two_events_of_one_name_are_refused() -> None:
    with pytest.raises(DocumentError, match="two events are called 'n1'"):
        cases(CASES.replace("act: meeting.opened", "act: meeting.opened, id: n1"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("expected: FAIL", "expected: PASS", "expected PASS, came to FAIL"),
        ("expected: FAIL", "expected: FAIL\n    because: a unicorn", "'a unicorn' is not said in"),
        ("expected: FAIL", "expected: FAIL\n    earliest: 2025-08-13T00:00", "earliest"),
        ("expected: FAIL", "expected: FAIL\n    curable: false", "curable False, came to True"),
        ("expected: FAIL", "expected: FAIL\n    cures: [matter.closed]", "cures"),
        ("expected: FAIL", "expected: FAIL\n    missing: [matter.closed]", "missing"),
    ],
)
def test_a_case_that_comes_out_otherwise_says_how(old: str, new: str, said: str) -> None:
    (case,) = cases(CASES.replace(old, new))
    assert said in find_difference(case, run_case(case))


def test_a_case_that_comes_out_as_expected_says_nothing() -> None:
    (case,) = cases(
        CASES.replace("expected: FAIL", "expected: FAIL\n    earliest: 2025-08-12T00:00\n    curable: true")
    )
    assert find_difference(case, run_case(case)) == ""


@pytest.mark.parametrize("time", ["2025-09-28T01:59", "2025-09-28T03:00", "2025-04-06T02:30"])
def test_a_time_beside_those_that_the_clocks_skipped_is_taken(time: str) -> None:
    told = history(HISTORY.replace("entered_at: 2025-09-01T09:00", f"entered_at: {time}"))
    calendar = load_rulebook("caucus").calendar
    assert calendar.local_time(told.entered_at) == datetime.fromisoformat(time)


def test_a_day_is_a_local_day_and_a_time_is_local() -> None:
    facts = fold_history(history(HISTORY))[StreamId("first")]
    gathering = facts.matter.all(MeetingRegistered)[0]
    assert gathering.when.first is not None
    assert gathering.when.first.isoformat() == "2025-08-11T08:00:00+00:00"
    denied = facts.matter.every()[-2]
    assert (denied.when.first, denied.when.last) != (None, None)
    assert str(denied.when.first) == "2025-08-11 12:00:00+00:00"
    assert str(denied.when.last) == "2025-08-12 11:59:59+00:00"


def test_a_history_without_expectations_expects_nothing() -> None:
    assert history(HISTORY[: HISTORY.index("expected:")]).expected == ()


def test_members_may_be_named() -> None:
    told = history(HISTORY.replace("members: 12", "members: [m01..m09, x01]"))
    assert len(fold_history(told)[StreamId("first")].roll.members) == 10


def test_a_live_act_on_a_day_is_taken_to_be_done_at_noon() -> None:
    (case,) = cases(CASES.replace("at: 2025-08-11T10:00", "on: 2025-08-11"))
    assert str(case.facts.matter.last_at) == "2025-08-11 00:00:00+00:00"


def test_a_time_cannot_be_written_where_there_is_no_calendar() -> None:
    with pytest.raises(DocumentError, match="a time cannot be written here"):
        read_value(Scalar(Place("x", 1, 1), "2025-08-11T20:00"), datetime, Scope())


def test_everyone_but_somebody_is_everyone_else() -> None:
    facts = fold_history(history(HISTORY))[StreamId("first")]
    attended = facts.matter.all(MeetingRegistered)[0].act.attended
    assert len(attended) == 11
    assert "m05" not in attended


def test_a_history_states_standing_and_absence() -> None:
    events = fold_history(history(HISTORY))[StreamId("first")].matter.every()
    assert [event.standing for event in events[-3:]] == ["agreed", "asserted", "denied"]
    assert events[-3].absent == ("minute",)
    assert events[-3].absent_agreed_by == ("m05", "m09")


def test_a_history_adopts_the_rulebook_and_joins_its_parties() -> None:
    told = history(HISTORY)
    facts = fold_history(told)
    assert facts[StreamId("first")].organisation.stream == ORGANISATION_STREAM
    assert len(facts[StreamId("first")].organisation.all(RulebookAdopted)) == 1
    joined = facts[StreamId("second")].matter.all(PartyJoined)
    assert [(event.act.person, event.act.role) for event in joined] == [
        ("m05", "complainant"),
        ("m02", "respondent"),
        ("m03", "respondent"),
    ]
    assert facts[StreamId("first")].linked[0].holders("respondent") == {PersonId("m02"), PersonId("m03")}
