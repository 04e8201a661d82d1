"""Which marked copies a reading comes from, with a chance of error that holds whatever was done to the leaked one.

A copy that had no part in a leak carries symbols that nobody could know when the leak was made: each is 1 with the
bias of its place, independent of everything read. So the distribution of its score is known once the reading is, and
the chance that it reaches what was measured is bounded by Chernoff's inequality over exactly that distribution. This
assumes nothing of the leak: unmarked, another bundle's, averaged or forged, the bound holds as long as the seed was
secret. Two scores are taken, so that one leaker is found on few symbols and several are found at all:

    one       ln P(reading | symbol) / P(reading), for a leak of a single copy (Laarhoven 2014)
    several   the symmetric score of Škorić, Katzenbeisser and Celik (2008), weighted by how certain the reading is

The stated chance counts every copy of the bundle and both scores. docs/spec/evidence.md §3.3.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from alteram.core.disclosure.codes import BIASES, BLOCK, DESIGNED_FOR, SHARES, SLOTS, derive_biases, derive_symbols
from alteram.core.disclosure.errors import MarkError
from alteram.core.kernel.phrases import phrase

#: The chance of naming any copy wrongly that a trace may have, unless another is asked for.
CHANCE: Final = 1e-6
#: How certain a reading may be, in percent: nothing that is measured is more certain.
SUREST: Final = 99
#: How many symbols are weighed at most: the most certain ones, then those of the first pages.
MOST_READINGS: Final = 40_000
#: Below this many symbols that say anything, no score is taken.
FEWEST_READINGS: Final = 8
_SAYS_NOTHING: Final = 50
_SCORES: Final = 2
_MOST_TILT: Final = 32.0
_HALVINGS: Final = 48


Score: TypeAlias = Literal["one", "several"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read at one place: how certain, in percent from 1 to 99, it is that the symbol is 1."""

    page: int
    slot: int
    percent: int


@dataclass(frozen=True, slots=True)
class Named:
    """A copy that took part in the leak. `chance` is that of any such naming being wrong; `score` is which told it."""

    copy: bytes
    chance: float
    score: Score


@dataclass(frozen=True, slots=True)
class Found:
    """The copies that a leak comes from, the least doubtful first. A fact to be charged and heard, nothing more."""

    named: tuple[Named, ...]
    symbols: int
    asked: float


@dataclass(frozen=True, slots=True)
class CannotTell:
    """No copy can be named. `why` is stable: `text`, `no-page`, `no-symbols` or `too-weak`."""

    why: Literal["text", "no-page", "no-symbols", "too-weak"]
    symbols: int
    asked: float


Verdict: TypeAlias = Found | CannotTell
Class: TypeAlias = tuple[int, int]  # which bias, and the percent read


def accuse(seed: bytes, copies: Sequence[bytes], readings: Iterable[Reading], *, chance: float = CHANCE) -> Verdict:
    """Return which of a bundle's copies a reading comes from. Raises: MarkError when the arguments are malformed."""
    _check(copies, chance)
    kept = choose(readings)
    if len(kept) < FEWEST_READINGS or not copies:
        return CannotTell("no-symbols", len(kept), chance)
    pages = _by_page(kept)
    classes = {page: _classify(seed, page, slots) for page, slots in pages.items()}
    counts = Counter(one for page in classes.values() for one in page)
    scores: list[tuple[Score, Chances]] = [(kind, Chances(counts, kind)) for kind in ("one", "several")]
    share = chance / (_SCORES * len(copies))
    thresholds = [(kind, chances, chances.threshold(share)) for kind, chances in scores]
    named = []
    for copy in copies:
        reached = _find_reached(thresholds, Counter(_pairs(seed, copy, pages, classes)))
        if reached is not None:
            named.append(Named(copy, min(1.0, reached[0] * _SCORES * len(copies)), reached[1]))
    if not named:
        return CannotTell("too-weak", len(kept), chance)
    return Found(tuple(sorted(named, key=lambda one: (one.chance, one.copy))), len(kept), chance)


def _find_reached(
    thresholds: Sequence[tuple[Score, "Chances", float]], seen: Mapping[tuple[Class, int], int]
) -> tuple[float, Score] | None:
    """Return the smallest bound among the scores that a copy reaches, and which that is; None where it reaches none."""
    reached = [
        (chances.bound(total), kind)
        for kind, chances, threshold in thresholds
        if (total := chances.total(seen)) >= threshold
    ]
    return min(reached, default=None)


