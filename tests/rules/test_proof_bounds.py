"""A state space that explodes ends at its bound, with what was and was not covered, and never as proved."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from alteram.adapters.rulebooks import build_calendar, load_pack, load_rulebook, read_document
from alteram.cli.proving import tell_proof
from alteram.core.rules.parsing import parse_rulebook
from alteram.core.rules.proving.prove import PROPERTIES, prove
from alteram.core.rules.proving.searching import Scope
from alteram.core.rules.rulebook import Rulebook
from tests.patience import HANGS

OFFICES, PROCEDURES, DEMANDS = 200, 60, 300
_ASKED: Final = (
    "notice-period: {at_least: {clear_days: 7}}",
    "party-heard: {}",
    "written-reasons: {}",
    "disclosure-complete: {}",
    "separate-hands: {excluded: [complainant, respondent, witness]}",
)


def write_lines() -> Iterator[str]:
    """Yield a rulebook with so many parts that no search of it comes to its end."""
    yield 'rulebook: large\ntitle: A large rulebook\nversion: "1"\njurisdiction: NZ'
    yield "calendar: {name: test, time_zone: Pacific/Auckland, country: NZ, from: 2024, until: 2034}"
    yield 'clauses:\n  - {id: "1", title: Conduct, text: Behave.}'
    yield "offices:\n  - {id: president, title: President, plays: [chair, scrutineer]}"
    yield "  - {id: secretary, title: Secretary, plays: [secretary, custodian]}"
    yield from (f"  - {{id: office-{n}, title: Office {n}, plays: [case-manager]}}" for n in range(OFFICES - 2))
    yield "bodies:"
    yield from (f"  - {{id: body-{n}, title: Body {n}, chair: president}}" for n in range(PROCEDURES))
    yield 'breaches:\n  - {id: misconduct, title: Misconduct, clause: "1"}'
    yield "sanctions:\n  - {id: warning, title: Warning, rung: 1, by: body-0}"
    yield "procedures:"
    for n in range(PROCEDURES):
        yield f"  - id: procedure-{n}\n    title: Procedure {n}\n    decided_by: body-{n}\n    stages:"
        yield f"      - {{id: intake-{n}, title: Arrived {n}, entered_by: [report.lodged], owner: secretary,"
        yield "         within: {weeks: 2}, overdue_to: chair}"
        yield f"      - {{id: done-{n}, title: Done {n}, entered_by: [decision.made], owner: secretary}}"
    yield "requirements:"
    for n in range(DEMANDS):
        asked = _ASKED[n % len(_ASKED)]
        yield f"  - {{id: d-{n}, title: Demand {n}, guarantee: notice, requires: {{{asked}}}, gates: [decision.made]}}"


TEXT: Final = "\n".join(write_lines()) + "\n"


@pytest.fixture(scope="module")
def large() -> Rulebook:
    """Return the large rulebook, read."""
    root = read_document(TEXT.encode(), "large.yaml")
    return parse_rulebook(root, load_pack=load_pack, build_calendar=build_calendar)


def allow(count: int) -> Callable[[], bool]:
    """Return a clock that says so many times that there is time to go on."""
    left = iter(range(count))
    return lambda: next(left, None) is not None


def test_search_that_runs_out_of_time_says_what_it_played_and_what_it_left(large: Rulebook) -> None:
    proof = prove(large, has_time=allow(4))
    assert (len(large.offices), len(large.procedures), len(large.demands)) == (OFFICES, PROCEDURES, DEMANDS)
    assert not proof.proved
    assert 0 < sum(one.plays for one in proof.results) <= 4
    assert len(proof.results) == len(PROPERTIES)
    for result in proof.results:
        assert result.cut or not result.plays
        assert result.verdict in {"not covered", "refuted"} if result.cut else result.verdict in {"proved", "refuted"}
    (guarantees,) = (one for one in proof.results if one.property.id == "guarantees")
    assert guarantees.verdict == "not covered"
    assert guarantees.plays == 0
    assert "procedure-59" in guarantees.left


def test_no_property_that_plays_is_proved_without_any_time() -> None:
    proof = prove(load_rulebook("small-club"), has_time=lambda: False)
    assert not proof.proved
    assert {one.verdict for one in proof.results if one.cut} == {"not covered"}
    assert sum(one.plays for one in proof.results) == 0
    assert not [one for one in proof.results if one.verdict == "proved" and one.cut]


def test_search_that_has_the_time_it_needs_is_not_cut_and_leaves_nothing() -> None:
    (thresholds,) = (one for one in PROPERTIES if one.id == "thresholds")
    proof = prove(load_rulebook("small-club"), scope=Scope(1), properties=(thresholds,), has_time=allow(100_000))
    assert [(one.verdict, one.cut, one.left) for one in proof.results] == [("proved", False, ())]


def test_proof_that_ran_out_of_time_is_told_with_what_was_played(large: Rulebook) -> None:
    told = list(tell_proof(large, (), prove(large, has_time=allow(4))))
    (cut,) = (line.strip() for line in told if "ended before all was searched" in line)
    assert "of 60 procedures were played; none of " in cut
    assert [line for line in told if "not searched: time and bound were over before" in line]
    assert told[-1].startswith("UNKNOWN")
    assert "PASS proved" not in "\n".join(told)


def test_command_ends_in_the_time_it_was_given_and_does_not_say_proved(tmp_path: Path) -> None:
    # How much it plays in that time depends on the machine: what it tells of it is tested with a counted clock.
    path = tmp_path / "large.yaml"
    path.write_text(TEXT)
    program = Path(sys.executable).with_name("alteram")
    asked = [str(program), "rulebook", "prove", str(path), "--seconds", "3", "--bound", "1000000000"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=HANGS)
    assert done.returncode == 1
    assert "ended before its end: raise --bound or --seconds" in done.stdout
    assert "PASS proved" not in done.stdout
