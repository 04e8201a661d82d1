"""In a worker: binds pictures of pages (PNG), as they were lodged, into a PDF that holds nothing else; counts pages.

Their pixels are kept without loss. A picture that cannot be read becomes an empty page, and is told of.
"""

import os
import zlib
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, UnidentifiedImageError

#: The longer side of a page, in points: that of A4.
_LONG: Final = 842.0
_MOST_PIXELS: Final = 60_000_000


def bind_pages(job: dict[str, Any]) -> dict[str, Any]:
    """Write a PDF of the open files `pages` into the open `out`; return which pages could not be read."""
    out, broken = pikepdf.new(), []
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    for number, source in enumerate(job["pages"]):
        with os.fdopen(source, "rb", closefd=False) as file:
            try:
                with Image.open(file, formats=["PNG"]) as picture:
                    _add(out, picture)
            except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
                broken.append(number)
                out.add_blank_page(page_size=(595, _LONG))
    with os.fdopen(job["out"], "wb", closefd=False) as target:
        out.save(target, deterministic_id=True)
    return {"pages": len(job["pages"]), "broken": broken}


def count_pages(job: dict[str, Any]) -> dict[str, Any]:
    """Return how many pages the open PDF `source` has; none where it cannot be read."""
    with os.fdopen(job["source"], "rb", closefd=False) as file:
        try:
            with pikepdf.open(file) as pdf:
                return {"pages": len(pdf.pages)}
        except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError):
            return {"pages": 0}


def _add(out: pikepdf.Pdf, picture: Image.Image) -> None:
    grey = picture.mode in {"1", "L", "I", "I;16"}
    pixels = picture.convert("L" if grey else "RGB")
    image = Stream(out, zlib.compress(pixels.tobytes(), 6))
    image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.FlateDecode
    image.Width, image.Height, image.BitsPerComponent = pixels.width, pixels.height, 8
    image.ColorSpace = Name.DeviceGray if grey else Name.DeviceRGB
    scale = _LONG / max(pixels.size)
    wide, high = round(pixels.width * scale, 2), round(pixels.height * scale, 2)
    leaf = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, wide, high]),
        Resources=Dictionary(XObject=Dictionary(P=out.make_indirect(image))),
        Contents=out.make_stream(b"q %.2f 0 0 %.2f 0 0 cm /P Do Q\n" % (wide, high)),
    )
    out.pages.append(pikepdf.Page(out.make_indirect(leaf)))
