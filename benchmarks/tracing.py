"""How often a leak names its copy, and how often a copy that had no part in it is named; the table for the documents.

`measure` takes a small part of it for `make bench`. The whole, with more than 10,000 innocent documents:

python -m benchmarks.tracing [--trials 6] [--innocent 10000] [--write docs/explanation/marking.md]
"""

import argparse
import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from alteram.adapters.bundles.reading import Bundle, trace
from alteram.core.disclosure.accusing import CHANCE, FEWEST_READINGS, Chances, Found, Reading, Score, choose
from alteram.core.disclosure.codes import BIASES, derive_biases
from benchmarks.figures import Row, row
from benchmarks.leaks import (
    ATTACKS,
    DRAWN,
    Drawn,
    Grey,
    Pages,
    average,
    build_bundle,
    majority,
    mark_copies,
    mix_regions,
    print_and_scan,
    resize,
)

RECIPIENTS = 100
LETTERS, SCANS = 6, 6
COPIES = tuple(b"copy-%03d" % number for number in range(RECIPIENTS))
SEED = hashlib.sha256(b"the bundle of the figures").digest()
OTHER = hashlib.sha256(b"another bundle of the figures").digest()
KINDS = {"text": range(1, LETTERS + 1), "image": range(LETTERS + 1, LETTERS + SCANS + 1)}
KINDS_OF_SCORE: tuple[Score, ...] = ("one", "several")
_TOGETHER = 100
BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"


class Scene:
    """A bundle of letters and scans, its marked copies, and copies of it marked as another bundle."""

    def __init__(self, folder: Path) -> None:
        self.unmarked = folder / "bundle.pdf"
        build_bundle(self.unmarked, letters=LETTERS, scans=SCANS, seed=7)
        self.copies = {
            copy: Drawn(path) for copy, path in mark_copies(self.unmarked, SEED, COPIES[:12], folder / "a").items()
        }
        others = mark_copies(self.unmarked, OTHER, COPIES[:4], folder / "b")
        # Unmarked; marked as another bundle; marked for recipients that are not among those who are suspected.
        self.innocent = [Drawn(self.unmarked), *map(Drawn, others.values()), *list(self.copies.values())[:3]]
        self.bundle = Bundle(self.unmarked, Pages(self.unmarked), SEED)


def try_attack(scene: Scene, name: str, kind: str, trials: int) -> dict[str, Any]:
    """Try one treatment on one page at a time."""
    chance = np.random.default_rng([len(name), *name.encode()])
    named = wrong = symbols = 0
    for number in range(trials):
        copy, page = COPIES[number % 12], KINDS[kind][number % len(KINDS[kind])]
        leaked = ATTACKS[name](scene.copies[copy].draw(page, DRAWN), chance)
        verdict = trace(scene.bundle, SEED, COPIES, [leaked]).verdict
        told = {one.copy for one in verdict.named} if isinstance(verdict, Found) else set()
        named, wrong, symbols = named + (copy in told), wrong + bool(told - {copy}), symbols + verdict.symbols
    return {
        "attack": name,
        "pages": f"1 {kind}",
        "trials": trials,
        "named": named,
        "wrong": wrong,
        "symbols": symbols / trials,
    }


def collude(scene: Scene, how: str, kind: str, *, count: int, number: int, pages: int) -> Iterator[Grey]:
    chance = np.random.default_rng([count, number, len(how)])
    those = [COPIES[(number * 5 + at) % 12] for at in range(count)]
    for place, page in enumerate(KINDS[kind][:pages]):
        if how == "pages":
            yield resize(scene.copies[those[place % count]].draw(page, DRAWN), 0.5)
            continue
        drawn = [resize(scene.copies[copy].draw(page, DRAWN), 0.5) for copy in those]
        yield (
            average(drawn) if how == "average" else majority(drawn) if how == "majority" else mix_regions(drawn, chance)
        )


