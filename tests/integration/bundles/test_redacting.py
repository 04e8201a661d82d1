"""A redaction holds what it should and nothing of what was cut out, by whatever way one reads it."""

import io
import re
import subprocess
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import pikepdf
import pypdf
import pypdfium2
import pytest
from PIL import Image

from alteram.adapters.bundles import redacting
from alteram.adapters.bundles.checked_redactions import CheckedRedactor
from alteram.adapters.bundles.redacting import Redacted, Redactor
from alteram.adapters.bundles.sheets import Sheets
from alteram.adapters.bundles.verifying import RedactionChecker
from alteram.adapters.bundles.workers import BundleError
from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.documents import DocumentReader
from alteram.core.disclosure.folding import fold, squash
from alteram.core.disclosure.redaction_proofs import verify_redaction
from alteram.core.disclosure.redactions import Asked, Box, Place, RedactionError, redact_text
from alteram.operations.bundle_ports import READINGS
from alteram.operations.evidence_ports import Recognised, Unshown
from conformance.verify_redaction import verify
from tests.leaky import WAYS, jpeg, picture
from tests.needs import need_program
from tests.pdf_sources import add_annotation, make_appearance, make_pdf, save

FONTS = Path(redacting.__file__).parents[1] / "letters" / "fonts"
DATED = datetime(2026, 5, 1, tzinfo=UTC)
PAGES = (
    """On Monday the committee met.
Ms Wintergreen said that the minutes were wrong.
Then WINTER-
GREEN left at nine.
The wintergreen's coat stayed.
The account is 4711 0815 with the savings bank.""",
    "Second page by W i n t e r g r e e n, and signed in a note.",
)
NAME, ACCOUNT = "wintergreen", "47110815"
ACCOUNT_LINE = Place(0, Box(900, 1590, 8200, 1720))


def reader() -> DocumentReader:
    need_program("tesseract", provided_by="apt-get install tesseract-ocr tesseract-ocr-eng")
    need_program("bwrap", provided_by="apt-get install bubblewrap")
    return DocumentReader(Sandbox())


def redactor() -> Redactor:
    return Redactor(reader(), Sheets(FONTS))


def source_with_everything() -> bytes:
    """A document that names the person in its text and in each place beside it."""
    pdf = make_pdf(PAGES)
    pdf.docinfo["/Author"] = "Wintergreen"
    pdf.attachments["Wintergreen.txt"] = b"Wintergreen"
    note = make_appearance(pdf, "Wintergreen")
    add_annotation(pdf, 1, Subtype=pikepdf.Name.Stamp, Rect=[50, 600, 250, 620], F=4, AP=pikepdf.Dictionary(N=note))
    return save(pdf)


@dataclass(frozen=True)
class Made:
    redacted: Redacted
    data: bytes


@pytest.fixture(scope="module")
def made() -> Made:
    asked = [
        Asked("clause 7.2: a witness is protected", (), ("Wintergreen",)),
        Asked("clause 7.3: bank", (ACCOUNT_LINE,)),
    ]
    with TemporaryFile() as source, TemporaryFile() as out:
        source.write(source_with_everything())
        source.flush()
        redacted = redactor().redact_pdf(cast("BinaryIO", source), asked, cast("BinaryIO", out), dated_at=DATED)
        out.seek(0)
        return Made(redacted, out.read())


def run(*command: str, data: bytes = b"") -> str:
    need_program(command[0], provided_by="apt-get install poppler-utils qpdf mupdf-tools binutils")
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def read_pictures(paths: Iterator[Path]) -> str:
    read = reader()
    found = [read.recognise(path) for path in paths]
    return " ".join(one.text for one in found if isinstance(one, Recognised))


def by_pdfimages(path: Path) -> str:
    run("pdfimages", "-png", str(path), str(path.with_name("image")))
    return read_pictures(path.parent.glob("image-*.png"))


def by_pdftoppm(path: Path) -> str:
    run("pdftoppm", "-png", "-r", "150", str(path), str(path.with_name("page")))
    return read_pictures(path.parent.glob("page-*.png"))


def by_mutool_extract(path: Path) -> str:
    need_program("mutool", provided_by="apt-get install mupdf-tools")
    subprocess.run(["mutool", "extract", str(path)], cwd=path.parent, check=True, capture_output=True)
    return "".join(one.read_bytes().decode("latin-1") for one in path.parent.iterdir() if one != path)


def by_qpdf(path: Path) -> str:
    return run("qpdf", "--qdf", "--object-streams=disable", str(path), "-")


