"""A bundle that says it is PDF/A-2b has the marks of it, and what looks for them finds each that is missing."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from alteram.core.disclosure.bundles import build_plan
from tests.integration.bundles.archival import find_hindrances
from tests.integration.bundles.test_building import build, make_archival, plain, shown
from tests.needs import need_program


def _drop(name: str) -> Callable[[pikepdf.Pdf], None]:
    def do(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[name]

    return do


def _act(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def _attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = b"a"


def _borrow_font(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].Resources.Font["/Other"] = pdf.make_indirect(font)


def _hide_note(pdf: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], Contents="a", F=2)
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])


def _draw(**entries: object) -> Callable[[pikepdf.Pdf], None]:
    def do(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Resources["/XObject"] = Dictionary(Odd=pdf.make_stream(b"0", Type=Name.XObject, **entries))

    return do


def _darken(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources["/ExtGState"] = Dictionary(Odd=Dictionary(TR=Name.Identity))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_program("qpdf", provided_by="apt-get install qpdf")
    file = tmp_path_factory.mktemp("archival") / "bundle.pdf"
    built, data = build(build_plan([shown("a", 1)]), {"a": make_archival()})
    assert built.archival
    file.write_bytes(data)
    return file


def test_bundle_that_claims_it_has_every_mark(bundle: Path) -> None:
    assert find_hindrances(bundle) == set()


def test_bundle_of_what_is_not_archival_claims_nothing(tmp_path: Path) -> None:
    file = tmp_path / "bundle.pdf"
    file.write_bytes(build(build_plan([shown("a", 1)]), {"a": plain("not embedded")})[1])
    assert {"pdfaid", "font"} <= find_hindrances(file)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (_drop("/OutputIntents"), "output-intent"),
        (_drop("/Metadata"), "pdfaid"),
        (_act, "action"),
        (_attach, "attachment"),
        (_borrow_font, "font"),
        (_hide_note, "annotation"),
        (_draw(Subtype=Name.PS), "drawing"),
        (_draw(Subtype=Name.Image, Width=1, Height=1, Interpolate=True), "drawing"),
        (_darken, "drawing"),
    ],
)
def test_each_mark_that_is_missing_is_found(
    bundle: Path, tmp_path: Path, spoil: Callable[[pikepdf.Pdf], None], word: str
) -> None:
    with pikepdf.open(bundle) as pdf:
        spoil(pdf)
        pdf.save(tmp_path / "spoiled.pdf")
    assert word in find_hindrances(tmp_path / "spoiled.pdf")


def test_encryption_is_found(bundle: Path, tmp_path: Path) -> None:
    with pikepdf.open(bundle) as pdf:
        pdf.save(tmp_path / "spoiled.pdf", encryption=pikepdf.Encryption(owner="a", user=""))
    assert "encrypted" in find_hindrances(tmp_path / "spoiled.pdf")
