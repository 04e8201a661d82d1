"""The tutorial and the reference of the rulebook language are executed: their pieces make what they say they make."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from alteram.adapters.rulebooks import build_calendar, load_pack, load_rulebook, read_document
from alteram.core.kernel.documents import Node
from alteram.core.matters import fold_history
from alteram.core.rules import assess
from alteram.core.rules.parsing import (
    find_difference,
    parse_cases,
    parse_history,
    parse_pack,
    parse_rulebook,
    run_case,
)
from alteram.core.rules.requirements import all_requirements
from alteram.core.rules.rulebook import Rulebook

DOCS = Path(__file__).resolve().parents[2] / "docs"
TUTORIAL = (DOCS / "tutorials" / "club-rulebook.md").read_text()
REFERENCE = (DOCS / "reference" / "rulebook-language.md").read_text()


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def parse(text: str) -> Rulebook:
    root = read_document(text.encode(), "my-club.yaml")
    return parse_rulebook(root, load_pack=load_pack, build_calendar=build_calendar)


def test_the_pieces_of_the_tutorial_make_the_rulebook_that_ships() -> None:
    assert parse("\n".join(blocks(TUTORIAL, "yaml"))) == load_rulebook("small-club")


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """Return a folder with the files that the tutorial speaks of, as far as they have been written at each point."""
    pieces = blocks(TUTORIAL, "yaml")
    (tmp_path / "my-club.yaml").write_text("\n".join(pieces))
    wrong = "\n".join(pieces).replace("gates: [meeting.opened, decision.made]", "gates: [decision.taken]", 1)
    (tmp_path / "wrong-gate.yaml").write_text(wrong)
    return tmp_path


def run(command: str, folder: Path) -> str:
    arguments = command.removeprefix("$ alteram ").split()
    program = Path(sys.executable).with_name("alteram")
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("number", range(len(blocks(TUTORIAL, "console"))))
def test_the_commands_of_the_tutorial_print_what_it_says(number: int, club: Path) -> None:
    shell = blocks(TUTORIAL, "console")[number]
    command, shown = shell.split("\n", 1)
    so_far = TUTORIAL[: TUTORIAL.index(shell)]
    (club / "my-club.yaml").write_text("\n".join(blocks(so_far, "yaml")))
    assert " ".join(shown.split()) in run(command, club)


def test_the_examples_of_the_reference_make_one_rulebook() -> None:
    rulebook = parse("\n".join(blocks(REFERENCE, "yaml")))
    assert {demand.pack for demand in rulebook.demands} == {"", "nz-incorporated-societies-2022-sch2"}
    assert rulebook.departures


def example(name: str) -> Node:
    (text,) = re.findall(rf"^```{{code-block}} yaml\n:class: {name}\n\n(.*?)^```", REFERENCE, re.DOTALL | re.MULTILINE)
    return read_document(text.encode(), f"{name}.yaml")


def test_the_examples_of_a_pack_a_history_and_a_case_are_read() -> None:
    assert parse_pack(example("pack")).demands[0].source
    history = parse_history(example("history"), load_rulebook)
    facts = fold_history(history)[history.expected[0].matter]
    assessment = assess(facts, load_rulebook("caucus"), history.assessed_at)
    assert assessment.get(history.expected[0].demand).result == history.expected[0].result
    (case,) = parse_cases(example("cases"), load_rulebook)
    assert find_difference(case, run_case(case)) == ""


def test_the_reference_names_every_field_and_every_kind_it_uses() -> None:
    kinds = {one.kind for one in all_requirements()}
    rulebook = parse("\n".join(blocks(REFERENCE, "yaml")))
    assert {demand.kind for demand in rulebook.demands} <= kinds
    for name in (*Rulebook.__struct_fields__, "overrides", "gates", "ruled_by", "protects", "requires", "guarantee"):
        shown = {"id": "rulebook", "demands": "requirements"}.get(name, name)
        assert f"`{shown}`" in REFERENCE, name
