"""Reads the marks of a leaked copy and says which copy it comes from, or that this cannot be told.

Reading compares with the unmarked bundle, which the organisation keeps: each leaked picture is first recognised as
one of its pages, laid over it, and only then read. What a page is and carries, and what a picture of it is, comes from
programs that are confined, since what draws either may be hostile; nothing here opens a file that came from outside.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from alteram.adapters.bundles.carrying import Carried
from alteram.adapters.bundles.marking import FIRST_STRIP
from alteram.adapters.bundles.reading_images import read_strips
from alteram.adapters.bundles.reading_registration import (
    DENSITY,
    LIKE_ENOUGH,
    Features,
    Field,
    Grey,
    Laid,
    Thumb,
    compare_thumbs,
    count_alike,
    find_features,
    find_projection,
    find_scaling,
    index_features,
    lay_over,
    shrink_to_thumb,
)
from alteram.adapters.bundles.reading_text import read_words
from alteram.adapters.bundles.workers import Bounds, ask_worker
from alteram.core.disclosure.accusing import CHANCE, CannotTell, Reading, Verdict, accuse
from alteram.core.disclosure.codes import derive_pattern
from alteram.core.disclosure.errors import MarkError
from alteram.core.kernel.phrases import phrase

#: How many of the pages that look most alike are tried.
_TRIED: Final = 8
_FEWEST_ALIKE: Final = 4
#: With so many features agreeing, no other page is tried.
_CERTAIN: Final = 400
#: How many pages that look as alike from afar, but for this, are tried as the whole of a picture.
_MOST_ALIKE, _AS_ALIKE = 3, 0.05
#: Dots to the inch of the pictures that pages are recognised by.
_INDEXED_AT: Final = 50.0
#: Of how many pages the pictures are kept, and what is found in them.
_KEPT: Final = 12
_MOST_ODDS: Final = 30.0
_CARRIED: Final = Bounds(seconds=120, memory=2 << 30)


class PagePictures(Protocol):
    """Draws pages of the unmarked bundle."""

    def count(self) -> int:
        """Return how many pages there are."""
        ...

    def draw(self, page: int, density: float) -> Grey:
        """Return a page, counted from 1, in grey, at so many dots to the inch, as smooth as if drawn finer."""
        ...


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


class Leaked:
    """A leaked picture, with what it is recognised by."""

    def __init__(self, picture: Grey) -> None:
        """Keep it; the rest is found when it is asked for."""
        self.picture = picture

    @cached_property
    def features(self) -> Features:
        """Its features."""
        return find_features(self.picture)

    @cached_property
    def thumb(self) -> Thumb:
        """What it looks like from afar."""
        return shrink_to_thumb(self.picture)


class Bundle:
    """The unmarked bundle that a leak is compared with. Keeps what its pages are recognised by, and some as drawn."""

    def __init__(self, unmarked: Path, pictures: PagePictures, seed: bytes) -> None:
        """Use the bundle as it was before any copy was marked, and its seed."""
        self._unmarked, self._pictures, self._seed = unmarked, pictures, seed
        self._carried: dict[int, Carried] = {}
        self._thumbs: dict[int, Thumb] = {}
        self._index: dict[int, NDArray[np.uint8]] = {}
        self._drawn: dict[int, Grey] = {}
        self._features: dict[int, Features] = {}

    def recognise(self, number: int, leaked: Leaked) -> Recognised | None:
        """Return which page a picture shows, how much agrees, and what is read in it; None for no page."""
        found = self._find_whole(leaked) or self._find_part(leaked)
        if found is None:
            return None
        page, projection, agreeing = found
        laid = lay_over(leaked.picture, projection, self._draw(page))
        return Recognised(number, page, agreeing, tuple(self._read(page, laid)))

    def _find_whole(self, leaked: Leaked) -> tuple[int, Field, int] | None:
        """Take a picture for the whole of the page that it looks like, and as upright: most are, and it is quick."""
        self._look(1)  # which tells how many pages there are, too
        pages = range(1, self._pictures.count() + 1)
        alike = sorted(((compare_thumbs(leaked.thumb, self._look(page)), -page) for page in pages), reverse=True)
        least = max(LIKE_ENOUGH, alike[0][0] - _AS_ALIKE)
        best: tuple[int, Field, int] | None = None
        for likeness, page in alike[:_MOST_ALIKE]:
            placed = find_scaling(leaked.picture, self._draw(-page)) if likeness >= least else None
            if placed is not None and (best is None or placed[1] > best[2]):
                best = (-page, *placed)
        return best

    def _find_part(self, leaked: Leaked) -> tuple[int, Field, int] | None:
        """Find the page, and the place in it, that a picture shows some part of in any position."""
        found = leaked.features
        best: tuple[int, Field, int] | None = None
        for page in self._find_alike(found):
            placed = find_projection(found, self._find_features(page))
            if placed is not None and (best is None or placed[1] > best[2]):
                best = (page, *placed)
            if best is not None and best[2] >= _CERTAIN:
                break
        return best

    def _find_alike(self, found: Features) -> list[int]:
        alike = {page: count_alike(found, self._find_index(page)) for page in range(1, self._pictures.count() + 1)}
        order = sorted(alike, key=lambda page: (-alike[page], page))
        return [page for page in order if alike[page] >= _FEWEST_ALIKE][:_TRIED]

    def _read(self, page: int, laid: Laid) -> list[Reading]:
        drawn = self._draw(page)
        carried = self._find_carried(page)
        to_pixels = np.array(carried.upright, np.float64) * (DENSITY / 72)
        odds = read_words(carried.words, drawn, laid, to_pixels)
        if carried.image is not None:
            grid, _ = carried.image
            pattern = derive_pattern(self._seed, page, grid.strips * grid.squares)
            strips = read_strips(carried.image, pattern, drawn, laid, to_pixels)
            odds += [(FIRST_STRIP + place, one) for place, one in strips]
        return [Reading(page, slot, to_percent(one)) for slot, one in odds]

    def _look(self, page: int) -> Thumb:
        if page not in self._thumbs:
            self._thumbs[page] = shrink_to_thumb(self._pictures.draw(page, _INDEXED_AT))
        return self._thumbs[page]

    def _find_index(self, page: int) -> NDArray[np.uint8]:
        if page not in self._index:
            self._index[page] = index_features(self._pictures.draw(page, _INDEXED_AT))
        return self._index[page]

    def _draw(self, page: int) -> Grey:
        if page not in self._drawn:
            self._drawn[page] = self._pictures.draw(page, DENSITY)
            _forget(self._drawn)
        return self._drawn[page]

    def _find_carried(self, page: int) -> Carried:
        if page not in self._carried:
            with self._unmarked.open("rb") as file:
                told = ask_worker("carried", {"source": file.fileno(), "page": page}, files=[file], bounds=_CARRIED)
            try:
                self._carried[page] = msgspec.convert(told["carried"], Carried)
            except msgspec.ValidationError as error:
                raise MarkError(
                    "mark.page", phrase("What a page of the unmarked bundle carries could not be read.")
                ) from error
            _forget(self._carried)
        return self._carried[page]

    def _find_features(self, page: int) -> Features:
        if page not in self._features:
            self._features[page] = find_features(self._draw(page))
            _forget(self._features)
        return self._features[page]


def trace(
    bundle: Bundle, seed: bytes, copies: Sequence[bytes], leaked: Iterable[Grey], *, chance: float = CHANCE
) -> Traced:
    """Say which copies a leak comes from. `leaked` are its pages as pictures; none at all is a leak of mere text."""
    recognised, pictures = recognise([bundle], leaked)
    return decide(seed, copies, recognised[0], pictures, chance=chance)


def recognise(bundles: Sequence[Bundle], leaked: Iterable[Grey]) -> tuple[list[list[Recognised]], int]:
    """Return for each bundle which of its pages a leak shows, and how many pictures the leak has."""
    recognised: list[list[Recognised]] = [[] for _ in bundles]
    pictures = 0
    for number, picture in enumerate(leaked, start=1):
        pictures, one = number, Leaked(picture)
        for bundle, found in zip(bundles, recognised, strict=True):
            if (page := bundle.recognise(number, one)) is not None:
                found.append(page)
    return recognised, pictures


def decide(
    seed: bytes, copies: Sequence[bytes], recognised: Sequence[Recognised], pictures: int, *, chance: float = CHANCE
) -> Traced:
    """Say which copies of a bundle a leak of so many pictures comes from, of which these were recognised."""
    if not recognised:
        return Traced(CannotTell("no-page" if pictures else "text", 0, chance), ())
    readings = combine(one.readings for one in recognised)
    return Traced(accuse(seed, copies, readings, chance=chance), tuple(recognised))


def _forget(kept: dict[int, Any]) -> None:
    for old in list(kept)[:-_KEPT]:
        del kept[old]


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
