"""In a worker: turns pages of a PDF, or a picture, into plain pictures, and tells where its words stand.

What is drawn is drawn as a reader sees it: turned, with what lies on the pages. Nothing in the file is run.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pypdfium2
from PIL import Image, ImageOps
from pypdfium2 import raw

from alteram.core.kernel.phrases import phrase

#: The largest picture of a page, in pixels, and the longest side: a page said to be a mile wide is drawn smaller.
MAX_PIXELS: Final = 60_000_000
_WHOLE: Final = 10_000


def render(job: dict[str, Any]) -> dict[str, Any]:
    """Draw pages of the open file `source` into `folder` as PNG, without metadata; return what is on them."""
    if job["media"] == "application/pdf":
        return _render_pdf(job)
    return _render_picture(job)


def _render_pdf(job: dict[str, Any]) -> dict[str, Any]:
    with os.fdopen(job["source"], "rb", closefd=False) as file:
        file.seek(0)
        try:
            pdf = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            return {"error": phrase("The document cannot be opened."), "remedy": phrase("Is it encrypted or damaged?")}
        with suppress(pypdfium2.PdfiumError):
            pdf.init_forms()
        count = len(pdf)
        if count > job["max_pages"]:
            return {"error": phrase("The document has too many pages."), "remedy": phrase("Take parts of it.")}
        pages = []
        for index in range(job["first"], min(count, job["until"])):
            page = pdf[index]
            wide, high = page.get_size()
            scale = min(job["dpi"] / 72, (MAX_PIXELS / max(1.0, wide * high)) ** 0.5)
            bitmap = page.render(scale=scale, may_draw_forms=True)
            picture = bitmap.to_pil().convert("RGB")
            picture.save(Path(job["folder"], f"{index}.png"), compress_level=1)
            words = list(_read_words(page, index)) if job["words"] else []
            pages.append({"page": index, "size": picture.size, "points": [wide, high], "words": words})
            page.close()
        return {"count": count, "pages": pages}


def _render_picture(job: dict[str, Any]) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with os.fdopen(job["source"], "rb", closefd=False) as file:
        file.seek(0)
        try:
            with Image.open(file) as opened:
                picture = _lay_on_white(ImageOps.exif_transpose(opened))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return {"error": phrase("The picture cannot be opened."), "remedy": phrase("Is it damaged?")}
    # Into a new picture: what the file says beside its pixels stays behind.
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    bare.save(Path(job["folder"], "0.png"), compress_level=1)
    points = [one * 72 / job["dpi"] for one in bare.size]
    return {"count": 1, "pages": [{"page": 0, "size": bare.size, "points": points, "words": []}]}


def _lay_on_white(picture: Image.Image) -> Image.Image:
    """Return a picture as it is seen on paper: what is transparent in it may have colours that nobody was shown."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer, paper = picture.convert("RGBA"), Image.new("RGB", picture.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _read_words(page: Any, index: int) -> Iterator[list[Any]]:
    """Yield the words of a page's text, each as [text, page, line, left, top, right, bottom]."""
    text = page.get_textpage()
    count = text.count_chars()
    letters: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    line = 0
    for at in range(count + 1):
        character = chr(raw.FPDFText_GetUnicode(text.raw, at) % 0x110000) if at < count else " "
        # pdfium marks a hyphen at the end of a line by U+0002, and leaves the line's end out.
        if character in "\x02\ufffe":
            letters.append("-")
            boxes.append(_loose_box(text, at))
            character = "\n"
        if 0xD800 <= ord(character) <= 0xDFFF:
            character = "\ufffd"
        if not character.isspace() and character != "\0":
            letters.append(character)
            boxes.append(_loose_box(text, at))
            continue
        if letters and any(one[2] > one[0] for one in boxes):
            yield ["".join(letters), index, line, *_place(page, boxes)]
        letters, boxes = [], []
        line += character in "\r\n"


def _loose_box(text: Any, at: int) -> tuple[float, float, float, float]:
    left, bottom, right, top = text.get_charbox(at, loose=True)
    return left, bottom, right, top


def _place(page: Any, boxes: list[tuple[float, float, float, float]]) -> list[int]:
    """Return the box around boxes of a page, as a reader sees it, in ten-thousandths."""
    corners = []
    for left, bottom, right, top in boxes:
        for x, y in ((left, bottom), (right, top)):
            corners.append(_to_device(page, x, y))
    across, up = [one[0] for one in corners], [one[1] for one in corners]
    bounded = [min(max(one, 0), _WHOLE) for one in (min(across), min(up), max(across), max(up))]
    left, high, right, low = bounded
    return [min(left, _WHOLE - 1), min(high, _WHOLE - 1), max(right, left + 1), max(low, high + 1)]


def _to_device(page: Any, x: float, y: float) -> tuple[int, int]:
    import ctypes  # noqa: PLC0415 - the only place that asks pdfium for a place

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, _WHOLE, _WHOLE, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value, down.value
