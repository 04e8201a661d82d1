"""Draws one page of a PDF in grey: python -m alteram.adapters.bundles.reading_worker PAGE DENSITY, PDF at /in/bundle.

Answers u32be pages || u32be width || u32be height || the pixels, row by row. Page 0 draws nothing.
"""

import sys
from pathlib import Path

import pypdfium2


def draw(source: Path, page: int, density: float) -> bytes:
    """Return the answer."""
    pdf = pypdfium2.PdfDocument(source)
    pages = len(pdf).to_bytes(4, "big")
    if not page:
        return pages + bytes(8)
    drawn = pdf[page - 1].render(scale=density / 72, grayscale=True)
    rows = drawn.to_numpy().reshape(drawn.height, drawn.width)
    return pages + drawn.width.to_bytes(4, "big") + drawn.height.to_bytes(4, "big") + rows.tobytes()


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(Path("/in/bundle"), int(sys.argv[1]), float(sys.argv[2])))
