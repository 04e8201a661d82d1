"""Documents made by real programs, shown as pages and text; pictures without what a camera wrote beside them."""

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.documents import DocumentReader
from alteram.adapters.converting.page_pictures import MAX_SIDE
from alteram.operations.evidence_ports import Recognised, ShownDocument, Unshown
from tests.integration.converting.confined import need_confinement
from tests.integration.converting.hostile.archives import make_zip
from tests.integration.converting.hostile.pdfs import make_pdf
from tests.integration.converting.hostile.programs import make_docx
from tests.needs import need_program
from tests.patience import HANGS

OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.oasis.opendocument.spreadsheet"
TELEPHONE = Path(__file__).with_name("files") / "telephone.heic"


def show(tmp_path: Path, data: bytes, media: str) -> ShownDocument | Unshown:
    need_confinement()
    source, folder = tmp_path / "lodged", tmp_path / "pages"
    source.write_bytes(data)
    folder.mkdir()
    return DocumentReader(Sandbox()).show(source, media, folder)


def shown(tmp_path: Path, data: bytes, media: str) -> ShownDocument:
    found = show(tmp_path, data, media)
    assert isinstance(found, ShownDocument), found
    return found


def test_pdf_becomes_pages_with_their_text(tmp_path: Path) -> None:
    found = shown(tmp_path, make_pdf(), "application/pdf")
    assert [page.text for page in found.pages] == ["Decided"]
    with Image.open(found.pages[0].file) as page:
        assert page.size == (found.pages[0].width, found.pages[0].height)
        assert page.info == {}


def test_pdf_without_anything_active_has_no_notice_and_one_with_a_script_has(tmp_path: Path) -> None:
    (one := tmp_path / "one").mkdir()
    (other := tmp_path / "other").mkdir()
    script = make_pdf(
        b"<</S/JavaScript/JS(app.alert\\(1\\))>>", catalogue=b"/Type/Catalog/Pages 2 0 R/OpenAction 5 0 R"
    )
    assert shown(one, make_pdf(), "application/pdf").notices == ()
    assert shown(other, script, "application/pdf").notices == (
        "Not followed: an action on opening.",
        "Not followed: scripts.",
    )


def test_text_document_becomes_pages(tmp_path: Path) -> None:
    need_program("soffice", provided_by="sudo apt-get install libreoffice-writer-nogui")
    found = shown(tmp_path, make_docx("Beschlossen am Montag: grün".encode()), OFFICE)
    assert found.pages[0].text.strip() == "Beschlossen am Montag: grün"
    assert found.tool.startswith("LibreOffice")


def test_sheet_made_by_libreoffice_becomes_pages(tmp_path: Path) -> None:
    program = need_program("soffice", provided_by="sudo apt-get install libreoffice-calc-nogui")
    (tmp_path / "sheet.csv").write_text("name,votes\nmotion,17\n")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "ods",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "sheet.csv"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=HANGS)
    found = shown(tmp_path, (tmp_path / "sheet.ods").read_bytes(), SHEET)
    assert "motion" in found.pages[0].text
    assert "17" in found.pages[0].text


def test_office_without_libreoffice_says_what_to_install(tmp_path: Path) -> None:
    need_confinement()
    source = tmp_path / "lodged"
    source.write_bytes(make_docx(b"a"))
    found = DocumentReader(Sandbox(), office=tmp_path / "nowhere").show(source, OFFICE, tmp_path)
    assert isinstance(found, Unshown)
    assert (found.why, "apt-get" in found.detail) == ("program-missing", True)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP"])
def test_picture_becomes_a_page_without_metadata(tmp_path: Path, form: str) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Telephone"
    options = {"exif": exif} if form in {"JPEG", "PNG", "TIFF", "WEBP"} else {}
    Image.new("RGB", (30, 20), "navy").save(out, form, **options)
    found = shown(tmp_path, out.getvalue(), f"image/{form.lower()}")
    data = found.pages[0].file.read_bytes()
    assert b"Telephone" not in data
    with Image.open(io.BytesIO(data)) as page:
        assert (page.format, page.size, page.info, len(page.getexif())) == ("PNG", (30, 20), {}, 0)


def test_picture_of_a_telephone_becomes_a_page_the_right_way_up(tmp_path: Path) -> None:
    found = shown(tmp_path, TELEPHONE.read_bytes(), "image/heic")
    assert {found.pages[0].width, found.pages[0].height} == {64, 48}
    assert b"Telephone" not in found.pages[0].file.read_bytes()


