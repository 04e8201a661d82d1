"""Redactions made by the real programs: what is looked at before it is lodged is black where something was cut out."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from alteram.adapters.bundles.checked_redactions import CheckedRedactor
from alteram.adapters.bundles.redacting import Redacted, Redactor
from alteram.adapters.bundles.sheets import Sheets
from alteram.adapters.bundles.verifying import RedactionChecker
from alteram.bootstrap.evidence import build_disclosure_tools, build_evidence_tools
from alteram.core.acts import ExhibitLodged
from alteram.core.disclosure.redacted_pictures import NumberedBox
from alteram.core.disclosure.redaction_proofs import verify_redaction
from alteram.core.disclosure.redactions import Asked, Box, Place
from alteram.operations.bundle_ports import READINGS_OF_PICTURE
from alteram.operations.disclosure.redacting import RedactionTools, lodge_redaction, make_redaction
from alteram.operations.disclosure.redaction_checks import read_cuts
from alteram.operations.disclosure.waiting_redactions import (
    WaitingRedaction,
    find_files,
    open_redaction,
    read_page,
    read_sizes,
    seal_redaction,
)
from alteram.operations.entries import Entered, enter
from alteram.operations.evidence_ports import Recognised
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed
from conformance.redaction_form import Box as SecondBox
from conformance.verify_redaction import verify
from tests.integration.converting.confined import need_confinement
from tests.needs import need_program
from tests.worlds import COMPLAINANT, M1, MANAGER, START, begin_matter, found_small_body, open_world

SECRET = "Quetzalcoatlus"
MAIL = f"""From: Anna <anna@example.org>
To: office@example.org
Subject: My complaint
Message-ID: <1@example.org>
Content-Type: text/plain; charset=utf-8

The {SECRET} was here. Nothing else was.
"""


@pytest.fixture(scope="module")
def tools() -> RedactionTools:
    need_confinement()
    need_program("tesseract", provided_by="apt-get install tesseract-ocr tesseract-ocr-eng")
    evidence = build_evidence_tools(scanner="")
    made = build_disclosure_tools(evidence)
    return RedactionTools(made.bundles.making, made.redacting, evidence)


@pytest.fixture
def body(tmp_path: Path) -> Iterator[Organisation]:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        begin_matter(organisation)
        yield organisation


def draw_letter() -> bytes:
    """Return a page that is turned, and cut off on two sides, with a word that is drawn over."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    said = f"BT /F 24 Tf 150 500 Td (The {SECRET}) Tj ET BT /F 24 Tf 150 400 Td (wrote again.) Tj ET"
    page.Contents = pdf.make_stream(said.encode())
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.CropBox, page.Rotate = pikepdf.Array([100, 300, 500, 700]), 90
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def lodge(body: Organisation, tools: RedactionTools, content: bytes, kind: str) -> Entered:
    prepared = prepare(body, M1, receive(body, M1, [content]), tools.evidence, kind=kind)
    act = ExhibitLodged(exhibit="e1", kind=kind, obtained="given")  # type: ignore[arg-type]  # one of them
    assert lodge_exhibit(body, M1, act, COMPLAINANT, prepared)
    return enter(body, M1, MANAGER)


def make(entered: Entered, tools: RedactionTools, asked: Asked) -> WaitingRedaction:
    waiting = make_redaction(entered, tools, "e1", [asked], now=START)
    assert isinstance(waiting, WaitingRedaction)
    assert waiting.made.leaks == ()
    return open_redaction(entered.organisation, M1, seal_redaction(entered.organisation, M1, waiting))


def read_words(tools: RedactionTools, picture: bytes, folder: Path) -> str:
    (folder / "page.png").write_bytes(picture)
    found = tools.evidence.documents.recognise(folder / "page.png")
    assert isinstance(found, Recognised)
    return " ".join(word.text for word in found.words)


def test_drawn_place_of_a_turned_and_cropped_page_is_black_in_what_is_looked_at_and_lodged(
    body: Organisation, tools: RedactionTools, tmp_path: Path
) -> None:
    entered = lodge(body, tools, draw_letter(), "document")
    original = get_stored(body, M1, entered.facts, "e1")
    shown = next(original.read_each_piece())
    assert SECRET in read_words(tools, shown, tmp_path)
    place = find_dark(shown)
    waiting = make(entered, tools, Asked("A name", (place,)))
    seen = read_page(body, M1, waiting, 0)
    assert seen is not None
    assert read_page(body, M1, waiting, 2) is None
    with Image.open(io.BytesIO(shown)) as before, Image.open(io.BytesIO(seen)) as after:
        assert (before.size, read_sizes(body, M1, waiting)[0]) == (after.size, after.size)
        box = place.box
        wide, high = after.size
        inside = after.convert("L").crop(
            (
                box.left * wide // 10_000 + 2,
                box.top * high // 10_000 + 2,
                box.right * wide // 10_000 - 2,
                box.bottom * high // 10_000 - 2,
            )
        )
        # Black but for the number of the cut.
        assert sum(inside.histogram()[:40]) > 0.8 * inside.width * inside.height
    words = read_words(tools, seen, tmp_path)
    assert SECRET[:6] not in words
    assert "again" in words
    done = lodge_redaction(entered, waiting, name="r1", reasons="", now=START)
    assert isinstance(done, Performed)
    stored = get_stored(body, M1, enter(body, M1, MANAGER).facts, "r1")
    assert next(stored.read_each_piece()) == seen
    assert [(one.reason, one.words) for one in read_cuts(stored)] == [("A name", ())]
    assert SECRET not in str(stored.read_facts())


