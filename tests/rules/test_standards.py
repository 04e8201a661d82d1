"""What a pack holds beside its demands, where packs conflict, and how a rulebook that builds on two chooses."""

import re
from pathlib import Path

import pytest

from alteram.adapters.rulebooks import build_calendar, load_pack, load_rulebook, read_document
from alteram.core.kernel.documents import DocumentError
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules.conflicts import find_conflicts, find_periods, tell_parameters
from alteram.core.rules.parsing import find_difference, parse_pack, parse_pack_cases, parse_rulebook, run_case
from alteram.core.rules.rulebook import Demand, Pack, Rulebook, encode_rulebook, parse_canonical_pack

DOCUMENTATION = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "packs.md").read_text()


def example(name: str) -> str:
    pattern = rf"^```{{code-block}} yaml\n:class: {name}\n\n(.*?)^```"
    texts: list[str] = re.findall(pattern, DOCUMENTATION, re.DOTALL | re.MULTILINE)
    (text,) = texts
    return text


EXAMPLE = example("whole-pack")


def read_pack(text: str) -> Pack:
    return parse_pack(read_document(text.encode(), "pack.yaml"))


def build_pack(name: str, requirements: str) -> Pack:
    head = f"pack: {name}\ntitle: One\nversion: '1'\nas_of: 2026-01-01\njurisdiction: NZ\n"
    clauses = f"clauses:\n  - {{id: {name}.1, title: A clause, text: Be fair.}}\nrequirements:\n"
    return read_pack(head + clauses + requirements)


def demand(name: str, owner: str, requires: str, protects: str = "respondent") -> str:
    return (
        f"  - {{id: {name}, title: T, guarantee: notice, requires: {requires}, protects: {protects}, "
        f"clause: {owner}.1, source: S, status: G}}\n"
    )


def notice(name: str, owner: str, days: int, protects: str = "respondent") -> str:
    return demand(name, owner, f"{{notice-period: {{at_least: {{days: {days}}}}}}}", protects)


ONE = build_pack("one", notice("one-notice", "one", 5) + demand("one-heard", "one", "{party-heard: {}}"))
OTHER = build_pack("other", notice("other-notice", "other", 30) + demand("other-heard", "other", "{party-heard: {}}"))
PACKS = {"one": ONE, "other": OTHER, "third": build_pack("third", notice("one-notice", "third", 5))}

RULEBOOK = """\
rulebook: club
title: A club
version: "1"
jurisdiction: NZ
calendar: {name: test, time_zone: Pacific/Auckland, country: NZ, from: 2025, until: 2026}
builds_on: [{pack: one, version: "1"}, {pack: other, version: "1"}]
clauses:
  - {id: "1", title: Conduct, text: Behave.}
bodies:
  - {id: committee, title: Committee}
procedures:
  - id: complaint
    title: Complaint
    decided_by: committee
    stages: [{id: intake, title: Intake, entered_by: [report.lodged], owner: case-manager}]
"""


def read_rulebook(text: str) -> Rulebook:
    root = read_document(text.encode(), "club.yaml")
    return parse_rulebook(root, load_pack=PACKS.__getitem__, build_calendar=build_calendar)


def choose(requirement: str, use: str) -> str:
    return f"  - {{requirement: {requirement}, use: {use}, because: We chose.}}\n"


def test_two_packs_that_ask_the_same_with_other_parameters_conflict() -> None:
    (conflict,) = find_conflicts([ONE, OTHER])
    assert [one.id for one in conflict.demands] == ["one-notice", "other-notice"]
    assert conflict.owners == ("one", "other")
    assert conflict.may_all_hold


@pytest.mark.parametrize(
    "requirement",
    [
        notice("third-notice", "third", 5),
        notice("third-notice", "third", 30, "complainant"),
        demand("third-notice", "third", "{response-period: {at_least: {days: 30}}}"),
    ],
    ids=["same parameters", "another role", "another kind"],
)
def test_packs_that_ask_the_same_or_of_something_else_do_not_conflict(requirement: str) -> None:
    assert find_conflicts([ONE, build_pack("third", requirement)]) == ()


def test_a_pack_does_not_conflict_with_itself() -> None:
    pack = build_pack("third", notice("a", "third", 5) + notice("b", "third", 30))
    assert find_conflicts([pack]) == ()


def test_one_name_for_two_demands_is_a_conflict_in_which_not_all_can_hold() -> None:
    (conflict,) = find_conflicts([ONE, PACKS["third"]])
    assert not conflict.may_all_hold


def test_a_conflict_that_hangs_together_is_told_as_one() -> None:
    (conflict,) = find_conflicts([ONE, OTHER, PACKS["third"]])
    assert len(conflict.demands) == 3


