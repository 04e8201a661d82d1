"""In a worker: pulls every picture out of a PDF, whether a page shows it or not, so that it can be read."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pikepdf
from pikepdf import Name, Pdf, PdfImage, Stream
from PIL import Image

from alteram.adapters.bundles.cleaning import UNREADABLE

MAX_PICTURES: Final = 200
#: Smaller ones, in pixels, hold no word.
_LEAST: Final = 12
MAX_PIXELS: Final = 60_000_000


def pull_pictures(job: dict[str, Any]) -> dict[str, Any]:
    """Put the pictures of the open file `source` into `folder` as PNG, masks too; return their names."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    names: list[str] = []
    more = False
    with os.fdopen(job["source"], "rb", closefd=False) as source:
        source.seek(0)
        try:
            pdf = Pdf.open(source, suppress_warnings=True)
        except UNREADABLE:
            return {"pictures": [], "more": False}
        for obj in pdf.objects:
            if not isinstance(obj, Stream) or obj.get(Name.Subtype) != Name.Image:
                continue
            if len(names) >= MAX_PICTURES:
                more = True
                break
            name = f"picture-{len(names)}.png"
            with suppress(*UNREADABLE, OSError, pikepdf.models.image.UnsupportedImageTypeError):
                picture = PdfImage(obj).as_pil_image()
                if min(picture.size) >= _LEAST:
                    picture.convert("RGB").save(Path(job["folder"], name), compress_level=1)
                    names.append(name)
    return {"pictures": names, "more": more}