def by_pdfium(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    return " ".join(page.get_textpage().get_text_range() for page in pdf)


def by_pypdf(path: Path) -> str:
    read = pypdf.PdfReader(path)
    return f"{read.metadata} {read.xmp_metadata} {read.attachments} {read.outline}" + " ".join(
        page.extract_text() + str(dict(page)) for page in read.pages
    )


def by_pikepdf(path: Path) -> str:
    with pikepdf.open(path) as pdf:
        parts = [one.unparse(resolved=True) for one in pdf.objects if not isinstance(one, pikepdf.Stream)]
        streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        parts += [one.read_raw_bytes() for one in streams]
        parts += [one.read_bytes() for one in streams if one.get("/Subtype") != "/Image"]
    return b" ".join(parts).decode("latin-1")


def by_unpacking(path: Path) -> str:
    found = b""
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", path.read_bytes(), re.DOTALL):
        try:
            found += zlib.decompressobj().decompress(match[1])
        except zlib.error:
            found += match[1]
    return found.decode("latin-1")


def by_hidden_codes(path: Path) -> str:
    """The words over the pictures, which stand there as UTF-16."""
    return "".join(chr(int(one, 16)) for one in re.findall(r"([0-9A-F]{4})", by_unpacking(path)))


EXTRACTING: list[Callable[[Path], str]] = [
    lambda path: run("pdftotext", str(path), "-"),
    lambda path: run("pdftotext", "-raw", "-nopgbrk", str(path), "-"),
    lambda path: run("pdftohtml", "-stdout", "-hidden", "-xml", str(path)),
    lambda path: (
        run("pdfinfo", "-meta", str(path)) + run("pdfinfo", "-js", str(path)) + run("pdfinfo", "-dests", str(path))
    ),
    lambda path: run("mutool", "draw", "-q", "-F", "txt", str(path)),
    lambda path: run("mutool", "draw", "-q", "-F", "trace", str(path)),
    lambda path: run("mutool", "show", str(path), "grep"),
    lambda path: run("strings", "-a", "-n", "4", str(path)),
    lambda path: run("strings", "-a", "-e", "b", str(path)) + run("strings", "-a", "-e", "l", str(path)),
    by_pdfimages,
    by_pdftoppm,
    by_mutool_extract,
    by_qpdf,
    by_pdfium,
    by_pypdf,
    by_pikepdf,
    by_unpacking,
    by_hidden_codes,
]


@pytest.mark.parametrize("extract", EXTRACTING, ids=[str(index) for index in range(len(EXTRACTING))])
def test_no_way_of_getting_text_out_gets_what_was_cut_out(
    extract: Callable[[Path], str], made: Made, tmp_path: Path
) -> None:
    path = tmp_path / "redacted.pdf"
    path.write_bytes(made.data)
    letters = squash(fold(extract(path)).text)
    assert NAME not in letters
    assert ACCOUNT not in letters
    assert "savingsbank" not in letters


def test_the_ways_of_getting_text_out_get_it_from_what_is_not_redacted(tmp_path: Path) -> None:
    path = tmp_path / "source.pdf"
    path.write_bytes(source_with_everything())
    found = [NAME in squash(fold(extract(path)).text) for extract in (EXTRACTING[0], by_pdfium, by_pypdf, by_qpdf)]
    assert found == [True] * 4


def test_a_redaction_passes_its_check_and_what_it_was_made_of_does_not(made: Made) -> None:
    checker = RedactionChecker(reader())
    for data, sound in ((made.data, True), (source_with_everything(), False)):
        with TemporaryFile() as file:
            file.write(data)
            file.flush()
            checked = checker.check(
                cast("BinaryIO", file), "application/pdf", cuts=made.redacted.cuts, secrets=made.redacted.secrets
            )
        assert bool(checked) is sound, checked.leaks


def test_a_redaction_is_of_the_specified_shape_to_the_second_verifier_too(made: Made) -> None:
    words = ["Wintergreen", "4711 0815"]
    assert verify_redaction(made.data, words).places == made.redacted.boxes
    assert len(verify(made.data, words).numbers) == made.redacted.boxes > 4


def test_what_was_not_cut_out_can_still_be_read_and_searched(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "redacted.pdf"
    path.write_bytes(made.data)
    text = " ".join(run("pdftotext", "-raw", str(path), "-").split())
    for said in ("On Monday the committee met", "said that the minutes were wrong", "left at nine", "Second page by"):
        assert said in text
    assert text.count("[1]") >= 5
    assert "[2]" in text
    assert "clause 7.2: a witness is protected" in text


def test_cuts_carry_numbers_reasons_and_every_place_across_lines_and_spaces(made: Made) -> None:
    first, second = made.redacted.cuts
    assert (first.number, first.reason, second.number) == (1, "clause 7.2: a witness is protected", 2)
    assert {place.page for place in first.places} == {0, 1}
    assert made.redacted.not_found == ()
    # The line under the drawn box, with what it only touched.
    assert any("4711 0815" in one for one in made.redacted.secrets)


def test_the_same_redaction_is_the_same_bytes(made: Made) -> None:
    asked = [Asked("x", (), ("Monday",))]
    results = []
    for _ in range(2):
        with TemporaryFile() as source, TemporaryFile() as out:
            source.write(save(make_pdf(["On Monday"])))
            source.flush()
            results.append(
                redactor().redact_pdf(cast("BinaryIO", source), asked, cast("BinaryIO", out), dated_at=DATED)
            )
    assert results[0] == results[1]


def test_a_picture_is_redacted_and_keeps_nothing_beside_its_pixels() -> None:
    facts = Image.Exif()
    facts[0x013B] = "Wintergreen"
    data = jpeg(picture(), exif=facts)
    with TemporaryFile() as source, TemporaryFile() as out:
        source.write(data)
        source.flush()
        asked = [Asked("clause 7.2", (), ("Wintergreen",))]
        redacted = redactor().redact_picture(cast("BinaryIO", source), "image/jpeg", asked, cast("BinaryIO", out))
        checked = RedactionChecker(reader()).check(
            cast("BinaryIO", out), "image/png", cuts=redacted.cuts, secrets=redacted.secrets
        )
    assert redacted.cuts[0].places
    assert checked.leaks == ()


def test_a_word_that_stands_nowhere_is_told() -> None:
    with TemporaryFile() as source, TemporaryFile() as out:
        source.write(save(make_pdf(["Nothing of it, but Wintergrccn"])))
        source.flush()
        asked = [Asked("x", (), ("Wintergreen",))]
        redacted = redactor().redact_pdf(cast("BinaryIO", source), asked, cast("BinaryIO", out), dated_at=DATED)
    assert redacted.not_found == ("Wintergreen",)
    assert {one.text for one in redacted.doubtful} == {"Wintergrccn"}


def test_words_under_a_drawn_box_that_stand_elsewhere_are_told() -> None:
    counted: list[None] = []
    lines = "The committee of the club\nmet on Monday.\nThe committee of the club"
    with TemporaryFile() as source, TemporaryFile() as out:
        source.write(save(make_pdf([lines])))
        source.flush()
        asked = [Asked("x", (Place(0, Box(700, 540, 8200, 765)),), ())]
        made = CheckedRedactor(redactor(), RedactionChecker(reader())).redact(
            cast("BinaryIO", source), asked, cast("BinaryIO", out), dated_at=DATED, count=lambda: counted.append(None)
        )
    assert made.leaks
    # The page that lists the cuts is not looked at for words to cut out.
    assert len(counted) == READINGS + READINGS - 1
    assert made.still == ("The committee of the club",)


class Broken:
    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        return Unshown("program-missing", "there is no tesseract")


def redact_with_broken(data: bytes, asked: list[Asked]) -> None:
    with TemporaryFile() as source, TemporaryFile() as out:
        source.write(data)
        source.flush()
        Redactor(Broken(), Sheets(FONTS)).redact_pdf(
            cast("BinaryIO", source), asked, cast("BinaryIO", out), dated_at=DATED
        )


def test_without_recognising_nothing_is_redacted() -> None:
    with pytest.raises(BundleError, match="could not be recognised"):
        redact_with_broken(save(make_pdf(["x"])), [Asked("x", (), ("word",))])


@pytest.mark.parametrize(
    "data", [b"", b"no PDF", save(make_pdf(["x"]), encryption=pikepdf.Encryption(owner="o", user="u"))]
)
def test_what_cannot_be_opened_is_told(data: bytes) -> None:
    with pytest.raises(BundleError, match="cannot be opened"):
        redact_with_broken(data, [Asked("x", (), ("word",))])


def test_a_text_is_redacted_with_numbers_and_reasons() -> None:
    asked = [Asked("clause 7.2", (), ("Wintergreen",)), Asked("clause 7.3", (), ("4711 0815",))]
    text = redact_text("Ms Winter-\ngreen pays from 4711-0815. WINTERGREEN's.", asked)
    assert text == "Ms █████[1] pays from █████[2]. █████[1].\n\nWhat was cut out:\n[1] clause 7.2\n[2] clause 7.3\n"
    checked = RedactionChecker(Broken()).check(
        cast("BinaryIO", io.BytesIO(text.encode())), "text/plain", cuts=(), secrets=("Wintergreen", "4711 0815")
    )
    assert checked


@pytest.mark.parametrize(
    "asked",
    [
        [],
        [Asked(" ", (), ("word",))],
        [Asked("x", (), ("a",))],
        [Asked("x", (), ("!!",))],
        [Asked("x", (Place(0, Box(10, 10, 10, 20)),))],
        [Asked("x", (Place(-1, Box(10, 10, 20, 20)),))],
        [Asked("x", (Place(0, Box(0, 0, 10_001, 20)),))],
    ],
    ids=["nothing", "no reason", "one letter", "no letter", "no box", "no page", "beyond the page"],
)
def test_what_cannot_be_cut_out_is_refused(asked: list[Asked]) -> None:
    with pytest.raises(RedactionError):
        redact_text("text", asked)


def test_bad_files_are_redacted_into_sound_ones() -> None:
    """The same redaction, made of a file that hides the word, holds nothing of it."""
    hiding = next(make for name, _, make in WAYS if name == "unseen text")
    with TemporaryFile() as source, TemporaryFile() as out:
        source.write(hiding())
        source.flush()
        asked = [Asked("clause 7.2", (), ("Wintergreen",))]
        redacted = redactor().redact_pdf(cast("BinaryIO", source), asked, cast("BinaryIO", out), dated_at=DATED)
        checked = RedactionChecker(reader()).check(
            cast("BinaryIO", out), "application/pdf", cuts=redacted.cuts, secrets=redacted.secrets
        )
    assert checked.leaks == ()
