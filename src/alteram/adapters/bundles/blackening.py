"""In a worker: blacks out boxes on a picture of a page and writes the numbers of the cuts on them."""

from pathlib import Path
from typing import Any, Final

from PIL import Image

from alteram.core.disclosure.redacted_pictures import NumberedBox, Shape, build_png, pack_rows, paint

#: By how many pixels a box is larger than what it covers: the soft edges of letters go too.
MARGIN: Final = 3
_WHOLE: Final = 10_000
#: From how many packed bytes on a picture is kept in 32 shades of each colour: noise of a scanner is most of it.
_LARGE: Final = 1 << 20
_FEWER_SHADES: Final = [min(255, (level + 4) // 8 * 8) for level in range(256)]


def black_out(job: dict[str, Any]) -> dict[str, Any]:
    """Black out `boxes` on the picture `picture`, and write it anew over itself; return them in pixels."""
    path = Path(job["picture"])
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    # A page without colour is kept without: it is smaller, and a scanner would have done so.
    if _is_grey(picture):
        picture = picture.convert("L")
    shape = Shape(*picture.size, len(picture.getbands()))
    boxes = [place_box(one["number"], one["box"], picture.size) for one in job["boxes"]]
    packed = _pack(picture, shape, boxes)
    if len(packed) > _LARGE:
        packed = _pack(picture.point(_FEWER_SHADES * shape.colours), shape, boxes)
    # Written over: from here on nobody sees the picture from before, and its text is recognised in this one.
    path.write_bytes(build_png(shape, packed))
    return {
        "size": picture.size,
        "boxes": [[one.number, one.left, one.top, one.wide, one.high] for one in boxes],
    }


def place_box(number: int, box: list[int], size: tuple[int, int]) -> NumberedBox:
    """Return what is blacked out on a picture for a box in ten-thousandths."""
    wide, high = size
    left, top = max(0, box[0] * wide // _WHOLE - MARGIN), max(0, box[1] * high // _WHOLE - MARGIN)
    right = min(wide, MARGIN + 1 - (-box[2] * wide // _WHOLE))
    bottom = min(high, MARGIN + 1 - (-box[3] * high // _WHOLE))
    return NumberedBox(number, left, top, right - left, bottom - top)


def _pack(picture: Image.Image, shape: Shape, boxes: list[NumberedBox]) -> bytes:
    pixels, line = picture.tobytes(), shape.stride - 1
    rows = bytearray(b"".join(b"\0" + pixels[at : at + line] for at in range(0, len(pixels), line)))
    paint(rows, shape, boxes)
    return pack_rows(rows)


def _is_grey(picture: Image.Image) -> bool:
    small = picture.resize((min(400, picture.width), min(400, picture.height)))
    saturation = small.convert("HSV").getchannel("S").point(lambda value: 255 if value > 24 else 0)
    return saturation.getbbox() is None