def test_a_rulebook_that_says_nothing_is_told_which_clauses_of_which_packs_conflict() -> None:
    with pytest.raises(DocumentError) as caught:
        read_rulebook(RULEBOOK)
    told = caught.value.problem
    assert "clause one.1 of the pack one (one-notice: at_least 5 days)" in told
    assert "clause other.1 of the pack other (other-notice: at_least 30 days)" in told
    assert "builds_on" in told
    assert caught.value.remedy == "Choose in overrides: requirement: one-notice, use: one or other or all."


def test_every_conflict_is_told_at_once() -> None:
    text = RULEBOOK.replace("{pack: other,", "{pack: third, version: '1'}, {pack: other,")
    hearing = demand("third-heard", "third", "{party-heard: {oral: true}}")
    packs = {**PACKS, "third": build_pack("third", hearing)}
    with pytest.raises(DocumentError) as caught:
        parse_rulebook(
            read_document(text.encode(), "club.yaml"), load_pack=packs.__getitem__, build_calendar=build_calendar
        )
    assert "notice-period is demanded by" in caught.value.problem
    assert "party-heard is demanded by" in caught.value.problem


@pytest.mark.parametrize(
    ("named", "use", "kept"),
    [
        ("one-notice", "one", {"one-notice"}),
        ("other-notice", "one", {"one-notice"}),
        ("one-notice", "other", {"other-notice"}),
        ("one-notice", "all", {"one-notice", "other-notice"}),
    ],
)
def test_a_rulebook_chooses_between_packs_or_keeps_all(named: str, use: str, kept: set[str]) -> None:
    read = read_rulebook(f"{RULEBOOK}overrides:\n{choose(named, use)}")
    assert {one.id for one in read.demands if one.kind == "notice-period"} == kept
    assert {one.id for one in read.demands if one.kind == "party-heard"} == {"one-heard", "other-heard"}


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        (choose("one-notice", "rulebook"), "no owner of that requirement 'rulebook'"),
        (choose("one-heard", "one"), "nothing clashes over 'one-heard'"),
        (choose("one-notice", "one") + choose("other-notice", "other"), "clashes with what was chosen above"),
    ],
)
def test_a_choice_between_packs_that_cannot_be_meant_is_refused(choices: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        read_rulebook(f"{RULEBOOK}overrides:\n{choices}")


def test_all_cannot_hold_where_two_have_one_name() -> None:
    text = RULEBOOK.replace("{pack: other,", "{pack: third,")
    assert {one.pack for one in read_rulebook(f"{text}overrides:\n{choose('one-notice', 'third')}").demands} == {
        "one",
        "third",
    }
    with pytest.raises(DocumentError, match="no owner of that requirement 'all'"):
        read_rulebook(f"{text}overrides:\n{choose('one-notice', 'all')}")


def test_the_rulebooks_own_demand_with_a_name_of_the_conflict_may_stand_for_both() -> None:
    own = "requirements:\n  - {id: one-notice, title: T, guarantee: notice, "
    own += "requires: {notice-period: {at_least: {days: 9}}}, clause: '1'}\n"
    read = read_rulebook(f"{RULEBOOK}{own}overrides:\n{choose('one-notice', 'rulebook')}")
    assert [str(find_periods(one)[0][1]) for one in read.demands if one.kind == "notice-period"] == ["9 days"]


def test_periods_and_other_parameters_are_told_in_words() -> None:
    (read,) = build_pack("third", demand("a", "third", "{panel-size: {size: 3, outsiders: true}}")).demands
    assert tell_parameters(read) in {"size 3, outsiders true", "outsiders true, size 3"}
    assert find_periods(read) == ()
    assert tell_parameters(ONE.demands[0]) == "at_least 5 days"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("needs: [example-notice]", "needs: [example-other]", "there is no requirement 'example-other'"),
        ("needs: [example-notice]", "needs: []", "needs nothing"),
        ("needs: [example-notice]", "needs: [example-notice, example-notice]", "stands here twice"),
        ("id: example-enough", "id: example-notice", "stands here twice"),
        ("id: example-days", "id: example-enough", "stands here twice"),
        ("covers: [A8]", "covers: [A99]", "'A99' is not known"),
        ("covers: [A8]", "covers: []", "covers nothing"),
        ("covers: [A8]", "covers: [A8, A8]", "stands here twice"),
        ("benchmark: 90", "benchmark: 0", "less than one"),
        ("kind: days-to-outcome", "kind: days", "is not known here"),
        ("by: [chair]", "by: [king]", "is not known here"),
        ("clause: s2", "clause: s9", "there is no clause 's9'"),
        ("    why: It turns on how much there was to answer.\n", "", "the field 'why' is missing"),
    ],
)
def test_a_fault_in_what_a_pack_holds_is_named(old: str, new: str, problem: str) -> None:
    assert old in EXAMPLE
    with pytest.raises(DocumentError, match=problem):
        read_pack(EXAMPLE.replace(old, new, 1))


