"""`alteram rulebook weaken`: one rulebook or all, in lines, for a machine, and as a page of the documentation."""

import json
import re
from pathlib import Path

import pytest

from alteram.adapters.rulebooks import load_rulebook, shipped_names
from alteram.cli.weakening_page import Row, Table, build_page
from tests.cli.test_rulebooks import run

ROWS = (Row("a | b deleted", "It goes wrong.", ()), Row("c deleted", "", ("notice", "act.nobody")), Row("d", "", ()))


def build(*rows: tuple[Row, ...]) -> list[str]:
    tables = [Table(load_rulebook("small-club"), one) for one in rows]
    return "\n".join(build_page(tables, minutes=29.4, jobs=2)).splitlines()


@pytest.mark.parametrize("arguments", [(), ("small-club", "--all")])
def test_neither_a_rulebook_nor_all_and_both_are_bad_input(arguments: tuple[str, ...]) -> None:
    status, told = run("weaken", *arguments)
    assert status == 2
    assert "Name one, or say --all." in told


def test_mutants_of_a_rulebook_are_told_in_lines_for_a_machine_and_on_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    chosen = ("weaken", "small-club", "--every", "60", "--jobs", "1")
    status, told = run(*chosen, "--page", str(page))
    assert status == 0
    assert told.splitlines()[0] == "Rules of a small club, version 3: 2 mutants, 2 caught"
    assert told.splitlines()[1].startswith("PASS notice deleted: Notice was shorter")
    value = json.loads(run(*chosen, "--json")[1])
    assert (value["rulebook"], value["mutants"], value["caught"]) == ("small-club", 2, 2)
    assert re.search(
        r"^\| \[small-club\]\(#small-club\) \| 3, `\w{12}` \| 2 \| 2 \| 0 \| 0 \|$", page.read_text(), re.MULTILINE
    )


def test_page_counts_what_was_caught_what_is_held_and_what_is_neither_and_says_why() -> None:
    lines = build(ROWS, ROWS[:1])
    assert [line.split("|")[3:7] for line in lines if line.startswith(("| [small-club]", "| all"))] == [
        [" 3 ", " 1 ", " 1 ", " 1 "],
        [" 1 ", " 1 ", " 0 ", " 0 "],
        [" 4 ", " 2 ", " 1 ", " 1 "],
    ]
    assert "| c deleted | `notice`, `act.nobody` |" in lines
    assert "| d | neither: no matter in scope comes to it |" in lines
    assert "Every mutant is caught." in lines
    assert not any("It goes wrong" in line for line in lines)
    assert any("it took 29 minutes, 2 at a time" in line for line in lines)


def test_stroke_in_a_name_does_not_end_a_cell() -> None:
    assert "| a \\| b | neither: no matter in scope comes to it |" in build((Row("a | b", "", ()),))


def test_published_page_has_every_rulebook_that_ships() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "weakened-rules.md"
    assert re.findall(r"^\| \[([a-z-]+)\]\(#\1\) ", page.read_text(), re.MULTILINE) == list(shipped_names("rulebooks"))
