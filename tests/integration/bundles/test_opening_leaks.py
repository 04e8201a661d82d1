import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from alteram.adapters.bundles.copies import count_carrying
from alteram.adapters.bundles.reading_leaks import ConfinedPages, find_media, open_leak
from alteram.adapters.bundles.reading_worker import draw
from alteram.core.disclosure.accusing import FEWEST_READINGS, positions_needed
from alteram.core.disclosure.errors import MarkError
from alteram.operations.bundle_ports import Carrying
from alteram.operations.evidence_ports import Ended, Job, PageImage, Recognised, ShownDocument, TakesBytes, Unshown
from benchmarks.leaks import Pages, build_bundle


class ShowsEverything:
    """Documents that shows whatever is a picture, as it is."""

    def shows(self, media: str) -> bool:
        return True

    def show(self, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        if media == "application/pdf":
            return Unshown("damaged")
        Image.open(source).save(folder / "1.png")
        return ShownDocument((PageImage(1, folder / "1.png", 4, 3),))

    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        return Unshown("not-shown")


class RunsHere:
    """Programs run in this process: what is drawn is a file of our own."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails, self.jobs = fails, list[Job]()

    def confinement(self) -> str:
        return "none"

    def run(self, job: Job, take: TakesBytes | None = None) -> Ended:
        self.jobs.append(job)
        if self.fails:
            return Ended("time", -9)
        first, count, density = job.command[-3:]
        return Ended("done", 0, b"".join(draw(job.reads["bundle"], int(first), int(count), float(density))))


def test_a_folder_yields_its_pictures_in_order_and_nothing_else(tmp_path: Path) -> None:
    for name, shade in (("b.png", 20), ("a.jpg", 200)):
        Image.new("L", (4, 3), shade).save(tmp_path / name)
    (tmp_path / "c.txt").write_text("retyped")
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7 broken")
    shades = [int(one.mean()) for one in open_leak(tmp_path, ShowsEverything())]
    assert shades == [200, 20]


class ShowsWhatItLikes(ShowsEverything):
    """Documents that a file took over: its pages are none, or larger than any."""

    def __init__(self, made: bytes) -> None:
        self.made = made

    def show(self, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        (folder / "1.png").write_bytes(self.made)
        return ShownDocument((PageImage(1, folder / "1.png", 4, 3),))


def write_png(width: int, height: int) -> bytes:
    made = BytesIO()
    Image.new("1", (width, height)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("made", "pages"),
    [
        (write_png(4, 3), 1),
        (write_png(4000, 6000), 1),
        (write_png(4000, 6001), 0),
        (write_png(400, 300)[:60], 0),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), 0),
        (b"GIF89a" + bytes(100), 0),
    ],
)
def test_page_that_is_no_picture_or_too_large_is_left_out(tmp_path: Path, made: bytes, pages: int) -> None:
    (tmp_path / "leak.pdf").write_bytes(b"%PDF-1.7")
    assert len(list(open_leak(tmp_path / "leak.pdf", ShowsWhatItLikes(made)))) == pages


def test_text_yields_no_page(tmp_path: Path) -> None:
    (tmp_path / "leak.txt").write_text("It was decided on Monday.")
    assert list(open_leak(tmp_path / "leak.txt", ShowsEverything())) == []


@pytest.mark.parametrize(
    ("head", "media"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"BM\x36\0", "image/bmp"),
        (b"II*\0\x08", "image/tiff"),
        (b"MM\0*\0", "image/tiff"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", None),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", None),
        (b"It was decided", None),
        (b"", None),
    ],
)
def test_what_a_file_is_is_told_by_its_bytes(tmp_path: Path, head: bytes, media: str | None) -> None:
    (tmp_path / "file").write_bytes(head)
    assert find_media(tmp_path / "file") == media


def test_pages_of_the_bundle_are_drawn_by_a_program_of_its_own(tmp_path: Path) -> None:
    build_bundle(tmp_path / "bundle.pdf", letters=2, scans=0, seed=1)
    programs = RunsHere()
    pages = ConfinedPages(programs, tmp_path / "bundle.pdf", shows=(), settings={})
    assert pages.count() == 2
    assert np.array_equal(pages.draw(2, 50), Pages(tmp_path / "bundle.pdf").draw(2, 50))
    assert programs.jobs[0].command[0] == sys.executable


@pytest.mark.parametrize(("density", "jobs"), [(60, 1), (61, 2)])
def test_more_coarse_pages_than_fine_ones_are_drawn_together(tmp_path: Path, density: float, jobs: int) -> None:
    build_bundle(tmp_path / "bundle.pdf", letters=5, scans=0, seed=1)
    programs = RunsHere()
    pages = ConfinedPages(programs, tmp_path / "bundle.pdf", shows=(), settings={})
    assert all(pages.draw(page, density).shape[0] > 500 for page in range(1, 6))
    assert pages.count() == 5
    assert len(programs.jobs) == jobs
    with pytest.raises(MarkError):
        pages.draw(6, density)


def test_a_page_that_cannot_be_drawn_is_an_error(tmp_path: Path) -> None:
    pages = ConfinedPages(RunsHere(fails=True), tmp_path / "bundle.pdf", shows=(), settings={})
    with pytest.raises(MarkError):
        pages.draw(1, 50)


def test_pages_are_counted_by_whether_what_they_carry_tells_a_copy() -> None:
    enough = positions_needed(1, 20)
    symbols = (enough, enough - 1, FEWEST_READINGS, FEWEST_READINGS - 1, 0, 400)
    assert count_carrying(symbols, 20) == Carrying(alone=2, together=2, none=2)
    assert count_carrying((), 0) == Carrying(0, 0, 0)
