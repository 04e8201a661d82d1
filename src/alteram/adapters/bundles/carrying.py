"""In a worker: what a page of an unmarked bundle carries, and where.

What draws it comes out of files that were lodged, and so is as hostile as they are.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import pikepdf

from alteram.adapters.bundles.marking_images import Grid, cut_grid, find_image
from alteram.adapters.bundles.marking_text import lay_out
from alteram.adapters.bundles.marking_walk import Matrix, Word

Row: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Carried:
    """What a page carries: its words, and how its image is cut and drawn.

    `upright` takes its user space to its picture as a reader sees it, of 72 dots to the inch.
    """

    words: tuple[Word, ...]
    image: tuple[Grid, Matrix] | None
    upright: tuple[Row, Row]


def tell_carried(job: dict[str, Any]) -> dict[str, Any]:
    """Return what `page`, counted from 1, of the open file `source` carries."""
    with pikepdf.open(f"/proc/self/fd/{job['source']}", suppress_warnings=True) as pdf:
        return {"carried": msgspec.to_builtins(find_carried(pdf.pages[job["page"] - 1]))}


def find_carried(page: pikepdf.Page) -> Carried:
    """Return what a page of the unmarked bundle carries: the same as when it was marked."""
    layout = lay_out(page)
    image = None
    if (found := find_image(page, layout.drawn)) is not None:
        held, matrix = found
        image = (cut_grid(int(held.Width), int(held.Height), matrix), matrix)
    return Carried(layout.words, image, _find_upright(page))


def _find_upright(page: pikepdf.Page) -> tuple[Row, Row]:
    left, bottom, right, top = (float(one) for one in page.cropbox)
    placed: dict[int, tuple[Row, Row]] = {
        0: ((1, 0, -left), (0, -1, top)),
        90: ((0, 1, -bottom), (1, 0, -left)),
        180: ((-1, 0, right), (0, 1, -bottom)),
        270: ((0, -1, top), (-1, 0, right)),
    }
    return placed.get(int(page.obj.get("/Rotate", 0)) % 360, placed[0])
