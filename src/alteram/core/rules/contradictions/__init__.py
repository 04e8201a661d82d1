"""Clauses that cannot stand together: circular, impossible to meet, or at odds with one another.

It reads a rulebook, or the demands of a pack, and nothing else; no matter is played. What can never be lawful is an
error of the rulebook, and whoever reads one refuses it; what may be meant is an oddity. It says nothing of fairness.
What it does not find may still be found by proving, which plays matters. See docs/reference/rulebook-language.md.
"""

from collections.abc import Iterator, Sequence

from alteram.core.rules.contradictions.clashing import find_clashes, find_unmeetable
from alteram.core.rules.contradictions.contradiction import Contradiction
from alteram.core.rules.contradictions.fitting import find_unfitting
from alteram.core.rules.contradictions.ladder import find_ladder_faults
from alteram.core.rules.contradictions.reaching import find_out_of_reach
from alteram.core.rules.rulebook import Demand, Rulebook

__all__ = ["CODES", "Contradiction", "find_contradictions", "find_pack_contradictions"]

#: The codes of contradictions that may be meant, beside those of other oddities; docs/reference/oddities.md has them.
CODES = frozenset(
    {
        "appeal.short",
        "body.size-of-all",
        "departure.one-side",
        "panel.other-size",
        "period.does-not-fit",
        "procedure.own-appeal",
        "requirement.at-odds",
        "vote.other-base",
    }
)


def find_contradictions(rulebook: Rulebook) -> Iterator[Contradiction]:
    """Yield each contradiction of a rulebook, those of its ladder first."""
    yield from find_ladder_faults(rulebook)
    yield from find_unmeetable(rulebook.demands)
    yield from find_clashes(rulebook)
    yield from find_out_of_reach(rulebook)
    yield from find_unfitting(rulebook)


def find_pack_contradictions(demands: Sequence[Demand]) -> Iterator[Contradiction]:
    """Yield each demand of a pack that nothing can ever meet."""
    yield from find_unmeetable(demands)
