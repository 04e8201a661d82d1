"""In a worker: binds pictures of pages into a PDF that holds nothing else but their text as it was recognised.

The file is of one shape, which `adapters/bundles/shape.py` knows: what is not of it is refused.
"""

import io
import os
from pathlib import Path
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image

#: The text is written with a font that has no glyphs: it is never drawn (text rendering mode 3).
FONT_NAME: Final = "Recognised"
#: How a redaction is written.
SAVED: Final[dict[str, Any]] = {"deterministic_id": True, "object_stream_mode": pikepdf.ObjectStreamMode.disable}
_TO_UNICODE: Final = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Recognised def /CMapType 2 def "
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange "
    b"endcmap CMapName currentdict /CMap defineresource pop end end"
)


def bind(job: dict[str, Any]) -> dict[str, Any]:
    """Write a PDF of the pictures `pages` (JPEG), each with its size in points and its words, into the open `out`."""
    out = pikepdf.new()
    font = make_font(out)
    for page in job["pages"]:
        wide, high = page["points"]
        with Image.open(page["picture"]) as picture:
            size, mode = picture.size, picture.mode
        image = Stream(out, Path(page["picture"]).read_bytes())
        image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.DCTDecode
        image.Width, image.Height, image.BitsPerComponent = size[0], size[1], 8
        image.ColorSpace = Name.DeviceGray if mode == "L" else Name.DeviceRGB
        content = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q\n" % (wide, high) + _write_words(page["words"], wide, high)
        leaf = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(wide, 2), round(high, 2)]),
            Resources=Dictionary(XObject=Dictionary(P=out.make_indirect(image)), Font=Dictionary(T=font)),
            Contents=out.make_stream(content),
        )
        out.pages.append(pikepdf.Page(out.make_indirect(leaf)))
    if "/Info" in out.trailer:
        del out.trailer["/Info"]
    first = io.BytesIO()
    out.save(first, **SAVED)
    # Written twice: what is written again, and anew, is then the same bytes, by which the shape is checked.
    with os.fdopen(job["out"], "wb", closefd=False) as file, Pdf.open(first) as again:
        again.save(file, **SAVED)
    return {"pages": len(job["pages"])}


def make_font(out: Pdf) -> Object:
    """Return the font that words are written with, unseen."""
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{FONT_NAME}"),
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        DW=500,
        FontDescriptor=Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{FONT_NAME}"),
            Flags=4,
            FontBBox=Array([0, -200, 500, 800]),
            ItalicAngle=0,
            Ascent=800,
            Descent=-200,
            CapHeight=700,
            StemV=80,
        ),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name(f"/{FONT_NAME}"),
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([descendant]),
        ToUnicode=out.make_stream(_TO_UNICODE),
    )
    return out.make_indirect(font)


def _write_words(words: list[list[Any]], wide: float, high: float) -> bytes:
    """Return what writes words, unseen, where they stand: each [text, left, top, right, bottom] in ten-thousandths."""
    written = []
    for text, left, top, right, bottom in words:
        codes = "".join(f"{ord(one):04X}" if ord(one) < 0x10000 else "FFFD" for one in text) + "0020"
        size = max(1.0, (bottom - top) / 10_000 * high * 0.8)
        across = max(1.0, (right - left) / 10_000 * wide)
        stretch = 100 * across / (len(text) * 0.5 * size)
        x, y = left / 10_000 * wide, high - bottom / 10_000 * high
        written.append(f"{size:.1f} {stretch:.1f} {x:.1f} {y:.1f} {codes}")
    parts = [one.split() for one in written]
    return b"".join(
        b"BT 3 Tr /T %s Tf %s Tz %s %s Td <%s> Tj ET\n" % tuple(part.encode() for part in one) for one in parts
    )
