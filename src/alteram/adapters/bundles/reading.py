"""Reads the marks of a leaked copy and says which copy it comes from, or that this cannot be told.

Reading compares with the unmarked bundle, which the organisation keeps: each leaked picture is first recognised as
one of its pages, laid over it, and only then read. What a page is, and what a picture of it is, comes from programs
that bootstrap gives, since both files may be hostile; nothing here opens a file that came from outside.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray

from alteram.adapters.bundles.marking import FIRST_STRIP
from alteram.adapters.bundles.marking_images import Grid, cut_grid, find_image
from alteram.adapters.bundles.marking_text import lay_out
from alteram.adapters.bundles.marking_walk import Matrix, Word
from alteram.adapters.bundles.reading_images import read_strips
from alteram.adapters.bundles.reading_registration import (
    DENSITY,
    Features,
    Field,
    Grey,
    Laid,
    count_alike,
    find_features,
    find_projection,
    index_features,
    lay_over,
)
from alteram.adapters.bundles.reading_text import read_words
from alteram.core.disclosure.accusing import CHANCE, CannotTell, Reading, Verdict, accuse
from alteram.core.disclosure.codes import derive_pattern

#: How many of the pages that look most alike are tried.
_TRIED: Final = 8
_FEWEST_ALIKE: Final = 4
#: With so many features agreeing, no other page is tried.
_CERTAIN: Final = 400
#: Dots to the inch of the pictures that pages are recognised by.
_INDEXED_AT: Final = 50.0
_MOST_ODDS: Final = 30.0


class PagePictures(Protocol):
    """Draws pages of the unmarked bundle."""

    def count(self) -> int:
        """Return how many pages there are."""
        ...

    def draw(self, page: int, density: float) -> Grey:
        """Return a page, counted from 1, in grey, at so many dots to the inch."""
        ...


@dataclass(frozen=True, slots=True)
class Carried:
    """What a page carries: its words, and how its image is cut and drawn; how its user space lies in its picture."""

    words: tuple[Word, ...]
    image: tuple[Grid, Matrix] | None
    to_pixels: Field


@dataclass(frozen=True, slots=True)
class Recognised:
    """A leaked picture as one of the bundle's pages, and how many of its features agree."""

    picture: int
    page: int
    agreeing: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """What tracing found: the verdict and what it rests on."""

    verdict: Verdict
    recognised: tuple[Recognised, ...]


class Bundle:
    """The unmarked bundle that a leak is compared with. Keeps what its pages are recognised by."""

    def __init__(self, unmarked: Path, pictures: PagePictures, seed: bytes) -> None:
        """Use the bundle as it was before any copy was marked, and its seed."""
        self._pdf, self._pictures, self._seed = pikepdf.Pdf.open(unmarked), pictures, seed
        self._index: dict[int, NDArray[np.uint8]] = {}
        self._drawn: dict[int, tuple[Grey, Features]] = {}

    def find_page(self, found: Features, among: Sequence[int]) -> list[int]:
        """Return the pages that look most like a picture, the likeliest first."""
        alike = {page: count_alike(found, self._look(page)) for page in among}
        order = sorted(among, key=lambda page: (-alike[page], page))
        return [page for page in order if alike[page] >= _FEWEST_ALIKE][:_TRIED]

    def read(self, leaked: Grey, among: Sequence[int] = ()) -> tuple[int, int, list[Reading]] | None:
        """Return which page a picture shows, how many features agree, and what is read; None for no page."""
        found = find_features(leaked)
        best: tuple[int, Field, int] | None = None
        for page in self.find_page(found, among or range(1, self._pictures.count() + 1)):
            placed = find_projection(found, self._draw(page)[1])
            if placed is not None and (best is None or placed[1] > best[2]):
                best = (page, *placed)
            if best is not None and best[2] >= _CERTAIN:
                break
        if best is None:
            return None
        page, projection, agreeing = best
        return page, agreeing, self._read(page, lay_over(leaked, projection, self._draw(page)[0]))

    def _read(self, page: int, laid: Laid) -> list[Reading]:
        drawn, _ = self._draw(page)
        carried = find_carried(self._pdf.pages[page - 1])
        odds = read_words(carried.words, drawn, laid, carried.to_pixels)
        if carried.image is not None:
            grid, _ = carried.image
            pattern = derive_pattern(self._seed, page, grid.strips * grid.squares)
            strips = read_strips(carried.image, pattern, drawn, laid, carried.to_pixels)
            odds += [(FIRST_STRIP + place, one) for place, one in strips]
        return [Reading(page, slot, to_percent(one)) for slot, one in odds]

    def _look(self, page: int) -> NDArray[np.uint8]:
        if page not in self._index:
            self._index[page] = index_features(self._pictures.draw(page, _INDEXED_AT))
        return self._index[page]

    def _draw(self, page: int) -> tuple[Grey, Features]:
        if page not in self._drawn:
            if len(self._drawn) >= 2 * _TRIED:
                self._drawn.clear()
            # Drawn twice as fine and shrunk: programs put small letters on whole pixels.
            fine = self._pictures.draw(page, 2 * DENSITY)
            size = (round(fine.shape[1] / 2), round(fine.shape[0] / 2))
            drawn = np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.uint8)
            self._drawn[page] = (drawn, find_features(drawn))
        return self._drawn[page]


