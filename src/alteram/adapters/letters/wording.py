"""Texts as a letter can carry them: nothing is dropped unseen, and nothing a writer typed can upset the page.

What no font here has is told by its number, so that two letters never look alike and say different things.
"""

import re
from collections.abc import Callable
from typing import Final

from alteram.core.kernel.canonical import Json

#: Longer runs without a space get places where a line may break.
LONGEST_WORD: Final = 36
_ZERO_WIDTH_SPACE: Final = "\u200b"
_LONG: Final = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
#: Control characters, and marks that turn the direction of what follows: they could show another text than is there.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]|[\ud800-\udfff]"
)
_MISSING: Final = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE: Final = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


def prepare(value: Json, missing: frozenset[str] = frozenset()) -> Json:
    """Return data with every text in it fit to print; `missing` are characters that no font has."""
    return _change(value, lambda text: _LONG.sub(_open_up, _spell(text, missing)))


def find_missing(diagnostic: str) -> frozenset[str]:
    """Return the characters that typst says no font has."""
    found: set[str] = set()
    for text in _MISSING.findall(diagnostic):
        found.update(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))
    return frozenset(one for one in found if ord(one) > 0x7E)


def find_beyond(value: Json, last: int) -> frozenset[str]:
    """Return the characters in data that come after the code point `last`."""
    found: set[str] = set()

    def take(text: str) -> str:
        found.update(one for one in text if ord(one) > last)
        return text

    _change(value, take)
    return frozenset(found)


def _spell(text: str, missing: frozenset[str]) -> str:
    text = _UNSEEN.sub(lambda match: _number(match[0]), text.replace("\r\n", "\n").replace("\t", "    "))
    return "".join(_number(one) if one in missing else one for one in text) if missing else text


def _number(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def _open_up(match: re.Match[str]) -> str:
    word = match[0]
    return _ZERO_WIDTH_SPACE.join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))


def _change(value: Json, change: Callable[[str], str]) -> Json:
    match value:
        case str():
            return change(value)
        case list() | tuple():
            return [_change(one, change) for one in value]
        case dict():
            return {name: _change(one, change) for name, one in value.items()}
        case _:
            return value
