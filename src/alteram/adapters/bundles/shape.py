"""In a worker: whether a redaction is of the one shape, to the byte, and all that was to be cut out is black in it.

What is of that shape (`core/disclosure/redacted_pdf`) holds a picture for each page, the words over it, and nothing
else: there is no place left in which text could hide. It is the strongest check, since it needs not know what is
looked for.
"""

import mmap
import os
from pathlib import Path
from typing import Any

from alteram.adapters.bundles.blackening import place_box
from alteram.core.disclosure.redacted_pdf import is_pdf, read_redacted_pdf
from alteram.core.disclosure.redacted_pictures import build_png, check_black, read_png, unpack_rows
from alteram.core.kernel.phrases import phrase
from alteram.core.record import RecordError


def check_shape(job: dict[str, Any]) -> dict[str, Any]:
    """Return what is odd in the open file `source`; put its pages' pictures into `folder`, and return their words."""
    odd: list[tuple[str, int, str]] = []
    words: list[list[str]] = []
    with os.fdopen(job["source"], "rb", closefd=False) as source:
        if not is_pdf(os.pread(source.fileno(), 8, 0)):
            return {"odd": [(phrase("the file"), 0, phrase("it is no PDF"))], "words": []}
        with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                for number, page in enumerate(read_redacted_pdf(data)):
                    Path(job["folder"], f"{number}.png").write_bytes(build_png(page.shape, page.packed))
                    words.append([one.text for one in page.words])
                    size = page.shape.width, page.shape.height
                    boxes = [one for one in job["boxes"] if one["page"] == number]
                    asked = {place_box(one["number"], one["box"], size) for one in boxes}
                    missing = sorted({one.number for one in asked.difference(page.boxes)})
                    odd += [(phrase("picture"), number + 1, f"the box of cut {one} is not black") for one in missing]
            except RecordError as error:
                problem = error.problem.removeprefix(f"{error.where}: ")
                odd.append((phrase("the file"), len(words) + 1 if error.where else 0, f"{problem} ({error.code})"))
    return {"odd": odd, "words": words}


def check_picture(job: dict[str, Any]) -> dict[str, Any]:
    """Return what is odd in the open picture `source`, and put it into `folder`."""
    with os.fdopen(job["source"], "rb", closefd=False) as source:
        source.seek(0)
        data = source.read()
    try:
        shape, packed = read_png(data)
        Path(job["folder"], "0.png").write_bytes(data)
        rows, size = unpack_rows(packed, shape), (shape.width, shape.height)
        check_black(rows, shape, [place_box(one["number"], one["box"], size) for one in job["boxes"]])
    except RecordError as error:
        return {"odd": [(phrase("picture"), 1, f"{error.problem} ({error.code})")]}
    return {"odd": []}
