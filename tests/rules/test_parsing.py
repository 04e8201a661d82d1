"""Rulebooks and packs are read strictly: every fault is refused, and the message names file, line, field and remedy."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.adapters.rulebooks import LibraryError, build_calendar, load_pack, load_rulebook, read_document
from alteram.core.kernel.documents import DocumentError
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules.parsing import parse_cases, parse_history, parse_pack, parse_rulebook
from alteram.core.rules.rulebook import Pack, Rulebook, encode_rulebook, parse_canonical_rulebook

PACK = """\
pack: standard
title: A standard
version: "1"
as_of: 2026-01-01
jurisdiction: NZ
clauses:
  - {id: s1, title: Notice, text: Be told in good time.}
requirements:
  - id: notice-before-hearing
    title: Notice before the hearing
    guarantee: notice
    requires: {notice-period: {at_least: {clear_days: 5}}}
    clause: s1
    source: A standard, clause 1
    status: G
"""

RULEBOOK = """\
rulebook: club
title: A club
version: "1"
jurisdiction: NZ
calendar: {name: test, time_zone: Pacific/Auckland, country: NZ, from: 2025, until: 2026}
builds_on:
  - {pack: standard, version: "1"}
clauses:
  - {id: "1", title: Conduct, text: Behave.}
offices:
  - {id: president, title: President, plays: [chair]}
bodies:
  - {id: committee, title: Committee, chair: president}
breaches:
  - {id: misconduct, title: Misconduct, clause: "1"}
sanctions:
  - {id: warning, title: Warning, rung: 1, by: committee}
  - {id: expulsion, title: Expulsion, rung: 2, by: committee, after: warning, majority: TWO_THIRDS}
procedures:
  - id: complaint
    title: Complaint
    decided_by: committee
    stages:
      - {id: intake, title: Intake, entered_by: [report.lodged], owner: case-manager}
acts:
  - {acts: [notice.served], by: [case-manager], stages: [intake], clause: "1"}
requirements:
  - id: separate
    title: Whoever accused does not decide
    guarantee: impartiality
    requires: {separate-hands: {excluded: [complainant]}}
    gates: [decision.made]
departures:
  - {requirement: separate, by: [chair]}
