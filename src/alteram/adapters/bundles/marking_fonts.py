"""How wide the glyphs of a PDF's font are and which of them are spaces: enough to know where words stand.

Knows simple fonts with /Widths, Helvetica and Courier without, and composite fonts with Identity-H. Of any other
nothing is known, and words in it carry no mark.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Stream

#: Widths of Helvetica from 32 to 126, as Adobe publishes them.
_HELVETICA: Final = tuple(
    int(one)
    for one in re.findall(
        r"\d+",
        "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 "
        "556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 "
        "667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 "
        "556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 ",
    )
)
_SPACES: Final = {0x20, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000}
_HEX: Final = rb"<\s*([0-9A-Fa-f\s]*)>\s*"
_CHARS: Final = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES: Final = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_MOST_MAP: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a string: its bytes, its advance in thousandths of the size, whether it is a space."""

    code: bytes
    width: float
    space: bool


@dataclass(frozen=True, slots=True)
class Font:
    """Reads strings of one font."""

    step: int
    width: Callable[[int], float]
    spaces: frozenset[int]

    def read(self, data: bytes) -> Iterator[Glyph]:
        """Yield the glyphs of a string."""
        for at in range(0, len(data), self.step):
            code = data[at : at + self.step]
            number = int.from_bytes(code, "big")
            yield Glyph(code, self.width(number), number in self.spaces)


def find_font(font: Object) -> Font | None:
    """Return how to read a font's strings; None where that is not known."""
    try:
        return _find_composite(font) if font.get("/Subtype") == Name.Type0 else _find_simple(font)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None  # sources are as they were lodged: what is malformed carries no mark


def _find_simple(font: Object) -> Font | None:
    if font.get("/Subtype") == Name.Type3:
        return None
    spaces = _find_spaces(font) or frozenset({32})
    if isinstance(given := font.get("/Widths"), Array):
        first, widths = int(font.get("/FirstChar", 0)), [float(one) for one in given]
        missing = float(font.get("/FontDescriptor", Dictionary()).get("/MissingWidth", 0))
        return Font(1, lambda code: widths[code - first] if 0 <= code - first < len(widths) else missing, spaces)
    name = str(font.get("/BaseFont", ""))
    if name.startswith("/Courier"):
        return Font(1, lambda _: 600.0, spaces)
    if name in {"/Helvetica", "/Helvetica-Oblique"}:
        return Font(1, lambda code: float(_HELVETICA[code - 32]) if 32 <= code < 127 else 556.0, spaces)
    return None


def _find_composite(font: Object) -> Font | None:
    if font.get("/Encoding") != Name("/Identity-H"):
        return None
    inner = font["/DescendantFonts"][0]
    usual, widths = float(inner.get("/DW", 1000)), dict(_read_widths(inner.get("/W", Array())))
    return Font(2, lambda code: widths.get(code, usual), _find_spaces(font))


def _read_widths(given: Object) -> Iterator[tuple[int, float]]:
    items = list(given)
    at = 0
    while at + 1 < len(items):
        first = int(items[at])
        if isinstance(items[at + 1], Array):
            yield from ((first + place, float(one)) for place, one in enumerate(items[at + 1]))
            at += 2
        else:
            last = min(int(items[at + 1]), 0xFFFF)
            yield from ((code, float(items[at + 2])) for code in range(first, last + 1))
            at += 3


def _find_spaces(font: Object) -> frozenset[int]:
    """Return the codes that the font's ToUnicode says are spaces."""
    stream = font.get("/ToUnicode")
    if not isinstance(stream, Stream):
        return frozenset()
    text = stream.read_bytes()[:_MOST_MAP]
    found = {
        _number(code)
        for part in _CHARS.findall(text)
        for code, said in re.findall(_HEX + _HEX, part)
        if _number(said) in _SPACES
    }
    for part in _RANGES.findall(text):
        for low, high, said in re.findall(_HEX + _HEX + _HEX, part):
            first, start = _number(low), _number(said)
            found |= {first + one - start for one in _SPACES if 0 <= one - start <= _number(high) - first}
    return frozenset(found)


def _number(text: bytes) -> int:
    return int(b"".join(text.split()) or b"0", 16)
