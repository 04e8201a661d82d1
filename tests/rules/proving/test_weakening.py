"""Weakened rules are caught, or held by others that are named; nothing is searched where another asks as much."""

import pytest

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.core.rules.proving import weakening
from alteram.core.rules.proving.searching import Scope
from alteram.core.rules.proving.weakening import Mutant, Trial, build_mutants, try_mutant


def find(rulebook: str, name: str) -> Mutant:
    (found,) = [one for one in build_mutants(load_rulebook(rulebook)) if one.name == name]
    return found


def attempt(rulebook: str, name: str, *, deviations: int = 1) -> Trial:
    original = load_rulebook(rulebook)
    return try_mutant(find(rulebook, name), original, load_packs(original), Scope(deviations))


def test_weakened_rule_is_caught_with_what_goes_wrong() -> None:
    trial = attempt("small-club", "reasons deleted")
    assert trial.violation is not None
    assert trial.violation.because == "There are no reasons in writing."
    assert trial.held_by == ()


def test_rule_of_a_pack_is_held_by_the_rule_of_the_club_that_asks_as_much_with_nothing_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(weakening, "Search")
    assert attempt("small-club", "sch2-notice-says-enough deleted").held_by == ("told",)


def test_rule_is_not_held_by_one_that_asks_as_much_and_stops_less() -> None:
    trial = attempt("small-club", "told deleted")
    assert trial.violation is not None
    assert trial.violation.because == "No notice states particulars for each allegation."


@pytest.mark.parametrize(
    ("rulebook", "mutant", "holds"),
    [
        ("caucus", "rules-published-first deleted", "charge-names-its-clause"),
        ("small-club", "linked-cases: parts is ['chair', 'decider']", "own-case"),
    ],
)
def test_what_refuses_the_acts_that_would_go_wrong_is_named_first(rulebook: str, mutant: str, holds: str) -> None:
    trial = attempt(rulebook, mutant)
    assert trial.violation is None
    assert trial.held_by[0] == holds


def test_weakened_gate_is_held_at_the_other_acts_that_the_rule_stops() -> None:
    trial = attempt("small-club", "called no longer stops meeting.called")
    assert trial.held_by == ("called at meeting.opened, decision.made",)


@pytest.mark.parametrize(
    ("mutant", "because", "held_by"),
    [
        ("sanction expulsion: majority dropped", "Carried by only 6 votes, 7 were needed.", ()),
        # More votes for than against are what a majority asks that says no number: a warning needs just that.
        ("sanction warning: majority dropped", "", ("votes",)),
    ],
)
def test_dropped_majority_is_caught_where_fewer_votes_would_do(
    mutant: str, because: str, held_by: tuple[str, ...]
) -> None:
    trial = attempt("small-club", mutant)
    assert ("" if trial.violation is None else trial.violation.because) == because
    assert trial.held_by == held_by
