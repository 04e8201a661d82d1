"""Marks in page images: strips across the page, a little lighter and darker in a secret pattern, or its negative.

A page image is encoded twice as JPEG, with the pattern added and with it taken away, each row of blocks a segment of
its own (restart markers). A copy takes each strip from one of the two: no further copy costs an encoding, and no
strip of a copy was encoded twice. The pattern is constant over squares of about 1.35 mm, which printing, scanning and
JPEG at ordinary quality leave, and of AMPLITUDE levels out of 255.
"""

import io
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Name, Page, PdfImage
from PIL import Image

from alteram.adapters.bundles.marking_walk import Matrix

#: How many levels lighter or darker a square is.
AMPLITUDE: Final = 2
QUALITY: Final = 88
BLOCK: Final = 8
#: Squares have one block at this many dots to the inch, two at twice as many.
DENSITY: Final = 150
#: An image carries when it covers this part of the page at least, and is this wide and high at least, and so large.
COVERS: Final = 0.25
SMALLEST: Final = 400
LARGEST: Final = 60_000_000
MOST_STRIPS: Final = 2000
_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")

Grey: Final = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Grid:
    """How an image is cut: its size in pixels, the side of a square in pixels, how many strips and squares in each."""

    width: int
    height: int
    side: int
    strips: int
    squares: int


@dataclass(frozen=True, slots=True)
class Variants:
    """A page image in both forms: what stands before the first segment, and the segments for 0 and for 1."""

    head: bytes
    zero: tuple[bytes, ...]
    one: tuple[bytes, ...]
    rows: int


def find_image(page: Page, drawn: tuple[tuple[pikepdf.Object, Matrix], ...]) -> tuple[pikepdf.Object, Matrix] | None:
    """Return the one image that carries a page's marks, and how it is drawn; None where none is fit."""
    box = page.mediabox
    area = abs(float(box[2] - box[0]) * float(box[3] - box[1])) or 1.0
    best, chosen = COVERS, None
    for image, matrix in drawn:
        covers = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / area
        if covers > best and _is_fit(image):
            best, chosen = covers, (image, matrix)
    return chosen


def _is_fit(image: pikepdf.Object) -> bool:
    if image.get("/Subtype") != Name.Image or image.get("/ImageMask", False) or "/Mask" in image:
        return False
    width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    return min(width, height) >= SMALLEST and width * height <= LARGEST


def cut_grid(width: int, height: int, matrix: Matrix) -> Grid:
    """Return how an image of that size, drawn so, is cut."""
    inches = (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5 / 72
    blocks = max(1, round(width / max(inches, 0.1) / DENSITY))
    while -(-height // (BLOCK * blocks)) > MOST_STRIPS:
        blocks += 1
    side = BLOCK * blocks
    return Grid(width, height, side, -(-height // side), -(-width // side))


def spread(grid: Grid, pattern: bytes) -> NDArray[np.int16]:
    """Return the pattern over an image's pixels: 1 and -1, one bit to a square, row by row."""
    bits = np.unpackbits(np.frombuffer(pattern, np.uint8))[: grid.strips * grid.squares]
    squares = (bits.reshape(grid.strips, grid.squares).astype(np.int16) * 2 - 1).repeat(grid.side, 0)
    return squares.repeat(grid.side, 1)[: grid.height, : grid.width]


def open_image(image: pikepdf.Object) -> Image.Image | None:
    """Return a page image's pixels, grey or in colour; None where they cannot be had."""
    if not isinstance(image, pikepdf.Stream):
        return None
    try:
        found = PdfImage(image).as_pil_image()
        return found.convert("L" if found.mode in {"1", "L", "I;16"} else "RGB")
    except (pikepdf.PdfError, NotImplementedError, OSError, ValueError, KeyError, TypeError):
        return None  # sources are as they were lodged: an image that does not open carries no mark


def vary(pixels: Image.Image, grid: Grid, pattern: bytes) -> Variants:
    """Return an image in both forms."""
    plain = np.asarray(pixels, np.int16)
    room = AMPLITUDE + plain * (255 - 2 * AMPLITUDE) // 255  # so that white paper can be lighter, too
    added = spread(grid, pattern) * AMPLITUDE
    added = added if plain.ndim == 2 else added[:, :, None]
    head, one = _encode(room + added)
    _, zero = _encode(room - added)
    return Variants(head, zero, one, grid.side // BLOCK)


def _encode(pixels: NDArray[np.int16]) -> tuple[bytes, tuple[bytes, ...]]:
    written = io.BytesIO()
    image = Image.fromarray(pixels.astype(np.uint8))
    image.save(written, "JPEG", quality=QUALITY, subsampling=0, restart_marker_rows=1)
    data = written.getvalue()
    start = data.index(b"\xff\xda")  # the scan's header; its length follows
    begin = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    return data[:begin], tuple(_RESTART.split(data[begin:-2]))


def choose(variants: Variants, symbols: bytes) -> bytes:
    """Return the image in which each strip is as its symbol says."""
    written = [variants.head]
    for row, (zero, one) in enumerate(zip(variants.zero, variants.one, strict=True)):
        if row:
            written.append(bytes([0xFF, 0xD0 + (row - 1) % 8]))
        written.append(one if symbols[row // variants.rows] else zero)
    return b"".join([*written, b"\xff\xd9"])