def choose(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings that are weighed, in the order of their places. Raises: MarkError."""
    said = [one for one in readings if one.percent != _SAYS_NOTHING]
    if len({(one.page, one.slot) for one in said}) != len(said):
        raise MarkError(
            "mark.reading", phrase("A place was read twice."), remedy=phrase("Combine what was read there first.")
        )
    if any(not 0 <= one.slot < SLOTS for one in said):
        raise MarkError("mark.slots", phrase("A page carries at most 4,096 symbols."))
    if any(not 100 - SUREST <= one.percent <= SUREST for one in said):
        raise MarkError("mark.reading", phrase("How certain a reading is lies between 1 and 99 percent."))
    said.sort(key=lambda one: (-abs(one.percent - _SAYS_NOTHING), one.page, one.slot))
    return sorted(said[:MOST_READINGS], key=lambda one: (one.page, one.slot))


class Chances:
    """How likely a copy that had no part in a leak reaches a score, given what was read: Chernoff's bound.

    With K(t) the logarithm of the mean of exp(t x score) of such a copy, the chance of K'(t) or more is at most
    exp(K(t) - t K'(t)), for every t of 0 or more.
    """

    def __init__(self, counts: Mapping[Class, int], kind: Score) -> None:
        """Take how often each bias was read with each certainty, and which score it is."""
        self._gains = {one: _gains(kind, one) for one in counts}
        self._terms = [(number, BIASES[one[0]] / 65536, *self._gains[one]) for one, number in counts.items()]

    def gain(self, one: Class, symbol: int) -> float:
        """Return what a place of a class adds to the score of a copy that has this symbol there."""
        return self._gains[one][symbol]

    def total(self, seen: Mapping[tuple[Class, int], int]) -> float:
        """Return the score of a copy, from how often each class met each of its symbols."""
        return math.fsum(number * self._gains[one][symbol] for (one, symbol), number in seen.items())

    def bound(self, total: float) -> float:
        """Return a bound on the chance of so high a score, or a higher one."""
        tilt = _bisect(lambda at: self._grow(at)[1] >= total)
        return math.exp(min(0.0, self._grow(tilt)[0] - tilt * total))

    def threshold(self, chance: float) -> float:
        """Return the least score whose bound is at most a chance; none reaches it where no score can."""
        tilt = _bisect(lambda at: (grown := self._grow(at))[0] - at * grown[1] <= math.log(chance))
        return self._grow(tilt)[1] if tilt < _MOST_TILT else math.inf

    def _grow(self, tilt: float) -> tuple[float, float]:
        """Return K and its slope."""
        grown = slope = 0.0
        for number, share, absent, present in self._terms:
            top = tilt * max(absent, present)
            less, more = (1 - share) * math.exp(tilt * absent - top), share * math.exp(tilt * present - top)
            grown += number * (top + math.log(less + more))
            slope += number * (less * absent + more * present) / (less + more)
        return grown, slope


def _bisect(reached: Callable[[float], bool]) -> float:
    """Return the least tilt from which something is so."""
    low, high = 0.0, _MOST_TILT
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def positions_needed(colluders: int, copies: int, *, chance: float = CHANCE) -> int:
    """Return how many symbols, all read rightly, let the average of so many colluders reach the threshold.

    Gaussian approximation after Škorić and others (2008), for any strategy that keeps symbols on which all colluders
    agree. Raises: MarkError beyond six colluders: the distribution is not made for more.
    """
    if not 1 <= colluders <= DESIGNED_FOR:
        raise MarkError("mark.colluders", phrase("The code is made for one to six colluding recipients."))
    shares = [(share / 65536, bias / 65536) for share, bias in zip(SHARES, BIASES, strict=True)]
    gained = sum(share * 2 * math.sqrt(bias * (1 - bias)) for share, bias in shares)
    needed = math.sqrt(2 * math.log(_SCORES * copies / chance))
    return math.ceil((colluders * needed / gained) ** 2)


def _gains(kind: Score, one: Class) -> tuple[float, float]:
    """Return what a copy gains at a place when its symbol there is 0, and when it is 1."""
    share, sure = BIASES[one[0]] / 65536, one[1] / 100
    if kind == "one":
        either = share * sure + (1 - share) * (1 - sure)
        return math.log((1 - sure) / either), math.log(sure / either)
    weight = 2 * sure - 1
    return -weight * math.sqrt(share / (1 - share)), weight * math.sqrt((1 - share) / share)


def _check(copies: Sequence[bytes], chance: float) -> None:
    if len(set(copies)) != len(copies):
        raise MarkError("mark.copy", phrase("A copy is listed twice."))
    if not 0 < chance < 1:
        raise MarkError("mark.chance", phrase("A chance of error lies between 0 and 1."))


def _by_page(kept: Sequence[Reading]) -> dict[int, list[Reading]]:
    pages: dict[int, list[Reading]] = {}
    for one in kept:
        pages.setdefault(one.page, []).append(one)
    return pages


def _classify(seed: bytes, page: int, slots: Sequence[Reading]) -> list[Class]:
    first, count = _span(slots)
    biases = derive_biases(seed, page, count, first=first)
    return [(biases[one.slot - first], one.percent) for one in slots]


def _pairs(
    seed: bytes, copy: bytes, pages: Mapping[int, Sequence[Reading]], classes: Mapping[int, Sequence[Class]]
) -> Iterable[tuple[Class, int]]:
    for page, slots in pages.items():
        first, count = _span(slots)
        symbols = derive_symbols(seed, copy, page, count, first=first)
        for one, kind in zip(slots, classes[page], strict=True):
            yield kind, symbols[one.slot - first]


def _span(slots: Sequence[Reading]) -> tuple[int, int]:
    """Return from which slot a page's symbols are needed, and how many: they are drawn by sixteens."""
    first = slots[0].slot // BLOCK * BLOCK
    return first, slots[-1].slot + 1 - first
