"""The search for cures is held against one without anything clever: what each says costs least costs the same."""

from collections.abc import Iterator

import pytest

from alteram.adapters.rulebooks import load_history, load_rulebook
from alteram.core.matters import Facts, fold_events, fold_history
from alteram.core.matters.stream_facts import StreamFacts
from alteram.core.rules import Rulebook, plan_cures
from alteram.core.rules.rulebook import Demand
from tests.rules import lawful
from tests.rules.plain_search import TooLongError, find_least_cost

HISTORY = load_history("the-night-before")
RULEBOOK = load_rulebook(HISTORY.rulebook)
NIGHT = fold_history(HISTORY)


def _compare(facts: Facts, rulebook: Rulebook, bound: int) -> Iterator[tuple[str, int | None, int | None]]:
    """Yield what the cheapest series costs by either search, of each requirement and of all, where the plain one ends.

    None: both say that there is none.
    """
    now = HISTORY.assessed_at if facts.matter.is_history else facts.matter.last_at or HISTORY.assessed_at
    cures = plan_cures(facts, rulebook, now)
    cases: list[tuple[tuple[Demand, ...], str, bool, int | None]] = [
        ((one.demand,), one.demand.id, one.is_least, one.cost.total if one.steps else None) for one in cures.plans
    ]
    whole = tuple(one.demand for one in cures.plans if one.demand.id not in cures.left)
    if whole:
        cases.append((whole, "all together", cures.is_least, cures.cost.total))
    for demands, name, is_least, cost in cases:
        if is_least:
            try:
                yield name, cost, find_least_cost(demands, facts, rulebook, now, bound=bound)
            except TooLongError:
                continue


def _cut(path: str, length: int) -> Facts:
    whole = lawful.paths()[path]
    events = sorted(whole.matter.every(), key=lambda event: event.seq)[:length]
    return Facts(whole.organisation, fold_events(StreamFacts.empty(whole.matter.stream), events), whole.linked)


@pytest.mark.parametrize(
    ("stream", "ended"), [("conduct", 7), pytest.param("confidence", 38, marks=pytest.mark.campaign)]
)
def test_each_plan_for_the_night_before_costs_what_the_plain_search_says(stream: str, ended: int) -> None:
    facts = next(facts for name, facts in NIGHT.items() if name == stream)
    compared = list(_compare(facts, RULEBOOK, 600))
    assert [one for one in compared if one[1] != one[2]] == []
    assert len(compared) >= ended


def test_plans_for_lawful_matters_cut_off_anywhere_cost_what_the_plain_search_says() -> None:
    compared = [
        one
        for path in sorted(lawful.paths())
        for length in range(2, len(lawful.paths()[path].matter.every()) + 1, 7)
        for one in _compare(_cut(path, length), lawful.RULEBOOK, 600)
    ]
    assert [one for one in compared if one[1] != one[2]] == []
    assert len(compared) >= 40
    assert {name for name, *_ in compared} >= {"all together"}


@pytest.mark.campaign
def test_the_same_with_every_third_length_and_a_longer_plain_search() -> None:
    compared = [
        one
        for path in sorted(lawful.paths())
        for length in range(2, len(lawful.paths()[path].matter.every()) + 1, 3)
        for one in _compare(_cut(path, length), lawful.RULEBOOK, 4000)
    ]
    assert [one for one in compared if one[1] != one[2]] == []
    assert len(compared) >= 250
