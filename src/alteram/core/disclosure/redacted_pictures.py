"""Pictures of a redaction: rows of pixels packed in one way, and black boxes with their numbers painted in them.

Spec E5.2 and E5.8. It reads no other picture and draws nothing else.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from alteram.core.record import RecordError

#: How many pixels a picture has at most, and how long a side of it is.
MAX_PIXELS: Final = 64_000_000
MAX_SIDE: Final = 65_535
MAX_NUMBER: Final = 2_000
#: Digits, 5 by 7: a row is five bits, the highest to the left.
_DIGITS: Final = tuple(
    map(
        bytes.fromhex,
        (
            *("0e11131519110e", "040c040404040e", "0e11010204081f", "1f02040201110e", "02060a121f0202"),
            *("1f101e0101110e", "0608101e11110e", "1f010204080808", "0e11110e11110e", "0e11110f01020c"),
        ),
    )
)
_LARGEST_SCALE: Final = 5
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a picture in pixels, and its colours: 1 (grey) or 3 (red, green, blue)."""

    width: int
    height: int
    colours: int

    @property
    def stride(self) -> int:
        """Return how many bytes a row has: a zero, then its pixels."""
        return 1 + self.width * self.colours

    def is_allowed(self) -> bool:
        """Tell whether a picture may be so large."""
        sides = 1 <= self.width <= MAX_SIDE and 1 <= self.height <= MAX_SIDE
        return sides and self.colours in {1, 3} and self.width * self.height <= MAX_PIXELS


@dataclass(frozen=True, slots=True)
class NumberedBox:
    """A black box with the number of its cut, in pixels from the top left corner."""

    number: int
    left: int
    top: int
    wide: int
    high: int

    def is_on(self, shape: Shape) -> bool:
        """Tell whether it lies on a picture, and has a number that a cut can have."""
        inside = 0 <= self.left <= shape.width - self.wide and 0 <= self.top <= shape.height - self.high
        return inside and self.wide > 0 and self.high > 0 and 1 <= self.number <= MAX_NUMBER


def pack_rows(rows: bytes | bytearray) -> bytes:
    """Return rows as they stand in a file."""
    return zlib.compress(rows, 6)


def unpack_rows(packed: bytes, shape: Shape, *, where: str = "") -> bytes:
    """Return the rows of a picture. Raises: RecordError where they are packed in another way, or not as many."""
    size = shape.stride * shape.height
    unpacking = zlib.decompressobj()
    try:
        rows = unpacking.decompress(packed, size + 1)
    except zlib.error as error:
        raise RecordError("redaction.pixels", "The pixels are damaged.", where=where) from error
    whole = packed[:2] == b"\x78\x9c" and unpacking.eof and not unpacking.unused_data
    if not whole or len(rows) != size or any(rows[:: shape.stride]):
        raise RecordError("redaction.pixels", "It holds more than pixels, or less.", where=where)
    return rows


def paint(rows: bytearray, shape: Shape, boxes: Sequence[NumberedBox]) -> None:
    """Paint every box black, and then every number white."""
    for box in boxes:
        _fill(rows, shape, (box.left, box.top, box.wide, box.high), 0)
    for box in boxes:
        for square in _draw_number(box):
            _fill(rows, shape, square, 255)


def check_black(rows: bytes, shape: Shape, boxes: Sequence[NumberedBox], *, where: str = "") -> None:
    """Check that painting the boxes changes nothing. Raises: RecordError."""
    painted = bytearray(rows)
    paint(painted, shape, boxes)
    if painted != rows:
        raise RecordError("redaction.black", "A box is not black but for its number.", where=where)


def build_png(shape: Shape, packed: bytes) -> bytes:
    """Return a picture as PNG that holds nothing else."""
    kind = 0 if shape.colours == 1 else 2
    head = shape.width.to_bytes(4, "big") + shape.height.to_bytes(4, "big") + bytes((8, kind, 0, 0, 0))
    return _SIGNATURE + b"".join(map(_chunk, (b"IHDR", b"IDAT", b"IEND"), (head, packed, b"")))


def is_png(data: bytes) -> bool:
    """Tell whether bytes begin as a PNG does."""
    return data.startswith(_SIGNATURE)


def read_png(data: bytes) -> tuple[Shape, bytes]:
    """Return size and packed rows of a PNG of this one shape. Raises: RecordError for any other."""
    wide, high = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    shape = Shape(wide, high, 3 if data[25:26] == b"\x02" else 1)
    packed = data[41 : 41 + int.from_bytes(data[33:37], "big")]
    if not shape.is_allowed() or data != build_png(shape, packed):
        raise RecordError("redaction.picture", "It is no plain picture, or says more than its pixels.")
    return shape, packed


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _fill(rows: bytearray, shape: Shape, square: tuple[int, int, int, int], level: int) -> None:
    left, top, wide, high = square
    line = bytes((level,)) * (wide * shape.colours)
    for row in range(top, top + high):
        at = row * shape.stride + 1 + left * shape.colours
        rows[at : at + len(line)] = line


def _draw_number(box: NumberedBox) -> Iterator[tuple[int, int, int, int]]:
    """Yield the squares of a box's number; none where it has no room."""
    digits = str(box.number)
    scale = min(box.wide // (6 * len(digits) + 1), box.high // 9, _LARGEST_SCALE)
    left = box.left + (box.wide - (6 * len(digits) - 1) * scale) // 2
    top = box.top + (box.high - 7 * scale) // 2
    for place, digit in enumerate(map(int, digits)):
        for row, bits in enumerate(_DIGITS[digit]):
            for column in range(5):
                if scale and bits >> (4 - column) & 1:
                    yield left + (6 * place + column) * scale, top + row * scale, scale, scale
