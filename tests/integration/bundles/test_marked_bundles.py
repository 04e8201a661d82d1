"""Bundles as they are built from lodged files: whose pages are drawings within pages of the bundle."""

import io
import subprocess
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from alteram.adapters.bundles.reading import Bundle, trace
from alteram.core.disclosure.accusing import Found
from alteram.core.disclosure.bundles import Shown, build_plan
from benchmarks.leaks import DRAWN, Drawn, Pages, again, build_bundle, mark_copies, print_and_scan, resize
from tests.integration.bundles.test_building import build
from tests.needs import need_program
from tests.patience import HANGS

SEED = bytes(range(32))
COPIES = tuple(b"copy-%02d" % number for number in range(20))
LETTER = " ".join(f"The committee of {number} members decided nothing about the complaint." for number in range(1, 40))


def check_naming(sources: list[bytes], pages: list[int], folder: Path, *, printed: bool = True) -> None:
    """Build a bundle of files, mark it, and trace these pages (counted from the last) of a copy."""
    shown, data = [], {}
    for name, source in zip("abcdef", sources, strict=False):
        with pikepdf.open(io.BytesIO(source)) as pdf:
            shown.append(Shown(name, name.upper(), "Paper", len(pdf.pages), "ab" * 32))
        data[name] = source
    unmarked = folder / "bundle.pdf"
    unmarked.write_bytes(build(build_plan(shown), data)[1])
    copy = Drawn(mark_copies(unmarked, SEED, COPIES[3:4], folder / "marked")[COPIES[3]])
    bundle, chance = Bundle(unmarked, Pages(unmarked), SEED), np.random.default_rng(4)
    for page in pages:
        number = copy.count() + 1 + page
        drawn = copy.draw(number, DRAWN)
        for leaked in (again(resize(drawn, 0.5), 60), *((print_and_scan(drawn, chance),) if printed else ())):
            traced = trace(bundle, SEED, COPIES, [leaked])
            assert [one.page for one in traced.recognised] == [number]
            assert isinstance(traced.verdict, Found)
            assert [one.copy for one in traced.verdict.named] == [COPIES[3]]


def test_letters_and_scans_that_were_lodged_name_the_copy_they_leaked_from(tmp_path: Path) -> None:
    build_bundle(tmp_path / "lodged.pdf", letters=1, scans=1, seed=5)
    check_naming([(tmp_path / "lodged.pdf").read_bytes()], [-2, -1], tmp_path)


@pytest.mark.campaign
def test_a_page_that_libreoffice_made_names_the_copy_it_leaked_from(tmp_path: Path) -> None:
    soffice = need_program("soffice", provided_by="apt-get install libreoffice-writer-nogui")
    rows = "".join(f"<tr><td>Witness {number}</td><td>heard on Monday</td></tr>" for number in range(8))
    html = f"<p align=justify>{LETTER}</p><ol><li>One item</li><li>Another item</li></ol><table border=1>{rows}</table>"
    (tmp_path / "paper.html").write_text(f"<html><body>{html}</body></html>")
    kept = f"-env:UserInstallation=file://{tmp_path}/profile"
    made = [soffice, kept, "--headless", "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", str(tmp_path)]
    subprocess.run([*made, str(tmp_path / "paper.html")], check=True, capture_output=True, timeout=HANGS)
    check_naming([(tmp_path / "paper.pdf").read_bytes()], [-1], tmp_path)


def test_pages_that_differ_in_a_few_words_are_told_apart(tmp_path: Path) -> None:
    lines = "".join(f"({number}. The committee decided nothing about it on that day.) Tj T*\n" for number in range(40))
    with pikepdf.new() as pdf:
        for name in ("Monday the first", "Friday the fifth"):
            page = pdf.add_blank_page(page_size=(595, 842))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/F1"))
            page.contents_add(f"BT /F1 12 Tf 17 TL 60 780 Td ({name}, {name}, {name}) Tj T* {lines} ET".encode())
        pdf.save(tmp_path / "lodged.pdf")
    check_naming([(tmp_path / "lodged.pdf").read_bytes()], [-2, -1], tmp_path, printed=False)
