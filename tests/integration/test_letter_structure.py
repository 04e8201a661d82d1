"""Every letter can be read by a screen reader, as far as a machine can tell; and the check finds what it should."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from alteram.adapters.letters import TypstPress
from alteram.core.kernel.canonical import Json
from alteram.operations.letters.samples import SAMPLES, build_sample
from tests.pdf_structure import find_faults, walk

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def print_letter(letter: str, press: TypstPress | None = None, **changed: Json) -> pikepdf.Pdf:
    data = {**build_sample(letter), **changed}
    return pikepdf.open(BytesIO((press or TypstPress()).print_pdf(letter, data, dated_at=DAY).pdf))


@pytest.mark.parametrize("letter", sorted(SAMPLES))
def test_every_letter_is_built_as_pdf_ua_asks(letter: str) -> None:
    with print_letter(letter) as document:
        assert find_faults(document) == []
        headings = [str(one.T) for one, kind, _ in walk(document) if kind == "H1"]
        assert str(document.docinfo["/Title"]).startswith(headings[0])


def test_letter_of_many_pages_and_several_scripts_is_built_so_too() -> None:
    text = "\n\n".join(f"{number}. Ωμέγα مرحبا שלום 漢 [x] *y* {'word ' * 60}" for number in range(60))
    with print_letter("acknowledgement", text=text, to="أحمد بن علي") as document:
        assert len(document.pages) > 3
        assert find_faults(document) == []


def test_letter_with_nothing_that_can_be_left_out_is_built_so_too() -> None:
    with print_letter("decision", findings=[], votes=[], exhibits=[], sanctions=[], clauses=[], reasons="") as document:
        assert find_faults(document) == []


def test_picture_that_is_not_told_in_words_is_not_printed_and_one_that_is_has_them(tmp_path: Path) -> None:
    template = '#import "letter.typ": *\n#show: body => letter("Hello", body)\n#rect(width: 1cm)\n'
    drawn = "#figure(image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\"){}))\n"
    (tmp_path / "acknowledgement.typ").write_text(template + drawn.format(""))
    press = TypstPress(tmp_path)
    assert "alt" in press.print_pdf("acknowledgement", build_sample("acknowledgement"), dated_at=DAY).problem
    (tmp_path / "acknowledgement.typ").write_text(template + drawn.format(', alt: "A crest"'))
    with print_letter("acknowledgement", press) as document:
        assert [str(one.Alt) for one, kind, _ in walk(document) if kind == "Figure"] == ["A crest"]
        assert find_faults(document) == []


# -- the check itself: each thing it must find


def find(document: pikepdf.Pdf, kind: str) -> Any:
    return next(one for one, found, _ in walk(document) if found == kind)


def forget_language(document: pikepdf.Pdf) -> None:
    del document.Root.Lang


def forget_tags(document: pikepdf.Pdf) -> None:
    document.Root.MarkInfo.Marked = False


def forget_title(document: pikepdf.Pdf) -> None:
    document.Root.ViewerPreferences.DisplayDocTitle = False


def skip_a_level(document: pikepdf.Pdf) -> None:
    find(document, "H2").S = pikepdf.Name("/H4")


def have_two_first_headings(document: pikepdf.Pdf) -> None:
    find(document, "H2").S = pikepdf.Name("/H1")


def make_a_header_a_cell(document: pikepdf.Pdf) -> None:
    for one, kind, _ in list(walk(document)):
        if kind == "TH":
            one.S = pikepdf.Name("/TD")


def forget_scope(document: pikepdf.Pdf) -> None:
    for one in find(document, "TH").A:
        if "/Scope" in one:
            del one["/Scope"]


def lose_a_cell(document: pikepdf.Pdf) -> None:
    row = find(document, "TR")
    row.K = pikepdf.Array(list(row.K)[:-1])


def name_no_header(document: pikepdf.Pdf) -> None:
    for one in find(document, "TD").A:
        if "/Headers" in one:
            del one["/Headers"]


def put_an_item_outside(document: pikepdf.Pdf) -> None:
    find(document, "L").S = pikepdf.Name("/Div")


def invent_a_type(document: pikepdf.Pdf) -> None:
    find(document, "P").S = pikepdf.Name("/Fancy")


def add_a_silent_picture(document: pikepdf.Pdf) -> None:
    find(document, "P").S = pikepdf.Name("/Figure")


def lose_an_element(document: pikepdf.Pdf) -> None:
    root = find(document, "Document")
    root.K = pikepdf.Array([one for one in root.K if one.S != "/H1"])


def turn_the_order(document: pikepdf.Pdf) -> None:
    root = find(document, "Document")
    root.K = pikepdf.Array(list(reversed(list(root.K))))


def paint_untold(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"0 0 9 9 re f")


def leave_out_a_font(document: pikepdf.Pdf) -> None:
    font = next(iter(document.pages[0].Resources.Font.values()))
    del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def make_a_font_dumb(document: pikepdf.Pdf) -> None:
    del next(iter(document.pages[0].Resources.Font.values()))["/ToUnicode"]


def lose_the_tab_order(document: pikepdf.Pdf) -> None:
    del document.pages[0]["/Tabs"]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (forget_language, "no language"),
        (forget_tags, "does not say that it is tagged"),
        (forget_title, "title is not shown"),
        (skip_a_level, "level 4 follows"),
        (have_two_first_headings, "not one first heading"),
        (make_a_header_a_cell, "no header cells"),
        (forget_scope, "of its row or of its column"),
        (lose_a_cell, "the same number of cells"),
        (name_no_header, "does not name its header"),
        (put_an_item_outside, "LI stands under Div"),
        (invent_a_type, "Fancy is no standard type"),
        (add_a_silent_picture, "Figure is not told in words"),
        (lose_an_element, "stands nowhere in the tree"),
        (turn_the_order, "another order than the page"),
        (paint_untold, "neither told nor decoration"),
        (leave_out_a_font, "is not in the document"),
        (make_a_font_dumb, "cannot be read out"),
        (lose_the_tab_order, "the tab key"),
    ],
)
def test_check_finds_what_is_wrong(spoil: Callable[[pikepdf.Pdf], None], told: str) -> None:
    with print_letter("notice") as document:
        spoil(document)
        faults = find_faults(document)
    assert any(told in one for one in faults), faults
