"""A bundle as its reader finds it: numbered, indexed, linked, with slips, and with nothing in it that acts."""

import io
import math
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import pikepdf
import pytest

from alteram.adapters.bundles import building, workers
from alteram.adapters.bundles.building import BundleBuilder
from alteram.adapters.bundles.sheets import Sheets
from alteram.adapters.bundles.workers import BundleError
from alteram.core.disclosure.bundles import Beside, Gap, Plan, Shown, Withheld, build_plan, lay_out
from alteram.operations.bundle_ports import BuiltBundle, Cover
from alteram.operations.evidence_ports import Job
from tests.effort import measure_turn
from tests.needs import need_program
from tests.patience import HANGS
from tests.pdf_sources import make_active, make_appearance, make_pdf, save

FONTS = Path(building.__file__).parents[1] / "letters" / "fonts"
COVER = Cover(
    title="The bundle about the minutes",
    organisation="A club",
    matter="M-2026-4",
    recipient="the respondent",
    known_as="bundle-2",
    made_at=datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
)
PROVIDED = "apt-get install poppler-utils"


def shown(name: str, pages: int, because: str = "") -> Shown:
    return Shown(name, name.upper(), f"Exhibit of {name}", pages, "ab" * 32, because=because)


def build(plan: Plan, sources: Mapping[str, bytes]) -> tuple[BuiltBundle, bytes]:
    with TemporaryFile() as out:
        files = {name: cast("BinaryIO", io.BytesIO(data)) for name, data in sources.items()}
        built = BundleBuilder(Sheets(FONTS)).build(plan, COVER, files, cast("BinaryIO", out))
        out.seek(0)
        return built, out.read()


