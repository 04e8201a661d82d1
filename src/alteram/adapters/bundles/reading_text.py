"""Reads the marks of a page's words: how far each stands aside from where it stands unmarked."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from alteram.adapters.bundles.marking_text import SHIFT
from alteram.adapters.bundles.marking_walk import Word
from alteram.adapters.bundles.reading_registration import DENSITY, Field, Grey, Laid, fit_smooth

#: How blurred both are before they are compared, in pixels: the comparison then is straight over a word's move.
_BLUR: Final = 0.9
_MARGIN: Final = 2
_ASCENT, _DESCENT = 0.8, 0.25
#: In moves: what stands further aside says nothing, and nothing is surer than this.
_FARTHEST, _SUREST = 3.0, 0.15
_FEWEST: Final = 6
_STEPS: Final = 3
_CLOSE: Final = 0.01
_LEAST_DETAIL: Final = 500.0


def read_words(words: Sequence[Word], page: Grey, laid: Laid, to_pixels: Field) -> list[tuple[int, float]]:
    """Return for each word that shows its place in the list and the log odds that its symbol is 1."""
    here = cv2.GaussianBlur(laid.picture, (0, 0), _BLUR)
    there = cv2.GaussianBlur(page.astype(np.float32), (0, 0), _BLUR)
    rows = [
        (number, *found)
        for number, word in enumerate(words)
        if (found := _measure(word, here, there, laid.shown, to_pixels)) is not None
    ]
    if len(rows) < _FEWEST:
        return []
    table = np.array(rows, np.float64)
    move = SHIFT * DENSITY / 72
    x, y, measured, weights = table[:, 1:5].T
    aside = measured - fit_smooth(x, y, measured, weights, (page.shape[1], page.shape[0]))
    aside /= move
    spread = max(1.4826 * float(np.median(np.abs(np.abs(aside) - 1))), _SUREST)
    odds = np.where(np.abs(aside) > _FARTHEST, 0.0, 2 * aside / spread**2)
    return [(int(number), float(one)) for number, one in zip(table[:, 0], odds, strict=True)]


def _measure(
    word: Word, here: Field, there: Field, shown: NDArray[np.bool_], to_pixels: Field
) -> tuple[float, float, float, float] | None:
    """Return where a word is, how far aside along its line in pixels, and how much it has to tell by."""
    start, end = (to_pixels @ (*point, 1.0) for point in (word.start, word.end))
    along = end - start
    long = float(np.hypot(*along))
    if long < 1:
        return None
    along /= long
    up = np.array([along[1], -along[0]])
    size = word.size * DENSITY / 72
    corners = np.array([one + up * off for one in (start, end) for off in (_ASCENT * size, -_DESCENT * size)])
    (left, top), (right, bottom) = np.floor(corners.min(0)) - _MARGIN, np.ceil(corners.max(0)) + _MARGIN + 1
    if left < 0 or top < 0 or right > there.shape[1] or bottom > there.shape[0]:
        return None
    place = (slice(int(top), int(bottom)), slice(int(left), int(right)))
    if not shown[place].all():
        return None
    found = _compare(here[place], there[place], along)
    return None if found is None else ((left + right) / 2, (top + bottom) / 2, *found)


def _compare(here: Field, there: Field, along: Field) -> tuple[float, float] | None:
    """Return how far a patch stands aside, by least squares over its slopes, and the weight of these."""
    moved = np.zeros(2)
    weight = 0.0
    for _ in range(_STEPS):
        shift = np.array([[1, 0, moved[0]], [0, 1, moved[1]]], np.float64)
        placed = cv2.warpAffine(
            there, shift, (there.shape[1], there.shape[0]), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        across = np.gradient(placed, axis=1)
        down = np.gradient(placed, axis=0)
        weight = float(np.sum((across * along[0] + down * along[1]) ** 2))
        if weight < _LEAST_DETAIL:
            return None
        terms = np.stack([placed, np.ones_like(placed), -across, -down]).reshape(4, -1).astype(np.float64)
        try:
            gain, _, dx, dy = np.linalg.solve(terms @ terms.T, terms @ here.ravel())
        except np.linalg.LinAlgError:
            return None  # it has slopes one way only: a rule, not a word
        if gain < 0.05:
            return None
        step = np.clip(np.array([dx, dy]) / gain, -1.5, 1.5)
        moved = moved + step
        if np.abs(step).max() < _CLOSE:
            break
    return float(moved @ along), weight
