r"""Text made comparable, and patterns for words in it: case, accents, spacing, hyphens at line ends, invisible marks.

Decides which spellings are the same word. It does not decide whether a word names somebody: see `names`.

>>> [found.span() for found in pattern_for("Müller").finditer(fold("Frau MÜL-\nLER's").text)]
[(5, 15)]
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_LETTERS: Final = {
    **dict.fromkeys("øǿ", "o"),
    **dict.fromkeys("đð", "d"),
    **dict.fromkeys("łƚ", "l"),
    **dict.fromkeys("ħ", "h"),
    **dict.fromkeys("ŧ", "t"),
    **dict.fromkeys("ıȷ", "i"),
    **dict.fromkeys("æ", "ae"),
    **dict.fromkeys("œ", "oe"),
    **dict.fromkeys("þ", "th"),
    **dict.fromkeys("ё", "е"),
    **dict.fromkeys("ʻʼ‘’‛′´ʹ＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－⁃", "-"),
    "ς": "σ",
}
#: One letter written as two where a keyboard lacks it. The text has one of them, the name perhaps the other.
_PAIRS: Final = {"ae": "a", "oe": "o", "ue": "u", "aa": "a", "ss": "s"}
#: Scripts that part no words, or write small words together with the next: no edge of a word is asked for.
_UNPARTED: Final = re.compile(
    "[\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_BREAK: Final = r"(?:-[ \t]*\r?\n\s*)?"
_EDGE_BEFORE: Final = r"(?<![^\W_])"
_EDGE_AFTER: Final = r"(?:'?s'?|')?(?![^\W_])"
_BETWEEN: Final = r"[\W_]{0,4}"
_SPACING: Final = r"[ \t._*·-]{1,3}"


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable. `at` says for each of its characters where it stands in the text; None: in place."""

    text: str
    at: tuple[int, ...] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of it stands in the text it was made of."""
        if self.at is None:
            return start, end
        return self.at[start], self.at[end - 1] + 1 if end > start else self.at[start]


def fold(text: str) -> Folded:
    """Return a text in small letters without accents and invisible marks. Line ends stay."""
    made = fold_text(text)
    if text.isascii() or all(len(_FOLDING[ord(one)]) == 1 for one in set(text)):
        return Folded(made)
    at = [index for index, character in enumerate(text) for _ in _FOLDING[ord(character)]]
    return Folded(made, (*at, len(text)))


def fold_text(text: str) -> str:
    """Return the text of what `fold` returns: many times faster where nobody asks for places."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met, and only so many of them kept."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _KEPT:
            self.clear()
        folded = self[code] = _fold_one(chr(code))
        return folded


_KEPT: Final = 1 << 14
_FOLDING: Final = _Folding()


def _fold_one(character: str) -> str:
    plain = _LETTERS.get(character)
    if plain is not None:
        return plain
    parts = []
    for one in unicodedata.normalize("NFKD", character).casefold():
        for part in unicodedata.normalize("NFKD", one):
            if unicodedata.category(part) in {"Mn", "Cf", "Me"}:
                continue
            parts.append(_LETTERS.get(part, " " if part.isspace() and not part.isascii() else part))
    return "".join(parts)


def split_words(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return [one for one in re.split(r"[^\w\u0900-\u0dff]+|_", fold_text(text)) if one]


def word_pattern(word: str) -> str:
    """Return the pattern of one word that `split_words` gave: also broken at a line's end."""
    parts, at = [], 0
    while at < len(word):
        pair = word[at : at + 2]
        if pair in _PAIRS:
            parts.append(f"(?:{pair[0]}{_BREAK}{pair[1]}|{_PAIRS[pair]})")
            at += 2
            continue
        letter = re.escape(word[at])
        parts.append(f"(?:{letter}e?)" if word[at] in _MAY_GROW else letter)
        at += 1
    return (r"\s?" if _UNPARTED.search(word) else _BREAK).join(parts)


#: Set apart by `pattern_for`: letters that had two dots, and may be written with an e instead.
_DOTTED: Final = {"ä": "\ue000", "ö": "\ue001", "ü": "\ue002"}
_MAY_GROW: Final = frozenset(_DOTTED.values())


def _mark(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).lower()
    return "".join(_DOTTED.get(one, one) for one in composed)


def _unmark(pattern: str) -> str:
    for plain, marked in zip("aou", _DOTTED.values(), strict=True):
        pattern = pattern.replace(marked, plain).replace(re.escape(marked), plain)
    return pattern


def sequence_pattern(text: str, *, between: str = _BETWEEN, spaced: bool = True) -> str:
    """Return the pattern of a text's words one after another, for what `fold` makes; empty where it has none."""
    words = [one for one in re.split(r"[^\w\u0900-\u0dff\ue000-\ue002]+|_", fold_text(_mark(text))) if one]
    if not words:
        return ""
    inside = between.join(word_pattern(one) for one in words)
    if spaced and len(words[0]) >= 4 and not _UNPARTED.search(text):
        apart = between.join(_SPACING.join(re.escape(letter) for letter in word) for word in words)
        inside = f"(?:{inside}|{apart})"
    return _unmark(inside if _UNPARTED.search(text) else f"{_EDGE_BEFORE}{inside}{_EDGE_AFTER}")


def pattern_for(text: str) -> re.Pattern[str]:
    """Return the pattern that finds a text, however it is written, in what `fold` makes of another.

    Raises: ValueError for a text without a letter or digit.
    """
    pattern = sequence_pattern(text)
    if not pattern:
        raise ValueError("there is no word to look for")
    return re.compile(pattern)


def squash(folded: str) -> str:
    """Return the letters and digits of a text that was folded, and nothing between them."""
    return _BESIDE.sub("", folded)


def key_for(text: str) -> str:
    """Return letters that stand, squashed, wherever the text stands in any spelling: a quick no for where it does not.

    >>> key_for("Anna Müller"), key_for("Mueller")
    ('anna', 'ller')
    """
    words = [one for one in re.split(r"[^\w\u0900-\u0dff\ue000-\ue002]+|_", fold_text(_mark(text))) if one]
    chunks = [one for word in words for one in _VARYING.split(word)]
    return max((squash(one) for one in chunks), key=len, default="")


_BESIDE: Final = re.compile(r"[\W_]+")
_VARYING: Final = re.compile("|".join((*_PAIRS, *_MAY_GROW)))
