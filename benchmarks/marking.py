"""What marking costs: the first recipient's copy of a bundle, a further one, and the memory of both.

python -m benchmarks.marking [PAGES]    10,000 without
"""

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pikepdf

from alteram.adapters.bundles.marking import derive_secrets, mark, prepare
from benchmarks.figures import Row, peak_mebibytes, row
from benchmarks.leaks import FONT, build_bundle

PAGES, OF_A_FILE, SCANS = 10_000, 100, 10
FURTHER = 3
SEED = bytes(range(32))


def measure(pages: int = PAGES) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # In a process of its own: what building the bundle takes is not what marking it takes.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            apart.submit(merge, folder, pages).result()
        before = peak_mebibytes()
        began = time.perf_counter()
        (folder / "prepared").mkdir()
        symbols = prepare(folder / "bundle.pdf", derive_secrets(SEED, pages), folder / "prepared")
        prepared = time.perf_counter() - began
        times = [write(folder, number) for number in range(1 + FURTHER)]
        size = (folder / "copy-0.pdf").stat().st_size / (folder / "bundle.pdf").stat().st_size
        peak = peak_mebibytes()
    first, further = prepared + times[0], sum(times[1:]) / FURTHER
    return [
        row(f"marking the first copy of {pages:,} pages, one in {OF_A_FILE // SCANS} a scan", first, "s"),
        row("marking: a further copy, against the first", further / first, "x", 0.5),
        row("marking: a further copy", further, "s"),
        row("marking: a copy's size, against the unmarked bundle", size, "x"),
        row("marking: symbols on a page", sum(symbols) / pages, ""),
        row("marking: memory at most", peak, "MiB", 600),
        row("marking: of this, before it began", before, "MiB"),
    ]


def merge(folder: Path, pages: int) -> None:
    """Write a bundle of many files, each with objects of its own."""
    build_bundle(folder / "file.pdf", letters=OF_A_FILE - SCANS, scans=SCANS, seed=1)
    with pikepdf.new() as pdf:
        for _ in range(max(1, pages // OF_A_FILE)):
            with pikepdf.open(folder / "file.pdf") as one:
                pdf.pages.extend(one.pages)
        pdf.save(folder / "bundle.pdf")


def write(folder: Path, number: int) -> float:
    began = time.perf_counter()
    copy = f"copy-{number}"
    mark(folder / "prepared", SEED, copy.encode(), folder / f"{copy}.pdf", shown=f"For {copy}", font=FONT.read_bytes())
    return time.perf_counter() - began


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES):
        print(f"{figure['name']:<70}{figure['figure']:>10.2f} {figure['unit']}")
