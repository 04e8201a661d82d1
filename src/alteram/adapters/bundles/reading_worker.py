"""Draws pages of a PDF in grey. The PDF is at /in/bundle.

python -m alteram.adapters.bundles.reading_worker FIRST COUNT DENSITY

Answers u32be pages of the PDF, then for each page drawn u32be width || u32be height || the pixels, row by row.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray


def draw(source: Path, first: int, count: int, density: float) -> Iterator[bytes]:
    """Yield the answer, piece by piece."""
    pdf = pypdfium2.PdfDocument(source)
    yield len(pdf).to_bytes(4, "big")
    for page in range(first, min(first + count, len(pdf) + 1)):
        drawn = draw_page(pdf, page, density)
        yield drawn.shape[1].to_bytes(4, "big") + drawn.shape[0].to_bytes(4, "big")
        yield drawn.tobytes()


def draw_page(pdf: pypdfium2.PdfDocument, page: int, density: float) -> NDArray[np.uint8]:
    """Return a page, counted from 1: drawn twice as fine and shrunk, since small letters are put on whole pixels."""
    drawn = pdf[page - 1].render(scale=2 * density / 72, grayscale=True)
    fine = drawn.to_numpy().reshape(drawn.height, drawn.width)[: drawn.height // 2 * 2, : drawn.width // 2 * 2]
    four = [fine[down::2, across::2].astype(np.uint16) for down in (0, 1) for across in (0, 1)]
    return np.asarray((four[0] + four[1] + four[2] + four[3] + 2) >> 2, np.uint8)


if __name__ == "__main__":
    for piece in draw(Path("/in/bundle"), int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])):
        sys.stdout.buffer.write(piece)