""".replace("TWO_THIRDS", "{numerator: 2, denominator: 3, of: cast}")


def load_standard(name: str) -> Pack:
    if name != "standard":
        raise LibraryError(f"There is no {name}.", remedy="Use standard.")
    return parse_pack(read_document(PACK.encode(), "standard.yaml"))


def parse(text: str) -> Rulebook:
    root = read_document(text.encode(), "club.yaml")
    return parse_rulebook(root, load_pack=load_standard, build_calendar=build_calendar)


def line_of(text: str, found: str) -> int:
    return text[: text.index(found)].count("\n") + 1


def test_a_rulebook_in_order_is_read_whole() -> None:
    rulebook = parse(RULEBOOK)
    assert [demand.id for demand in rulebook.demands] == ["separate", "notice-before-hearing"]
    assert rulebook.demands[1].pack == "standard"
    assert rulebook.builds_on[0].digest
    assert parse_canonical_rulebook(encode_rulebook(rulebook)) == rulebook


INTAKE = RULEBOOK[RULEBOOK.index("stages:") : RULEBOOK.index("\nacts:")]

#: What is changed in the rulebook, what it is changed to, what the message says, and the remedy it gives.
FAULTS = [
    ("title: A club", "titel: A club", "titel: unknown field 'titel'", "Did you mean 'title'?"),
    ('version: "1"\njur', "jur", "the field 'version' is missing", "Add version"),
    ("rulebook: club", "rulebook: The Club", "rulebook: Not an identifier", "Use 1 to 64"),
    ("chair: president", "chair: presidant", "no office 'presidant'", "Did you mean 'president'?"),
    ("plays: [chair]", "plays: [chairman]", "'chairman' is not known", "Did you mean 'chair'?"),
    ('clause: "1"}\nsanctions', 'clause: "9"}\nsanctions', "no clause '9'", "use one of 1"),
    ("by: committee}", "by: comittee}", "no body 'comittee'", "Did you mean 'committee'?"),
    ("after: warning", "after: reprimand", "no sanction 'reprimand'", "Add it"),
    ("after: warning", "after: expulsion", "none can be the first", "Take `after` out"),
    ("rung: 1, by", "rung: 3, by", "not a lower rung", "Order the rungs"),
    ("rung: 2, by", "rung: 1, by", "'rung 1' stands here twice", "or remove one"),
    ("rung: 2, by: committee", "rung: 2, longest: {months: 1}, by: committee", "needs a term", "needs_term: true"),
    ("numerator: 2", "numerator: 4", "4/3 is not a share", "at most all"),
    ("numerator: 2", "numerator: 0", "0/3 is not a share", "more than none"),
    ("numerator: 2", "numerator: 3, more_than: true", "nothing is more than all", "Remove more_than"),
    ("of: cast", "of: voters", "'voters' is not known", "members, eligible, present, cast"),
    ("decided_by: committee", "decided_by: panel", "no body 'panel'", "committee"),
    ("[report.lodged]", "[report.loged]", "'report.loged' is not known", "Did you mean 'report.lodged'?"),
    ("[report.lodged]", "[]", "no act enters this stage", "at least one"),
    ("owner: case-manager", "owner: nobody", "'nobody' is not known", "Use one of"),
    ("acts: [notice.served]", "acts: [notice.sent]", "'notice.sent' is not known", "Did you mean 'notice.served'?"),
    (
        "acts: [notice.served]",
        "acts: [notice.served, notice.served]",
        "'notice.served' stands here twice",
        "remove one",
    ),
    ("by: [case-manager]", "by: []", "nobody may do this", "at least one role"),
    ("stages: [intake]", "stages: [intoke]", "no stage 'intoke'", "Did you mean 'intake'?"),
    ("{separate-hands: {excluded: [complainant]}}", "{separate-hand: {}}", "'separate-hand' is not", "separate-hands"),
    ("{excluded: [complainant]}", "{}", "the field 'excluded' is missing", "Add excluded"),
    ("{excluded: [complainant]}", "{excluded: [x]}", "'x' is not known", "Use one of"),
    ("{excluded: [complainant]}", "{excluded: [], roles: []}", "unknown field 'roles'", "Known: excluded"),
    ("{separate-hands:", "{notice-period: {}, separate-hands:", "exactly one kind", "at_least"),
    ("gates: [decision.made]", "gates: [decision.taken]", "'decision.taken' is not known", "decision.made"),
    ("gates: [decision.made]", "gates: [decision.made, decision.made]", "stands here twice", "remove one"),
    ("gates: [decision.made]", "ruled_by: [chair]", "nobody rules on it", "Remove ruled_by"),
    ("guarantee: impartiality", "guarantee: fairness", "'fairness' is not known", "impartiality"),
    ("requirement: separate,", "requirement: separat,", "no requirement 'separat'", "Did you mean 'separate'?"),
    ("{pack: standard,", "{pack: other,", "There is no other", "Use standard"),
    ('pack: standard, version: "1"', 'pack: standard, version: "2"', "is here in version 1", "Read what changed"),
    ('standard, version: "1"', 'standard, version: "1", digest: "00"', "another digest", "Compare the two"),
    ("id: separate\n", "id: notice-before-hearing\n", "clause (none) of this rulebook and clause s1 of", "overrides"),
    ("from: 2025, until: 2026", "from: 2026, until: 2025", "the earlier first", ""),
    ("Pacific/Auckland", "../Auckland", "Not a time zone", "IANA"),
    (INTAKE, "stages: []", "at least one stage", "Add"),
    ("plays: [chair]", "plays: chair", "must be a list", "hyphen"),
    ("Pacific/Auckland", "Pacific/Nowhere", "No time zone", "IANA"),
    ("country: NZ", "country: QQ", "No public holidays are known", "ISO 3166"),
    ("until: 2026}", "until: 2026, shut_downs: [{from: 13-01, to: 01-01, name: x}]}", "not a day of every", "12-20"),
    ("until: 2026}", "until: 2026, shut_downs: [{from: 02-29, to: 03-01, name: x}]}", "not a day of every", "12-20"),
    ('{id: "1", title', '{id: "1", id: "1", title', "the field 'id' stands twice", "Remove one"),
    ("clauses:\n", "clauses: &c\n", "anchors and aliases", "Write the value out"),
    ("title: A club", "title: !!str A club", "tags are not allowed", "Remove the tag"),
    ("title: A club", "title: ''", "title: must not be empty", ""),
    ("title: A club", "title: [A, club]", "title: must be text", ""),
]


@pytest.mark.parametrize(("old", "new", "problem", "remedy"), FAULTS, ids=[f[2] for f in FAULTS])
def test_a_fault_is_refused_with_file_line_field_and_remedy(old: str, new: str, problem: str, remedy: str) -> None:
    assert RULEBOOK.count(old) == 1
    text = RULEBOOK.replace(old, new)
    with pytest.raises(DocumentError) as caught:
        parse(text)
    place = re.match(r"club\.yaml:([0-9]+):[0-9]+: (\S+)", str(caught.value))
    assert place is not None, caught.value
    assert problem in str(caught.value)
    assert remedy in caught.value.remedy


def test_a_rulebook_may_have_no_requirements_yet() -> None:
    bare = RULEBOOK[: RULEBOOK.index("requirements:")]
    assert [demand.pack for demand in parse(bare).demands] == ["standard"]


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ("[{acts: [office.fill], by: [chair]}]", "office.filled"),
        ("[{acts: [decision.made], by: [chair]}]", "decision.made"),
        ("[{acts: [office.filled], by: []}]", "nobody may agree"),
        ("[{acts: [office.filled], by: [chair], clause: '9'}]", "no clause '9'"),
        ("[{acts: [office.filled, office.filled], by: [chair]}]", "stands here twice"),
        ("[{acts: [office.filled], by: [chair], from: [chair]}]", "from"),
    ],
)
def test_a_fault_in_what_needs_two_people_is_refused(rules: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(problem)):
        parse(f"{RULEBOOK}second_key: {rules}\n")


def test_acts_that_need_two_people_are_read_one_by_one() -> None:
    read = parse(f"{RULEBOOK}second_key: [{{acts: [office.filled, member.left], by: [chair], clause: '1'}}]\n")
    rule = read.find_second_key("member.left")
    assert rule is not None
    assert (rule.by, rule.clause) == (("chair",), "1")
    assert read.find_second_key("member.joined") is None
    assert parse(f"{RULEBOOK}second_key: []\n") == parse(RULEBOOK)


def test_the_line_named_is_the_line_of_the_fault() -> None:
    text = RULEBOOK.replace("after: warning", "after: reprimand")
    with pytest.raises(DocumentError, match=rf"club.yaml:{line_of(text, 'after: reprimand')}:.*sanctions\[1\].after"):
        parse(text)


CLASH = RULEBOOK.replace("id: separate\n", "id: notice-before-hearing\n").replace(
    "{requirement: separate,", "{requirement: notice-before-hearing,"
)


@pytest.mark.parametrize(("use", "kind"), [("rulebook", "separate-hands"), ("standard", "notice-period")])
def test_of_two_demands_with_one_name_the_rulebook_chooses(use: str, kind: str) -> None:
    chosen = f"overrides:\n  - {{requirement: notice-before-hearing, use: {use}, because: Ours.}}\n"
    assert [demand.kind for demand in parse(CLASH + chosen).demands] == [kind]


@pytest.mark.parametrize(
    ("text", "chosen", "problem"),
    [
        (CLASH, "{requirement: notice-before-hearing, use: other, because: x}", "no owner of that requirement 'other'"),
        (RULEBOOK, "{requirement: separate, use: rulebook, because: x}", "nothing clashes over 'separate'"),
        (RULEBOOK, "{requirement: unheard-of, use: rulebook, because: x}", "nothing clashes over 'unheard-of'"),
    ],
)
def test_a_choice_that_chooses_nothing_is_refused(text: str, chosen: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        parse(text + f"overrides:\n  - {chosen}\n")


@pytest.mark.parametrize(
    ("left_out", "field"), [("    source: A standard, clause 1\n", "source"), ("    status: G\n", "status")]
)
def test_a_demand_of_a_pack_names_its_source_and_its_status(left_out: str, field: str) -> None:
    with pytest.raises(DocumentError, match=f"the field '{field}' is missing"):
        parse_pack(read_document(PACK.replace(left_out, "").encode(), "standard.yaml"))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b"\xff", "not UTF-8"),
        ("\ufeffa: b".encode(), "byte order mark"),
        (b"a: " + b"[" * 30 + b"]" * 30, "nested deeper"),
        (b"a: &x [1]\nb: *x\n", "anchors and aliases"),
        (b"a: 1\n---\nb: 2\n", "a second document begins"),
        (b"<<: {a: 1}\n", "a field name must be plain text"),
        (b"? [a]\n: b\n", "a field name must be plain text"),
        (b"a: 'b\n", "found unexpected end of stream"),
        (b"\x00", "not allowed"),
        (b" " * ((1 << 20) + 1), "larger than 1048576 bytes"),
        (b"[" + b"1," * 200_001 + b"]", "more than 100000 nodes"),
    ],
)
def test_a_hostile_file_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        read_document(data, "hostile.yaml")


@given(st.binary(max_size=300) | st.text(alphabet="ab:-[]{}&*!'\"#|>\n ,", max_size=60).map(str.encode))
def test_any_bytes_are_a_document_or_an_error_of_ours(data: bytes) -> None:
    try:
        root = read_document(data, "any.yaml")
    except DocumentError:
        return
    for read in (
        parse_pack,
        lambda node: parse_rulebook(node, load_pack=load_standard, build_calendar=build_calendar),
        lambda node: parse_cases(node, load_rulebook),
        lambda node: parse_history(node, load_rulebook),
    ):
        with pytest.raises(DocumentError):
            read(root)


@given(st.data())
def test_a_rulebook_with_some_text_replaced_is_read_or_refused_with_an_error_of_ours(data: st.DataObject) -> None:
    words = sorted(set(re.findall(r"[\w.\[\]{}:-]+", RULEBOOK)))
    old, new = data.draw(st.sampled_from(words)), data.draw(st.sampled_from([*words, "", "7", "[]", "{}", "x: y"]))
    with suppress(AlteramError):  # any other exception fails the test
        parse(RULEBOOK.replace(old, new, 1))


def test_a_path_is_read_as_a_file_and_a_name_from_what_ships(tmp_path: Path) -> None:
    path = tmp_path / "standard.yaml"
    path.write_text(PACK)
    assert load_pack(str(path)).id == "standard"
    assert load_rulebook("caucus").id == "caucus"


@pytest.mark.parametrize("name", ["unheard-of", "../rulebooks/unheard-of", "unheard-of.yaml"])
def test_what_does_not_ship_or_cannot_be_read_is_an_error_that_says_what_to_do(name: str) -> None:
    with pytest.raises(LibraryError) as caught:
        load_rulebook(name)
    assert caught.value.remedy


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(DocumentError, match="larger than"):
        load_rulebook(str(path))