OLD_SPELLING = (
    b'{"id":"old","title":"t","version":"1","as_of":"2026-01-01","jurisdiction":"NZ","clauses":[],"demands":[{"id":"a",'
    b'"title":"t","guarantee":"notice","kind":"notice-period","parameters":{"at_least":{"days":5}},"protects":'
    b'"respondent","clause":"","gates":[],"ruled_by":[],"source":"s","status":"G","pack":"old"}],"notes":[]}'
)


def test_a_pack_kept_before_there_was_more_to_say_keeps_its_spelling() -> None:
    assert encode_rulebook(parse_canonical_pack(OLD_SPELLING)) == OLD_SPELLING


def test_what_a_pack_holds_is_in_its_spelling() -> None:
    read = read_pack(EXAMPLE)
    assert parse_canonical_pack(encode_rulebook(read)) == read
    assert [one.id for one in read.things] == ["example-notice", "example-enough", "example-days"]
    assert read.find_demand("example-notice") == read.things[0]
    assert read.find_result("example-enough") == read.things[1]
    assert read.find_metric("example-days") == read.things[2]
    assert (read.find_demand("x"), read.find_result("x"), read.find_metric("x")) == (None, None, None)


def run_cases(text: str, pack: Pack) -> list[str]:
    cases = parse_pack_cases(read_document(text.encode(), "cases.yaml"), lambda _: pack, load_rulebook)
    return [difference for case in cases if (difference := find_difference(case, run_case(case)))]


def test_the_cases_of_the_documentation_come_to_what_they_say() -> None:
    assert run_cases(example("pack-cases"), read_pack(EXAMPLE)) == []


def test_the_choice_of_the_documentation_is_one() -> None:
    packs = "builds_on:\n  - {pack: nz-incorporated-societies-2022-sch2, version: '2026.2'}\n"
    packs += "  - {pack: ronr-discipline, version: '2026.2'}\n"
    more = "  - {requirement: sch2-notice-of-the-meeting, use: all, because: Both.}\n"
    text = RULEBOOK.replace('builds_on: [{pack: one, version: "1"}, {pack: other, version: "1"}]\n', packs)
    root = read_document(f"{text}{example('choice')}{more}".encode(), "club.yaml")
    kept = parse_rulebook(root, load_pack=load_pack, build_calendar=build_calendar).demands
    assert [one.id for one in kept if one.kind == "notice-period"] == ["ronr-time-to-prepare"]


RULED = """
pack: third
result: whole
cases:
  - case: what was ruled to be met counts as met
    expected: PASS
    events:
      - {at: 2025-08-10T09:00, by: m07, act: notice.served, fields: {to: m05}}
      - {at: 2025-08-11T09:00, by: m09, act: ruling.made, fields: {requirement: third-informal, met: true, reasons: r}}
  - case: what is open is not met
    expected: UNKNOWN
    because: "Not known: third-informal."
    events: []
  - case: what failed outweighs what is open
    expected: FAIL
    because: "Not met: third-informal."
    events:
      - {at: 2025-08-10T09:00, by: m07, act: notice.served, fields: {to: m05}}
"""


