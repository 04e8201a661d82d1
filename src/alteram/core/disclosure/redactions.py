"""What is cut out of a document: boxes on its pages and words in its text, each with a number and a reason.

Decides which places a word stands in, across line ends, hyphens and pages. It draws nothing and reads no file:
`adapters/bundles` makes the redaction and checks it.

>>> words = [PageWord("Frau", 0, 0, Box(0, 0, 90, 20)), PageWord("Mül-", 0, 0, Box(100, 0, 190, 20)),
...          PageWord("ler", 0, 1, Box(0, 30, 40, 50))]
>>> [place.box for place in find_places(words, "Müller")]
[Box(left=100, top=0, right=190, bottom=20), Box(left=0, top=30, right=40, bottom=50)]
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from alteram.core.disclosure.folding import fold, pattern_for, split_words
from alteram.core.disclosure.likeness import Likeness
from alteram.core.disclosure.redacted_words import is_unseen
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import phrase

#: Boxes are told in ten-thousandths of a page's width and height, from its top left corner, as its reader sees it.
WHOLE: Final = 10_000
MAX_CUTS: Final = 2_000
MAX_WORDS: Final = 200
#: The shortest word that may be searched for: a single letter would black out the document.
MIN_LETTERS: Final = 2
#: How much of a word a drawn box may cover without the whole word being cut out.
HALF_SEEN: Final = 0.25
#: How near boxes of one cut in one line are joined, in ten-thousandths of the page's width.
NEAR: Final = 120
#: What stands in a text in place of what was cut out: always as long, so that it does not say how much.
MASK: Final = "█████"
#: What stands between a redacted text and the list of its cuts.
LISTED: Final = "\n\nWhat was cut out:\n"


class RedactionError(AlteramError):
    """A redaction cannot be made from this."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in ten-thousandths of its width and height."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page, counted from 0."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word as it stands on a page: in which line of it, and where."""

    text: str
    page: int
    line: int
    box: Box


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks to be cut out for one reason: places that were drawn, words that are looked for."""

    reason: str
    places: tuple[Place, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """What is cut out: its number stands on each of its boxes and in the list of cuts."""

    number: int
    reason: str
    places: tuple[Place, ...]
    words: tuple[str, ...] = ()


def find_places(words: Sequence[PageWord], wanted: str) -> list[Place]:
    """Return the boxes of every word of which `wanted`, in any spelling, is a part. `words` are in reading order.

    Raises: RedactionError for what is no word.
    """
    return _Reading(words).find(wanted)


class _Reading:
    """Words in reading order, joined and told apart by page once, however often they are searched."""

    def __init__(self, words: Sequence[PageWord]) -> None:
        text, self._starts = _join(words)
        self._words, self._folded = words, fold(text)
        self._by_page: dict[int, list[PageWord]] = {}
        for word in words:
            self._by_page.setdefault(word.page, []).append(word)

    def find(self, wanted: str) -> list[Place]:
        """Return the boxes of every word of which `wanted` is a part. Raises: RedactionError."""
        found: dict[Place, None] = {}
        for match in _pattern(wanted).finditer(self._folded.text):
            start, end = self._folded.place(*match.span())
            for index in range(bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1)):
                found[Place(self._words[index].page, self._words[index].box)] = None
        return list(found)

    def cover_whole(self, places: Sequence[Place]) -> list[Place]:
        """Return drawn places with the boxes of all words that they cover to a good part: no half of one is left."""
        touched = [
            Place(word.page, word.box)
            for page in sorted({place.page for place in places})
            for word in self._by_page.get(page, ())
            if any(place.page == page and _share(place.box, word.box) > HALF_SEEN for place in places)
        ]
        return list(dict.fromkeys((*places, *touched)))


def join_boxes(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes in order, those of one line that overlap or nearly touch as one."""
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda one: (one.top, one.left)):
        made = box
        while (other := next((one for one in joined if _touch(one, made)), None)) is not None:
            joined.remove(other)
            made = _around(other, made)
        joined.append(made)
    return sorted(joined, key=lambda one: (one.top, one.left))


def _touch(first: Box, second: Box) -> bool:
    high = min(first.bottom, second.bottom) - max(first.top, second.top)
    apart = max(first.left, second.left) - min(first.right, second.right)
    return 2 * high >= min(first.bottom - first.top, second.bottom - second.top) and apart <= NEAR


def _around(first: Box, second: Box) -> Box:
    left, top = min(first.left, second.left), min(first.top, second.top)
    return Box(left, top, max(first.right, second.right), max(first.bottom, second.bottom))


def _share(box: Box, word: Box) -> float:
    """Return how much of a word a box covers, from 0 to 1."""
    across = min(box.right, word.right) - max(box.left, word.left)
    down = min(box.bottom, word.bottom) - max(box.top, word.top)
    return max(0, across) * max(0, down) / ((word.right - word.left) * (word.bottom - word.top))


