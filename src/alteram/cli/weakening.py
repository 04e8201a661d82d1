"""`alteram rulebook weaken`: weaken each rule of a rulebook in turn, and tell whether the prover notices."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.cli.showing import AsJson, Value, reporting, show
from alteram.core.rules.proving.weakening import build_mutants, try_mutant
from alteram.core.rules.rulebook import Pack, Rulebook


@dataclass(frozen=True, slots=True)
class _Row:
    """One mutant: what was weakened, how the prover refutes it, else what still holds the rule."""

    name: str
    refuted: str
    held_by: tuple[str, ...]


def weaken_rulebook(
    rulebook: Annotated[str, typer.Argument(help="A file, or a shipped name.")],
    jobs: Annotated[int, typer.Option(min=0, help="How many processes work at it; 0: one for each core.")] = 0,
    every: Annotated[int, typer.Option(min=1, help="Only every so many mutants.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Weaken each rule in turn, hold the rest to the packs and to the whole rulebook, and tell whether that is noticed.

    A mutant is caught where the prover finds a matter that goes wrong. Where it finds none, other rules still hold what
    the weakened one held: they are named. Takes minutes.

    Example: alteram rulebook weaken small-club --every 10
    """
    with reporting(as_json=as_json):
        read = load_rulebook(rulebook)
        rows = list(_try_all(read, load_packs(read), jobs or os.cpu_count() or 1, every))
    caught = sum(1 for one in rows if one.refuted)
    value: Value = {
        "rulebook": read.id,
        "mutants": len(rows),
        "caught": caught,
        "rows": [{"mutant": one.name, "refuted": one.refuted, "held_by": list(one.held_by)} for one in rows],
    }
    show(value, _tell(read, rows, caught), as_json=as_json)


def _tell(rulebook: Rulebook, rows: list[_Row], caught: int) -> Iterator[str]:
    yield f"{rulebook.title}, version {rulebook.version}: {len(rows)} mutants, {caught} caught"
    for one in rows:
        if one.refuted:
            yield f"PASS {one.name}: {one.refuted}"
        elif one.held_by:
            yield f"held {one.name}: still held by {', '.join(one.held_by)}"
        else:
            yield f"UNKNOWN {one.name}: no matter in scope comes to it"


def _try_all(rulebook: Rulebook, packs: tuple[Pack, ...], jobs: int, every: int) -> Iterator[_Row]:
    """Yield the row of every mutant, in order; each process builds the same mutants again and tries its own."""
    count = len(list(build_mutants(rulebook))[::every])
    if jobs == 1:
        yield from (_try_one(rulebook, packs, number, every) for number in range(count))
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        chosen = range(count)
        yield from pool.map(
            _try_one,
            [rulebook] * count,
            [packs] * count,
            chosen,
            [every] * count,
            chunksize=max(1, count // (jobs * 8)),
        )


def _try_one(rulebook: Rulebook, packs: tuple[Pack, ...], number: int, every: int) -> _Row:
    mutant = list(build_mutants(rulebook))[::every][number]
    trial = try_mutant(mutant, rulebook, packs)
    refuted = "" if trial.violation is None else str(trial.violation.because)
    return _Row(str(mutant.name), refuted, trial.held_by)
