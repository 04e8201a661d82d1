"""A bundle of 10,000 pages from 100 files beside bare pikepdf putting the same files together, and how it grows.

Both are whole processes, by turns. The bundle has numbers on its pages, index, slips, bookmarks and links; what acts is
looked for in every object. Memory is the peak of the process that puts it together.
"""

import random
import resource
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import pikepdf
from pikepdf import Array, Dictionary, Name

from alteram.adapters import letters
from alteram.adapters.bundles.building import BundleBuilder
from alteram.adapters.bundles.sheets import Sheets
from alteram.core.disclosure.bundles import Shown, build_plan
from alteram.operations.bundle_ports import Cover
from benchmarks.figures import Row, row, time_in_turn

FILES = 100
PAGES = 100
FONTS = Path(str(letters.__file__)).parent / "fonts"
COVER = Cover("The bundle", "A club", "M-1", "the respondent", "b1", datetime(2026, 5, 1, tzinfo=UTC))
BARE = """
import pikepdf, sys
out, kept = pikepdf.new(), []
for name in sys.argv[2:]:
    kept.append(pikepdf.open(name))
    out.pages.extend(kept[-1].pages)
out.save(sys.argv[1])
"""


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        sources = [make_source(Path(folder, f"{index}.pdf"), index) for index in range(FILES)]
        target = Path(folder, "out.pdf")
        few = sources[: FILES // 10]
        bare, built, bare_few, built_few = time_in_turn(
            3,
            lambda: merge(sources, target),
            lambda: build(sources, target),
            lambda: merge(few, target),
            lambda: build(few, target),
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    pages = FILES * PAGES
    return [
        row(f"a bundle of {pages:,} pages, beside bare pikepdf", built.wall / bare.wall, "times", 2.0),
        row("  (the bundle)", built.wall, "s"),
        row("  (bare pikepdf)", bare.wall, "s"),
        row("  (pages a second)", pages / built.wall, ""),
        row("  (memory at most)", peak, "MiB", 600.0),
        row("  (a page of ten times as many, beside one of them)", built.wall / built_few.wall / 10, "times", 1.5),
        row(f"  ({pages // 10:,} pages: the bundle)", built_few.wall, "s"),
        row(f"  ({pages // 10:,} pages: bare pikepdf)", bare_few.wall, "s"),
    ]


def make_source(path: Path, seed: int) -> Path:
    """Write a file of pages of text, each with a small picture of its own."""
    chance = random.Random(seed)
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for _ in range(PAGES):
        lines = " ".join(f"(the committee met on {chance.random()}, and {chance.random()}) '" for _ in range(45))
        picture = pdf.make_stream(chance.randbytes(4096), Type=Name.XObject, Subtype=Name.Image)
        picture.Width, picture.Height, picture.ColorSpace, picture.BitsPerComponent = 64, 64, Name.DeviceGray, 8
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 595, 842]),
            Resources=Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(I=picture)),
            Contents=pdf.make_stream(
                f"q 60 0 0 60 480 760 cm /I Do Q BT /F1 10 Tf 50 780 Td 14 TL {lines} ET".encode()
            ),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    pdf.save(path)
    return path


def merge(sources: list[Path], target: Path) -> None:
    subprocess.run([sys.executable, "-c", BARE, str(target), *map(str, sources)], check=True)


def build(sources: list[Path], target: Path) -> None:
    plan = build_plan([Shown(one.stem, f"E{one.stem}", "Minutes of the committee", PAGES, "00") for one in sources])
    with ExitStack() as stack:
        files = {one.stem: cast("BinaryIO", stack.enter_context(one.open("rb"))) for one in sources}
        out = cast("BinaryIO", stack.enter_context(target.open("w+b")))
        built = BundleBuilder(Sheets(FONTS)).build(plan, COVER, files, out)
    assert not built.slips
    assert built.pages > len(sources) * PAGES
