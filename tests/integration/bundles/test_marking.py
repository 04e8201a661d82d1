import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest

from alteram.adapters.bundles.carrying import find_carried
from alteram.adapters.bundles.marking import FIRST_STRIP, derive_secrets, mark, prepare
from alteram.adapters.bundles.marking_images import AMPLITUDE, COVERS, cut_grid
from alteram.adapters.bundles.marking_splicing import read_table
from alteram.adapters.bundles.marking_text import lay_out
from alteram.adapters.bundles.marking_walk import SHORTEST
from alteram.adapters.bundles.reading import Bundle
from alteram.core.disclosure.codes import derive_symbols
from alteram.core.disclosure.errors import MarkError
from benchmarks.leaks import FONT, Drawn, Pages, build_bundle

SEED = bytes(range(32))
SHOWN = "Copy for the respondent, 1 May 2027, 10:00 UTC"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marking")
    build_bundle(folder / "bundle.pdf", letters=2, scans=1, seed=3)
    (folder / "prepared").mkdir()
    prepare(folder / "bundle.pdf", derive_secrets(SEED, 3), folder / "prepared")
    for copy in (b"one", b"two"):
        put(folder, copy, folder / f"{copy.decode()}.pdf")
    return folder


def put(folder: Path, copy: bytes, into: Path, shown: str = SHOWN) -> None:
    mark(folder / "prepared", SEED, copy, into, shown=shown, font=FONT.read_bytes())


def page_text(path: Path, page: int) -> str:
    return str(pypdfium2.PdfDocument(path)[page].get_textpage().get_text_range())


def test_a_copy_is_a_whole_pdf_that_says_for_whom_it_is(folder: Path) -> None:
    with pikepdf.open(folder / "one.pdf") as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 3
        assert str(pdf.docinfo["/CopyFor"]) == SHOWN


def test_every_page_shows_along_its_edge_for_whom_it_is(folder: Path) -> None:
    plain, copy = Drawn(folder / "bundle.pdf"), Drawn(folder / "one.pdf")
    for page in (1, 2, 3):
        edge = (slice(600, None), slice(20, 38))
        assert np.sum(plain.draw(page, 100)[edge] < 120) == 0
        assert np.sum(copy.draw(page, 100)[edge] < 120) > 200


def test_a_long_name_fits_and_one_beyond_the_limit_is_refused(folder: Path, tmp_path: Path) -> None:
    put(folder, b"one", tmp_path / "long.pdf", "W" * 200)
    for shown in ("", "W" * 201):
        with pytest.raises(MarkError):
            put(folder, b"one", tmp_path / "refused.pdf", shown)


def test_a_copy_never_overwrites(folder: Path) -> None:
    with pytest.raises(FileExistsError):
        put(folder, b"one", folder / "two.pdf")


def test_the_same_copy_is_the_same_but_for_nothing_and_another_differs_on_every_page(
    folder: Path, tmp_path: Path
) -> None:
    put(folder, b"one", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == (folder / "one.pdf").read_bytes()
    one, two = Drawn(folder / "one.pdf"), Drawn(folder / "two.pdf")
    assert all((one.draw(page, 150) != two.draw(page, 150)).any() for page in (1, 2, 3))


def test_text_stays_word_for_word_as_it_was(folder: Path) -> None:
    for page in (0, 1):
        assert page_text(folder / "one.pdf", page) == page_text(folder / "bundle.pdf", page)


def test_a_page_image_is_within_a_few_levels_of_what_it_was(folder: Path) -> None:
    plain, copy = Drawn(folder / "bundle.pdf").draw(3, 150), Drawn(folder / "one.pdf").draw(3, 150)
    apart = np.abs(plain.astype(int) - copy)[:, 80:]
    assert 0.5 < apart.mean() < 3 * AMPLITUDE
    assert np.quantile(apart, 0.999) < 30


def test_words_stand_where_their_symbols_say(folder: Path) -> None:
    with pikepdf.open(folder / "bundle.pdf") as plain, pikepdf.open(folder / "one.pdf") as copy:
        carried = find_carried(plain.pages[0]).words
        moved = find_carried(copy.pages[0]).words
        symbols = derive_symbols(SEED, b"one", 1, len(carried))
    # A word's move counts to its length where the copy is laid out: one just long enough may be missing there.
    aside = [
        min((now.start[0] - was.start[0] for now in moved if now.start[1] == was.start[1]), key=abs) for was in carried
    ]
    right = [abs(one - (0.35 if symbol else -0.35)) < 0.02 for one, symbol in zip(aside, symbols, strict=True)]
    assert len(carried) > 200
    assert sum(right) >= len(carried) - 8


def test_words_and_strips_never_share_a_slot(folder: Path) -> None:
    with pikepdf.open(folder / "bundle.pdf") as pdf:
        for page in pdf.pages:
            found = find_carried(page)
            assert len(found.words) <= FIRST_STRIP
            assert found.image is None or found.image[0].strips + FIRST_STRIP <= 4096


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"%PDF-1.7 and nothing")
    (tmp_path / "folder").mkdir()
    with pytest.raises(MarkError):
        prepare(tmp_path / "no.pdf", derive_secrets(SEED, 3), tmp_path / "folder")


