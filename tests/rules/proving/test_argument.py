"""The argument of the prover, tested: without the slice and the gate, and over a wider scope, nothing else is found.

And each property both ways: the small club as it ships is proved; without one rule it is not, and the advice mends it.
"""

from typing import Any

import pytest

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.core.rules.proving.adversary import find_deviations
from alteram.core.rules.proving.amending import propose
from alteram.core.rules.proving.guarantees import Watch
from alteram.core.rules.proving.prove import PROPERTIES, prove
from alteram.core.rules.proving.searching import Scope, Search
from tests.rules.proving.overlays import overlay

_WIDE = 100_000


def find_unsliced(name: str) -> list[str]:
    """Return what any single deviation breaks of any demand, whether or not it bears on it or a gate holds it."""
    rulebook = load_rulebook(name)
    search = Search(rulebook, load_packs(rulebook), Scope(1, _WIDE))
    base = search.base(search.procedures[0])
    watches = [Watch(base, demand) for demand in search.demands]
    return [
        f"{violation.because} {variant.deviations}"
        for variant in search.explore(base, find_deviations(base))
        for watch in watches
        for violation in watch.find_breaches(variant.play, variant.deviations)
    ]


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["small-club", "caucus"])
def test_without_slice_and_gate_nothing_is_found_that_the_proof_did_not_say(name: str) -> None:
    assert find_unsliced(name) == []


@pytest.mark.campaign
def test_two_deviations_with_a_large_bound_find_nothing_more_in_the_small_club() -> None:
    assert prove(load_rulebook("small-club"), scope=Scope(2, _WIDE, _WIDE)).proved


_BROKEN: dict[str, dict[str, Any]] = {
    "deliberation": {"requirements": {"heard": {"gates": ["decision.made"]}}},
    "guarantees": {"requirements": {"reasons": {"gates": ["decision.made"]}}},
    "own-cause": {"requirements": {"own-case": {"gates": ["decision.made", "appeal.decided"]}}},
    "stopping": {"requirements": {"closed-by-two": {"gates": []}}},
    "silence": {"procedures": {"complaint": {"stages": {"intake": {"overdue_to": "secretary"}}}}},
    "appeals": {"requirements": {"appeal-to-others": {"gates": []}}},
    "ladder": {"requirements": {"on-paper": None}},
    "thresholds": {"requirements": {"votes": {"gates": []}}},
    "identities": {"requirements": {"names-kept": {"gates": []}}},
}


@pytest.mark.parametrize("name", sorted(_BROKEN))
def test_one_rule_less_is_refuted_and_the_advice_makes_it_provable(name: str) -> None:
    only = tuple(one for one in PROPERTIES if one.id == name)
    rulebook = overlay("small-club", _BROKEN[name])
    assert prove(load_rulebook("small-club"), properties=only).proved
    violations = prove(rulebook, properties=only).results[0].violations
    assert violations
    for violation in violations:
        amendment = propose(rulebook, name, violation)
        assert amendment is not None, violation.because
        rulebook = amendment.rulebook
    assert prove(rulebook, properties=only).proved
