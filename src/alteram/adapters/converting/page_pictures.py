"""Pages as PNG pictures without metadata, within the bounds of what a browser shows."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels on the longer side of a page, and of a whole picture while it is decoded.
MAX_SIDE: Final = 2_400
MAX_PIXELS: Final = 120_000_000
#: Dots of a page for each inch of paper.
DENSITY: Final = 110
MAX_PAGES: Final = 500
MAX_PAGE_TEXT: Final = 100_000
PNG: Final = b"\x89PNG\r\n\x1a\n"


def name_page(number: int) -> str:
    """Return the name of a page's file: ours, and nothing of the sender's."""
    return f"page-{number:05}.png"


def save_page(picture: "Image", out: Path, number: int) -> dict[str, object]:
    """Write a page and return its row; whatever the picture carried beside its pixels is left out."""
    from PIL import Image  # noqa: PLC0415 - loaded in the worker only

    if picture.mode not in {"RGB", "L", "1"}:
        opaque = Image.new("RGB", picture.size, "white")
        layer = picture.convert("RGBA")
        opaque.paste(layer, mask=layer.getchannel("A"))
        picture = opaque
    if max(picture.size) > MAX_SIDE:
        picture = picture.convert("RGB") if picture.mode == "1" else picture
        picture.thumbnail((MAX_SIDE, MAX_SIDE))
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    bare.save(out / name_page(number), format="PNG", compress_level=4)
    return {"number": number, "width": bare.width, "height": bare.height, "text": ""}
