"""Sentences that stand word for word in two sources: they count as one source, however many print them.

Words are compared without case, punctuation and spacing, and with one kind of quotation mark. It finds copies, not
paraphrases; the same quotation in other words is tied by a person.

>>> copies = find_shared({"a": "It was decided on Monday, he said. More.", "b": "“It was decided on monday” he said!"})
>>> [(one.words, sorted(one.places)) for one in copies]
[('it was decided on monday he said', ['a', 'b'])]
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

#: Shorter sentences stand in two texts by chance.
LEAST_WORDS: Final = 5
# It begins where a run of marks does and gives nothing back: a text of nothing but dots is read once.
_END = re.compile(r"(?<![.!?…。！？])[.!?…。！？]++[\"'”’»)\]]*+\s+|\n\s*\n|\f")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in a text, in characters: from `first` to `until`, half-open."""

    first: int
    until: int

    def touches(self, other: "Span") -> bool:
        """Return whether the two have a character in common."""
        return self.first < other.until and other.first < self.until


@dataclass(frozen=True, slots=True)
class Shared:
    """A sentence in more than one source, as its words, and where it stands in each."""

    words: str
    places: Mapping[str, Span]


def find_shared(texts: Mapping[str, str]) -> tuple[Shared, ...]:
    """Return the sentences that stand in more than one of `texts`, by source, in the order of the first of them."""
    found: dict[str, dict[str, Span]] = {}
    for source, text in texts.items():
        for span in split_sentences(text):
            words = spell(text[span.first : span.until])
            if words.count(" ") >= LEAST_WORDS - 1:
                found.setdefault(words, {}).setdefault(source, span)
    return tuple(Shared(words, places) for words, places in found.items() if len(places) > 1)


def split_sentences(text: str) -> Iterator[Span]:
    """Yield where each sentence stands, without the space around it."""
    at = 0
    for end in _END.finditer(text):
        yield from _trim(text, at, end.end())
        at = end.end()
    yield from _trim(text, at, len(text))


def spell(text: str) -> str:
    """Return the words of a text in their one spelling, with a space between each."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(_WORD.findall(plain))


def _trim(text: str, first: int, until: int) -> Iterator[Span]:
    whole = text[first:until]
    left, right = len(whole) - len(whole.lstrip()), len(whole.rstrip())
    if right > left:
        yield Span(first + left, first + right)
