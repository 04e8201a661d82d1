"""`alteram rulebook weaken`: weaken each rule of a rulebook in turn, and tell whether the prover notices."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_packs, load_rulebook, shipped_names
from alteram.cli.showing import AsJson, Value, reporting, show
from alteram.cli.weakening_page import Row, Table, build_page
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules.proving.weakening import build_mutants, try_mutant
from alteram.core.rules.rulebook import Pack, Rulebook


def weaken_rulebook(
    rulebook: Annotated[str, typer.Argument(help="A file, or a shipped name.")] = "",
    every_rulebook: Annotated[bool, typer.Option("--all", help="Every rulebook that ships.")] = False,
    jobs: Annotated[int, typer.Option(min=0, help="How many processes work at it; 0: one for each core.")] = 0,
    every: Annotated[int, typer.Option(min=1, help="Only every so many mutants.")] = 1,
    page: Annotated[Path | None, typer.Option(help="Write what it came to as a page of documentation, too.")] = None,
    as_json: AsJson = False,
) -> None:
    """Weaken each rule in turn, hold the rest to the packs and to the whole rulebook, and tell whether that is noticed.

    A mutant is caught where the prover finds a matter that goes wrong. Where it finds none, other rules still hold what
    the weakened one held: they are named. Takes minutes; with --all half an hour on two cores.

    Example: alteram rulebook weaken small-club --every 10
    """
    began = time.monotonic()
    with reporting(as_json=as_json):
        if bool(rulebook) == every_rulebook:
            raise AlteramError("It is not said which rulebook.", remedy="Name one, or say --all.")
        names = shipped_names("rulebooks") if every_rulebook else (rulebook,)
        tables = tuple(_try_all([load_rulebook(one) for one in names], jobs or os.cpu_count() or 1, every))
        if page is not None:
            lines = build_page(tables, minutes=(time.monotonic() - began) / 60, jobs=jobs or os.cpu_count() or 1)
            page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = [_spell(one) for one in tables]
    value: Value = {"rulebooks": [*told]} if every_rulebook else told[0]
    show(value, (line for one in tables for line in _tell(one)), as_json=as_json)


def _spell(table: Table) -> dict[str, Value]:
    return {
        "rulebook": table.rulebook.id,
        "mutants": len(table.rows),
        "caught": table.caught,
        "rows": [{"mutant": one.name, "refuted": one.refuted, "held_by": list(one.held_by)} for one in table.rows],
    }


def _tell(table: Table) -> Iterator[str]:
    rulebook = table.rulebook
    yield f"{rulebook.title}, version {rulebook.version}: {len(table.rows)} mutants, {table.caught} caught"
    for one in table.rows:
        if one.refuted:
            yield f"PASS {one.name}: {one.refuted}"
        elif one.held_by:
            yield f"held {one.name}: still held by {', '.join(one.held_by)}"
        else:
            yield f"UNKNOWN {one.name}: no matter in scope comes to it"


def _try_all(rulebooks: list[Rulebook], jobs: int, every: int) -> Iterator[Table]:
    """Yield the table of each rulebook, in order; each process builds the same mutants again and tries its own."""
    work = [
        (rulebook, load_packs(rulebook), number)
        for rulebook in rulebooks
        for number in range(0, len(list(build_mutants(rulebook))), every)
    ]
    if jobs == 1:
        yield from _gather(map(_try_one, work))
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from _gather(pool.map(_try_one, work, chunksize=4))


def _gather(rows: Iterator[tuple[Rulebook, Row]]) -> Iterator[Table]:
    for _, found in groupby(rows, key=lambda one: one[0].id):
        together = list(found)
        yield Table(together[0][0], tuple(row for _, row in together))


def _try_one(work: tuple[Rulebook, tuple[Pack, ...], int]) -> tuple[Rulebook, Row]:
    rulebook, packs, number = work
    mutant = list(build_mutants(rulebook))[number]
    trial = try_mutant(mutant, rulebook, packs)
    refuted = "" if trial.violation is None else str(trial.violation.because)
    return rulebook, Row(str(mutant.name), refuted, tuple(map(str, trial.held_by)))
