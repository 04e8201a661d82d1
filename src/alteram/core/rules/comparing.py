"""What several standards say of one matter, side by side: their demands of the same kind beside one another.

Each keeps its own number, result and source; none is taken for another. Two demands of one kind may still ask different
things, as their titles and parameters say, so that results that differ are no contradiction in themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from alteram.core.rules.findings import Finding
from alteram.core.rules.rulebook import Demand, Guarantee


class Found(Protocol):
    """A requirement with what it came to."""

    @property
    def demand(self) -> Demand:
        """Return the requirement."""

    @property
    def finding(self) -> Finding:
        """Return what it came to."""


F = TypeVar("F", bound=Found)


@dataclass(frozen=True, slots=True)
class Said(Generic[F]):
    """What one standard says; `standard` is the pack's identifier, empty for the rulebook that governs the matter."""

    standard: str
    found: F


@dataclass(frozen=True, slots=True)
class Row(Generic[F]):
    """One kind of requirement, with what each standard that has it says."""

    kind: str
    said: tuple[Said[F], ...]

    @property
    def title(self) -> str:
        """Return what the first of them calls it."""
        return self.said[0].found.demand.title

    @property
    def guarantee(self) -> Guarantee:
        """Return the guarantee under which it stands."""
        return self.said[0].found.demand.guarantee

    @property
    def is_shared(self) -> bool:
        """Return whether more than one standard has it."""
        return len({one.standard for one in self.said}) > 1

    @property
    def differs(self) -> bool:
        """Return whether the standards come to different results."""
        return len({one.found.finding.result for one in self.said}) > 1


def group_by_kind(found: Sequence[F], *, own: int) -> tuple[Row[F], ...]:
    """Return an assessment by kinds of requirement, in its order; the first `own` findings are the rulebook's."""
    rows: dict[str, list[Said[F]]] = {}
    for place, one in enumerate(found):
        standard = "" if place < own else one.demand.pack
        rows.setdefault(one.demand.kind, []).append(Said(standard, one))
    return tuple(Row(kind, tuple(said)) for kind, said in rows.items())
