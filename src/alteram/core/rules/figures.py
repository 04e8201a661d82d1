"""Figures that standards give benchmarks for: measured from the record and shown, never asked of anybody's act.

A figure is taken only where its times are known; what is only asserted gives none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from alteram.core.acts import (
    DecisionMade,
    InvestigationBegun,
    MatterAccepted,
    MatterClosed,
    MatterDeclined,
    ReportFinalised,
    ReportLodged,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.phrases import as_moment, phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.assess import examine
from alteram.core.rules.rulebook import Pack, Rulebook
from alteram.core.rules.standards import Metric, MetricKind
from alteram.core.rules.standing import find_undone

#: How a figure stands to its benchmark.
Standing: TypeAlias = Literal["within", "beyond", "unknown"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its benchmark. `value` is None where it cannot be taken; `is_final` says that it grows no more."""

    value: int | None
    benchmark: int
    unit: Literal["days", "per cent", "members"]
    standing: Standing
    is_final: bool
    entries: tuple[int, ...] = ()
    working: tuple[str, ...] = ()


def take_figure(metric: Metric, pack: Pack, facts: Facts, rulebook: Rulebook, now: datetime) -> Figure:
    """Return what `metric` comes to at `now`. A matter that runs has the days it took until now."""
    return _TAKERS[metric.kind](metric, pack, facts, rulebook, now)


def _days_to_outcome(metric: Metric, _pack: Pack, facts: Facts, rulebook: Rulebook, now: datetime) -> Figure:
    starts = _known(facts, ReportLodged) or _known(facts, MatterAccepted)
    ends = [one for one in _known(facts, DecisionMade) if getattr(one.act, "kind", "") != "preliminary"]
    ends += _known(facts, MatterDeclined, MatterClosed)
    return _days(metric, rulebook, starts, ends, now)


def _days_of_investigation(metric: Metric, _pack: Pack, facts: Facts, rulebook: Rulebook, now: datetime) -> Figure:
    return _days(metric, rulebook, _known(facts, InvestigationBegun), _known(facts, ReportFinalised), now)


def _days(metric: Metric, rulebook: Rulebook, starts: list[AnyEvent], ends: list[AnyEvent], now: datetime) -> Figure:
    if not starts or starts[0].when.first is None:
        return Figure(None, metric.benchmark, "days", "unknown", is_final=False)
    start = starts[0]
    end = next((one for one in ends if start.before(one)), None)
    until = now if end is None or end.when.first is None else end.when.first
    first, last = (rulebook.calendar.local_time(at).date() for at in (start.when.first or now, until))
    value = (last - first).days
    # Days that still run are beyond as soon as they are too many; that they were few enough is known at the end.
    beyond = value > metric.benchmark
    standing: Standing = "beyond" if beyond else "unknown" if end is None else "within"
    entries = (start.seq,) if end is None else (start.seq, end.seq)
    working = (
        phrase(
            "{first} to {last}: {value} days; benchmark {benchmark}",
            first=as_moment(first),
            last=as_moment(last),
            value=value,
            benchmark=metric.benchmark,
        ),
    )
    return Figure(value, metric.benchmark, "days", standing, end is not None, entries, working)


def _compliance(metric: Metric, pack: Pack, facts: Facts, rulebook: Rulebook, now: datetime) -> Figure:
    """Return how much of the benchmark is exposed: as many hundredths of it as hundredths of the demands failed."""
    results = [examine(one, facts, rulebook, now).result for one in pack.demands]
    settled = [one for one in results if one != "UNKNOWN"]
    if not settled:
        return Figure(None, metric.benchmark, "per cent", "unknown", is_final=False)
    failed = settled.count("FAIL")
    value = -(-metric.benchmark * failed // len(settled))
    standing: Standing = "beyond" if failed else "within" if len(settled) == len(results) else "unknown"
    counted = phrase(
        "{failed} of {settled} settled demands were not met, {open} are open",
        failed=failed,
        settled=len(settled),
        open=len(results) - len(settled),
    )
    working = (
        phrase(
            "{counted}: {value} of at most {benchmark} per cent",
            counted=counted,
            value=value,
            benchmark=metric.benchmark,
        ),
    )
    return Figure(value, metric.benchmark, "per cent", standing, len(settled) == len(results), (), working)


def _members(metric: Metric, _pack: Pack, facts: Facts, _rulebook: Rulebook, _now: datetime) -> Figure:
    value = len(facts.roll.members)
    if not value:
        return Figure(None, metric.benchmark, "members", "unknown", is_final=False)
    working = (phrase("{value} members; benchmark {benchmark}", value=value, benchmark=metric.benchmark),)
    standing: Standing = "beyond" if value > metric.benchmark else "within"
    return Figure(value, metric.benchmark, "members", standing, is_final=False, working=working)


def _known(facts: Facts, *kinds: type[Act]) -> list[AnyEvent]:
    """Return the events of these kinds that are established, have a time and were not undone, in order."""
    undone = find_undone(facts)
    return [
        one
        for one in facts.matter.all(*kinds)
        if one.established and one.seq not in undone and one.when.first is not None
    ]


_TAKERS: Final[dict[MetricKind, Callable[[Metric, Pack, Facts, Rulebook, datetime], Figure]]] = {
    "days-to-outcome": _days_to_outcome,
    "days-of-investigation": _days_of_investigation,
    "compliance-share": _compliance,
    "members": _members,
}
