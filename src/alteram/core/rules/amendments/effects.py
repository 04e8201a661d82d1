"""One thing an amendment means: for whom, and whether a right of theirs grows, shrinks, or only changes.

It weighs nothing: that a right shrinks does not say that the amendment is unfair.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from alteram.core.acts.catalogue import Role
from alteram.core.rules.differences import Part

#: `changes`: it is otherwise, and nothing here can tell for whom it is better.
Effect: TypeAlias = Literal["shrinks", "grows", "changes"]
EFFECTS: tuple[Effect, ...] = ("shrinks", "grows", "changes")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one change means for `people` (nobody in particular: empty), told in one sentence."""

    effect: Effect
    people: tuple[Role, ...]
    part: Part
    name: str
    told: str
    clause: str = ""
