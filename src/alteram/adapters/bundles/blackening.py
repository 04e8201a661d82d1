"""In a worker: blacks out boxes on pictures of pages and writes the numbers of the cuts on them."""

from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

#: By how many pixels a box is larger than what it covers: the soft edges of letters go too.
MARGIN: Final = 3
QUALITY: Final = 85
_WHOLE: Final = 10_000
_SMALLEST: Final = 7


def black_out(job: dict[str, Any]) -> dict[str, Any]:
    """Black out `boxes` on the picture `source`, and write it anew to `target`: JPEG for a page, PNG for a picture."""
    with Image.open(job["source"]) as opened:
        picture = opened.convert("RGB")
    draw = ImageDraw.Draw(picture)
    boxes = [(_scale(one["box"], picture.size), str(one["number"])) for one in job["boxes"]]
    for box, _ in boxes:
        draw.rectangle(box, fill=(0, 0, 0))
    for box, number in boxes:
        _write(draw, box, number, job["font"])
    # A page without colour is kept without: it is smaller, and a scanner would have done so.
    if _is_grey(picture):
        picture = picture.convert("L")
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    if job["form"] == "png":
        bare.save(job["target"], "PNG", optimize=False)
    else:
        bare.save(job["target"], "JPEG", quality=QUALITY, subsampling=0)
    # Read back from what was written: the text of a redaction is recognised in what its reader sees.
    with Image.open(job["target"]) as written:
        written.save(job["seen"], "PNG", compress_level=1)
    return {"size": bare.size, "mode": bare.mode}


def _scale(box: list[int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return (
        max(0, left * size[0] // _WHOLE - MARGIN),
        max(0, top * size[1] // _WHOLE - MARGIN),
        min(size[0] - 1, -(-right * size[0] // _WHOLE) + MARGIN),
        min(size[1] - 1, -(-bottom * size[1] // _WHOLE) + MARGIN),
    )


def _write(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], number: str, font_file: str) -> None:
    left, top, right, bottom = box
    size = min(int((bottom - top) * 0.75), 44)
    while size >= _SMALLEST:
        font = ImageFont.truetype(font_file, size)
        wide = draw.textlength(number, font=font)
        if wide <= (right - left) * 0.9:
            draw.text(((left + right) / 2, (top + bottom) / 2), number, fill=(255, 255, 255), font=font, anchor="mm")
            return
        size -= 1


def _is_grey(picture: Image.Image) -> bool:
    small = picture.resize((min(400, picture.width), min(400, picture.height)))
    saturation = small.convert("HSV").getchannel("S").point(lambda value: 255 if value > 24 else 0)
    return saturation.getbbox() is None
