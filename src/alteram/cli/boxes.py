"""Boxes as they are written on the command line."""

from typing import Final

from alteram.core.kernel.errors import MalformedError

_PARTS: Final = 5
#: No number of a box has more digits.
_DIGITS: Final = 6


def parse_box(text: str, *, like: str) -> tuple[int, int, int, int, int]:
    """Return the five numbers of a box, which nobody has looked at; `like` is how one is written.

    Raises: MalformedError.
    """
    parts = text.split(":")
    if len(parts) != _PARTS or not all(one.isascii() and one.isdecimal() and len(one) <= _DIGITS for one in parts):
        raise MalformedError(f"{text} is no box.", remedy=f"Write {like}.")
    first, second, third, fourth, fifth = map(int, parts)
    return first, second, third, fourth, fifth
