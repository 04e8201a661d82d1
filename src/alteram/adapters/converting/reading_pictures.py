"""The task `picture`: photographs and scans as plain pages, by Pillow; what a camera wrote beside them is left out."""

import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from alteram.adapters.converting.page_pictures import MAX_PAGES, MAX_PIXELS, save_page
from alteram.adapters.converting.unreadable import NotShownError

#: Which one decoder may read which kind: a file that says it is something else is not tried by all of them.
DECODERS: Final = {
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/heic": "HEIF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "image/webp": "WEBP",
}
#: Pictures of an animation that are shown.
MAX_FRAMES: Final = 20


def read_picture(arguments: Mapping[str, Any], source: Path, out: Path) -> dict[str, object]:
    """Return a picture as a page, a TIFF of many pages as pages."""
    from PIL import Image, ImageOps, UnidentifiedImageError, features  # noqa: PLC0415 - loaded for this task only

    if not source.stat().st_size:
        raise NotShownError("empty", "The file is empty.")
    decoder = DECODERS[arguments["media"]]
    if decoder == "HEIF":
        import pi_heif  # noqa: PLC0415 - as above

        pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    until = time.monotonic() + float(arguments["seconds"])
    rows: list[dict[str, object]] = []
    notices: list[str] = []
    try:
        with Image.open(source, formats=[decoder]) as picture:
            count = min(int(getattr(picture, "n_frames", 1)), 1_000_000)
            most = MAX_PAGES if decoder == "TIFF" else MAX_FRAMES
            for number in range(1, min(count, most) + 1):
                if time.monotonic() > until:
                    break
                picture.seek(number - 1)
                if picture.width * picture.height > MAX_PIXELS:
                    raise NotShownError("too-large", "It has more pixels than are decoded.")
                picture.load()
                rows.append(save_page(ImageOps.exif_transpose(picture), out, number))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotShownError("too-large", "It has more pixels than are decoded.") from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        TypeError,
        KeyError,
        IndexError,
    ) as error:
        if not rows:
            raise NotShownError("damaged", "It is not a picture that can be decoded.") from error
        notices.append("The rest of it is damaged.")
        count = len(rows)
    if len(rows) < count:
        notices.append(f"Shown are {len(rows)} of {count} pictures.")
    return {"rows": rows, "page_count": count, "notices": notices, "tool": f"Pillow {features.version('pil')}"}
