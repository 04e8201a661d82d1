"""One leak of each kind, at a fixed seed; `python -m benchmarks.tracing` measures how often."""

from pathlib import Path

import numpy as np
import pytest

from alteram.adapters.bundles.reading import combine, to_percent, trace
from alteram.core.disclosure.accusing import CHANCE, CannotTell, Found, Reading
from benchmarks.leaks import ATTACKS, DRAWN, Drawn, average, build_bundle, print_and_scan, resize
from benchmarks.tracing_scenes import COPIES, SEED, Scene

PAGES = {"text": 1, "image": 7}
QUICK = ("150 dpi, JPEG 60", "turned by 2 degrees, JPEG 60", "cropped to half", "printed, scanned at 150 dpi, JPEG 60")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("tracing"))


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("name", QUICK)
def test_one_leaked_page_names_the_copy_it_comes_from(scene: Scene, name: str, kind: str) -> None:
    leaked = ATTACKS[name](scene.copies[COPIES[3]].draw(PAGES[kind], DRAWN), np.random.default_rng(1))
    traced = trace(scene.bundle, SEED, COPIES, [leaked])
    assert isinstance(traced.verdict, Found)
    assert [one.copy for one in traced.verdict.named] == [COPIES[3]]
    assert traced.verdict.named[0].chance <= CHANCE
    assert [one.page for one in traced.recognised] == [PAGES[kind]]


def test_a_paragraph_across_a_page_names_the_copy_it_comes_from(scene: Scene) -> None:
    drawn = scene.copies[COPIES[3]].draw(PAGES["text"], DRAWN)
    leaked = ATTACKS["cropped to a paragraph"](drawn, np.random.default_rng([0, 1]))
    assert leaked.shape[0] < drawn.shape[0] / 10
    verdict = trace(scene.bundle, SEED, COPIES, [leaked]).verdict
    assert isinstance(verdict, Found)
    assert [one.copy for one in verdict.named] == [COPIES[3]]


#: What takes so much of a picture's shades, or leaves so few of its strips, that it cannot be told.
TOO_LITTLE = {
    "black and white only",
    "printed, scanned at 200 dpi in black and white",
    "cropped to a paragraph",
    "cropped to a paragraph, JPEG 60",
}


@pytest.mark.campaign
@pytest.mark.parametrize("name", sorted(TOO_LITTLE))
def test_what_leaves_too_little_of_a_picture_names_nobody(scene: Scene, name: str) -> None:
    leaked = ATTACKS[name](scene.copies[COPIES[3]].draw(PAGES["image"], DRAWN), np.random.default_rng(1))
    assert isinstance(trace(scene.bundle, SEED, COPIES, [leaked]).verdict, CannotTell)


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (name, kind)
        for name in ATTACKS
        for kind in PAGES
        if name not in QUICK and not (kind == "image" and name in TOO_LITTLE)
    ],
)
def test_a_page_names_its_copy_after_everything_else_that_is_measured(scene: Scene, name: str, kind: str) -> None:
    leaked = ATTACKS[name](scene.copies[COPIES[3]].draw(PAGES[kind], DRAWN), np.random.default_rng(1))
    verdict = trace(scene.bundle, SEED, COPIES, [leaked]).verdict
    assert isinstance(verdict, Found)
    assert [one.copy for one in verdict.named] == [COPIES[3]]


@pytest.mark.parametrize("kind", ["text", pytest.param("image", marks=pytest.mark.campaign)])
def test_two_copies_averaged_name_both(scene: Scene, kind: str) -> None:
    pages = [
        average([resize(scene.copies[copy].draw(page, DRAWN), 0.5) for copy in COPIES[3:5]])
        for page in range(PAGES[kind], PAGES[kind] + 3)
    ]
    verdict = trace(scene.bundle, SEED, COPIES, pages).verdict
    assert isinstance(verdict, Found)
    assert {one.copy for one in verdict.named} == set(COPIES[3:5])


@pytest.mark.parametrize("source", [0, pytest.param(1, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("kind", PAGES)
def test_pages_unmarked_or_marked_as_another_bundle_name_nobody(scene: Scene, source: int, kind: str) -> None:
    leaked = print_and_scan(scene.innocent[source].draw(PAGES[kind], DRAWN), np.random.default_rng(2))
    verdict = trace(scene.bundle, SEED, COPIES, [leaked]).verdict
    assert isinstance(verdict, CannotTell)
    assert verdict.why in {"too-weak", "no-symbols"}


def test_a_document_of_another_matter_is_no_page_of_the_bundle(scene: Scene, tmp_path: Path) -> None:
    build_bundle(tmp_path / "other.pdf", letters=1, scans=0, seed=99)
    verdict = trace(scene.bundle, SEED, COPIES, [Drawn(tmp_path / "other.pdf").draw(1, 150)]).verdict
    assert isinstance(verdict, CannotTell)


@pytest.mark.parametrize("shade", [0, 255])
def test_an_empty_picture_is_no_page(scene: Scene, shade: int) -> None:
    picture = np.full((800, 600), shade, np.uint8)
    assert trace(scene.bundle, SEED, COPIES, [picture]).verdict == CannotTell("no-page", 0, CHANCE)


def test_text_alone_tells_nothing(scene: Scene) -> None:
    assert trace(scene.bundle, SEED, COPIES, []).verdict == CannotTell("text", 0, CHANCE)


def test_a_retyped_page_tells_nothing(scene: Scene, tmp_path: Path) -> None:
    """The same words on the same lines, set anew: as the unmarked page, which is exactly that."""
    leaked = Drawn(scene.unmarked).draw(1, 200)
    assert isinstance(trace(scene.bundle, SEED, COPIES, [leaked]).verdict, CannotTell)


def test_two_pictures_of_one_page_are_put_together() -> None:
    once, other = [Reading(1, 0, 80), Reading(1, 1, 80)], [Reading(1, 0, 80), Reading(1, 1, 20)]
    assert combine([once, other]) == [Reading(1, 0, 94), Reading(1, 1, 50)]


def test_nothing_is_surer_than_99_percent() -> None:
    assert [to_percent(odds) for odds in (-1e9, 0.0, 1e9)] == [1, 50, 99]