def test_picture_is_turned_as_the_camera_was_held(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "navy").save(out, "JPEG", exif=exif)
    found = shown(tmp_path, out.getvalue(), "image/jpeg")
    assert (found.pages[0].width, found.pages[0].height) == (20, 30)


def test_scan_of_several_pages_becomes_pages(tmp_path: Path) -> None:
    pages = [Image.new("1", (60, 80), one) for one in (0, 1, 1)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    found = shown(tmp_path, out.getvalue(), "image/tiff")
    assert [page.number for page in found.pages] == [1, 2, 3]


@pytest.mark.parametrize(("side", "width"), [(MAX_SIDE, MAX_SIDE), (MAX_SIDE + 200, MAX_SIDE)])
def test_large_picture_is_made_smaller(tmp_path: Path, side: int, width: int) -> None:
    out = io.BytesIO()
    Image.new("L", (side, 10)).save(out, "PNG")
    assert shown(tmp_path, out.getvalue(), "image/png").pages[0].width == width


def test_what_shines_through_becomes_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (9, 9), (255, 0, 0, 0)).save(out, "PNG")
    with Image.open(shown(tmp_path, out.getvalue(), "image/png").pages[0].file) as page:
        assert page.getpixel((4, 4)) == (255, 255, 255)


def test_markup_is_shown_as_its_text(tmp_path: Path) -> None:
    found = shown(tmp_path, b"<p>one</p><script>two()</script><a href='javascript:three()'>four</a>", "text/html")
    assert found.text.split() == ["one", "four"]
    assert found.notices == ("Not followed: <script>.", "Not followed: links that are scripts.")


def test_formula_is_shown_as_it_stands(tmp_path: Path) -> None:
    found = shown(tmp_path, b"a,b\n=1+1,=SUM(A1:A2)\n", "text/csv")
    assert found.text == "a,b\n=1+1,=SUM(A1:A2)\n"
    assert len(found.notices) == 1


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("grün".encode(), "grün"),
        ("\ufeffgrün".encode(), "grün"),
        ("\ufeffgrün".encode("utf-16-le"), "grün"),
        ("grün".encode("cp1252"), "grün"),
        (b"a\r\nb\rc", "a\nb\nc"),
        (b"a\0b", "a[U+0000]b"),
    ],
)
def test_text_is_decoded_and_nothing_in_it_is_hidden(tmp_path: Path, data: bytes, text: str) -> None:
    assert shown(tmp_path, data, "text/plain").text == text


def test_archive_is_listed_and_not_unpacked(tmp_path: Path) -> None:
    found = shown(tmp_path, make_zip(("a.txt", b"hello"), ("b/c.txt", b"there!")), "application/zip")
    assert [line.split() for line in found.text.splitlines()] == [["5", "a.txt"], ["6", "b/c.txt"]]
    assert not list((tmp_path / "pages").iterdir())


@pytest.mark.parametrize(
    ("data", "media", "why"),
    [
        (b"", "application/pdf", "empty"),
        (b"%PDF-1.7 own", "application/pdf", "damaged"),
        (b"own", "image/png", "damaged"),
        (b"own", "application/x-own", "not-shown"),
    ],
)
def test_what_cannot_be_shown_is_said(tmp_path: Path, data: bytes, media: str, why: str) -> None:
    found = show(tmp_path, data, media)
    assert isinstance(found, Unshown)
    assert found.why == why


def test_text_on_a_picture_is_recognised_with_its_places(tmp_path: Path) -> None:
    need_confinement()
    need_program("tesseract", provided_by="sudo apt-get install tesseract-ocr")
    picture = Image.new("L", (900, 160), "white")
    ImageDraw.Draw(picture).text((30, 40), "Decided on Monday", fill="black", font=ImageFont.load_default(60))
    picture.save(tmp_path / "page.png")
    found = DocumentReader(Sandbox()).recognise(tmp_path / "page.png")
    assert isinstance(found, Recognised)
    assert found.text.strip() == "Decided on Monday"
    assert [word.text for word in found.words] == ["Decided", "on", "Monday"]
    assert [word.left for word in found.words] == sorted(word.left for word in found.words)
    assert "ocrx_word" in found.hocr


def test_language_that_is_no_language_is_refused(tmp_path: Path) -> None:
    need_program("tesseract", provided_by="sudo apt-get install tesseract-ocr")
    assert isinstance(DocumentReader(Sandbox()).recognise(tmp_path, "../../etc"), Unshown)


def test_original_is_not_touched(tmp_path: Path) -> None:
    data = make_pdf()
    shown(tmp_path, data, "application/pdf")
    assert (tmp_path / "lodged").read_bytes() == data
