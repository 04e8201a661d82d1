"""Prove a rulebook: each property holds over the scope that was searched, or here is how it fails.

"Proved" says exactly what was searched: which people, which collisions, how many deviations at once. A search that a
bound ended proves nothing, and says so.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from alteram.core.kernel.phrases import phrase
from alteram.core.rules.proving import (
    appeals,
    deliberation,
    guarantees,
    identities,
    ladder,
    own_cause,
    silence,
    stopping,
    thresholds,
    wholeness,
)
from alteram.core.rules.proving.clauses import find_clause
from alteram.core.rules.proving.exploring import OutOfTimeError, Tally, has_time
from alteram.core.rules.proving.searching import Scope, Search, Violation
from alteram.core.rules.rulebook import Pack, Rulebook

Verdict: TypeAlias = Literal["proved", "refuted", "not covered"]


@dataclass(frozen=True, slots=True)
class Property:
    """Something that must hold of every matter a rulebook allows."""

    id: str
    title: str
    find_violations: Callable[[Search], Iterator[Violation]]


PROPERTIES: Final = (
    Property("whole", phrase("No dead ends, nothing out of reach, no rule without effect"), wholeness.find_violations),
    Property("guarantees", phrase("No adverse outcome without each guarantee"), guarantees.find_violations),
    Property("own-cause", phrase("Nobody handles their own cause"), own_cause.find_violations),
    Property("stopping", phrase("Nobody stops a complaint against themselves"), stopping.find_violations),
    Property(
        "deliberation", phrase("Nobody deliberates before the other side was heard"), deliberation.find_violations
    ),
    Property("silence", phrase("Silence ends"), silence.find_violations),
    Property("appeals", phrase("Every adverse outcome can be appealed to others"), appeals.find_violations),
    Property("ladder", phrase("No warning without its instrument, no rung skipped"), ladder.find_violations),
    Property("thresholds", phrase("No vote against lets a motion pass"), thresholds.find_violations),
    Property("identities", phrase("A protected identity stays protected"), identities.find_violations),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one property came to: the violations, each the shortest of its kind, and how much was searched.

    `remembered` are those of the rulings that were given before in the same circumstances, and not worked out again.
    `notes` tell what it lets be because a cited source fixes it. `cut` says that a bound or the time ended the search;
    `left` are the procedures of which no matter was played until then.
    """

    property: Property
    verdict: Verdict
    violations: tuple[Violation, ...]
    plays: int
    rulings: int
    remembered: int = 0
    notes: tuple[str, ...] = ()
    cut: bool = False
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a rulebook came to, property by property, over a scope."""

    rulebook: str
    packs: tuple[str, ...]
    scope: Scope
    results: tuple[Result, ...] = field(default=())

    @property
    def proved(self) -> bool:
        """Return whether every property was proved."""
        return all(one.verdict == "proved" for one in self.results)


def prove(
    rulebook: Rulebook,
    packs: tuple[Pack, ...] = (),
    scope: Scope | None = None,
    *,
    properties: tuple[Property, ...] = PROPERTIES,
    stop_at_first: bool = False,
    has_time: Callable[[], bool] = has_time,
) -> Proof:
    """Return what each property comes to. `stop_at_first` ends with the first violation: enough to refute.

    `has_time` is asked before and after each matter; once it says no, whatever has still to be played is not covered.
    """
    chosen = scope or Scope()
    results = prove_each(rulebook, packs, chosen, properties=properties, stop_at_first=stop_at_first, has_time=has_time)
    return Proof(rulebook.id, tuple(pack.id for pack in packs), chosen, tuple(results))


def prove_each(
    rulebook: Rulebook,
    packs: tuple[Pack, ...],
    scope: Scope,
    *,
    properties: tuple[Property, ...] = PROPERTIES,
    stop_at_first: bool = False,
    has_time: Callable[[], bool] = has_time,
) -> Iterator[Result]:
    """Yield what each property comes to, as soon as it is known."""
    search = Search(rulebook, packs, scope, tally=Tally(has_time=has_time, bound=scope.bound))
    with _keeping_all():
        for one in properties:
            before = Tally(search.tally.plays, search.tally.rulings, search.tally.remembered)
            search.tally.cut = False
            search.notes.clear()
            result = _prove_one(search, one, before, stop_at_first=stop_at_first)
            yield result
            if stop_at_first and result.verdict == "refuted":
                return


@contextmanager
def _keeping_all() -> Iterator[None]:
    """Let no garbage be looked for meanwhile.

    All that is remembered is kept to the end, none of it in cycles; to look through it again and again took a third of
    the time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _prove_one(search: Search, one: Property, before: Tally, *, stop_at_first: bool) -> Result:
    shortest: dict[tuple[str, str], Violation] = {}
    for found in _find_in_time(search, one):
        violation = replace(found, clause=find_clause(search.rulebook, one.id, found))
        key = (violation.demand.id if violation.demand is not None else violation.about, violation.clause)
        kept = shortest.get(key)
        if kept is None or _measure(violation) < _measure(kept):
            shortest[key] = violation
        if stop_at_first:
            break
    verdict: Verdict = "refuted" if shortest else "not covered" if search.tally.cut else "proved"
    return Result(
        one,
        verdict,
        tuple(shortest.values()),
        search.tally.plays - before.plays,
        search.tally.rulings - before.rulings,
        search.tally.remembered - before.remembered,
        notes=tuple(search.notes),
        cut=search.tally.cut,
        left=tuple(known.id for known in search.procedures if known.id not in search.begun) if search.tally.cut else (),
    )


def _find_in_time(search: Search, one: Property) -> Iterator[Violation]:
    """Yield the violations of a property until the time is over; the search then counts as cut."""
    try:
        yield from one.find_violations(search)
    except OutOfTimeError:
        search.tally.cut = True


def _measure(violation: Violation) -> tuple[int, int]:
    return len(violation.deviations), 0 if violation.play is None else len(violation.play.played)