def try_collusion(scene: Scene, how: str, kind: str, *, count: int, trials: int, pages: int) -> dict[str, Any]:
    named = wrong = every = symbols = 0
    for number in range(trials):
        those = {COPIES[(number * 5 + at) % 12] for at in range(count)}
        verdict = trace(
            scene.bundle, SEED, COPIES, collude(scene, how, kind, count=count, number=number, pages=pages)
        ).verdict
        told = {one.copy for one in verdict.named} if isinstance(verdict, Found) else set()
        named, wrong = named + bool(told & those), wrong + bool(told - those)
        every, symbols = every + len(told & those), symbols + verdict.symbols
    words = {
        "average": "averaged",
        "majority": "the middle of each pixel",
        "pages": "pages mixed",
        "regions": "squares of 16 mm mixed",
    }
    return {
        "attack": f"{count} copies, {words[how]}",
        "pages": f"{pages} {kind}",
        "trials": trials,
        "named": named,
        "wrong": wrong,
        "symbols": symbols / trials,
        "every": every / trials / count,
    }


def read_innocent(scene: Scene, each: int) -> tuple[list[list[Reading]], int]:
    """Read pages that carry nothing of the bundle's, through every other treatment; count who was named even so."""
    chance, readings, named = np.random.default_rng(11), [], 0
    treatments = [ATTACKS[name] for name in list(ATTACKS)[::5]] + [print_and_scan]
    for number in range(each):
        source = scene.innocent[number % len(scene.innocent)]
        page = 1 + number % (LETTERS + SCANS)
        leaked = treatments[number % len(treatments)](source.draw(page, DRAWN), chance)
        traced = trace(scene.bundle, SEED, COPIES[12:], [leaked])
        named += isinstance(traced.verdict, Found)
        readings.extend(list(one.readings) for one in traced.recognised)
    return readings, named


