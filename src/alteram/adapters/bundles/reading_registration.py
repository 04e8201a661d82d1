"""Lays a leaked picture of a page over the page it came from, as the organisation keeps it unmarked.

Features that both show (SIFT) give the projection; then patches that still stand aside give a smooth field that takes
out what a scanner's feed or a lens did. The field has few degrees of freedom: it follows the page, never a word.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
#: Numbers of any precision, one to a pixel or a place.
Field = NDArray[Any]

#: Dots to the inch at which pages are compared.
DENSITY: Final = 150.0
#: So many features must agree before a picture counts as one of a page.
FEWEST: Final = 16
_FEATURES: Final = 2500
_INDEXED: Final = 160
#: Features are sought in pictures of this length, blurred so: shapes of words, which every way of copying keeps.
_LONGEST: Final = 1169
_BLUR: Final = 1.5
_RATIO: Final = 0.8
_PATCH: Final = 96
_STRIDE: Final = 72
_STEPS: Final = 3
_LEAST_DETAIL: Final = 200.0
_SUREST_PEAK: Final = 0.25
#: How alike two thumbnails must be to try one as the whole of the other; their height, and how their sides may differ.
LIKE_ENOUGH: Final = 0.5
_TALL: Final = 96
_ASPECT: Final = 0.02
#: A picture is the whole of a page where such a part of the patches with anything in them is where it should be.
_MOST_OF: Final = 0.8


@dataclass(frozen=True, slots=True)
class Features:
    """Where a picture's features are, in its own pixels, and what they look like."""

    points: Field
    looks: Field


@dataclass(frozen=True, slots=True)
class Laid:
    """A leaked picture in the pixels of the page, and which of these it shows."""

    picture: Field
    shown: NDArray[np.bool_]


def find_features(picture: Grey, *, most: int = _FEATURES) -> Features:
    """Return a picture's features, the strongest first."""
    scale = min(1.0, _LONGEST / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    small = cv2.GaussianBlur(small, (0, 0), _BLUR)
    found: tuple[Any, Any] = cv2.SIFT.create(nfeatures=most, contrastThreshold=0.01).detectAndCompute(small, None)
    points, looks = found
    if looks is None or not points:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    rooted = np.sqrt(looks / np.maximum(looks.sum(1, keepdims=True), 1e-6))
    places = np.array([point.pt for point in points], np.float32) / scale
    order = np.argsort([-point.response for point in points], kind="stable")[:most]
    return Features(places[order], rooted[order].astype(np.float32))


def index_features(page: Grey) -> NDArray[np.uint8]:
    """Return what a page is recognised by among the others of its bundle: few features, one byte a number."""
    looks = find_features(page, most=_INDEXED).looks
    return np.asarray(np.minimum(np.rint(looks * 255), 255), np.uint8)


def count_alike(leaked: Features, index: NDArray[np.uint8]) -> int:
    """Return how many features of a picture are clearly those of a page."""
    if len(index) < 2 or not len(leaked.looks):
        return 0
    near = leaked.looks @ (index.astype(np.float32).T / 255)
    best = np.partition(near, -2, axis=0) if len(leaked.looks) > 1 else near
    return int(np.sum(_far(best[-1]) < _RATIO**2 * _far(best[-2]))) if len(best) > 1 else 0


@dataclass(frozen=True, slots=True)
class Thumb:
    """A page seen from afar: its proportions, and its shades with a mean of 0 and a length of 1."""

    aspect: float
    shades: Field


def shrink_to_thumb(picture: Grey) -> Thumb:
    """Return a picture as it is seen from afar."""
    aspect = picture.shape[1] / picture.shape[0]
    size = (max(1, round(_TALL * min(1.0, aspect))), max(1, round(_TALL * min(1.0, 1 / aspect))))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small -= small.mean()
    return Thumb(aspect, (small / max(float(np.linalg.norm(small)), 1e-6)).astype(np.float16))


def compare_thumbs(one: Thumb, other: Thumb) -> float:
    """Return how alike two pictures are from afar: at most 1; 0 where their proportions differ."""
    if abs(one.aspect / other.aspect - 1) > _ASPECT:
        return 0.0
    here = one.shades.astype(np.float32)
    there = cv2.resize(other.shades.astype(np.float32), here.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return float(np.sum(here * there))


def find_scaling(leaked: Grey, page: Grey) -> tuple[Field, int] | None:
    """Return what takes a picture of a whole page to it, and how many patches agree; None where it is not that."""
    across, down = page.shape[1] / leaked.shape[1], page.shape[0] / leaked.shape[0]
    scaling = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]], np.float64)
    shown = np.ones(page.shape, bool)
    picture = _warp(leaked, scaling, (page.shape[1], page.shape[0]))
    agreeing, tried = _measure(picture, page.astype(np.float32), shown)
    return (scaling, len(agreeing)) if len(agreeing) >= max(FEWEST, _MOST_OF * tried) else None


def _far(near: Field) -> Field:
    """Return squared distances of unit vectors from their products."""
    return np.asarray(np.maximum(2 - 2 * near, 1e-6), np.float32)