def read_pages(data: bytes) -> list[str]:
    program = need_program("pdftotext", provided_by=PROVIDED)
    done = subprocess.run([program, "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def stamped(page: str) -> str:
    return page.rstrip().splitlines()[-1].split("  ")[-1].strip()


def front_pages(data: bytes, plan: Plan) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages) - len(lay_out(plan))


def plain(*pages: str) -> bytes:
    return save(make_pdf(pages))


@pytest.fixture(scope="module")
def made() -> tuple[Plan, BuiltBundle, bytes]:
    plan = build_plan(
        [
            Shown(
                "a", "E1", "Minutes", 3, "ab" * 32, "2026-03-01", (Gap(first=1, until=2, reason="7.2", gist="Rest."),)
            ),
            Shown("b", "E2", "Letter", 1, "cd" * 32),
        ],
        withheld=[Withheld("w", "E3", "Doctor's letter", "clause 7.2", "The doctor advises rest.")],
        beside=[Beside("a", "E1", "The recording", "../../x y.m4a", 5, "ef" * 32, "recording")],
    )
    return plan, *build(plan, {"a": plain("first", "SECRETS", "third"), "b": plain("Dear club")})


def test_each_leaf_shows_the_number_that_was_planned(made: tuple[Plan, BuiltBundle, bytes]) -> None:
    plan, _, data = made
    pages = read_pages(data)[front_pages(data, plan) :]
    assert [stamped(page) for page in pages] == [leaf.shown for leaf in lay_out(plan)]


def test_pages_show_what_is_shown_and_a_slip_where_it_is_withheld(made: tuple[Plan, BuiltBundle, bytes]) -> None:
    plan, _, data = made
    pages = read_pages(data)[front_pages(data, plan) :]
    assert "first" in pages[1]
    assert "E1, page 1 of 3" in pages[1]
    assert "Page 3 is withheld" in pages[2]
    assert "7.2" in pages[2]
    assert "Rest." in pages[2]
    assert "SECRETS" not in "".join(pages)


@pytest.mark.parametrize("nested", [False, True])
def test_nothing_of_a_withheld_page_comes_along_though_pages_share_what_they_draw_with(nested: bool) -> None:
    pdf = make_pdf(["first", "second"])
    shared = pdf.pages[0].obj.Resources
    kept, secret = make_appearance(pdf, "WANTED"), make_appearance(pdf, "SECRETS")
    shared.XObject = pikepdf.Dictionary(K=kept, S=secret)
    shared.Properties = pikepdf.Dictionary(P=pikepdf.Dictionary(Title=pikepdf.String("SECRETS")))
    if nested:
        del kept["/Resources"]
        kept.Resources = pdf.make_indirect(pikepdf.Dictionary(dict(shared.items())))
    for page, name in zip(pdf.pages, ("K", "S"), strict=True):
        page.obj.Resources = shared
        page.obj.Contents = pdf.make_stream(f"BT /F1 9 Tf 50 700 Td (page) Tj ET /{name} Do".encode())
    gap = Gap(first=1, until=2, reason="7.2")
    _, data = build(build_plan([Shown("a", "E1", "Minutes", 2, "ab" * 32, gaps=(gap,))]), {"a": save(pdf)})
    with pikepdf.open(io.BytesIO(data)) as built:
        plain_bytes = spell_out(built)
    assert b"WANTED" in plain_bytes
    assert b"SECRETS" not in plain_bytes


def test_the_front_says_what_it_is_for_whom_by_what_name_and_whom_one_may_show_it(
    made: tuple[Plan, BuiltBundle, bytes],
) -> None:
    front = " ".join(read_pages(made[2])[0].split())
    for said in (COVER.title, COVER.recipient, COVER.known_as, COVER.organisation, COVER.matter):
        assert said in front
    assert "You may show this to your counsel, union, doctor or regulator." in front


def test_the_index_lists_what_is_shown_withheld_and_beside(made: tuple[Plan, BuiltBundle, bytes]) -> None:
    index = read_pages(made[2])[1]
    assert re.search(r"E1\s+Minutes\s+2026-03-01\s+1–4", index)
    assert re.search(r"E2\s+Letter\s+5–6", index)
    assert "The doctor advises rest." in index
    assert "beside/001-E1-x_y.m4a" in index
    assert "ef" * 15 in index.replace("\u200b", "")


def test_lines_of_the_index_lead_to_the_pages_they_name(made: tuple[Plan, BuiltBundle, bytes]) -> None:
    plan, _, data = made
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        links = [one for page in pdf.pages for one in page.obj.get("/Annots", ())]
        led = {numbers[one.A.D[0].objgen] for one in links}
        assert all(one.A.S == "/GoTo" for one in links)
    front = front_pages(data, plan)
    assert led == {front, front + 2, front + 4}


def test_bookmarks_and_page_labels_name_exhibits_and_numbers(made: tuple[Plan, BuiltBundle, bytes]) -> None:
    plan, _, data = made
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_outline() as outline:
            titles = [one.title for one in outline.root]
        labels = [page.label for page in pdf.pages]
    assert titles == ["Front and index", "E1 Minutes (1–4)", "E2 Letter (5–6)"]
    assert labels[: front_pages(data, plan)] == ["i", "ii"]
    assert labels[front_pages(data, plan) :] == [leaf.shown for leaf in lay_out(plan)]


def test_the_same_plan_and_files_are_the_same_bytes(made: tuple[Plan, BuiltBundle, bytes]) -> None:
    plan, built, data = made
    again = build(plan, {"a": plain("first", "SECRETS", "third"), "b": plain("Dear club")})
    assert again == (built, data)


def test_a_later_bundle_keeps_numbers_and_says_what_it_changes(made: tuple[Plan, BuiltBundle, bytes]) -> None:
    later = build_plan([shown("c", 1), shown("b", 2, because="A page was missing.")], earlier=made[0])
    _, data = build(later, {"b": plain("Dear club", "and more"), "c": plain("new")})
    pages = read_pages(data)
    front = front_pages(data, later)
    assert [stamped(page) for page in pages[front:]] == ["1–4", "5", "6", "6A", "7", "8"]
    assert "Pages 1–4 were withdrawn" in pages[front]
    assert "A page was missing." in pages[front + 1]
    told = " ".join(pages[0].split())
    assert "E1 was withdrawn: pages 1–4." in told
    assert "C is new: pages 7–8." in told
    assert f"{COVER.title}, {COVER.known_as} · in confidence" in told
    assert not [page for page in pages if "edition" in page]  # it is a bundle, and called nothing else


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (save(make_pdf(["SECRETS"]), encryption=pikepdf.Encryption(owner="o", user="u")), "password"),
        (b"%PDF-1.7 no more than this", "damaged"),
        (b"", "damaged"),
        (plain("one", "two"), "2 pages where 1 were planned"),
    ],
    ids=["encrypted", "broken", "empty", "other pages"],
)
def test_a_source_that_cannot_be_shown_becomes_a_slip_and_the_rest_stands(source: bytes, why: str) -> None:
    plan = build_plan([shown("a", 1), shown("b", 1)])
    built, data = build(plan, {"a": source, "b": plain("sound")})
    pages = read_pages(data)[front_pages(data, plan) :]
    assert "Page 2 cannot be shown" in pages[1]
    assert "sound" in pages[3]
    assert [stamped(page) for page in pages] == ["1", "2", "3", "4"]
    assert [(exhibit, page) for exhibit, page, _ in built.slips] == [("a", None)]
    assert why in built.slips[0][2]


