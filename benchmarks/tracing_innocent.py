"""Documents that have no mark of a bundle's, through the whole of the reader: how often any copy is named even so.

They are small (A6, one page), so that ten thousand can be drawn, treated, recognised, read and held against a hundred
copies, each for itself. What was read is then held against many more codewords that nobody can have read.
"""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from alteram.adapters.bundles.reading import decide, recognise
from alteram.core.disclosure.accusing import CHANCE, FEWEST_READINGS, Chances, Found, Reading, Score, choose
from alteram.core.disclosure.codes import BIASES, derive_biases
from benchmarks.leaks import Chance, Grey, again, grain, resize, tilt, to_bytes, trim, turn
from benchmarks.tracing_scenes import COPIES, LEAKED_BY, RECIPIENTS, SEED, Scene
from benchmarks.tracing_tables import bound

#: A chance so large that errors can be seen at all.
LOOSE = 0.01
PROCESSES = 2
_TOGETHER = 100
_OF_A_JOB = 50
_SCORES: tuple[Score, ...] = ("one", "several")


@dataclass
class Innocent:
    """How many documents were read whole, which copies they named, and what was read in some of them."""

    documents: int = 0
    recognised: int = 0
    said: int = 0
    named: int = 0
    loosely: int = 0
    readings: list[list[Reading]] = field(default_factory=list)


def treat(picture: Grey, chance: Chance) -> Grey:
    """Do to a page of 150 dots to the inch what people do, drawn by chance."""
    match int(chance.integers(9)):
        case 0:
            return again(picture, int(chance.integers(40, 90)))
        case 1:
            return grain(picture, chance)
        case 2:
            return again(turn(picture, chance.uniform(-2, 2)), 60)
        case 3:
            return trim(picture, chance)
        case 4:
            return tilt(resize(picture, chance.uniform(0.7, 1.3)), chance)
        case _:
            return to_bytes(cv2.GaussianBlur(picture, (0, 0), chance.uniform(0.3, 1.5)) * 0.85 + 10)


def read_some(scene: Scene, first: int, count: int) -> Innocent:
    """Read so many documents: unmarked, marked as another bundle, or for recipients that are not suspected."""
    found, suspected = Innocent(), COPIES[LEAKED_BY:]
    for number in range(first, first + count):
        chance = np.random.default_rng([91, number])
        source = scene.innocent[int(chance.integers(len(scene.innocent)))]
        page = 1 + int(chance.integers(source.count()))
        recognised, pictures = recognise([scene.bundle], [treat(source.draw(page, 150), chance)])
        verdicts = [decide(SEED, suspected, recognised[0], pictures, chance=one) for one in (CHANCE, LOOSE)]
        found.documents += 1
        found.recognised += bool(recognised[0])
        found.said += verdicts[0].verdict.symbols >= FEWEST_READINGS
        found.named += isinstance(verdicts[0].verdict, Found)
        found.loosely += isinstance(verdicts[1].verdict, Found)
        if number % 25 == 0 and recognised[0]:
            found.readings.append(list(recognised[0][0].readings))
    return found


_SCENES: dict[str, Scene] = {}


def _open(folder: Path) -> None:
    cv2.setNumThreads(1)  # each process has a processor of its own
    _SCENES["here"] = Scene(folder, small=True)


def _read(first: int) -> Innocent:
    return read_some(_SCENES["here"], first, _OF_A_JOB)


def measure_innocent(really: int, documents: int) -> dict[str, Any]:
    """Read so many documents whole, rounded up to fifties; hold their readings against codewords as so many more."""
    whole = Innocent()
    with tempfile.TemporaryDirectory() as name:
        Scene(Path(name), small=True)
        spawn = get_context("spawn")
        with ProcessPoolExecutor(PROCESSES, mp_context=spawn, initializer=_open, initargs=(Path(name),)) as apart:
            for one in apart.map(_read, range(0, really, _OF_A_JOB)):
                whole.documents += one.documents
                whole.recognised += one.recognised
                whole.said += one.said
                whole.named += one.named
                whole.loosely += one.loosely
                whole.readings += one.readings
    named, loosely = accuse_innocent(whole.readings, documents)
    return {
        "whole": whole.documents,
        "recognised": whole.recognised,
        "said": whole.said,
        "really": whole.named,
        "really_loosely": whole.loosely,
        "read": len(whole.readings),
        "documents": documents,
        "named": named,
        "loosely": loosely,
    }


def accuse_innocent(readings: Sequence[Sequence[Reading]], documents: int) -> tuple[int, int]:
    """Hold readings against codewords that are independent of them; count documents for which any of 100 is named.

    The fast way of `accuse`: biases come from a seed for every hundred documents, the symbols of 100 copies for each
    document from a generator, which is what an innocent copy's are to whoever does not hold the seed. Returns how many
    documents named a copy at the stated chance, and at a chance of 1 in 100.
    """
    named = loosely = 0
    chance = np.random.default_rng(23)
    held = _TOGETHER * RECIPIENTS
    for number in range(-(-documents // _TOGETHER)):
        said = choose(readings[number % len(readings)])
        if len(said) < FEWEST_READINGS:
            continue  # nothing is said of it
        seed = hashlib.sha256(b"independent bundle %d" % number).digest()
        biases = derive_biases(seed, 1, max(one.slot for one in said) + 1)
        classes = [(biases[one.slot], one.percent) for one in said]
        symbols = chance.random((held, len(said))) < [BIASES[bias] / 65536 for bias, _ in classes]
        reached = np.zeros((2, held), bool)
        for kind in _SCORES:
            chances = Chances(Counter(classes), kind)
            absent, present = (np.array([chances.gain(one, symbol) for one in classes]) for symbol in (0, 1))
            totals = absent.sum() + symbols @ (present - absent)
            for place, asked in enumerate((CHANCE, LOOSE)):
                reached[place] |= totals >= chances.threshold(asked / (len(_SCORES) * RECIPIENTS))
        told = reached.reshape(2, _TOGETHER, RECIPIENTS).any(2).sum(1)
        named, loosely = named + int(told[0]), loosely + int(told[1])
    return named, loosely


def say_innocent(those: dict[str, Any]) -> str:
    """Return what was measured, in words."""
    sure = int(1 / bound(those["really"], those["whole"]))
    return (
        f"Innocent documents: **{those['whole']:,} of one page (A6) went the whole way**, each drawn, treated, "
        f"recognised, read and held against {RECIPIENTS - LEAKED_BY} copies: unmarked, marked as "
        f"another bundle, or marked for recipients that were not suspected. {those['recognised']:,} were recognised "
        f"as a page, in {those['said']:,} enough symbols were read to take a score, and **{those['really']} named a "
        f"copy** at the stated chance of {CHANCE:g} (with 95 % confidence at most 1 in {sure:,}). "
        f"At a chance of 1 in 100, set so that errors can be seen at all, {those['really_loosely']} did, where at most "
        f"{those['whole'] // 100} may be expected. What was read in {those['read']} of them was then held, as "
        f"{those['documents']:,} documents more, against {RECIPIENTS} codewords drawn for each alone: "
        f"{those['named']} named a copy at the stated chance, {those['loosely']} at 1 in 100, where at most "
        f"{those['documents'] // 100:,} may be expected."
    )
