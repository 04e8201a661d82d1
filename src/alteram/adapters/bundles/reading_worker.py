"""Draws pages of a PDF in grey. The PDF is at /in/bundle.

python -m alteram.adapters.bundles.reading_worker FIRST COUNT DENSITY

Answers u32be pages of the PDF, then for each page drawn u32be width || u32be height || the pixels, row by row.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2


def draw(source: Path, first: int, count: int, density: float) -> Iterator[bytes]:
    """Yield the answer, piece by piece."""
    pdf = pypdfium2.PdfDocument(source)
    yield len(pdf).to_bytes(4, "big")
    for page in range(first, min(first + count, len(pdf) + 1)):
        drawn = pdf[page - 1].render(scale=density / 72, grayscale=True)
        yield drawn.width.to_bytes(4, "big") + drawn.height.to_bytes(4, "big")
        yield drawn.to_numpy().reshape(drawn.height, drawn.width).tobytes()


if __name__ == "__main__":
    for piece in draw(Path("/in/bundle"), int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])):
        sys.stdout.buffer.write(piece)
