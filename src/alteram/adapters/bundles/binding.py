"""In a worker: binds pictures of pages into a redaction (see `core/disclosure/redacted_pdf`), with their words."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from alteram.core.disclosure.redacted_pdf import MAX_WORD, PlacedWord, RedactedPage, build_redacted_pdf
from alteram.core.disclosure.redacted_pictures import NumberedBox, Shape, read_png
from alteram.core.disclosure.redacted_words import is_unseen

_WHOLE: Final = 10_000


def bind(job: dict[str, Any]) -> dict[str, Any]:
    """Write a redaction of `pages`, each with its boxes in pixels and its words, into the open `out`."""
    with os.fdopen(job["out"], "wb", closefd=False) as file:
        for block in build_redacted_pdf(map(_read, job["pages"]), len(job["pages"])):
            file.write(block)
    return {"pages": len(job["pages"])}


def _read(page: dict[str, Any]) -> RedactedPage:
    shape, packed = read_png(Path(page["picture"]).read_bytes())
    boxes = tuple(NumberedBox(*one) for one in page["boxes"])
    return RedactedPage(shape, packed, boxes, tuple(_place_words(page["words"], shape)), page["lists"])


def _place_words(words: list[list[Any]], shape: Shape) -> Iterator[PlacedWord]:
    """Yield words where they stand: each is [text, left, top, right, bottom] in ten-thousandths."""
    for text, *box in words:
        seen = "".join("\ufffd" if one == " " or is_unseen(one) or ord(one) > 0xFFFF else one for one in text)
        left, right = (min(one * shape.width // _WHOLE, shape.width - 1) for one in (box[0], box[2]))
        top, bottom = (min(one * shape.height // _WHOLE, shape.height - 1) for one in (box[1], box[3]))
        if seen:
            yield PlacedWord(seen[:MAX_WORD], left, top, max(1, right - left), max(1, bottom - top))