@pytest.mark.parametrize("pages", [2, 4])
def test_bundle_of_another_number_of_pages_than_is_recorded_is_refused(
    folder: Path, tmp_path: Path, pages: int
) -> None:
    with pytest.raises(MarkError, match="number of pages"):
        prepare(folder / "bundle.pdf", derive_secrets(SEED, pages), tmp_path)


def page_of(content: bytes, *, font: str = "/Helvetica") -> Iterator[pikepdf.Page]:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(400, 400))
    kind = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(font))
    page.add_resource(kind, pikepdf.Name.Font, pikepdf.Name("/F1"))
    page.contents_add(content)
    yield page
    pdf.close()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"BT /F1 12 Tf 50 50 Td (three whole words) Tj ET", 3),
        (b"BT /F1 12 Tf 50 50 Td [(kerned) -300 (by) -300 (gaps)] TJ ET", 3),
        (b"BT /F1 12 Tf 50 50 Td [(kern) 20 (ing)] TJ ET", 1),
        (b"BT /F1 12 Tf 50 50 Td (to) Tj (rn) Tj ET", 1),
        (b"BT /F1 12 Tf 50 50 Td (o) Tj 6.67 0 Td (n) Tj 6.67 0 Td (e) Tj 20 0 Td (o) Tj ET", 1),
        (b"BT /F1 12 Tf 50 50 Td (torn wo) Tj (rd here) Tj ET", 3),
        (b"BT /F2 12 Tf 50 50 Td (of unknown width) Tj /F1 12 Tf (words) Tj 0 -20 Td (words) Tj ET", 1),
        (b"BT 3 Tr /F1 12 Tf 50 50 Td (not seen at all) Tj ET", 0),
        (b"BT /F1 3 Tf 50 50 Td (much too small to carry) Tj ET", 0),
        (b"BT /F1 12 Tf 50 50 Td (a b c) Tj ET", 0),
        (b"BT /F1 12 Tf 14 TL 50 50 Td (line) ' ( other) Tj ET", 2),
        (b"BT /F1 12 Tf 14 TL 50 50 Td 2 1 (both lines) \" (of it) ' ET", 4),
        (b"BT /F2 12 Tf 50 50 Td (unknown font) Tj ET", 0),
        (b"BT /F1 (no number) Tf 50 50 Td (words) Tj ET", 0),
        (b"2 0 0 2 0 0 cm BT /F1 3 Tf 50 50 Td (twice more large) Tj ET", 3),
        (b"BT /F1 12 Tf 50 50 Td (number 917300000001 here) Tj ET", 0),
        (b"", 0),
        (b"BT (", 0),
    ],
)
def test_which_words_carry(content: bytes, words: int) -> None:
    for page in page_of(content):
        assert len(lay_out(page).words) == words


def test_words_at_the_shortest_length_carry_and_shorter_ones_do_not() -> None:
    wide = 0.278  # of an i is 0.222 and of a full stop 0.278, in sizes
    for count, size in ((3, SHORTEST / 3 / wide + 0.01), (3, SHORTEST / 3 / wide - 0.01)):
        for page in page_of(b"BT /F1 %.3f Tf 50 50 Td (%s) Tj ET" % (size, b"." * count)):
            assert len(lay_out(page).words) == (size * wide * count >= SHORTEST)


@pytest.mark.parametrize("font", ["Times-Roman", "Times-Italic", "Helvetica-Bold", "Courier-BoldOblique"])
def test_standard_fonts_that_a_file_does_not_bring_along_carry_where_they_are_drawn(font: str) -> None:
    for page in page_of(b"BT /F1 12 Tf 50 50 Td (whose quick MEASURES are known!) Tj ET", font=f"/{font}"):
        word = lay_out(page).words[-1]
        written = io.BytesIO()
        holder = pikepdf.new()
        holder.pages.append(page)
        holder.save(written)
    drawn = pypdfium2.PdfDocument(written.getvalue())[0].get_textpage()
    right = max(drawn.get_charbox(at, loose=True)[2] for at in range(drawn.count_chars()))
    assert abs(word.end[0] - right) < 0.5


def test_fonts_of_unknown_widths_carry_nothing() -> None:
    for page in page_of(b"BT /F1 12 Tf 50 50 Td (three whole words) Tj ET", font="/Unheard"):
        assert lay_out(page).words == ()


