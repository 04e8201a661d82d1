"""The shipped cases would notice if a predicate changed: no predicate could be replaced by a constant answer unseen."""

from typing import Any, get_args

import pytest

from alteram.adapters.rulebooks import load_cases
from alteram.core.rules.findings import Result
from alteram.core.rules.requirements import Requirement, all_requirements
from tests.rules.mutation import (
    always,
    build_control,
    build_mutants,
    find_catch,
    find_wrong_result,
    run_mutant,
    sample,
    survey,
)

_KINDS = pytest.mark.parametrize("kind", all_requirements(), ids=lambda kind: kind.kind)
_SAMPLED = 12
_SHARE_CAUGHT = 0.8


@_KINDS
def test_cases_hold_before_anything_is_changed(kind: Requirement[Any]) -> None:
    assert find_catch(load_cases(kind.kind)) == ""


@_KINDS
@pytest.mark.parametrize("result", [one for one in get_args(Result) if one != "RULED"])
def test_predicate_that_always_answers_the_same_is_caught(kind: Requirement[Any], result: Result) -> None:
    assert find_wrong_result(always(kind, result)), f"no case notices that {kind.kind} always comes to {result}"


@_KINDS
def test_most_of_a_sample_of_small_changes_are_caught(kind: Requirement[Any]) -> None:
    mutants = sample(build_mutants(kind), _SAMPLED)
    caught = [mutant for mutant in mutants if run_mutant(mutant)]
    assert len(caught) >= len(mutants) / 2, [(one.line, one.change) for one in mutants if one not in caught]


@pytest.mark.campaign
@_KINDS
def test_nearly_all_small_changes_are_caught(kind: Requirement[Any]) -> None:
    total, survivors = survey(kind)
    assert total - len(survivors) >= _SHARE_CAUGHT * total, [(one.line, one.change) for one in survivors]


@_KINDS
def test_a_module_that_was_not_changed_is_caught_by_nothing(kind: Requirement[Any]) -> None:
    # The control: what catches the mutants is their change, not the way they are loaded.
    assert run_mutant(build_control(kind)) == ""