def lay_over(leaked: Grey, projection: Field, page: Grey) -> Laid:
    """Return a leaked picture in the pixels of a page."""
    height, width = page.shape
    picture = _warp(leaked, projection, (width, height))
    shown = cv2.warpPerspective(np.full(leaked.shape, 255, np.uint8), projection, (width, height)) > 254
    shown = cv2.erode(shown.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    for _ in range(_STEPS):
        picture, moved = _follow(picture, page, shown)
        if moved < 0.05:
            break
    return Laid(picture, shown)


def find_projection(found: Features, known: Features) -> tuple[Field, int] | None:
    """Return what takes a picture to a page, and how many features agree; None when it shows no part of it."""
    if min(len(found.looks), len(known.looks)) < FEWEST:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(found.looks, known.looks, k=2)
    good = [one for one, other in pairs if one.distance < _RATIO * other.distance]
    if len(good) < FEWEST:
        return None
    here = np.array([found.points[one.queryIdx] for one in good], np.float32)
    there = np.array([known.points[one.trainIdx] for one in good], np.float32)
    cv2.setRNGSeed(1)
    # Its types say that it always finds one; it does not.
    told: tuple[Any, Any] = cv2.findHomography(here, there, cv2.RANSAC, 4.0, maxIters=4000, confidence=0.999)
    projection, agree = told
    count = 0 if agree is None else int(agree.sum())
    if projection is None or count < FEWEST or not _is_sane(projection):
        return None
    return projection, count


def _is_sane(projection: Field) -> bool:
    """Tell a picture of a page from features that agree by accident."""
    area = float(np.linalg.det(projection[:2, :2]))
    sides = np.linalg.svd(projection[:2, :2], compute_uv=False)
    return 0.01 < area < 100 and sides[0] < 1.6 * sides[1]


def _warp(leaked: Grey, projection: Field, size: tuple[int, int]) -> Field:
    """Project a picture; one with more pixels than are wanted is smoothed first, so that none is lost."""
    shrink = float(np.sqrt(abs(np.linalg.det(projection[:2, :2]))))
    source: Any = leaked.astype(np.float32)
    if shrink < 0.9:
        source = cv2.GaussianBlur(source, (0, 0), 0.45 / shrink)
    warped = cv2.warpPerspective(source, projection, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.float32)


def _follow(picture: Field, page: Grey, shown: NDArray[np.bool_]) -> tuple[Field, float]:
    """Take out what moves smoothly over the page; return the picture and by how much it moved at most."""
    measured, _ = _measure(picture, page.astype(np.float32), shown)
    if len(measured) < 6:
        return picture, 0.0
    height, width = page.shape
    # What bends between two rows of patches, in a narrow strip of a page, nothing tells.
    order = min(_order(len(measured)), *(len(np.unique(measured[:, axis])) - 1 for axis in (0, 1)))
    terms = _terms(measured[:, 0] / width, measured[:, 1] / height, order)
    fitted = [_fit(terms, measured[:, 2 + axis], measured[:, 4]) for axis in (0, 1)]
    down, across = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    over = _terms((across / width).ravel(), (down / height).ravel(), order)
    moves = [cv2.resize((over @ one).reshape(across.shape).astype(np.float32), (width, height)) for one in fitted]
    xs, ys = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    result = cv2.remap(picture, xs + moves[0], ys + moves[1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return result, float(max(np.abs(one[shown]).max() if shown.any() else 0.0 for one in moves))


def _measure(picture: Field, page: Field, shown: NDArray[np.bool_]) -> tuple[Field, int]:
    """Return for patches that agree where, how far aside in x and in y, and how surely; and how many were tried."""
    tried = 0
    window = cv2.createHanningWindow((_PATCH, _PATCH), cv2.CV_32F)
    rows = []
    for y in range(0, page.shape[0] - _PATCH, _STRIDE):
        for x in range(0, page.shape[1] - _PATCH, _STRIDE):
            place = (slice(y, y + _PATCH), slice(x, x + _PATCH))
            if not shown[place].all() or page[place].var() < _LEAST_DETAIL:
                continue
            tried += 1
            (dx, dy), peak = cv2.phaseCorrelate(
                page[place] - page[place].mean(), picture[place] - picture[place].mean(), window
            )
            if peak > _SUREST_PEAK and max(abs(dx), abs(dy)) < _PATCH / 8:
                rows.append((x + _PATCH / 2, y + _PATCH / 2, dx, dy, peak))
    return np.array(rows, np.float32).reshape(-1, 5), tried


def _order(count: int) -> int:
    return 1 if count < 20 else 2 if count < 60 else 3


def _terms(x: Field, y: Field, order: int) -> Field:
    return np.stack([x**i * y**j for i in range(order + 1) for j in range(order + 1 - i)], 1)


def _fit(terms: Field, values: Field, weights: Field) -> Field:
    """Fit by least squares, leaving out again and again what lies far off."""
    kept = np.ones(len(values), bool)
    fitted = np.zeros(terms.shape[1], np.float32)
    for _ in range(4):
        scaled = np.sqrt(weights[kept])
        fitted = np.linalg.lstsq(terms[kept] * scaled[:, None], values[kept] * scaled, rcond=None)[0]
        off = np.abs(values - terms @ fitted)
        kept = off <= 3 * max(float(np.median(off)), 0.05)
        if kept.sum() < terms.shape[1] + 2:
            break
    return fitted


def fit_smooth(x: Field, y: Field, values: Field, weights: Field, size: tuple[int, int]) -> Field:
    """Return the smooth part of values over a page of a size (width, height), at their own places."""
    order = 0 if len(values) < 24 else 1 if len(values) < 80 else 2
    terms = _terms(x / size[0], y / size[1], order)
    return terms @ _fit(terms, values, weights)