def accuse_innocent(readings: Sequence[Sequence[Reading]], documents: int) -> tuple[int, int]:
    """Hold readings against codewords that are independent of them; count documents for which any of 100 is named.

    The fast way of `accuse`: biases come from a seed for every hundred documents, the symbols of 100 copies for each
    document from a generator, which is what an innocent copy's are to whoever does not hold the seed. Returns how many
    documents named a copy at the stated chance, and at a chance of 1 in 100.
    """
    named = loosely = 0
    chance = np.random.default_rng(23)
    for number in range(-(-documents // _TOGETHER)):
        said = choose(readings[number % len(readings)])
        if len(said) < FEWEST_READINGS:
            continue  # nothing is said of it
        seed = hashlib.sha256(b"independent bundle %d" % number).digest()
        biases = derive_biases(seed, 1, max(one.slot for one in said) + 1)
        classes = [(biases[one.slot], one.percent) for one in said]
        symbols = chance.random((_TOGETHER * RECIPIENTS, len(said))) < [BIASES[bias] / 65536 for bias, _ in classes]
        reached = np.zeros((2, _TOGETHER * RECIPIENTS), bool)
        for kind in KINDS_OF_SCORE:
            chances = Chances(Counter(classes), kind)
            absent, present = (np.array([chances.gain(one, symbol) for one in classes]) for symbol in (0, 1))
            totals = absent.sum() + symbols @ (present - absent)
            for place, asked in enumerate((CHANCE, 0.01)):
                reached[place] |= totals >= chances.threshold(asked / (len(KINDS_OF_SCORE) * RECIPIENTS))
        told = reached.reshape(2, _TOGETHER, RECIPIENTS).any(2).sum(1)
        named, loosely = named + int(told[0]), loosely + int(told[1])
    return named, loosely


def measure_single(scene: Scene, trials: int) -> Iterator[dict[str, Any]]:
    for name in ATTACKS:
        for kind in KINDS:
            yield try_attack(scene, name, kind, trials)


def measure_colluding(scene: Scene, trials: int) -> Iterator[dict[str, Any]]:
    for count in (2, 3, 4, 5):
        for how in ("average", "majority", "pages", "regions"):
            for kind in KINDS:
                yield try_collusion(scene, how, kind, count=count, trials=max(1, trials // 2), pages=LETTERS)


def measure_innocent(scene: Scene, documents: int) -> Iterator[dict[str, Any]]:
    readings, really = read_innocent(scene, 24)
    named, loosely = accuse_innocent(readings, documents)
    yield {"read": len(readings), "really": really, "documents": documents, "named": named, "loosely": loosely}


def measure() -> list[Row]:
    """Take what `make bench` shows: one print and scan of each kind, and 1,000 innocent documents."""
    with tempfile.TemporaryDirectory() as name:
        scene = Scene(Path(name))
        scanned = "printed, scanned at 150 dpi, JPEG 60"
        rows = [try_attack(scene, scanned, kind, 3) for kind in KINDS]
        readings, really = read_innocent(scene, 8)
        named, _ = accuse_innocent(readings, 1000)
    return [
        *(
            row(f"{one['pages']} page {scanned}: named rightly", one["named"] / one["trials"], "", 0.9, least=True)
            for one in rows
        ),
        row("innocent documents that named a copy, of 1,008", really + named, "", 0),
    ]


def write_table(told: dict[str, Any]) -> str:
    """Return the measured figures as Markdown."""
    lines = [
        "| What was done | Pages | Symbols read | Named rightly | Named wrongly |",
        "| --- | --- | --: | --: | --: |",
    ]
    lines += [_line(one) for one in told["single"]]
    lines += ["", "| Colluding | Pages | Symbols read | At least one named | Colluders named | Others named |"]
    lines += ["| --- | --- | --: | --: | --: | --: |", *(_line(one) for one in told["colluding"])]

    return "\n".join([*lines, "", _say_innocent(told["innocent"][0])])


def _say_innocent(those: dict[str, Any]) -> str:
    return (
        f"Innocent documents: {those['read']} pages, unmarked, marked as another bundle or for others, were drawn, "
        f"treated and read; {those['really']} of them named a copy. Their readings were then held, as "
        f"{those['documents']:,} documents, each against {RECIPIENTS} codewords drawn for it alone: "
        f"**{those['named']} of {those['documents']:,} named any copy** at the stated chance of {CHANCE:g}. "
        f"At a chance of 1 in 100, set so that errors can be seen at all, {those['loosely']} did, "
        f"where at most {those['documents'] // 100} may be expected."
    )


def _line(one: dict[str, Any]) -> str:
    parts = [one["attack"], one["pages"], f"{one['symbols']:.0f}", f"{one['named']} of {one['trials']}"]
    if "every" in one:
        parts.append(f"{100 * one['every']:.0f} %")
    return f"| {' | '.join([*parts, str(one['wrong'])])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="single, colluding, innocent; all without. Others stay as they were")
    parser.add_argument("--trials", type=int, default=4)
    parser.add_argument("--innocent", type=int, default=10_000)
    parser.add_argument("--json", type=Path, default=Path("var/tracing"))
    parser.add_argument("--write", type=Path, help="put the table of what was measured into this document")
    asked = parser.parse_args()
    asked.json.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scene = Scene(Path(name))
        parts = {
            "single": lambda: measure_single(scene, asked.trials),
            "colluding": lambda: measure_colluding(scene, asked.trials),
            "innocent": lambda: measure_innocent(scene, asked.innocent),
        }
        for part in asked.parts or ([] if asked.write else parts):
            rows = []
            for one in parts[part]():
                print(one, flush=True)
                rows.append(one)
                (asked.json / f"{part}.json").write_text(json.dumps(rows, indent=1) + "\n")
    if asked.write is not None:
        told = {part: json.loads((asked.json / f"{part}.json").read_text()) for part in parts}
        before, _, rest = asked.write.read_text().partition(BEGIN)
        asked.write.write_text(f"{before}{BEGIN}\n\n{write_table(told)}\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
