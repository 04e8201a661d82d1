"""What an amendment means in plain words: which rights shrink or grow, and for whom.

It is worked out from the differences part by part. Clauses in prose and packs are told as differences only: what they
mean stands in the requirements, rules and sanctions that come with them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from alteram.core.acts.catalogue import Role
from alteram.core.rules.amendments.demands import compare_demands, compare_departures
from alteram.core.rules.amendments.effects import EFFECTS, Effect, Meaning
from alteram.core.rules.amendments.powers import (
    compare_acts,
    compare_bodies,
    compare_breaches,
    compare_offices,
    compare_procedures,
    compare_sanctions,
    compare_second_keys,
)
from alteram.core.rules.differences import Difference, find_differences
from alteram.core.rules.rulebook import Rulebook

__all__ = ["Effect", "Meaning", "count_effects", "find_meanings"]


def find_meanings(old: Rulebook, new: Rulebook) -> tuple[Meaning, ...]:
    """Return what it means that `new` takes the place of `old`: what shrinks first, then what grows, then the rest."""
    found = [one for difference in find_differences(old, new) for one in _compare(difference, old, new)]
    return tuple(sorted(found, key=lambda one: EFFECTS.index(one.effect)))


def count_effects(meanings: tuple[Meaning, ...]) -> Mapping[Effect, int]:
    """Return how many rights shrink, grow and change."""
    counted = Counter(one.effect for one in meanings)
    return {effect: counted[effect] for effect in EFFECTS}


def _compare(difference: Difference, old: Rulebook, new: Rulebook) -> Iterator[Meaning]:
    # Each difference holds two of the structs its part is made of, which is all the comparisons below ask.
    before: Any = difference.old
    after: Any = difference.new
    match difference.part:
        case "act":
            yield from compare_acts(before, after)
        case "demand":
            yield from compare_demands(before, after)
        case "departure":
            yield from compare_departures(before, after, _find_protected(difference.name, new, old))
        case "procedure":
            yield from compare_procedures(before, after)
        case "sanction":
            yield from compare_sanctions(before, after)
        case "breach":
            yield from compare_breaches(before, after)
        case "office":
            yield from compare_offices(before, after)
        case "body":
            yield from compare_bodies(before, after)
        case "second_key":
            yield from compare_second_keys(before, after)
        case "clause" | "pack":
            return


def _find_protected(requirement: str, *rulebooks: Rulebook) -> tuple[Role, ...]:
    for rulebook in rulebooks:
        for demand in rulebook.demands:
            if demand.id == requirement:
                return (demand.protects,)
    return ()