def trace(
    bundle: Bundle, seed: bytes, copies: Sequence[bytes], leaked: Iterable[Grey], *, chance: float = CHANCE
) -> Traced:
    """Say which copies a leak comes from. `leaked` are its pages as pictures; none at all is a leak of mere text."""
    recognised, pictures = [], 0
    for number, picture in enumerate(leaked, start=1):
        pictures = number
        if (found := bundle.read(picture)) is not None:
            recognised.append(Recognised(number, found[0], found[1], tuple(found[2])))
    if not recognised:
        return Traced(CannotTell("no-page" if pictures else "text", 0, chance), ())
    readings = combine(one.readings for one in recognised)
    return Traced(accuse(seed, copies, readings, chance=chance), tuple(recognised))


def combine(parts: Iterable[Iterable[Reading]]) -> list[Reading]:
    """Put together what several pictures of the same page say."""
    odds: dict[tuple[int, int], float] = {}
    for part in parts:
        for one in part:
            place = (one.page, one.slot)
            odds[place] = odds.get(place, 0.0) + math.log(one.percent / (100 - one.percent))
    return [Reading(page, slot, to_percent(one)) for (page, slot), one in sorted(odds.items())]


def to_percent(odds: float) -> int:
    """Return log odds as the percentage that a reading has: 1 to 99."""
    return min(99, max(1, round(100 / (1 + math.exp(-max(-_MOST_ODDS, min(_MOST_ODDS, odds)))))))


def find_carried(page: pikepdf.Page) -> Carried:
    """Return what a page of the unmarked bundle carries: the same as when it was marked."""
    layout = lay_out(page)
    image = None
    if (found := find_image(page, layout.drawn)) is not None:
        held, matrix = found
        image = (cut_grid(int(held.Width), int(held.Height), matrix), matrix)
    return Carried(layout.words, image, _to_pixels(page))


def _to_pixels(page: pikepdf.Page) -> Field:
    """Return what takes a page's user space to the pixels of its picture."""
    left, bottom, right, top = (float(one) for one in page.cropbox)
    scale, turned = DENSITY / 72, int(page.obj.get("/Rotate", 0)) % 360
    placed = {
        0: ((1, 0, -left), (0, -1, top)),
        90: ((0, 1, -bottom), (1, 0, -left)),
        180: ((-1, 0, right), (0, 1, -bottom)),
        270: ((0, -1, top), (-1, 0, right)),
    }
    return np.array(placed.get(turned, placed[0]), np.float64) * scale
