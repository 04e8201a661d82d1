"""Clauses that cannot stand together are named, where they stand, with all clauses and a remedy; others are let be."""

import re
from datetime import date

import msgspec
import pytest

from alteram.adapters.rulebooks import build_calendar, load_pack, load_rulebook, read_document, shipped_names
from alteram.core.acts import find_spec, get_spec
from alteram.core.kernel.documents import DocumentError
from alteram.core.kernel.periods import Period
from alteram.core.rules.contradictions import CODES, find_contradictions, find_pack_contradictions
from alteram.core.rules.contradictions.stretches import Stretches
from alteram.core.rules.contradictions.waiting import ASKED
from alteram.core.rules.linting import find_oddities
from alteram.core.rules.parsing import parse_pack, parse_rulebook
from alteram.core.rules.proving.prove import PROPERTIES, prove
from alteram.core.rules.proving.searching import Scope
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Rulebook, Sanction

TEXT = """\
rulebook: club
title: A club
version: "1"
jurisdiction: NZ
calendar: {name: test, time_zone: Pacific/Auckland, country: NZ, from: 2025, until: 2027}
clauses:
  - {id: "1", title: Conduct, text: Behave.}
  - {id: "2", title: Ladder, text: Warn first.}
  - {id: "3", title: Stages, text: One after the other.}
  - {id: "4", title: Notice, text: Be told.}
  - {id: "5", title: Votes, text: Count.}
offices:
  - {id: president, title: President, plays: [chair, scrutineer]}
  - {id: secretary, title: Secretary, plays: [secretary, custodian]}
bodies:
  - {id: committee, title: Committee, chair: president, size: 5, clause: "5"}
  - {id: panel, title: Panel, size: 3, plays: [appeal-decider], clause: "5"}
breaches:
  - {id: misconduct, title: Misconduct, clause: "1"}
sanctions:
  - {id: warning, title: Warning, rung: 1, by: committee, needs_term: true, longest: {months: 12}, clause: "2",
     majority: HALF}
  - {id: expulsion, title: Expulsion, rung: 2, by: committee, after: warning, clause: "1", majority: HALF}
procedures:
  - id: complaint
    title: A complaint
    decided_by: committee
    appeal_to: panel
    clause: "3"
    stages:
      - {id: intake, title: Arrived, entered_by: [report.lodged], owner: secretary, within: {weeks: 2}, clause: "3"}
      - {id: charge, title: Charged, entered_by: [notice.served], owner: chair, within: {weeks: 2}, clause: "3"}
      - {id: hearing, title: Heard, entered_by: [meeting.opened], owner: chair, within: {weeks: 2}, clause: "3"}
      - {id: done, title: Decided, entered_by: [decision.made], owner: secretary}
acts:
  - {acts: [notice.served], by: [secretary], stages: [intake, charge], clause: "4"}
  - {acts: [decision.made], by: [chair], stages: [hearing], clause: "3"}
  - {acts: [appeal.decided], by: [appeal-decider], clause: "5"}
requirements:
  - {id: notice, title: Notice, guarantee: notice, clause: "4", requires: {notice-period: {at_least: {days: 10}}},
     gates: [meeting.opened, decision.made]}
  - {id: heard, title: Heard first, guarantee: hearing, clause: "4", requires: {party-heard: {}},
     gates: [decision.made]}
  - {id: base, title: The base, guarantee: authority, clause: "5", requires: {vote-base: {base: cast}},
     gates: [vote.taken]}
  - {id: votes, title: Votes, guarantee: authority, clause: "5", requires: {majority: {}},
     gates: [sanction.imposed]}
  - {id: whole, title: Over in time, guarantee: timeliness, clause: "3",
     requires: {completion-time: {within: {months: 6}}}}
  - {id: window, title: Time to appeal, guarantee: appeal, clause: "5",
     requires: {appeal-in-window: {within: {days: 10}}}, gates: [appeal.lodged]}
departures:
  - {requirement: notice, by: [chair], clause: "4"}
""".replace("HALF", "{numerator: 1, denominator: 2, of: cast, more_than: true}")
PRESENT = "{numerator: 1, denominator: 2, of: present}"
MORE = "departures:\n"


def demand(name: str, requires: str, gates: str, clause: str = "5") -> str:
    """Return the text of one more requirement, and of the list after it."""
    stated = f"id: {name}, title: {name}, guarantee: authority, requires: {{{requires}}}, gates: [{gates}]"
    return f'  - {{{stated}, clause: "{clause}"}}\n{MORE}'


