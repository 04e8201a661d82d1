"""How often a leak names its copy, and how often a copy that had no part in it is named; the table for the documents.

`measure` takes a small part of it for `make bench`. The whole:

python -m benchmarks.tracing [single] [colluding] [innocent] [--trials 6] [--innocent 10000] [--write DOCUMENT]
"""

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from alteram.adapters.bundles.reading import trace
from alteram.core.disclosure.accusing import Found
from benchmarks.figures import Row, row
from benchmarks.leaks import (
    ATTACKS,
    DRAWN,
    Grey,
    average,
    majority,
    minority,
    mix_regions,
    resize,
)
from benchmarks.tracing_innocent import measure_innocent, say_innocent
from benchmarks.tracing_scenes import COPIES, LEAKED_BY, LETTERS, SCANS, SEED, Scene
from benchmarks.tracing_tables import write_rows

KINDS = {"text": range(1, LETTERS + 1), "image": range(LETTERS + 1, LETTERS + SCANS + 1)}
HOW = {
    "average": "averaged",
    "majority": "the middle of each pixel",
    "minority": "the farthest of each pixel",
    "pages": "pages mixed",
    "regions": "squares of 16 mm mixed",
}
BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"
PROCESSES = 2


class Trial(NamedTuple):
    """One leak: which row of the table it is of, how it is treated, its pages, whose copies, and its seed."""

    row: str
    attack: str
    pages: tuple[int, ...]
    guilty: tuple[bytes, ...]
    chance: tuple[int, ...]


class Outcome(NamedTuple):
    """What a trial came to: how many symbols were read, how many of the guilty were named, and how many others."""

    row: str
    symbols: int
    guilty: int
    found: int
    wrong: int


def try_one(scene: Scene, trial: Trial) -> Outcome:
    verdict = trace(scene.bundle, SEED, COPIES, leak(scene, trial)).verdict
    told = {one.copy for one in verdict.named} if isinstance(verdict, Found) else set()
    guilty = set(trial.guilty)
    return Outcome(trial.row, verdict.symbols, len(guilty), len(told & guilty), len(told - guilty))


def leak(scene: Scene, trial: Trial) -> Iterator[Grey]:
    chance = np.random.default_rng(trial.chance)
    for place, page in enumerate(trial.pages):
        if trial.attack in ATTACKS:
            yield ATTACKS[trial.attack](scene.copies[trial.guilty[0]].draw(page, DRAWN), chance)
            continue
        those = (trial.guilty[place % len(trial.guilty)],) if trial.attack == "pages" else trial.guilty
        drawn = [resize(scene.copies[copy].draw(page, DRAWN), 0.5) for copy in those]
        yield mix(trial.attack, drawn, chance)


def mix(how: str, drawn: Sequence[Grey], chance: np.random.Generator) -> Grey:
    match how:
        case "average":
            return average(drawn)
        case "majority":
            return majority(drawn)
        case "minority":
            return minority(drawn)
        case "regions":
            return mix_regions(drawn, chance)
        case _:
            return drawn[0]


def plan_single(trials: int) -> Iterator[Trial]:
    for name, kind, number in product(ATTACKS, KINDS, range(trials)):
        copy, page = COPIES[number % LEAKED_BY], KINDS[kind][number % len(KINDS[kind])]
        yield Trial(f"{name}|1 {kind}", name, (page,), (copy,), (number, *f"{name}{kind}".encode()))
    for number in range(trials):
        pages = tuple(int(one) for one in np.random.default_rng(number).permutation(range(1, LETTERS + SCANS + 1))[:4])
        name = "150 dpi, JPEG 60"
        yield Trial("four pages in any order, JPEG 60|4 mixed", name, pages, (COPIES[number % LEAKED_BY],), (number,))


def plan_colluding(trials: int) -> Iterator[Trial]:
    for count, how, kind, number in product((2, 3, 4, 5), HOW, KINDS, range(trials)):
        those = tuple(COPIES[(number * 5 + at) % LEAKED_BY] for at in range(count))
        row = f"{count} copies, {HOW[how]}|{LETTERS} {kind}"
        yield Trial(row, how, tuple(KINDS[kind]), those, (count, number, *how.encode()))


_SCENES: dict[str, Scene] = {}


def _open(folder: Path) -> None:
    cv2.setNumThreads(1)  # each process has a processor of its own
    _SCENES["here"] = Scene(folder)


def _try(trial: Trial) -> Outcome:
    return try_one(_SCENES["here"], trial)


def run(folder: Path, trials: Iterable[Trial]) -> list[dict[str, Any]]:
    """Return a row for each kind of leak."""
    Scene(folder)
    found: dict[str, list[Outcome]] = defaultdict(list)
    spawn = get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn, initializer=_open, initargs=(folder,)) as apart:
        for one in apart.map(_try, trials):
            found[one.row].append(one)
    return [count_outcomes(one) for one in found.values()]


def count_outcomes(found: Sequence[Outcome]) -> dict[str, Any]:
    attack, _, pages = found[0].row.partition("|")
    return {
        "attack": attack,
        "pages": pages,
        "trials": len(found),
        "named": sum(1 for one in found if one.found and not one.wrong),
        "nobody": sum(1 for one in found if not one.found and not one.wrong),
        "wrong": sum(1 for one in found if one.wrong),
        "symbols": sum(one.symbols for one in found) / len(found),
        "every": sum(one.found for one in found) / sum(one.guilty for one in found),
        "guilty": found[0].guilty,
    }


def measure() -> list[Row]:
    """Take what `make bench` shows: prints and scans of each kind, and innocent documents."""
    scanned = "printed, scanned at 150 dpi, JPEG 60"
    with tempfile.TemporaryDirectory() as name:
        scene = Scene(Path(name))
        trials = [one for one in plan_single(3) if one.attack == scanned]
        told = Counter[str]()
        for trial in trials:
            told[trial.row.partition("|")[2]] += try_one(scene, trial).found
    innocent = measure_innocent(100, 1000)
    return [
        *(row(f"{kind} page {scanned}: named rightly", told[kind] / 3, "", 0.9, least=True) for kind in told),
        row("innocent documents that named a copy, of 1,100", innocent["really"] + innocent["named"], "", 0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="single, colluding, innocent; all without. Others stay as they were")
    parser.add_argument("--trials", type=int, default=6)
    parser.add_argument("--innocent", type=int, default=10_000)
    parser.add_argument("--json", type=Path, default=Path("var/tracing"))
    parser.add_argument("--write", type=Path, help="put the table of what was measured into this document")
    asked = parser.parse_args()
    asked.json.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        parts = {
            "single": lambda: run(Path(name), plan_single(asked.trials)),
            "colluding": lambda: run(Path(name), plan_colluding(max(1, asked.trials // 2))),
            "innocent": lambda: [measure_innocent(asked.innocent, 20_000)],
        }
        for part in asked.parts or ([] if asked.write else parts):
            (asked.json / f"{part}.json").write_text(json.dumps(parts[part](), indent=1) + "\n")
    if asked.write is not None:
        told = {part: json.loads((asked.json / f"{part}.json").read_text()) for part in parts}
        table = write_rows(told["single"], told["colluding"])
        before, _, rest = asked.write.read_text().partition(BEGIN)
        said = say_innocent(told["innocent"][0])
        asked.write.write_text(f"{before}{BEGIN}\n\n{table}\n\n{said}\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