def test_a_source_that_is_not_there_becomes_a_slip() -> None:
    built, _ = build(build_plan([shown("a", 1)]), {})
    assert built.slips == (("a", None, "it is not there"),)


def test_a_broken_page_becomes_a_slip_and_the_other_pages_of_the_file_stand() -> None:
    pdf = make_pdf(["one", "two", "three"])
    pdf.pages[1].obj.Contents = pdf.make_stream(b"x")
    pdf.pages[1].obj.Contents.write(b"this is not deflated", filter=pikepdf.Name.FlateDecode)
    plan = build_plan([shown("a", 3)])
    built, data = build(plan, {"a": save(pdf)})
    pages = read_pages(data)[front_pages(data, plan) :]
    assert [(exhibit, page) for exhibit, page, _ in built.slips] == [("a", 1)]
    assert "one" in pages[1]
    assert "Page 3 cannot be shown" in pages[2]
    assert "three" in pages[3]


def test_what_acts_is_gone_and_what_was_drawn_stays() -> None:
    plan = build_plan([shown("a", 2)])
    built, data = build(plan, {"a": make_active()})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        plain_bytes = spell_out(pdf)
        links = [one.A for page in list(pdf.pages)[front_pages(data, plan) :] for one in page.obj.get("/Annots", ())]
        assert [str(one.S) for one in links] == ["/URI", "/GoTo"]
        assert str(links[0].URI) == "https://example.org/minutes"
        assert links[1].D[0].objgen == pdf.pages[-1].obj.objgen
    assert b"acting" not in plain_bytes.lower()
    for name in (b"JavaScript", b"/JS", b"Launch", b"EmbeddedFile", b"AcroForm", b"OpenAction", b"SubmitForm", b"/AA"):
        assert name not in plain_bytes
    page = read_pages(data)[front_pages(data, plan) + 1]
    assert "Filled in by hand" in page
    assert "RECEIVED" in page
    assert any("comments" in note for _, note in built.notes)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_turned_page_is_drawn_as_its_reader_saw_it(turned: int) -> None:
    plan = build_plan([shown("a", 1)])
    _, data = build(plan, {"a": save(make_pdf(["turned words"], rotate=turned))})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        box = [float(one) for one in pdf.pages[-1].mediabox]
    assert (box[2] > box[3]) == (turned in {90, 270})
    need_program("pdftotext", provided_by=PROVIDED)
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    at = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">turned<', told)[-1]
    left, top, right, bottom = (float(one) for one in at)
    middle = (left + right) / 2 < box[2] / 2, (top + bottom) / 2 < box[3] / 2
    # 14 points from the top left corner of the page as it was written, which turning moves clockwise.
    assert middle == {0: (True, True), 90: (False, True), 180: (False, False), 270: (True, False)}[turned]