def find_doubtful(words: Sequence[PageWord], wanted: Iterable[str]) -> list[PageWord]:
    """Return words that are nearly one that is looked for: what recognising print may have mixed up."""
    like = Likeness({one for text in wanted for one in split_words(text)})
    return [word for word in words if any(like.find(one) for one in split_words(word.text))]


def find_doubtful_words(text: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a text, each once, that are nearly one that is looked for: such as one misspelt."""
    like = Likeness({one for said in wanted for one in split_words(said)})
    found = (word for word in text.split() if any(like.find(one) for one in split_words(word)))
    return tuple(dict.fromkeys(found))


def find_missing(text: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the words that are looked for and stand nowhere in a text. Raises: RedactionError for what is no word."""
    folded = fold(text)
    return tuple(word for word in wanted if _pattern(word).search(folded.text) is None)


def number_cuts(asked: Sequence[Asked], words: Sequence[PageWord]) -> tuple[Cut, ...]:
    """Return the cuts, numbered from 1 in the order they were asked for, with every place found for their words.

    Raises: RedactionError without a reason, for a box that is none, for what is no word, or over a limit.
    """
    if not 1 <= len(asked) <= MAX_CUTS:
        raise RedactionError(
            phrase("Nothing, or too much, is to be cut out."), remedy=phrase("Ask for 1 to {most} cuts.", most=MAX_CUTS)
        )
    reading = _Reading(words)
    return tuple(_number(number, one, reading) for number, one in enumerate(asked, 1))


def redact_text(text: str, asked: Sequence[Asked]) -> str:
    """Return a text with the words that are looked for cut out, and the list of cuts below it.

    Raises: RedactionError as `number_cuts` does.
    """
    folded = fold(text)
    spans: list[tuple[int, int, int]] = []
    for cut in number_cuts(asked, ()):
        for word in cut.words:
            matches = _pattern(word).finditer(folded.text)
            spans.extend((*folded.place(*match.span()), cut.number) for match in matches)
    made, at = [], 0
    for start, end, number in _merge(spans):
        made.append(f"{_show(text[at:start])}{MASK}[{number}]")
        at = end
    listed = "".join(f"[{cut.number}] {_show(' '.join(cut.reason.split()))}\n" for cut in number_cuts(asked, ()))
    return f"{''.join(made)}{_show(text[at:]).rstrip()}{LISTED}{listed}"


def _show(text: str) -> str:
    """Return a text with what nobody sees, and what would look like a mask, told by its number."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    hidden = {one for one in lines if one in MASK or (one not in "\n\t" and is_unseen(one))}
    return lines.translate({ord(one): f"[U+{ord(one):04X}]" for one in hidden})


def _number(number: int, asked: Asked, reading: _Reading) -> Cut:
    if not asked.reason.strip():
        raise RedactionError(
            phrase("Something is cut out without a reason."), remedy=phrase("Say why, with the rule that allows it.")
        )
    if len(asked.words) > MAX_WORDS:
        raise RedactionError(
            phrase("A cut looks for at most {most} words.", most=MAX_WORDS), remedy=phrase("Make two cuts of it.")
        )
    for place in asked.places:
        box = place.box
        if place.page < 0 or not (0 <= box.left < box.right <= WHOLE and 0 <= box.top < box.bottom <= WHOLE):
            raise RedactionError(phrase("A box to be cut out is not on its page."), remedy=phrase("Draw it again."))
    found = [place for word in asked.words for place in reading.find(word)]
    drawn = reading.cover_whole(asked.places)
    return Cut(number, asked.reason, tuple(dict.fromkeys((*drawn, *found))), asked.words)


def _pattern(wanted: str) -> re.Pattern[str]:
    if sum(map(len, split_words(wanted))) < MIN_LETTERS and wanted.isascii():
        raise RedactionError(
            phrase("What is looked for is too short."),
            remedy=phrase("Give at least {least} letters.", least=MIN_LETTERS),
        )
    try:
        return pattern_for(wanted)
    except ValueError as error:
        raise RedactionError(
            phrase("What is looked for has no letter in it."), remedy=phrase("Draw a box instead.")
        ) from error


def _join(words: Sequence[PageWord]) -> tuple[str, list[int]]:
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        same = following is not None and (following.page, following.line) == (word.page, word.line)
        part = word.text + (" " if same else "\n")
        starts.append(at)
        parts.append(part)
        at += len(part)
    return "".join(parts), starts


def _merge(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return spans in order, those that touch as one under the number of the first."""
    merged: list[tuple[int, int, int]] = []
    for start, end, number in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1]), merged[-1][2]
        else:
            merged.append((start, end, number))
    return merged
