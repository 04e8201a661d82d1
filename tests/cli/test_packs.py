"""`alteram pack`: what ships is listed with its date, shown with its sources, and checked with its conflicts."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alteram.cli.main import build_app
from tests.rules.test_standards import EXAMPLE

SCH2, RONR = "nz-incorporated-societies-2022-sch2", "ronr-discipline"


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build_app(arguments[0]), list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, " ".join(done.output.split())


def test_every_pack_is_listed_with_its_date_and_that_it_is_no_legal_advice() -> None:
    status, told = run("pack", "list")
    assert status == 0
    assert f"{SCH2} NZ as of 2026-06-30" in told
    assert "not legal advice" in told


def test_a_pack_is_shown_with_periods_sources_results_and_what_no_record_decides() -> None:
    _, told = run("pack", "show", SCH2)
    assert "As of 2026-06-30. An aid, not legal advice." in told
    assert "(meeting-notice: at_least 5 working days)" in told
    assert "source: Incorporated Societies Act 2022, Schedule 2, clause 3 (text found) [N2]" in told
    assert "result safe-harbour" in told
    assert "What no record decides Whether being heard in writing was adequate" in told


def test_a_machine_is_told_the_periods_and_what_is_covered() -> None:
    told = json.loads(run("pack", "show", SCH2, "--json")[1])
    demands = {one["id"]: one for one in told["requirements"]}
    assert demands["sch2-looked-into"]["periods"] == {"idle": "20 working days"}
    assert demands["sch2-complainant-heard"]["covers"] == ["N2"]
    assert told["notice"] == "An aid, not legal advice."


def test_two_packs_are_checked_with_their_cases_and_told_where_they_conflict() -> None:
    status, told = run("pack", "check", SCH2, RONR)
    assert status == 0
    assert "Conflict over notice-period" in told
    assert f"{RONR}, clause ronr.63-22, ronr-time-to-prepare: at_least 30 days" in told


def test_a_pack_of_ones_own_is_read_from_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pack.yaml").write_text(EXAMPLE)
    status, told = run("pack", "check", str(folder))
    assert status == 0
    assert "PASS An example of a standard: 1 requirements, 0 cases" in told
    assert "figure example-days" in run("pack", "show", f"{folder}/")[1]


def test_a_fault_in_a_pack_of_ones_own_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(EXAMPLE.replace("kind: days-to-outcome", "kind: days"))
    status, told = run("pack", "check", str(tmp_path))
    assert status == 2
    assert "pack.yaml:" in told
    assert "is not known here" in told


@pytest.mark.parametrize("arguments", [("show", "no-such-pack"), ("check", "no-such-pack"), ("requirements", "Z9")])
def test_what_does_not_ship_is_bad_input_with_a_remedy(arguments: tuple[str, ...]) -> None:
    status, told = run("pack", *arguments)
    assert status == 2
    assert "There is no" in told


def test_a_published_requirement_is_told_with_its_pack_and_its_cases() -> None:
    told = run("pack", "requirements", "N4")[1]
    assert f"result, in {SCH2}: safe-harbour (1 PASS, 1 FAIL, 1 UNKNOWN, 0 RULED)" in told
    (row,) = json.loads(run("pack", "requirements", "N4", "--json")[1])
    assert (row["how"], row["cases"]["FAIL"]) == ("result", 1)


def test_all_published_requirements_are_listed() -> None:
    assert "106 published requirements" in run("pack", "requirements")[1]


def test_a_history_is_told_named_results_and_figures_with_the_date_of_the_pack() -> None:
    packs = ("--pack", SCH2, "--pack", "tribunal-and-community")
    arguments = ("history", "assess", "the-night-before", "--matter", "conduct", *packs)
    told = run(*arguments)[1]
    assert "as of 2026-06-30: an aid, not legal advice FAIL Handled as clauses 2 to 8 of the schedule ask" in told
    assert "Ninety days from the report to the outcome: " in told
    shown = json.loads(run(*arguments, "--json")[1])
    standards = next(iter(shown.values()))["standards"]
    assert standards[SCH2]["results"]["safe-harbour"]["result"] == "FAIL"
    assert standards["tribunal-and-community"]["figures"]["tc-days-to-outcome"]["benchmark"] == 90
