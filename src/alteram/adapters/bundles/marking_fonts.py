"""How wide the glyphs of a PDF's font are and which of them are spaces: enough to know where words stand.

Knows simple fonts with /Widths, Helvetica, Times and Courier without, and composite fonts with Identity-H. Of any
other nothing is known, and words in it carry no mark.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Stream

#: Widths of the standard fonts from 32 to 126, as Adobe publishes them. Courier is 600 throughout.
_STANDARD: Final = {
    name: tuple(int(one) for one in widths.split())
    for name, widths in {
        "/Helvetica": (
            "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 "
            "556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 "
            "778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 "
            "556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 "
        ),
        "/Helvetica-Bold": (
            "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 "
            "556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 "
            "667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 "
            "611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584 "
        ),
        "/Times-Roman": (
            "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 "
            "500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 "
            "556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 "
            "500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541 "
        ),
        "/Times-Bold": (
            "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 "
            "500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 944 722 "
            "778 611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 556 444 556 444 "
            "333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722 500 500 444 394 220 394 "
            "520 "
        ),
        "/Times-Italic": (
            "250 333 420 500 500 833 778 214 333 333 500 675 250 333 250 278 500 500 500 500 500 500 500 500 "
            "500 500 333 333 675 675 675 500 920 611 611 667 722 611 611 722 722 333 444 667 556 833 667 722 "
            "611 722 611 500 556 722 611 833 611 556 556 389 278 389 422 500 333 500 500 444 500 444 278 500 "
            "500 278 278 444 278 722 500 500 500 500 389 389 278 500 444 667 444 444 389 400 275 400 541 "
        ),
        "/Times-BoldItalic": (
            "250 389 555 500 500 833 778 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 500 "
            "500 500 333 333 570 570 570 500 832 667 667 667 722 667 667 722 778 389 500 667 611 889 722 722 "
            "611 722 667 556 611 722 667 889 667 611 611 333 278 333 570 500 333 500 500 444 500 444 333 500 "
            "556 278 278 500 278 778 556 500 500 500 389 389 278 556 444 667 500 444 389 348 220 348 570 "
        ),
    }.items()
}
_SAME: Final = {"/Helvetica-Oblique": "/Helvetica", "/Helvetica-BoldOblique": "/Helvetica-Bold"}
#: What a letter beyond these is taken to be as wide as.
_USUAL: Final = 556.0
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
    unit = float(font.FontMatrix[0]) * 1000 if font.get("/Subtype") == Name.Type3 else 1.0
    spaces = _find_spaces(font) or frozenset({32})
    if isinstance(given := font.get("/Widths"), Array):
        first, widths = int(font.get("/FirstChar", 0)), [unit * float(one) for one in given]
        missing = float(font.get("/FontDescriptor", Dictionary()).get("/MissingWidth", 0))
        return Font(1, lambda code: widths[code - first] if 0 <= code - first < len(widths) else missing, spaces)
    name = str(font.get("/BaseFont", ""))
    if name.startswith("/Courier"):
        return Font(1, lambda _: 600.0, spaces)
    if (known := _STANDARD.get(_SAME.get(name, name))) is not None:
        return Font(1, lambda code: float(known[code - 32]) if 32 <= code < 127 else _USUAL, spaces)
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
