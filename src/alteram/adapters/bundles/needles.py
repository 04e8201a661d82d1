"""The words that must stand nowhere, in every coding in which a file can hold them."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from alteram.core.disclosure.folding import fold_text, key_for, pattern_for, squash

#: Bytes from which on a word is looked for in what is no text: less is found in any picture by chance.
MIN_BYTES: Final = 5
#: Letters from which on a word is looked for backwards, and without what stands between its letters.
_MIN_LETTERS: Final = 6


@dataclass(frozen=True, slots=True)
class Needle:
    """A word, by its number: its letters, and the small-letter bytes of it in every coding."""

    number: int
    text: str
    letters: str
    codes: tuple[bytes, ...]


def make_needles(secrets: Sequence[str]) -> tuple[Needle, ...]:
    """Return what to look for, for words that were cut out; those without a letter are left out."""
    return tuple(
        Needle(number, one, squash(fold_text(one)), tuple(dict.fromkeys(_encode(one))))
        for number, one in enumerate(secrets)
        if squash(fold_text(one))
    )


def find_secrets(text: str, needles: Sequence[Needle]) -> Iterator[int]:
    """Yield the numbers of the words that stand in a text, in any spelling, backwards too."""
    folded = fold_text(text)
    letters = squash(folded)
    for needle in needles:
        long = len(needle.letters) >= _MIN_LETTERS
        joined = long and (needle.letters in letters or needle.letters[::-1] in letters)
        if joined or (key_for(needle.text) in letters and pattern_for(needle.text).search(folded)):
            yield needle.number


def _encode(text: str) -> Iterator[bytes]:
    for said in dict.fromkeys((text, text.lower(), text.upper(), text.title())):
        plain = [said.encode(coding, "ignore") for coding in ("utf-8", "utf-16-be", "utf-16-le", "latin-1")]
        for data in plain:
            if len(data) >= MIN_BYTES:
                yield data.lower()
        for data in plain[:2]:
            if len(data) >= MIN_BYTES:
                yield data.hex().encode()
                yield from (one.lower() for one in _in_base64(data))
        yield "".join(f"\\{one:03o}" for one in plain[0]).encode()


def _in_base64(data: bytes) -> Iterator[bytes]:
    """Yield what of base64 is the same wherever the data begin in what is encoded."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + data)
        first = (0, 2, 3)[before]
        inside = coded[first : len(coded) - (4 if (before + len(data)) % 3 else 0)]
        if len(inside) >= 2 * MIN_BYTES:
            yield inside