def parse(text: str) -> Rulebook:
    return parse_rulebook(read_document(text.encode(), "club.yaml"), load_pack=load_pack, build_calendar=build_calendar)


def change(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


NO_DEPARTURE = ('departures:\n  - {requirement: notice, by: [chair], clause: "4"}\n', "")
#: Changes; words of the message; the field it stands at; the clauses; words of the remedy.
FAULTS = {
    "sanctions in a circle": (
        [('longest: {months: 12}, clause: "2"', 'longest: {months: 12}, after: expulsion, clause: "2"')],
        "none can be the first: Warning, Expulsion, Warning", "sanctions[0].after", "2, 1", "Take `after` out",
    ),
    "a sanction after itself": (
        [("after: warning", "after: expulsion")],
        "Expulsion, Expulsion", "sanctions[1].after", "1", "Take `after` out",
    ),
    "a term that is none": (
        [("longest: {months: 12}", "longest: {months: 0}")],
        "its longest term is 0 months", "sanctions[0].longest", "2", "Give a longest term",
    ),
    "a body of nobody": ([("size: 5", "size: 0")], "nobody sits in it", "bodies[0].size", "5", "at least one"),
    "a quorum above the panel": (
        [(MORE, demand("seats", "panel-size: {size: 3, quorum: 4}", "appeal.decided"))],
        "asks that 4 sit of a panel of 3", "requirements[6].requires", "5", "no more than belong",
    ),
    "a panel of another size than the body": (
        [(MORE, demand("seats", "panel-size: {size: 7, of: decision}", "decision.made", "4"))],
        "asks for 7, and Committee has 5", "bodies[0].size", "5, 4", "Let the body have",
    ),
    "a share above the whole": (
        [(MORE, demand("most", "majority: {at_least: {numerator: 3, denominator: 2, of: cast}}", "sanction.imposed"))],
        "asks for 3/2", "requirements[6].requires", "5", "at most all",
    ),
    "a share of nothing": (
        [(MORE, demand("most", "majority: {at_least: {numerator: 0, denominator: 0, of: cast}}", ""))],
        "asks for 0/0", "requirements[6].requires", "5", "more than none",
    ),
    "more than all": (
        [(MORE, demand("most", "majority: {at_least: {numerator: 1, denominator: 1, of: cast, more_than: true}}", ""))],
        "asks for 1/1", "requirements[6].requires", "5", "at most all",
    ),
    "a notice longer than the stage": (
        [("at_least: {days: 10}", "at_least: {days: 30}")],
        "asks for 30 days, and this is over before: Charged, 2 weeks", "procedures[0].stages", "4, 3", "more time",
    ),
    "a notice longer than the whole": (
        [("at_least: {days: 10}", "at_least: {days: 14}"), ("within: {months: 6}", "within: {days: 10}")],
        "asks for 14 days, and the whole is to be over in 10 days", "requirements[0].requires", "4, 3", "more time",
    ),
    "no time to appeal": (
        [("appeal-in-window: {within: {days: 10}}", "appeal-in-window: {within: {hours: 0}}")],
        "leaves 0 hours", "requirements[5].requires", "5", "some days",
    ),
    "an act of nobody": (
        [("{acts: [appeal.decided], by: [appeal-decider]", "{acts: [appeal.decided], by: [spokesperson]")],
        "nobody can be one", "acts[2].by", "5", "Let somebody do it",
    ),
    "a stage begun only within itself": (
        [("stages: [intake, charge]", "stages: [charge]")],
        "each waits for the next", "acts[0].stages", "4, 3", "without the others",
    ),
    "a stage begun only in a later one": (
        [("entered_by: [notice.served]", "entered_by: [finding.made]"),
         ("acts:\n", 'acts:\n  - {acts: [finding.made], by: [chair], stages: [hearing], clause: "2"}\n')],
        "begun only by what may be done only in it or later", "procedures[0].stages", "3, 2", "may be done before",
    ),
    "an act and its stage in a circle": (
        [("stages: [intake, charge]", "stages: [hearing]"), NO_DEPARTURE],
        "each waits for the next", "acts[0].stages", "4, 3", "without the others",
    ),
    "an act that waits for what comes after it": (
        [(MORE, demand("paper", "sanction-instrument: {}", "sanction.imposed", "2"))],
        "each waits for the next", "requirements[6].gates", "2", "without the others",
    ),
    "a report that waits for its answer": (
        [(MORE, demand("soon", "acknowledgement: {within: {days: 3}}", "report.lodged", "2"))],
        "each waits for the next", "requirements[6].gates", "2", "without the others",
    ),
    "two bases for one vote": (
        [(MORE, demand("other-base", "vote-base: {base: members}", "vote.taken", "2"))],
        "counted of cast or of members", "requirements[2].requires", "5, 2", "Keep one",
    ),
    "two sizes of one panel": (
        [(MORE, demand("three", "panel-size: {size: 3}", "appeal.decided") + ""),
         (MORE, demand("five", "panel-size: {size: 5}", "appeal.decided", "2"))],
        "3 people or 5", "requirements[6].requires", "5, 2", "Keep one",
    ),
    "two lists with no sanction in both": (
        [(MORE, demand("one", "sanction-authorised: {only: [warning]}", "sanction.imposed")),
         (MORE, demand("other", "sanction-authorised: {only: [expulsion]}", "sanction.imposed", "2"))],
        "no sanction is in both", "requirements[6].requires", "5, 2", "Keep one",
    ),
    "only sanctions that are not on the ladder": (
        [(MORE, demand("one", "sanction-authorised: {only: [fine]}", "sanction.imposed"))],
        "none of them is on the ladder: fine", "requirements[6].requires", "5, 2, 1", "Name sanctions",
    ),
    "a share of those present where votes are counted otherwise": (
        [(MORE, demand("most", f"majority: {{at_least: {PRESENT}}}", "sanction.imposed"))],
        "has to be counted of cast", "requirements[6].requires", "5, 2", "Count both",
    ),
    "a departure that nobody can allow": (
        [('by: [chair], clause: "4"}', 'by: [spokesperson], clause: "4"}')],
        "Nobody can ever let notice be departed from", "departures[0].by", "4", "Name a part",
    ),
}  # fmt: skip


def test_rulebook_without_contradictions_is_read_and_nothing_is_found_in_it() -> None:
    assert list(find_contradictions(parse(TEXT))) == []


@pytest.mark.parametrize("name", FAULTS)
def test_contradiction_is_refused_with_line_field_clauses_and_remedy(name: str) -> None:
    changes, problem, field, clauses, remedy = FAULTS[name]
    with pytest.raises(DocumentError) as refused:
        parse(change(*changes))
    assert problem in refused.value.problem
    assert re.match(rf"club\.yaml:[0-9]+:[0-9]+: {re.escape(field)}: ", refused.value.problem)
    assert f"Clauses: {clauses}." in refused.value.problem
    assert remedy in refused.value.remedy


#: What lies just on the other side of each limit.
FINE = {
    "a term of one month": [("longest: {months: 12}", "longest: {months: 1}")],
    "a body of one": [("size: 5", "size: 1")],
    "a quorum of the whole panel": [(MORE, demand("seats", "panel-size: {size: 3, quorum: 3}", "appeal.decided"))],
    "a panel of the size of the body": [
        (MORE, demand("seats", "panel-size: {size: 5, of: decision}", "decision.made"))
    ],
    "all": [(MORE, demand("most", "majority: {at_least: {numerator: 1, denominator: 1, of: cast}}", ""))],
    "a notice as long as the stage": [("at_least: {days: 10}", "at_least: {weeks: 2}")],
    "a long notice over two stages": [
        ("at_least: {days: 10}", "at_least: {days: 28}"),
        ("gates: [meeting.opened, decision.made]", "gates: [decision.made]"),
    ],
    "an hour to appeal, which is only odd": [
        ("appeal-in-window: {within: {days: 10}}", "appeal-in-window: {within: {hours: 1}}")
    ],
    "no stage for a notice that may be departed from": [("stages: [intake, charge]", "stages: [intake]")],
    "two lists with a sanction in both": [
        (MORE, demand("one", "sanction-authorised: {only: [warning]}", "sanction.imposed")),
        (MORE, demand("other", "sanction-authorised: {only: [warning, expulsion]}", "sanction.imposed", "2")),
    ],
    "one base twice": [(MORE, demand("other-base", "vote-base: {base: cast}", "vote.taken", "2"))],
    "two notices, of which the longer counts": [
        (MORE, demand("shorter", "notice-period: {at_least: {days: 5}}", "meeting.opened"))
    ],
    "a report that is answered afterwards": [(MORE, demand("soon", "acknowledgement: {within: {days: 3}}", ""))],
}


@pytest.mark.parametrize("name", FINE)
def test_what_can_be_met_is_read(name: str) -> None:
    assert not [one for one in find_contradictions(parse(change(*FINE[name]))) if one.fatal]


#: What may be meant: the code it is told by, and the changes.
ODD = {
    "appeal.short": [("appeal-in-window: {within: {days: 10}}", "appeal-in-window: {within: {hours: 1}}")],
    "body.size-of-all": [("size: 5", "size: 5, all_members: true")],
    "departure.one-side": [('by: [chair], clause: "4"}', 'by: [respondent], clause: "4"}')],
    "panel.other-size": [(MORE, demand("seats", "panel-size: {size: 5}", "appeal.decided"))],
    "period.does-not-fit": [
        (MORE, demand("long", "notice-period: {at_least: {days: 300}}", "")),
    ],
    "procedure.own-appeal": [("appeal_to: panel", "appeal_to: committee")],
    "requirement.at-odds": [(MORE, demand("other-base", "vote-base: {base: members}", "", "2"))],
    "vote.other-base": [("vote-base: {base: cast}", "vote-base: {base: members}")],
}  # fmt: skip


@pytest.mark.parametrize("code", ODD)
def test_what_may_be_meant_is_told_as_odd_and_nothing_else(code: str) -> None:
    read = parse(change(*ODD[code]))
    known = {one.code for one in find_oddities(parse(TEXT), today=date(2025, 7, 1))}
    assert code in {one.code for one in find_oddities(read, today=date(2025, 7, 1))} - known
    assert {one.code for one in find_contradictions(read)} >= {code}


def test_every_odd_code_is_shown() -> None:
    assert set(ODD) == CODES


@pytest.mark.parametrize("name", shipped_names("rulebooks"))
def test_no_rulebook_that_ships_holds_a_contradiction(name: str) -> None:
    assert list(find_contradictions(load_rulebook(name))) == []


@pytest.mark.parametrize("name", shipped_names("packs"))
def test_no_pack_that_ships_asks_what_nothing_can_meet(name: str) -> None:
    assert list(find_pack_contradictions(load_pack(name).demands)) == []


PACK = """\
pack: standard
title: A standard
version: "1"
as_of: 2026-01-01
jurisdiction: NZ
clauses:
  - {id: s1, title: Panel, text: Three sit.}
requirements:
  - id: seats
    title: All three sit
    guarantee: appeal
    requires: {panel-size: {size: 3, quorum: 4}}
    clause: s1
    source: A standard
    status: G
"""


def test_pack_that_nothing_can_meet_is_refused_with_its_clause() -> None:
    with pytest.raises(DocumentError, match=r"standard\.yaml:12:.*4 sit of a panel of 3\. Clauses: s1 of the pack"):
        parse_pack(read_document(PACK.encode(), "standard.yaml"))
    assert parse_pack(read_document(PACK.replace("quorum: 4", "quorum: 3").encode(), "standard.yaml")).demands


def test_prover_tells_a_contradiction_of_a_rulebook_that_was_adopted_with_it() -> None:
    read = parse(TEXT)
    circle = tuple(
        Sanction(id=one.id, title=one.title, rung=one.rung, by=one.by, after=other.id, clause=one.clause)
        for one, other in zip(read.sanctions, reversed(read.sanctions), strict=True)
    )
    (whole,) = (one for one in PROPERTIES if one.id == "whole")
    proof = prove(
        msgspec.structs.replace(read, sanctions=circle), scope=Scope(0), properties=(whole,), stop_at_first=True
    )
    assert proof.results[0].verdict == "refuted"
    assert "none can be the first" in proof.results[0].violations[0].because


def test_what_a_kind_asks_for_is_what_it_reads_at_an_act_it_is_asked_at() -> None:
    for (kind, act), asked in ASKED.items():
        known = get_requirement(kind)
        assert act in {get_spec(one).name for one in known.anchors}, (kind, act)
        types = {spec.type for name in asked if (spec := find_spec(name)) is not None}
        assert len(types) == len(asked)
        assert types <= known.reads, (kind, act)


def test_stretches_of_working_days_are_those_of_the_calendar() -> None:
    stretches = Stretches(parse(TEXT).calendar)
    assert stretches.longest(Period(weeks=2)) == 15 * 24 + 1
    assert stretches.shortest(Period(working_days=5)) == 5 * 24 - 1
    summer = stretches.longest(Period(working_days=5)) or 0
    assert summer > 15 * 24, "the summer shut-down is not working time"
    assert stretches.longest(Period(working_days=2600)) is None