def test_a_result_takes_a_ruling_for_met_and_a_failure_before_what_is_open() -> None:
    informal = demand("third-informal", "third", "{informal-first: {}}").replace(
        "clause:", "ruled_by: [chair], clause:"
    )
    pack = build_pack(
        "third", informal + "results:\n  - {id: whole, title: T, needs: [third-informal], source: S, status: G}\n"
    )
    assert run_cases(RULED, pack) == []


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("pack: third\n", "asks of no one thing"),
        ("pack: third\nrequirement: a\nresult: b\n", "asks of no one thing"),
        ("pack: third\nmetric: none\n", "is not known here"),
        ("pack: third\nrequirement: one-notice\nparameters: {}\n", "unknown field 'parameters'"),
    ],
)
def test_cases_that_ask_of_nothing_in_the_pack_are_refused(head: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        run_cases(f"{head}cases: []\n", PACKS["third"])


def test_cases_of_a_pack_that_is_not_there_are_refused_in_their_place() -> None:
    def load(name: str) -> Pack:
        raise AlteramError(f"There is no {name}.")

    root = read_document(b"pack: none\nrequirement: a\ncases: []\n", "cases.yaml")
    with pytest.raises(DocumentError, match=r"cases.yaml:1:7: pack: There is no none"):
        parse_pack_cases(root, load, load_rulebook)


def metric(kind: str, benchmark: int) -> Pack:
    told = f"metrics:\n  - {{id: figure, title: T, kind: {kind}, benchmark: {benchmark}, source: S, status: G}}\n"
    return build_pack("third", notice("third-notice", "third", 5) + told)


REPORT = "{at: 2025-01-10T09:00, by: m06, act: report.lodged, fields: {identity: named, about: practice, text: t}}"
ACCEPTED = "{at: 2025-02-10T09:00, by: m07, act: matter.accepted, fields: {procedure: conduct-complaint}}"
BEGUN = "{at: 2025-01-10T09:00, by: m08, act: investigation.begun, fields: {terms: 0}}"


def decided(day: str, kind: str = "outcome") -> str:
    return f"{{at: {day}T09:00, by: m09, act: decision.made, fields: {{kind: {kind}}}}}"


def final(day: str) -> str:
    return f"{{at: {day}T09:00, by: m08, act: report.finalised, fields: {{text: t}}}}"


NOTICED = "{at: 2025-08-01T10:00, by: m07, act: notice.served, fields: {to: m05}}"
LONG = "{at: 2025-08-20T10:00, by: m09, act: decision.made}"


@pytest.mark.parametrize(
    ("figure", "events", "now", "expected", "because"),
    [
        (("days-to-outcome", 90), [REPORT, decided("2025-04-10")], "2025-12-01", "PASS", "90 days"),
        (("days-to-outcome", 90), [REPORT, decided("2025-04-11")], "2025-12-01", "FAIL", "91 days"),
        (("days-to-outcome", 90), [REPORT, ACCEPTED], "2025-04-10", "UNKNOWN", "90 days"),
        (("days-to-outcome", 90), [REPORT, ACCEPTED], "2025-04-11", "FAIL", "91 days"),
        (("days-to-outcome", 90), [ACCEPTED, decided("2025-05-11")], "2025-12-01", "PASS", "90 days"),
        (("days-to-outcome", 90), [REPORT, decided("2025-02-01", "preliminary")], "2025-12-01", "FAIL", "325 days"),
        (("days-to-outcome", 90), [], "2025-12-01", "UNKNOWN", ""),
        (("days-of-investigation", 184), [BEGUN, final("2025-07-13")], "2025-12-01", "PASS", "184 days"),
        (("days-of-investigation", 184), [BEGUN, final("2025-07-14")], "2025-12-01", "FAIL", "185 days"),
        (("days-of-investigation", 184), [REPORT], "2025-12-01", "UNKNOWN", ""),
        (("compliance-share", 25), [NOTICED, LONG], "2025-12-01", "PASS", "0 of 1 settled demands"),
        (("compliance-share", 25), [LONG], "2025-12-01", "FAIL", "25 of at most 25 per cent"),
        (("compliance-share", 25), [], "2025-12-01", "UNKNOWN", ""),
        (("members", 12), [], "2025-12-01", "PASS", "12 members"),
        (("members", 11), [], "2025-12-01", "FAIL", "12 members"),
    ],
)
def test_a_figure_is_within_its_benchmark_or_beyond(
    figure: tuple[str, int], events: list[str], now: str, expected: str, because: str
) -> None:
    told = "".join(f"      - {event}\n" for event in events)
    listed = f"    events:\n{told}" if events else "    events: []\n"
    said = f'    because: "{because}"\n' if because else ""
    case = f"  - case: one\n    expected: {expected}\n    now: {now}T12:00\n{said}{listed}"
    assert run_cases(f"pack: third\nmetric: figure\ncases:\n{case}", metric(*figure)) == []


def test_what_is_only_asserted_gives_no_figure() -> None:
    events = f"      - {REPORT}\n      - {decided('2025-02-01')[:-1]}, asserted_by: [m09]}}\n"
    case = f"  - case: one\n    expected: UNKNOWN\n    now: 2025-03-01T12:00\n    events:\n{events}"
    assert run_cases(f"pack: third\nmetric: figure\ncases:\n{case}", metric("days-to-outcome", 90)) == []


def test_a_part_of_the_benchmark_is_rounded_up() -> None:
    informal = demand("x", "third", "{informal-first: {}}").replace("clause:", "ruled_by: [chair], clause:")
    told = "metrics:\n  - {id: figure, title: T, kind: compliance-share, benchmark: 25, source: S, status: G}\n"
    pack = build_pack("third", notice("third-notice", "third", 5) + informal + told)
    case = "  - case: one\n    expected: FAIL\n    because: 13 of at most 25 per cent\n    events:\n"
    case += f"      - {NOTICED}\n      - {LONG}\n"
    assert run_cases(f"pack: third\nmetric: figure\ncases:\n{case}", pack) == []


def test_a_demand_says_what_it_covers_and_one_that_says_nothing_has_nothing() -> None:
    (covering,) = read_pack(EXAMPLE).demands
    assert covering.covers == ("A8",)
    assert not Demand(id="a", title="t", guarantee="notice", kind="notice-period").covers
