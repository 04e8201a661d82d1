"""What several standards say of the same matter, side by side, and how its delays compare with their figures.

Every standard is asked by the same engine of the same record, and keeps its own number and its own source: where they
differ, none is taken for the others. Figures are shown and decide nothing. It is told as far as the reader may know.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from alteram.core.access.assessed import ToldFinding
from alteram.core.access.parts import HANDLERS
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Pack
from alteram.core.rules.comparing import Row, group_by_kind
from alteram.core.rules.figures import Figure, take_figure
from alteram.core.rules.findings import Finding
from alteram.core.rules.results import examine_result
from alteram.core.rules.standards import Metric, NamedResult
from alteram.operations.assessing import assess_entered
from alteram.operations.entries import Entered, enter
from alteram.operations.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Taken:
    """A figure with the metric it was taken for, and the pack that gives the benchmark."""

    pack: Pack
    metric: Metric
    figure: Figure

    @property
    def longest(self) -> int:
        """Return how long the bar is that shows both: whichever is more."""
        return max(self.figure.value or 0, self.metric.benchmark, 1)


@dataclass(frozen=True, slots=True)
class Named:
    """A result that a standard gives a name of its own, such as a safe harbour."""

    pack: Pack
    result: NamedResult
    finding: Finding


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the governing rulebook and each chosen pack say, and the figures and named results of those packs."""

    now: datetime
    rulebook: str
    packs: tuple[Pack, ...]
    shared: tuple[Row[ToldFinding], ...]
    alone: tuple[Row[ToldFinding], ...]
    figures: tuple[Taken, ...]
    results: tuple[Named, ...]


def compare_for(
    organisation: Organisation, stream: StreamId, viewer: PersonId, packs: tuple[Pack, ...], *, now: datetime
) -> Comparison:
    """Return a matter under several standards as `viewer` may be told it. Raises: UnknownMatterError."""
    entered = enter(organisation, stream, viewer)
    assessed = assess_entered(entered, packs, now=now)
    rows = group_by_kind(assessed.requirements, own=len(entered.rulebook.demands))
    seen = _see(entered)
    return Comparison(
        assessed.now,
        entered.rulebook.title,
        packs,
        tuple(row for row in rows if row.is_shared),
        tuple(row for row in rows if not row.is_shared),
        tuple(
            Taken(pack, one, take_figure(one, pack, seen.facts, seen.rulebook, assessed.now))
            for pack in packs
            for one in pack.metrics or ()
        ),
        tuple(
            Named(pack, one, examine_result(one, pack, seen.facts, seen.rulebook, assessed.now))
            for pack in packs
            for one in pack.results or ()
        ),
    )


def _see(entered: Entered) -> Entered:
    """Return what figures are taken from: without the linked matters for whoever handles none of them."""
    if not HANDLERS.isdisjoint(entered.reader.roles):
        return entered
    return replace(entered, facts=replace(entered.facts, linked=()))