def test_squares_grow_with_the_density_of_the_image() -> None:
    a4 = (595.0, 0.0, 0.0, 842.0, 0.0, 0.0)
    assert [cut_grid(width, width * 7 // 5, a4).side for width in (1240, 2480, 4960)] == [8, 16, 32]
    assert cut_grid(1240, 1754, a4).strips == 220


def test_small_images_and_those_that_cover_little_carry_nothing(tmp_path: Path) -> None:
    for side, part, carries in ((500, 1.0, True), (399, 1.0, False), (500, COVERS * 0.9, False)):
        pdf = pikepdf.new()
        page = pdf.add_blank_page(page_size=(400, 400))
        image = pikepdf.Stream(pdf, bytes(side * side))
        facts = {"/Subtype": pikepdf.Name.Image, "/Width": side, "/Height": side, "/BitsPerComponent": 8}
        for name, value in {**facts, "/ColorSpace": pikepdf.Name.DeviceGray}.items():
            image[name] = value
        page.add_resource(image, pikepdf.Name.XObject, pikepdf.Name("/Im"))
        drawn = 400 * part**0.5
        page.contents_add(b"%.2f 0 0 %.2f 0 0 cm /Im Do" % (drawn, drawn))
        assert (find_carried(page).image is not None) is carries


@pytest.mark.parametrize("tail", [b"", b"startxref\n9\n%%EOF\n", b"xref\n0 x\nstartxref\n0\n%%EOF\n"])
def test_a_file_without_a_plain_table_is_refused(tail: bytes) -> None:
    with pytest.raises(MarkError):
        read_table(io.BytesIO(tail))


def drawn_by_forms(contents: list[bytes], form: bytes, *, own: bool = True) -> pikepdf.Pdf:
    """Return a PDF whose pages draw one form, whose fonts are its own or else the page's."""
    pdf = pikepdf.new()
    fonts = pikepdf.Dictionary(
        F1=pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    drawing = pdf.make_stream(form)
    drawing.Type, drawing.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    drawing.BBox, drawing.Matrix = pikepdf.Array([0, 0, 400, 400]), pikepdf.Array([1, 0, 0, 1, 0, 20])
    if own:
        drawing.Resources = pikepdf.Dictionary(Font=fonts)
    shared = pdf.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=drawing), Font=fonts))
    for content in contents:
        page = pdf.add_blank_page(page_size=(400, 400))
        page.obj.Resources = shared
        page.contents_add(content)
    return pdf


@pytest.mark.parametrize("own", [True, False])
def test_words_in_a_form_carry_where_the_form_is_drawn(own: bool) -> None:
    words = b"BT /F1 12 Tf 50 50 Td (three whole words) Tj ET"
    pdf = drawn_by_forms([b"q 0.5 0 0 0.5 100 0 cm /P Do Q BT /F1 12 Tf 9 9 Td (footer) Tj ET"], words, own=own)
    found = lay_out(pdf.pages[0]).words
    assert [(round(one.start[0]), round(one.start[1]), one.size) for one in found[::3]] == [(125, 35, 6), (9, 9, 12)]


@pytest.mark.parametrize("page", [1, 3])
def test_what_a_page_carries_comes_from_its_worker_as_it_is(folder: Path, page: int) -> None:
    with pikepdf.open(folder / "bundle.pdf") as pdf:
        carried = find_carried(pdf.pages[page - 1])
    assert bool(carried.words) is (page == 1)
    assert bool(carried.image) is (page == 3)
    assert Bundle(folder / "bundle.pdf", Pages(folder / "bundle.pdf"), SEED)._find_carried(page) == carried


def test_a_form_that_draws_itself_ends() -> None:
    pdf = drawn_by_forms([b"/P Do"], b"BT /F1 12 Tf 50 50 Td (words) Tj ET /P Do", own=False)
    assert 1 <= len(lay_out(pdf.pages[0]).words) <= 64


def test_a_form_that_pages_share_carries_on_each_by_itself(tmp_path: Path) -> None:
    line = b"BT /F1 12 Tf 20 %d Td (twelve words that stand on a line of what some pages all share) Tj ET "
    pdf = drawn_by_forms([b"/P Do q 1 0 0 1 0 100 cm /P Do Q"] * 2, b"".join(line % (20 * at) for at in range(5)))
    pdf.save(tmp_path / "bundle.pdf")
    (tmp_path / "prepared").mkdir()
    symbols = prepare(tmp_path / "bundle.pdf", derive_secrets(SEED, 2), tmp_path / "prepared")
    put(tmp_path, b"one", tmp_path / "one.pdf")
    with pikepdf.open(tmp_path / "one.pdf") as copy:
        moved = [[one.start[0] for one in find_carried(page).words] for page in copy.pages]
        assert copy.check_pdf_syntax() == []
    assert symbols == (len(moved[0]), len(moved[1]))
    assert symbols[0] >= 100
    assert moved[0] != moved[1]
    assert moved[0][:60] != moved[0][60:120]
    assert page_text(tmp_path / "one.pdf", 1) == page_text(tmp_path / "bundle.pdf", 1)
