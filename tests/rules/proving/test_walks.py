"""Long random walks of the live engine come to nothing that the prover said cannot happen.

What the prover does not cover is left out of the walks: departures, and orders from outside.
"""

import msgspec
import pytest

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.core.acts import DecisionMade
from alteram.core.rules.rulebook import Rulebook
from tests.rules.proving.walking import Walk, Walker

_ATTEMPTS = 60


def find_wrong(rulebook: Rulebook, name: str, seeds: range) -> Walk | None:
    walker = Walker(rulebook, load_packs(load_rulebook(name)))
    walks = (walker.walk(seed, acts=_ATTEMPTS) for seed in seeds)
    return next((walk for walk in walks if walk.violations), None)


@pytest.mark.parametrize(("name", "walks"), [("small-club", 60), ("caucus", 15)])
def test_short_walks_find_nothing_that_was_proved_impossible(name: str, walks: int) -> None:
    wrong = find_wrong(load_rulebook(name), name, range(walks))
    assert wrong is None, wrong.tell()


@pytest.mark.campaign
@pytest.mark.parametrize(("name", "walks"), [("small-club", 20_000), ("caucus", 3_000)])
def test_long_walks_find_nothing_that_was_proved_impossible(name: str, walks: int) -> None:
    wrong = find_wrong(load_rulebook(name), name, range(1_000, 1_000 + walks))
    assert wrong is None, wrong.tell()


def test_walks_go_far_enough_to_decide() -> None:
    walker = Walker(load_rulebook("small-club"))
    ended = [
        any(isinstance(one.event.act, DecisionMade) for one in walker.walk(seed, acts=_ATTEMPTS).play.played)
        for seed in range(30)
    ]
    assert sum(ended) > len(ended) / 4


def test_walks_find_what_a_rulebook_without_gates_lets_happen() -> None:
    # The control: where nothing stops anything, the same walks find something wrong.
    rulebook = load_rulebook("small-club")
    open_book = msgspec.structs.replace(
        rulebook, demands=tuple(msgspec.structs.replace(one, gates=()) for one in rulebook.demands), departures=()
    )
    assert find_wrong(open_book, "small-club", range(60)) is not None


def test_same_seed_is_the_same_walk() -> None:
    one, other = (Walker(load_rulebook("small-club")).walk(7, acts=_ATTEMPTS) for _ in range(2))
    assert [played.event for played in one.play.played] == [played.event for played in other.play.played]
