"""Which characters nobody sees, and whether a word that was given stands in the text or the bytes of a redaction.

Spec E5.3 and E5.4. It asks for the letters alone and folds less than `folding` does: another implementation must come
to the same answer. Who makes a redaction looks further (`adapters/bundles/verifying`).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

#: What is seen neither in itself nor by what it does, though Unicode counts it among letters and marks.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
#: From how many letters on a word is looked for within others, and backwards.
_LONG: Final = 6
#: From how many bytes on it is looked for in what is no text.
_MIN_BYTES: Final = 5


def is_unseen(character: str) -> bool:
    """Tell whether nobody sees a character; of spaces, only the plain one is seen. Tab and line feed are not asked."""
    category = unicodedata.category(character)
    return (category[0] in "CZ" and character != " ") or _BLANK.match(character) is not None


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a text, small and without accents, and where its words begin and end among them."""

    text: str
    edges: frozenset[int]

    def hold(self, word: str) -> bool:
        """Tell whether a word stands there: between edges; a long one anywhere, and backwards too."""
        wanted = fold_letters([word]).text
        if len(wanted) >= _LONG:
            return wanted in self.text or wanted[::-1] in self.text
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            if at in self.edges and at + len(wanted) in self.edges:
                return True
            at = self.text.find(wanted, at + 1)
        return False


def fold_letters(parts: Iterable[str]) -> Letters:
    """Return the letters of parts of a text, each part a word of its own, or several."""
    words = [word for part in parts for word in _fold(part).split()]
    return Letters("".join(words), frozenset(accumulate(map(len, words), initial=0)))


def encode_word(word: str) -> tuple[bytes, ...]:
    """Return a word as bytes that `holds_bytes` looks for."""
    coded = (word.lower().encode(one, "replace").lower() for one in ("utf-8", "utf-16-be", "utf-16-le"))
    return tuple(dict.fromkeys(one for one in coded if len(one) >= _MIN_BYTES))


def holds_bytes(data: bytes, codes: Iterable[bytes]) -> bool:
    """Tell whether one of these stands in bytes, in capitals or small letters of ASCII."""
    small = data.lower()
    return any(one in small for one in codes)


def _fold(text: str) -> str:
    """Return the letters and digits of a text, with a space in place of whatever parts words."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(
        character if kind in "LN" else " "
        for character in folded
        if (kind := unicodedata.category(character)[0]) != "M"
    )
