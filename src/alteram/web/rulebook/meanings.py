"""What an amendment means, as pages show it: what shrinks, what grows, what is only otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from alteram.core.rules.amendments import Effect, Meaning
from alteram.core.rules.amendments.effects import EFFECTS


@dataclass(frozen=True, slots=True)
class ToldEffect:
    """The rights that an amendment changes in one way."""

    effect: Effect
    meanings: tuple[Meaning, ...]


def tell_meanings(meanings: Sequence[Meaning]) -> list[ToldEffect]:
    """Return what an amendment means: what shrinks, what grows, what only changes; each also where it is nothing."""
    return [ToldEffect(effect, tuple(one for one in meanings if one.effect == effect)) for effect in EFFECTS]
