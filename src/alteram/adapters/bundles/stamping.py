"""In a worker: stamps page numbers into content streams, with the glyphs of a page that typst printed for that."""

import re
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Pdf

_SIZE: Final = 12.0
_SMALL: Final = 8.5
_SIDE: Final = 22.0
_BASE: Final = 12.0
_WIDTH: Final = 595.276
_CHARACTERS: Final = re.compile(rb"<([0-9A-F]{4})>\s*<([0-9A-F]+)>")
_BLOCKS: Final = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_MAX_TOLD: Final = 60


class Stamps:
    """Writes short texts with fonts that are embedded once in the bundle."""

    def __init__(self, out: Pdf, sheet: Pdf) -> None:
        """Take the fonts of a sheet on which every character that will be stamped is printed."""
        found: dict[str, tuple[str, str, float]] = {}
        fonts = Dictionary()
        for name, font in sheet.pages[0].Resources.Font.items():
            own = f"/S{name[1:]}"
            fonts[own] = out.copy_foreign(font)
            widths = _read_widths(font.DescendantFonts[0])
            for block in _BLOCKS.findall(font.ToUnicode.read_bytes()):
                for code, text in _CHARACTERS.findall(block):
                    character = bytes.fromhex(text.decode()).decode("utf-16-be")
                    found.setdefault(character, (own, code.decode(), widths.get(int(code, 16), 500.0)))
        self._glyphs = found
        #: Shared by all pages.
        self.fonts = out.make_indirect(fonts)

    def draw(self, shown: str, told: str, across: float) -> bytes:
        """Return what draws the number at the right of the foot of a page, and what it is a page of at the left."""
        right = across - _SIDE - self._measure(shown, _SIZE)
        said = told if len(told) <= _MAX_TOLD else f"{told[: _MAX_TOLD - 1]}."
        return b"q 0 g " + self._write(said, _SMALL, _SIDE) + self._write(shown, _SIZE, right) + b"Q\n"

    def stamp_sheet(self, page: Object, shown: str, told: str) -> None:
        """Stamp a page of our own, whose drawing is sound."""
        pdf_fonts = page.Resources.get(Name.Font, Dictionary())
        page.Resources.Font = Dictionary({**dict(pdf_fonts.items()), **dict(self.fonts.items())})
        before = page.Contents.read_bytes()
        page.Contents.write(b"q\n" + before + b"\nQ\n" + self.draw(shown, told, _WIDTH))

    def _write(self, text: str, size: float, left: float) -> bytes:
        drawn, font, codes = b"", "", ""
        for character in [*text, ""]:
            glyph = self._glyphs.get(character)
            if (not character or (glyph and glyph[0] != font)) and codes:
                drawn += f"BT {font} {size} Tf {left:.2f} {_BASE} Td <{codes}> Tj ET ".encode()
                left += self._measure_codes(codes, font, size)
                codes = ""
            if glyph:
                font, codes = glyph[0], codes + glyph[1]
        return drawn

    def _measure(self, text: str, size: float) -> float:
        return sum(self._glyphs[one][2] for one in text if one in self._glyphs) * size / 1000

    def _measure_codes(self, codes: str, font: str, size: float) -> float:
        widths = {glyph[1]: glyph[2] for glyph in self._glyphs.values() if glyph[0] == font}
        return sum(widths[codes[at : at + 4]] for at in range(0, len(codes), 4)) * size / 1000


def _read_widths(font: Object) -> dict[int, float]:
    """Return the widths of a font's glyphs, out of its list `W`: `first [w …]` and `first last w`."""
    given = list(font.get(Name.W, Array()))
    widths: dict[int, float] = {}
    at = 0
    while at < len(given):
        first, second = int(given[at]), given[at + 1]
        if isinstance(second, (Array, list)):
            widths.update((first + index, float(one)) for index, one in enumerate(second))
            at += 2
        else:
            widths.update((one, float(given[at + 2])) for one in range(first, int(second) + 1))
            at += 3
    return widths
