"""Every shipped case comes to what it says, and every kind of requirement ships cases of every result it can have."""

from pathlib import Path

import pytest

from alteram.adapters.rulebooks import load_cases
from alteram.core.rules.parsing import find_difference, run_case
from alteram.core.rules.requirements import all_requirements
from tests.rules.cases import CASES, case_files, run_cases

__all__ = ["run_cases"]


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.stem)
def test_every_case_comes_to_what_it_expects(path: Path) -> None:
    differences = [find_difference(case, run_case(case)) for case in load_cases(str(path))]
    assert [one for one in differences if one] == []


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.stem)
def test_case_file_is_named_for_its_requirement(path: Path) -> None:
    assert {case.demand.kind for case in load_cases(str(path))} == {path.stem}


@pytest.mark.parametrize("kind", all_requirements(), ids=lambda kind: kind.kind)
def test_every_kind_ships_cases_of_every_result_it_can_have(kind: object) -> None:
    name, may_be_ruled = kind.kind, kind.may_be_ruled  # type: ignore[attr-defined]  # parametrize passes objects
    path = CASES / f"{name}.yaml"
    assert path.is_file(), f"ship cases in histories/requirements/{name}.yaml"
    shown = {case.expected for case in load_cases(str(path))}
    needed = {"PASS", "FAIL", "UNKNOWN"} | ({"RULED"} if may_be_ruled else set())
    assert needed <= shown
