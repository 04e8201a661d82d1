"""Redactions of other kinds than PDF: which exhibits allow which, and what leaks in one is never lodged."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from alteram.adapters.bundles import checked_redactions
from alteram.core.acts import ExhibitDerived, ExhibitLodged
from alteram.core.disclosure.equality import build_equality
from alteram.core.disclosure.redaction_proofs import Kind, verify_redaction
from alteram.core.disclosure.redactions import Asked, Box, Place, RedactionError, redact_text
from alteram.core.kernel.outcomes import Refused
from alteram.operations.disclosure import redaction_kinds
from alteram.operations.disclosure.redacting import (
    LeakyRedactionError,
    RedactionTools,
    lodge_redaction,
    make_redaction,
    redact_exhibit,
)
from alteram.operations.disclosure.redaction_checks import read_cuts
from alteram.operations.disclosure.sources import build_source
from alteram.operations.disclosure.waiting_redactions import (
    WaitingRedaction,
    open_redaction,
    read_made_text,
    read_sizes,
    seal_redaction,
)
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.opening import open_exhibit
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.viewing import view
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed
from alteram.operations.sealed_notes import open_note, seal_note
from conformance.verify_redaction import verify
from tests.web.exhibit_scenes import Knowing
from tests.web.redacting_scene import PlainMaking, PlainRedacting, SimplyShowing, build_simple_tools
from tests.worlds import COMPLAINANT, M1, MANAGER, RESPONDENT, START, begin_matter, found_small_body, open_world

SECRET = "Quetzalcoatlus"
TEXT = f"Then {SECRET} spoke.\nNobody else did. Quetzalcoatlas?\n"
TOOLS = RedactionTools(PlainMaking(), PlainRedacting(), build_simple_tools())
#: What seals a redaction that waits.
_MADE = b"alteram/redaction-made/v1\x00"
NAME = Asked("A child's name", (), (SECRET,))
PLACE = Asked("A face", (Place(0, Box(1000, 2000, 3000, 2400)),))


@pytest.fixture
def body(tmp_path: Path) -> Iterator[Organisation]:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        begin_matter(organisation)
        yield organisation


def lodge(body: Organisation, content: bytes, media: str = "text/plain") -> Entered:
    tools = replace(TOOLS.evidence, sniffing=Knowing(media))
    prepared = prepare(body, M1, receive(body, M1, [content]), tools, kind="document")
    assert lodge_exhibit(
        body, M1, ExhibitLodged(exhibit="e1", kind="document", obtained="given"), COMPLAINANT, prepared
    )
    return enter(body, M1, MANAGER)


def make(entered: Entered, kind: Kind, *asked: Asked) -> WaitingRedaction:
    """Make one, and return it as it waits: sealed and opened again."""
    known = Knowing("image/png" if kind == "png" else "text/plain")
    tools = replace(TOOLS, evidence=replace(TOOLS.evidence, sniffing=known))
    waiting = make_redaction(entered, tools, "e1", asked, now=START, kind=kind)
    assert isinstance(waiting, WaitingRedaction)
    return open_redaction(entered.organisation, M1, seal_redaction(entered.organisation, M1, waiting))


def find_made(body: Organisation) -> list[ExhibitDerived]:
    return [one.act for one in body.facts(M1, fresh=True).matter.all(ExhibitDerived)]


def test_text_is_redacted_as_a_text_that_both_verifiers_take(body: Organisation) -> None:
    entered = lodge(body, TEXT.encode())
    waiting = make(entered, "text", NAME, Asked("Nobody", (), ("Archaeopteryx",)))
    made = waiting.made
    assert (waiting.kind, made.boxes, made.leaks, made.not_found) == ("text", 1, (), ("Archaeopteryx",))
    assert made.doubtful == ("Quetzalcoatlas?",)
    assert (waiting.has_pages, read_sizes(body, M1, waiting)) == (False, ())
    text = read_made_text(body, M1, waiting)
    assert text is not None
    assert text.startswith("Then █████[1] spoke.\nNobody else did.")
    assert isinstance(lodge_redaction(entered, waiting, name="r1", reasons="", now=START), Performed)
    (act,) = find_made(body)
    assert (act.media, read_name(body), act.cuts, act.how) == ("text/plain", "r1.txt", 1, "redaction")
    entered = enter(body, M1, MANAGER)
    opened = open_exhibit(entered, "r1", now=START)
    assert not isinstance(opened, Refused)
    assert view(opened).texts == (text,)
    assert [(one.number, one.words) for one in read_cuts(opened.stored)] == [(1, ()), (2, ())]
    data = b"".join(opened.stored.get("original").read())
    assert data == text.encode()
    found = verify_redaction(data, [SECRET])
    assert (found.kind, found.places, found.digest_hex) == ("text", 1, act.digest)
    assert verify(data, [SECRET]).kind == "text"


def test_picture_is_redacted_as_a_picture_and_a_bundle_shows_its_page(body: Organisation) -> None:
    entered = lodge(body, b"a face", "image/png")
    waiting = make(entered, "png", PLACE)
    assert (waiting.kind, waiting.of_pages, waiting.made.boxes) == ("png", 1, 1)
    assert isinstance(lodge_redaction(entered, waiting, name="r1", reasons="", now=START), Performed)
    (act,) = find_made(body)
    assert (act.media, read_name(body)) == ("image/png", "r1.png")
    assert show_in_bundle(body) == b"redacted a face"


def read_name(body: Organisation) -> object:
    """Return what the file of the redaction is called."""
    stored = get_stored(body, M1, enter(body, M1, MANAGER).facts, "r1")
    return stored.opened.presentation.claims["act.file_name"]


def show_in_bundle(body: Organisation) -> bytes:
    """Return the pages of the redaction as a bundle has them."""
    entered = enter(body, M1, MANAGER)
    stored = get_stored(body, M1, entered.facts, "r1")
    row = next(one for one in build_equality(entered.facts, entered.rulebook) if one.exhibit == "r1")
    with ExitStack() as stack:
        source = build_source(row, stored, PlainMaking(), stack, day=START.date())
        source.pdf.seek(0)
        return source.pdf.read()


@pytest.mark.parametrize(
    ("content", "media", "kind", "problem", "remedy"),
    [
        (TEXT.encode(), "text/plain", "png", "It is not one picture", "PDF"),
        (b"a face", "image/png", "text", "It is no plain text", "PDF"),
        (b"a page", "application/pdf", "png", "It is not one picture", "PDF"),
        (b"a page", "application/pdf", "text", "It is no plain text", "PDF"),
        (b"a page", "text/html", "text", "It is no plain text", "PDF"),
        (b"a face", "image/gif", "png", "It is not one picture", "PDF"),
        (b"Quetzalc\xf6atlus", "text/plain", "text", "not written in UTF-8", "PDF"),
        (b"fLaC", "audio/flac", "pdf", "no pages and no text", "Give a part of it"),
        (b"fLaC", "audio/flac", "text", "It is no plain text", "PDF"),
        (b"\n", "text/plain", "text", "It is no plain text", "PDF"),
    ],
)
def test_kind_that_does_not_fit_is_refused_with_what_to_do(  # noqa: PLR0917 - one case
    body: Organisation, content: bytes, media: str, kind: Kind, problem: str, remedy: str
) -> None:
    entered = lodge(body, content, media)
    with pytest.raises(RedactionError, match=problem) as raised:
        make_redaction(entered, TOOLS, "e1", [NAME], now=START, kind=kind)
    assert remedy in raised.value.remedy


def test_picture_of_several_pages_is_no_picture(body: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimplyShowing, "pages", 2)
    entered = lodge(body, b"a face", "image/png")
    with pytest.raises(RedactionError, match="not one picture"):
        make_redaction(entered, TOOLS, "e1", [PLACE], now=START, kind="png")


def test_text_is_redacted_whole_or_not_at_all(body: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    entered = lodge(body, TEXT.encode())
    size = len(redact_text(TEXT, [NAME]).encode())
    assert size > len(TEXT)
    monkeypatch.setattr(redaction_kinds, "LONGEST_TEXT", size)
    assert make(entered, "text", NAME).made.boxes == 1
    for longest in (size - 1, len(TEXT) - 1):
        monkeypatch.setattr(redaction_kinds, "LONGEST_TEXT", longest)
        with pytest.raises(RedactionError, match="longer"):
            make(entered, "text", NAME)


def test_place_in_a_text_and_words_that_stand_nowhere_are_refused(body: Organisation) -> None:
    entered = lodge(body, TEXT.encode())
    with pytest.raises(RedactionError, match="no pages") as raised:
        make(entered, "text", NAME, PLACE)
    assert "Say the words" in raised.value.remedy
    with pytest.raises(RedactionError, match="stand nowhere") as raised:
        make(entered, "text", Asked("Why", (), ("Archaeopteryx",)))
    assert "box" not in raised.value.remedy


def test_place_beyond_the_one_page_of_a_picture_is_refused(body: Organisation) -> None:
    entered = lodge(body, b"a face", "image/png")
    with pytest.raises(RedactionError, match="no page 2"):
        make(entered, "png", Asked("A face", (Place(1, Box(0, 0, 10, 10)),)))


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (lambda made: made.replace("spoke", f"spoke to {SECRET.upper()}"), "a word that was cut out stands there"),
        (
            lambda made: made.replace("spoke", "spoke to Quet\u200bzal-\ncoatlus"),
            "a word that was cut out stands there",
        ),
        (lambda made: made.replace("spoke", SECRET.encode().hex()), "in other signs"),
        (lambda made: made.replace("spoke", "spo\u200bke"), "characters that nobody sees (U+200B)"),
        (lambda made: made.replace("spoke", "spo\u00a0ke"), "redaction.unseen"),
        (lambda made: made.replace("[1] spoke", " spoke"), "redaction.cut"),
        (lambda made: f"{made}And more.", "redaction.list"),
    ],
)
def test_leak_in_a_text_is_told_and_nothing_of_it_waits_or_is_lodged(
    body: Organisation, monkeypatch: pytest.MonkeyPatch, plant: Callable[[str], str], told: str
) -> None:
    monkeypatch.setattr(checked_redactions, "redact_text", lambda text, asked: plant(redact_text(text, asked)))
    entered = lodge(body, TEXT.encode())
    waiting = make(entered, "text", NAME)
    assert any(told in one for one in waiting.made.leaks), waiting.made.leaks
    assert (waiting.files, read_made_text(body, M1, waiting)) == ((), None)
    with pytest.raises(LeakyRedactionError, match="still shows"):
        redact_exhibit(entered, TOOLS, "e1", [NAME], name="r1", reasons="", now=START, kind="text")
    assert find_made(body) == []


def test_reason_that_says_what_was_cut_out_is_a_leak(body: Organisation) -> None:
    waiting = make(lodge(body, TEXT.encode()), "text", replace(NAME, reason=f"So is {SECRET}"))
    assert waiting.made.still == (SECRET,)
    assert waiting.files == ()


def test_hidden_characters_of_the_text_are_told_by_number_and_hide_no_word(body: Organisation) -> None:
    entered = lodge(body, f"\ufeffThen {SECRET[:4]}\u200b{SECRET[4:]} sp\u202eoke.\r\n".encode())
    waiting = make(entered, "text", NAME)
    assert waiting.made.leaks == ()
    assert (read_made_text(body, M1, waiting) or "").startswith("Then █████[1] sp[U+202E]oke.\n\nWhat was cut out:")


def test_what_reads_like_mail_is_lodged_as_the_text_it_is(body: Organisation) -> None:
    entered = lodge(body, f"From: {SECRET}\nTo: x\n\nHello\n".encode())
    tools = replace(TOOLS, evidence=replace(TOOLS.evidence, sniffing=Knowing("message/rfc822")))
    waiting = make_redaction(entered, tools, "e1", [NAME], now=START, kind="text")
    assert isinstance(waiting, WaitingRedaction)
    assert lodge_redaction(entered, waiting, name="r1", reasons="", now=START)
    assert get_stored(body, M1, enter(body, M1, MANAGER).facts, "r1").form is None
    assert "█████[1]".encode() in show_in_bundle(body)


def test_to_whom_the_exhibit_is_closed_none_of_any_kind_is_made(body: Organisation) -> None:
    lodge(body, TEXT.encode())
    entered = enter(body, M1, RESPONDENT)
    for kind in ("pdf", "png", "text"):
        assert isinstance(make_redaction(entered, TOOLS, "e1", [NAME], now=START, kind=kind), Refused)


def test_what_waited_before_there_were_kinds_is_a_pdf(body: Organisation) -> None:
    waiting = make(lodge(body, TEXT.encode()), "pdf", NAME)
    said, _ = open_note(body, M1, seal_redaction(body, M1, waiting), label=_MADE)
    assert isinstance(said, dict)
    assert said.pop("kind") == "pdf"
    assert open_redaction(body, M1, seal_note(body, M1, said, label=_MADE)) == waiting
