"""Whether a word is nearly another: by what recognising print mixes up, by a slip of a letter or two, by an ending.

Compares words that `folding` made, one at a time, in time that does not grow with how many they are compared with.

>>> like = Likeness({"miller"})
>>> [bool(like.find(word)) for word in ("rniller", "mi11er", "milier", "miler", "millers", "killers")]
[True, True, True, True, True, False]
"""

from collections.abc import Collection, Iterator
from typing import Final

#: The shortest word of which one letter may differ, and of which two may.
ONE_SLIP: Final = 5
TWO_SLIPS: Final = 9
#: The longest of which any may: there are as many ways to leave two letters out as pairs of letters.
LONGEST: Final = 40
_LONGEST_ENDING: Final = 3
_SHORTEST: Final = 4
#: What looks alike in print, in order: each becomes the first of its kind.
_LOOKS: Final = (
    *(("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"), ("li", "h")),
    *(("1", "l"), ("i", "l"), ("|", "l"), ("!", "l"), ("j", "l"), ("0", "o"), ("5", "s"), ("8", "b"), ("6", "g")),
    *(("9", "g"), ("2", "z"), ("c", "e"), ("q", "g")),
)


class Likeness:
    """Compares words with some words. Words shorter than five letters are like nothing but their own looks."""

    def __init__(self, words: Collection[str]) -> None:
        """Keep the words with every form of them that lacks a letter or two."""
        self._words = frozenset(words)
        self._looks: dict[str, set[str]] = {}
        self._lacking: dict[str, set[str]] = {}
        for one in words:
            if len(one) >= _SHORTEST:
                self._looks.setdefault(_look(one), set()).add(one)
            for lacking in _lack(one, _slips(one)):
                self._lacking.setdefault(lacking, set()).add(one)
        self._known: dict[str, frozenset[str]] = {}

    def find(self, word: str) -> frozenset[str]:
        """Return those of them that a word is nearly, and is not."""
        if (known := self._known.get(word)) is None:
            known = self._known[word] = frozenset(self._compare(word)) - {word}
        return known

    def _compare(self, word: str) -> Iterator[str]:
        if len(word) < _SHORTEST:
            return
        yield from self._looks.get(_look(word), ())
        for cut in range(1, _LONGEST_ENDING + 1):
            if len(word) - cut >= ONE_SLIP and word[:-cut] in self._words:
                yield word[:-cut]
        if len(word) > LONGEST + 2:
            return
        for lacking in _lack(word, 2 if len(word) >= TWO_SLIPS - 2 else 1):
            for one in self._lacking.get(lacking, ()):
                if _distance(word, one) <= _slips(one):
                    yield one


def _slips(word: str) -> int:
    if not ONE_SLIP <= len(word) <= LONGEST:
        return 0
    return 1 if len(word) < TWO_SLIPS else 2


def _look(word: str) -> str:
    for seen, said in _LOOKS:
        word = word.replace(seen, said)
    return word


def _lack(word: str, letters: int) -> Iterator[str]:
    """Yield a word without none, one … `letters` of its letters."""
    yield word
    if letters:
        for at in range(len(word)):
            yield from _lack(word[:at] + word[at + 1 :], letters - 1)


def _distance(first: str, second: str) -> int:
    """Return how many letters must be put in, left out, changed or swapped with the next to make one of the other."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        older, before, row = before, row, [at]
        for other_at, other in enumerate(second, 1):
            cost = min(before[other_at] + 1, row[-1] + 1, before[other_at - 1] + (letter != other))
            if older and other_at > 1 and letter == second[other_at - 2] and first[at - 2] == other:
                cost = min(cost, older[other_at - 2] + 1)
            row.append(cost)
    return row[-1]
