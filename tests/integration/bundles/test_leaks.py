"""The check of redactions finds text wherever it hides, says where, and refuses what is not plainly a redaction."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from alteram.adapters.bundles.blackening import place_box
from alteram.adapters.bundles.verifying import Checked, Media, RedactionChecker
from alteram.adapters.bundles.worker import WORK
from alteram.adapters.bundles.workers import Bounds, BundleError
from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.documents import DocumentReader
from alteram.core.disclosure.redacted_pdf import PlacedWord, RedactedPage, build_redacted_pdf
from alteram.core.disclosure.redacted_pictures import NumberedBox, Shape, build_png, pack_rows, paint
from alteram.core.disclosure.redactions import Box, Cut, Place
from alteram.operations.evidence_ports import Recognised, Unshown
from tests.leaky import (
    BOX,
    LINE,
    SECRET,
    SEEN,
    WAYS,
    blurred,
    clean,
    jpeg,
    nearly_black,
    picture,
    pixelated,
    with_picture,
)
from tests.needs import cannot_run, need_program
from tests.pdf_sources import make_pdf, save

CUT = Cut(1, "clause 7.2", (Place(0, Box(*BOX)),))


_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
BLACK_ON_BLACK = (
    f'<office:document xmlns:office="{_NAMES}:office:1.0" xmlns:text="{_NAMES}:text:1.0" '
    f'xmlns:style="{_NAMES}:style:1.0" xmlns:fo="{_NAMES}:xsl-fo-compatible:1.0" office:version="1.2" '
    'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
    '<style:style style:name="T" style:family="text"><style:text-properties fo:color="#000000" '
    'fo:background-color="#000000"/></style:style></office:automatic-styles><office:body><office:text>'
    f'<text:p>Said by <text:span text:style-name="T">{SECRET}</text:span> here</text:p>'
    "</office:text></office:body></office:document>"
)


class Blind:
    """Reads no picture: what is found is found in the file."""

    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        return Recognised("", (), "", "none")


def do_here(
    work: str, job: Mapping[str, Any], *, files: Sequence[BinaryIO] = (), bounds: Bounds | None = None
) -> dict[str, Any]:
    """Do the work of a worker in this process: what tests make is not hostile, and processes take their time."""
    module, name = WORK[work]
    done: dict[str, Any] = getattr(import_module(module), name)(job)
    if "error" in done:
        raise BundleError(done["error"])
    return done


class Broken:
    """Cannot read any picture."""

    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        return Unshown("program-missing", "there is no tesseract")


def reader() -> DocumentReader:
    need_program("tesseract", provided_by="apt-get install tesseract-ocr tesseract-ocr-eng")
    need_program("bwrap", provided_by="apt-get install bubblewrap")
    return DocumentReader(Sandbox())


def check(
    data: bytes,
    media: Media = "application/pdf",
    *,
    secrets: tuple[str, ...] = (SECRET,),
    cuts: tuple[Cut, ...] = (),
    by: RedactionChecker | None = None,
) -> Checked:
    with TemporaryFile() as file:
        file.write(data)
        file.flush()
        checker = by or RedactionChecker(Blind(), ask=do_here)
        return checker.check(cast("BinaryIO", file), media, cuts=cuts, secrets=secrets)


def bind(
    *pages: Image.Image, words: tuple[str, ...] = (), boxes: tuple[NumberedBox, ...] = (), paints: bool = True
) -> bytes:
    """Return a redaction of these pages, of the shape it should have; with `paints` the boxes are black."""
    bound = []
    for at, page in enumerate(pages):
        shape, line = Shape(*page.size, 1), page.width
        pixels = page.convert("L").tobytes()
        rows = bytearray(b"".join(b"\0" + pixels[one : one + line] for one in range(0, len(pixels), line)))
        if paints:
            paint(rows, shape, boxes)
        lists = at + 1 == len(pages)
        said = () if lists else tuple(PlacedWord(one, 150, 200 + 70 * row, 300, 40) for row, one in enumerate(words))
        bound.append(RedactedPage(shape, pack_rows(rows), () if lists else boxes, said, lists))
    return b"".join(build_redacted_pdf(bound, len(bound)))


def black_out(page: Image.Image, box: Box = CUT.places[0].box) -> NumberedBox:
    return place_box(1, [box.left, box.top, box.right, box.bottom], page.size)


def blank() -> Image.Image:
    return Image.new("L", (1654, 2339), 255)


#: Every second way is tried each time, all of them in the campaign: each starts a confined program.
TRIED = [pytest.param(*one, id=one[0], marks=[pytest.mark.campaign] * (at % 2)) for at, one in enumerate(WAYS)]


@pytest.mark.parametrize(("name", "place", "make"), TRIED)
def test_a_word_hidden_in_a_file_is_found_with_its_place_and_the_shape_refuses_it_besides(
    name: str, place: str, make: Callable[[], bytes]
) -> None:
    checked = check(make())
    assert not checked
    assert [leak for leak in checked.leaks if leak.secret == 0 and place in leak.place], checked.leaks
    # Where the word were not known, the file would be refused all the same.
    assert [leak for leak in checked.leaks if leak.secret < 0]


def test_there_are_many_ways_to_hide_a_word() -> None:
    assert len(WAYS) + len(SEEN) >= 40


@pytest.mark.parametrize(("name", "place", "make"), SEEN, ids=[name for name, _, _ in SEEN])
def test_a_word_that_can_be_read_in_a_picture_is_found(name: str, place: str, make: Callable[[], bytes]) -> None:
    checked = check(make(), by=RedactionChecker(reader()))
    assert [leak for leak in checked.leaks if leak.secret == 0 and place in leak.place], checked.leaks


def test_a_file_written_by_an_office_program_with_black_bars_is_found_out(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        cannot_run("soffice is missing", "apt-get install libreoffice-writer-nogui")
    page = tmp_path / "page.fodt"
    page.write_text(BLACK_ON_BLACK)
    office_folder = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [str(office), office_folder, "--headless", "--convert-to", "pdf", str(page)]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    checked = check((tmp_path / "page.pdf").read_bytes())
    assert [leak for leak in checked.leaks if leak.secret == 0 and "selected" in leak.place], checked.leaks


def test_a_sound_redaction_passes() -> None:
    page = picture("It was black who said so")
    assert check(bind(page, blank())) == Checked((), 2)


@pytest.mark.parametrize(
    "make", [pytest.param(picture, marks=pytest.mark.campaign), pixelated,
             pytest.param(blurred, marks=pytest.mark.campaign), nearly_black]
)  # fmt: skip
def test_a_box_that_is_not_black_is_refused(make: Callable[[], Image.Image]) -> None:
    page = make()
    checked = check(bind(page, blank(), boxes=(black_out(page),), paints=False), cuts=(CUT,), secrets=())
    assert [leak.what for leak in checked.leaks] == ["A box is not black but for its number. (redaction.black)"]


def test_a_cut_without_its_box_is_refused() -> None:
    checked = check(bind(picture(), blank()), cuts=(CUT,), secrets=())
    assert [leak.what for leak in checked.leaks] == ["the box of cut 1 is not black"]


def test_a_black_box_with_its_number_passes() -> None:
    page = picture()
    assert check(bind(page, blank(), boxes=(black_out(page),)), cuts=(CUT,), secrets=()).leaks == ()


def test_words_over_a_picture_that_are_not_read_in_it_are_refused() -> None:
    checked = check(bind(blank(), blank(), words=("Something", "else")), secrets=())
    assert [leak.place for leak in checked.leaks] == ["text over a picture"]


def test_an_encrypted_file_is_refused() -> None:
    data = save(clean(), encryption=pikepdf.Encryption(owner="o", user="u"))
    assert not check(data, secrets=())


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF"])
def test_what_cannot_be_opened_is_refused(data: bytes) -> None:
    assert not check(data, secrets=())


def test_where_pictures_cannot_be_read_nothing_passes() -> None:
    checked = check(bind(blank()), by=RedactionChecker(Broken()))
    assert "could not be recognised" in checked.leaks[0].what


def test_a_page_of_another_shape_is_refused_though_its_word_is_not_known() -> None:
    assert not check(save(with_picture(jpeg(blank()))), secrets=())
    assert not check(save(make_pdf(["anything"])), secrets=())


def png(page: Image.Image, note: str = "", after: bytes = b"") -> bytes:
    """Return a picture as PNG: of the shape that redactions have, or with a note that they have not."""
    if note or page.mode != "L":
        out, facts = io.BytesIO(), PngImagePlugin.PngInfo()
        facts.add_itxt("Comment", note, zip=True)
        page.save(out, "PNG", pnginfo=facts)
        return out.getvalue() + after
    pixels = page.tobytes()
    rows = b"".join(b"\0" + pixels[at : at + page.width] for at in range(0, len(pixels), page.width))
    return build_png(Shape(*page.size, 1), pack_rows(rows)) + after


def test_a_sound_picture_passes() -> None:
    assert check(png(blank()), "image/png") == Checked((), 1)


@pytest.mark.parametrize(
    "data",
    [
        png(blank(), note=LINE),
        png(blank(), after=LINE.encode()),
        png(blank().convert("RGBA")),
        jpeg(blank(), comment=LINE.encode()),
        jpeg(blank()) + b"more",
        b"GIF89a",
        png(blank())[:400],
    ],
    ids=["note", "after", "seen through", "jpeg remark", "jpeg after", "other", "cut off"],
)
def test_a_picture_that_holds_more_than_pixels_is_refused(data: bytes) -> None:
    assert not check(data, "image/png")


def test_a_picture_in_which_the_word_can_be_read_is_refused() -> None:
    checked = check(png(picture()), "image/png", by=RedactionChecker(reader()))
    assert [(leak.place, leak.secret) for leak in checked.leaks] == [("what is seen", 0)]


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "it was WINTER-\ngreen",
        "W i n t e r g r e e n",
        LINE[::-1],
        "Wintergr\u00adeen",
        "a\u200bb",
        "\U000e0057",
        "V2ludGVyZ3JlZW4g",
    ],
)
def test_a_text_that_holds_the_word_or_unseen_signs_is_refused(text: str) -> None:
    assert not check(text.encode(), "text/plain")


def test_a_text_without_it_passes_and_what_is_no_text_is_refused() -> None:
    assert check("It was █████[1] who said so.\n".encode(), "text/plain")
    assert not check(b"\xff\xfe", "text/plain")


def zipped(*members: tuple[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.comment = comment
        for name, data in members:
            packed.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def test_a_zip_of_sound_files_passes() -> None:
    assert check(
        zipped(("a.txt", b"plain"), ("b.pdf", bind(blank())), ("SHA256SUMS", b"00  a.txt\n")), "application/zip"
    )


@pytest.mark.parametrize(
    "data",
    [
        zipped(("a.txt", LINE.encode())),
        zipped((f"{SECRET}.txt", b"x")),
        zipped(("a.txt", b"x"), comment=LINE.encode()),
        zipped(("a.bin", b"x")),
        zipped(("a.pdf", save(make_pdf([LINE])))),
        zipped(("a.zip", zipped(("b.zip", zipped(("c.txt", b"x")))))),
        b"front" + zipped(("a.txt", b"x")),
        zipped(("a.txt", b"x")) + b"after",
        zipped(("a.txt", b"x"))[:-10],
        b"",
    ],
    ids=["member", "name", "remark", "other kind", "pdf", "nested", "before", "after", "cut off", "empty"],
)
def test_a_zip_that_leaks_or_cannot_be_checked_is_refused(data: bytes) -> None:
    assert not check(data, "application/zip")
