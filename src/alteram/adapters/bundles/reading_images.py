"""Reads the marks of a page's image: whether each strip is lighter and darker in the pattern, or in its negative."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from alteram.adapters.bundles.marking_images import Grid
from alteram.adapters.bundles.marking_walk import Matrix, multiply
from alteram.adapters.bundles.reading_registration import Field, Grey, Laid

_BLUR: Final = 1.2
#: What is left out as changing too slowly to be the pattern: a window of so many squares.
_WINDOW: Final = 5
_BINS: Final = 12
_SHIFTS: Final = ((3, 2), (2, 5), (5, 3), (4, 7))
_LEAST_SHOWN: Final = 0.2
_FEWEST: Final = 6


def read_strips(
    image: tuple[Grid, Matrix], pattern: bytes, page: Grey, laid: Laid, to_pixels: Field
) -> list[tuple[int, float]]:
    """Return for each strip that shows its place from the top and the log odds that its symbol is 1."""
    grid, matrix = image
    project = _project(grid, matrix, to_pixels)
    size = (page.shape[1], page.shape[0])
    bits = np.unpackbits(np.frombuffer(pattern, np.uint8))[: grid.strips * grid.squares]
    squares = bits.reshape(grid.strips, grid.squares).astype(np.float32) * 2 - 1
    strip = (
        cv2.warpPerspective(
            np.repeat(np.arange(1, grid.strips + 1, dtype=np.float32)[:, None], grid.squares, 1),
            project,
            size,
            flags=cv2.INTER_NEAREST,
        ).astype(np.int32)
        - 1
    )
    left, weights, window = _subtract(page, laid, strip >= 0, project)
    within = np.flatnonzero(strip >= 0)
    which, weighs = strip.ravel()[within], weights.ravel()[within]
    here = np.clip(left.ravel()[within], -12, 12) * weighs
    patterns = (np.roll(squares, by, (0, 1)) for by in ((0, 0), *_SHIFTS))
    drawn = (_draw(one, project, size, window).ravel()[within] for one in patterns)
    told = [_correlate(which, here, weighs, one, grid.strips) for one in drawn]
    sums = told.pop(0)
    area = np.bincount(strip[strip >= 0], minlength=grid.strips)
    seen = np.bincount(strip[(strip >= 0) & laid.shown], minlength=grid.strips)
    fit = (seen >= _LEAST_SHOWN * np.maximum(area, 1)) & (sums[1] > 0)
    if fit.sum() < _FEWEST:
        return []
    return _weigh(sums, told, fit)


def _weigh(
    sums: tuple[Field, Field], told: list[tuple[Field, Field]], fit: NDArray[np.bool_]
) -> list[tuple[int, float]]:
    """Return log odds from how strongly the pattern is there, against how strongly patterns are that are not."""
    products, powers = sums[0][fit], sums[1][fit]
    idle = np.concatenate([(one[fit] / np.sqrt(np.maximum(two[fit], 1e-9))) for one, two in told])
    noise = max(float(np.mean(np.minimum(idle**2, 16 * np.median(idle**2) + 1e-9))), 1e-9)
    strength = max(0.0, float(np.mean(products**2 / powers) - noise)) / float(np.mean(powers))
    odds = 2 * np.sqrt(strength) * products / noise
    return [(int(place), float(one)) for place, one in zip(np.flatnonzero(fit), odds, strict=True)]


def _project(grid: Grid, matrix: Matrix, to_pixels: Field) -> Field:
    """Return what takes the middle of a square, counted from the top left, to the pixels of the page."""
    across, down = grid.side / grid.width, grid.side / grid.height
    a, b, c, d, e, f = multiply((across, 0, 0, -down, across / 2, 1 - down / 2), matrix)
    to_page = np.array([[a, c, e], [b, d, f], [0, 0, 1]])
    placed: Field = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]]) @ np.vstack([to_pixels, [0, 0, 1]]) @ to_page
    return placed


def _draw(squares: Field, project: Field, size: tuple[int, int], window: int) -> Field:
    drawn = cv2.GaussianBlur(cv2.warpPerspective(squares, project, size, flags=cv2.INTER_NEAREST), (0, 0), _BLUR)
    return drawn - cv2.blur(drawn, (window, window))


def _subtract(page: Grey, laid: Laid, within: NDArray[np.bool_], project: Field) -> tuple[Field, Field, int]:
    """Return what the leaked picture has beyond the page, what each pixel of it weighs, and the window used."""
    here = cv2.GaussianBlur(laid.picture, (0, 0), _BLUR)
    there = cv2.GaussianBlur(page.astype(np.float32), (0, 0), _BLUR)
    use = laid.shown & within
    if use.sum() < 100:
        return np.zeros_like(there), np.zeros_like(there), 3
    tones = np.stack([(there / 255) ** power for power in range(4)], -1)
    sample = np.flatnonzero(use)[:: max(1, int(use.sum()) // 20000)]
    bent = np.linalg.lstsq(tones.reshape(-1, 4)[sample], here.ravel()[sample], rcond=None)[0]
    left = here - tones @ bent
    window = 2 * int(_WINDOW * np.hypot(project[0, 0], project[1, 0]) / 2) + 1
    slopes = np.hypot(cv2.Sobel(there, cv2.CV_32F, 1, 0), cv2.Sobel(there, cv2.CV_32F, 0, 1))
    weights = _weights(left, slopes, use)
    shown = cv2.blur(weights, (window, window)) + 1e-9
    left = left - cv2.blur(left * weights, (window, window)) / shown
    return left, _weights(left, slopes, use), window


def _weights(left: Field, slopes: Field, use: NDArray[np.bool_]) -> Field:
    """Weigh each pixel by how little such as it differ: edges of letters that do not quite meet say least."""
    edges = np.quantile(slopes[use], np.linspace(0, 1, _BINS + 1)[1:-1])
    which = np.searchsorted(edges, slopes)
    many = np.bincount(which[use], minlength=_BINS)
    variances = np.where(many, np.bincount(which[use], left[use] ** 2, _BINS) / np.maximum(many, 1), 1e9)
    return np.where(use, (1 / np.maximum(variances, 0.25))[which], 0).astype(np.float32)


def _correlate(
    which: NDArray[np.int32], here: Field, weighs: Field, pattern: Field, strips: int
) -> tuple[Field, Field]:
    """Return for each strip the weighted product with a pattern, and the pattern's own power."""
    return np.bincount(which, here * pattern, strips), np.bincount(which, weighs * pattern**2, strips)