def test_a_page_larger_than_paper_is_made_smaller_and_stands_clear_of_its_number() -> None:
    plan = build_plan([shown("a", 1)])
    _, data = build(plan, {"a": save(make_pdf(["\n" * 100 + "at the very foot"], size=(1200, 1900)))})
    told = subprocess.run(
        [need_program("pdftotext", provided_by=PROVIDED), "-bbox", "-", "-"],
        input=data,
        capture_output=True,
        check=True,
    ).stdout.decode()
    foot = re.findall(r'yMax="([\d.]+)">foot<', told)[-1]
    number = re.findall(r'yMin="([\d.]+)"[^>]*>2<', told)[-1]
    assert float(foot) < float(number)


def test_an_archival_bundle_says_so_only_where_every_source_allows_it() -> None:
    archival = make_archival()
    built, data = build(build_plan([shown("a", 1)]), {"a": archival})
    assert built.archival
    assert b"pdfaid:part>2<" in read_metadata(data)
    built, data = build(build_plan([shown("a", 1), shown("b", 1)]), {"a": archival, "b": plain("not embedded")})
    assert not built.archival
    assert b"pdfaid:part>" not in read_metadata(data)
    assert built.hindrances == (("b", "a font that is not embedded (Helvetica)"),)


def test_colours_of_a_printer_hinder_an_archival_bundle() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"0.1 0.2 0.3 0.4 k 0 0 100 100 re f")
    built, _ = build(build_plan([shown("a", 1)]), {"a": save(pdf)})
    assert built.hindrances == (("a", "colours of a printer (CMYK)"),)


def test_what_a_title_says_is_plain_text_and_characters_without_a_font_are_told() -> None:
    title = '#eval("1+1") <b>\u202ehidden\u2067 *x* \U00012345 ' + "long" * 60
    plan = build_plan([Shown("a", "É—1", title, 1, "ab" * 32)])
    _, data = build(plan, {"a": plain("x")})
    told = " ".join(read_pages(data)[front_pages(data, plan)].split())
    assert '#eval("1+1") <b>[U+202E]hidden[U+2067] *x* [U+12345]' in told


def test_more_sources_than_may_be_are_refused() -> None:
    sources = {f"x{index}": b"" for index in range(building.MAX_SOURCES + 1)}
    with pytest.raises(BundleError, match="at most"):
        build(build_plan([shown("a", 1)]), sources)


def test_a_page_that_takes_too_much_memory_becomes_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "BOUNDS", replace(building.BOUNDS, memory=200 << 20))
    pdf = make_pdf(["SECRETS"])
    pdf.pages[0].obj.Contents = pdf.make_stream(b" " * (300 << 20))
    built, data = build(build_plan([shown("a", 1), shown("b", 1)]), {"a": save(pdf), "b": plain("sound")})
    assert [slip[:2] for slip in built.slips] == [("a", 0)]
    assert "sound" in read_pages(data)[-1]


def test_a_source_that_takes_too_long_is_found_and_becomes_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two seconds of a quick processor, and as long by the clock as what is sound needs on a busy one.
    monkeypatch.setattr(building, "BOUNDS", replace(building.BOUNDS, seconds=math.ceil(200 * measure_turn())))
    make = workers.build_job

    def patient(*told: Any, **more: Any) -> Job:
        job = make(*told, **more)
        return replace(job, limits=replace(job.limits, seconds=HANGS))

    monkeypatch.setattr(workers, "build_job", patient)
    pdf = make_pdf(["SECRETS"] * 400)
    long = pdf.make_stream(b" " * (20 << 20))
    for page in pdf.pages:
        page.obj.Contents = long
    built, data = build(build_plan([shown("a", 400), shown("b", 1)]), {"a": save(pdf), "b": plain("sound")})
    assert built.slips == (("a", None, "it breaks the program that reads it"),)
    assert "sound" in read_pages(data)[-1]


def spell_out(pdf: pikepdf.Pdf) -> bytes:
    """Return a PDF with nothing in it packed."""
    how = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.generalized}
    return save(pdf, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, **how)


def make_archival() -> bytes:
    with Sheets(FONTS).print_pdf("stamps", {"characters": "abc"}, dated_at=COVER.made_at) as file:
        return file.read()


def read_metadata(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return pdf.Root.Metadata.read_bytes()
