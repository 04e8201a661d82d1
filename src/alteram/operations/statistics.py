"""What happened in one quarter, as numbers that single nobody out (docs/explanation/statistics.md has the method).

Figures count what was recorded between the first and the last instant of a quarter, so the quarters do not overlap: no
difference between two releases tells of one matter. Small numbers are hidden, with others beside them so that a total
does not give them away. It reads every matter that moved in the quarter; whoever shows it keeps what came of it.
"""

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from alteram.core.acts import (
    DecisionMade,
    MatterClosed,
    MatterDeclined,
    MatterReferred,
    MediationSettled,
    ProceedingsPaused,
    ReportLodged,
    ReportWithdrawn,
    find_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.kernel.periods import last_within
from alteram.core.matters import Facts
from alteram.core.rules.capacities import find_procedure
from alteram.core.rules.rulebook import Rulebook, Stage
from alteram.operations.lists import read_matter
from alteram.operations.organisation import Organisation
from alteram.operations.ports import MatterRow

Group: TypeAlias = Literal["reports", "outcomes", "deadlines"]
#: The smallest number that is shown, unless it is set otherwise.
LEAST: Final = 5
_OUTCOMES: Final[tuple[tuple[type[Act], str], ...]] = (
    (MatterDeclined, "declined"),
    (MatterReferred, "referred"),
    (MediationSettled, "settled"),
    (ReportWithdrawn, "withdrawn"),
    (MatterClosed, "closed"),
)
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by group and row, with each row that can be; and the days that stages took, by stage."""

    counts: Mapping[Group, Mapping[str, int]]
    days: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """A group as it may be shown: None is hidden. `total` is of all rows, the hidden ones included."""

    group: Group
    rows: tuple[tuple[str, int | None], ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Release:
    """What may be shown of one quarter: tables, and the median of days by stage (None: hidden)."""

    tables: tuple[Table, ...]
    medians: tuple[tuple[str, int | None], ...]
    least: int


@dataclass(frozen=True, slots=True)
class Series:
    """A group over releases that follow one another: each row with its number in each of them, and their sum."""

    group: Group
    rows: tuple[tuple[str, tuple[int | None, ...], int | None], ...]
    totals: tuple[int | None, ...]
    total: int | None


def add_up(releases: Sequence[Release]) -> tuple[Series, ...]:
    """Return releases side by side, with what they come to together.

    It is made of what they show, and of nothing else: a sum stands only where every number in it does, so that whoever
    asks for one period and then for another learns nothing that the releases do not say one by one. A row that a
    release does not have, because the rules had no such stage then, counts as nothing in it.
    """
    groups = dict.fromkeys(table.group for one in releases for table in one.tables)
    return tuple(
        _add_up(group, [table for one in releases for table in one.tables if table.group == group]) for group in groups
    )


def _add_up(group: Group, tables: list[Table]) -> Series:
    names = dict.fromkeys(name for table in tables for name, _ in table.rows)
    numbers = {name: tuple(dict(table.rows).get(name, 0) for table in tables) for name in names}
    totals = tuple(table.total for table in tables)
    return Series(group, tuple((name, row, _sum(row)) for name, row in numbers.items()), totals, _sum(totals))


def _sum(numbers: tuple[int | None, ...]) -> int | None:
    shown = [one for one in numbers if one is not None]
    return sum(shown) if len(shown) == len(numbers) else None


def build_release(organisation: Organisation, start: datetime, end: datetime, *, least: int = LEAST) -> Release:
    """Return what may be shown of the time from `start` up to, not including, `end`, which must be over."""
    figures = count_figures(organisation, start, end)
    tables = tuple(hide_small(group, rows, least=least) for group, rows in figures.counts.items())
    medians = tuple(
        (stage, round(statistics.median(days)) if len(days) >= least else None) for stage, days in figures.days.items()
    )
    return Release(tables, medians, least)


def hide_small(group: Group, counts: Mapping[str, int], *, least: int) -> Table:
    """Return a table in which no number under `least` stands, or follows from those that do.

    What is hidden together comes to `least` or more, in two rows or more; else the total is hidden as well. Where the
    total is that small, nothing is shown, not even which rows are empty.
    """
    total = sum(counts.values())
    if 0 < total < least:
        return Table(group, tuple((name, None) for name in counts), None)
    hidden = {name for name, count in counts.items() if 0 < count < least}
    others = sorted((count, name) for name, count in counts.items() if count >= least)
    while hidden and others and (len(hidden) < 2 or sum(counts[name] for name in hidden) < least):
        hidden.add(others.pop(0)[1])
    safe = not hidden or (len(hidden) >= 2 and sum(counts[name] for name in hidden) >= least)
    rows = tuple((name, None if name in hidden else count) for name, count in counts.items())
    return Table(group, rows, total if safe else None)


def count_figures(organisation: Organisation, start: datetime, end: datetime) -> Figures:
    """Return the bare counts. Nobody may be shown them."""
    reports = Counter({"named": 0, "protected": 0, "anonymous": 0})
    outcomes = Counter({"proved": 0, "not-proved": 0, **{name: 0 for _, name in _OUTCOMES}})
    organisation.facts(ORGANISATION_STREAM, fresh=True)
    # Every row that can be stands there from the start: a row that came only with a number would tell of it.
    stages = _find_stages(organisation)
    deadlines = Counter({"kept": 0, **{f"missed-{one.id}": 0 for one in stages if one.within is not None}})
    days: dict[str, list[float]] = {one.id: [] for one in stages}
    for row in _find_moved(organisation, start, end):
        facts, rulebook = read_matter(organisation, row), organisation.governing(row.stream)
        if facts.matter.is_history:
            continue
        reports.update(
            one.act.identity for one in facts.matter.all(ReportLodged) if one.live and start <= one.recorded_at < end
        )
        outcomes.update(_find_outcomes(facts, start, end))
        for passage in _find_passages(facts, rulebook):
            if passage.stage.id not in days:
                continue
            if passage.left_at is not None and start <= passage.left_at < end:
                days[passage.stage.id].append((passage.left_at - passage.entered_at).total_seconds() / 86_400)
            if passage.due_at is not None and start <= passage.due_at < end:
                kept = passage.left_at is not None and passage.left_at <= passage.due_at
                deadlines["kept" if kept else f"missed-{passage.stage.id}"] += 1
    counts: dict[Group, Mapping[str, int]] = {"reports": reports, "outcomes": outcomes, "deadlines": deadlines}
    return Figures(counts, {stage: tuple(taken) for stage, taken in days.items()})


def _find_stages(organisation: Organisation) -> tuple[Stage, ...]:
    """Return the stages of the rules in force, each name once."""
    rulebook = organisation.governing(ORGANISATION_STREAM)
    found = {stage.id: stage for procedure in rulebook.procedures for stage in procedure.stages}
    return tuple(found.values())


def _find_moved(organisation: Organisation, start: datetime, end: datetime) -> Iterator[MatterRow]:
    """Yield the matters that can have anything to count: begun before the end, and moved or due since the start."""
    store, name, after = organisation.ports.store, organisation.ports.organisation, ""
    while rows := store.matters(name, after, _PAGE):
        for row in rows:
            due = row.next_due_at is not None and row.next_due_at >= start
            if row.opened_at < end and (row.last_at >= start or due):
                yield row
        after = rows[-1].stream


def _find_outcomes(facts: Facts, start: datetime, end: datetime) -> Iterator[str]:
    """Yield what became of a matter in this time, each kind once."""
    for kind, name in _OUTCOMES:
        if any(one.live and start <= one.recorded_at < end for one in facts.matter.all(kind)):
            yield name
    decided = [one for one in facts.matter.all(DecisionMade) if one.live and start <= one.recorded_at < end]
    final = [one for one in decided if one.act.kind == "outcome"]
    if final:
        yield "proved" if final[-1].act.proved else "not-proved"


@dataclass(frozen=True, slots=True)
class _Passage:
    """A matter's way through one stage. `due_at` is None where the stage has no period, or the matter was paused."""

    stage: Stage
    entered_at: datetime
    left_at: datetime | None
    due_at: datetime | None


def _find_passages(facts: Facts, rulebook: Rulebook) -> Iterator[_Passage]:
    procedure = find_procedure(facts, rulebook)
    entered: list[tuple[Stage, datetime]] = []
    for stage in () if procedure is None else procedure.stages:
        kinds = tuple(spec.type for name in stage.entered_by if (spec := find_spec(name)) is not None)
        times = [one.recorded_at for one in facts.matter.all(*kinds) if one.live] if kinds else []
        if times:
            entered.append((stage, times[0]))
    paused = any(one.live for one in facts.matter.all(ProceedingsPaused))
    for place, (stage, at) in enumerate(entered):
        left_at = entered[place + 1][1] if place + 1 < len(entered) else None
        if left_at is None or left_at >= at:
            yield _Passage(stage, at, left_at, None if paused else _find_due(stage, at, rulebook))


def _find_due(stage: Stage, entered_at: datetime, rulebook: Rulebook) -> datetime | None:
    if stage.within is None:
        return None
    try:
        return last_within(entered_at, stage.within, rulebook.calendar).end
    except CalendarError:
        return None