def find_dark(picture: bytes) -> Place:
    """Return a place around the word on the right, which a turned page has as its first line."""
    with Image.open(io.BytesIO(picture)) as opened:
        wide, high = opened.size
        grey = opened.convert("L").point(lambda value: 255 if value < 128 else 0)
    half = grey.crop((0, 0, wide, high // 2)) if wide > high else grey.crop((wide // 2, 0, wide, high))
    left, top, right, bottom = half.getbbox() or (0, 0, 0, 0)
    offset = 0 if wide > high else wide // 2
    scaled = (
        (left + offset) * 10_000 // wide - 50,
        top * 10_000 // high - 50,
        (right + offset) * 10_000 // wide + 50,
        bottom * 10_000 // high + 50,
    )
    return Place(0, Box(*scaled))


@pytest.mark.campaign
def test_words_of_a_mail_are_cut_out_of_its_pages(body: Organisation, tools: RedactionTools, tmp_path: Path) -> None:
    entered = lodge(body, tools, MAIL.encode(), "message")
    waiting = make(entered, tools, Asked("A name", (), (SECRET,)))
    assert (waiting.of_pages, waiting.made.not_found) == (1, ())
    seen = read_page(body, M1, waiting, 0)
    assert seen is not None
    words = read_words(tools, seen, tmp_path)
    assert (SECRET[:6] in words, "Nothing else" in words) == (False, True)
    whole = b"".join(b"".join(one.read()) for one in find_files(body, M1, waiting))
    assert SECRET.encode() not in whole


def draw_photo() -> bytes:
    """Return a picture with a word on it, another that nobody is shown, and a name beside its pixels."""
    picture = Image.new("RGBA", (1000, 400), (255, 255, 255, 255))
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(60)
    draw.text((60, 60), f"The {SECRET}", "black", font)
    draw.text((60, 240), "wrote again", "black", font)
    draw.text((560, 240), "Unseen", (0, 0, 0, 0), font)
    beside, out = PngInfo(), io.BytesIO()
    beside.add_text("Author", SECRET)
    picture.save(out, "PNG", pnginfo=beside)
    return out.getvalue()


class Leaving(Redactor):
    """Leaves beside the pixels what stood there before."""

    def redact_picture(
        self,
        source: BinaryIO,
        media: str,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        count: Callable[[], None] = lambda: None,
    ) -> Redacted:
        made = super().redact_picture(source, media, asked, out, count=count)
        out.seek(0)
        with Image.open(out) as opened:
            beside = PngInfo()
            beside.add_text("Author", SECRET)
            opened.load()
            out.seek(0)
            out.truncate()
            opened.save(out, "PNG", pnginfo=beside)
        return made


def test_picture_is_redacted_as_a_picture_and_one_that_keeps_a_name_beside_its_pixels_is_not_lodged(
    body: Organisation, tools: RedactionTools, tmp_path: Path
) -> None:
    entered = lodge(body, tools, draw_photo(), "document")
    counted, asked = list[int](), Asked("A name", (), (SECRET,))
    leaving = Leaving(tools.evidence.documents, Sheets(tmp_path))
    leaky = replace(tools, redacting=CheckedRedactor(leaving, RedactionChecker(tools.evidence.documents)))
    found = make_redaction(entered, leaky, "e1", [asked], now=START, kind="png")
    assert isinstance(found, WaitingRedaction)
    assert (found.files, found.made.still) == ((), (SECRET,))
    told = " ".join(found.made.leaks)
    assert ("bytes of the file: a word that was cut out" in told, "says more than its pixels" in told) == (True, True)
    waiting = make_redaction(
        entered, tools, "e1", [asked], now=START, kind="png", begin=lambda parts: counting(parts, counted)
    )
    assert isinstance(waiting, WaitingRedaction)
    assert (waiting.made.leaks, waiting.made.not_found, waiting.made.boxes) == ((), (), 1)
    assert counted[0] == len(counted) - 1 == READINGS_OF_PICTURE + 2
    assert read_sizes(body, M1, waiting) == ((1000, 400),)
    assert isinstance(lodge_redaction(entered, waiting, name="r1", reasons="", now=START), Performed)
    stored = get_stored(body, M1, enter(body, M1, MANAGER).facts, "r1")
    data = b"".join(stored.get("original").read())
    words = read_words(tools, data, tmp_path)
    assert (SECRET[:6] in words, "again" in words, "Unseen" in words) == (False, True, False)
    assert stored.read_facts()["black"] == [list(one) for one in waiting.made.black]
    boxes = [NumberedBox(*one) for one in waiting.made.black]
    proved = verify_redaction(data, [SECRET], boxes)
    assert (proved.kind, proved.places, proved.digest_hex) == ("png", 1, stored.event.act.digest)
    assert verify(data, [SECRET], [SecondBox(*one) for one in waiting.made.black]).kind == "png"


def counting(parts: int, counted: list[int]) -> Callable[[], None]:
    """Return what counts, after how many parts there are to be."""
    counted.append(parts)
    return lambda: counted.append(0)
