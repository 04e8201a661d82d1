"""Copies of an exhibit: lodged as files or made by the programs, with where they come from, by who may open it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

import pytest

from alteram.core.acts import ExhibitDerived, ExhibitLodged, ExhibitSeen
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.bundle_ports import TextPart
from alteram.operations.entries import Entered, enter
from alteram.operations.evidence_ports import Cue, Unshown
from alteram.operations.exhibits.deriving import UnmadeError, lodge_copy, make_copy, write_down
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.transcripts import lodge_transcript
from alteram.operations.exhibits.viewing import find_transcripts
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed
from tests.evidence import BAD, build_plain_tools
from tests.operations.test_exhibits import CONTENT, give, lodge
from tests.worlds import COMPLAINANT, M1, MANAGER, RESPONDENT, begin_matter, found_small_body, open_world

TRANSLATED = b"Seite eins"
SAID = "WEBVTT\n\n00:01.000 --> 00:02.000\nYes."


class BoundPages:
    """Implements PageMaking: the pages one behind the other."""

    def bind_pages(self, pages: Iterable[bytes], out: BinaryIO) -> int:
        return len([out.write(page + b"\n") for page in pages])

    def print_text(self, title: str, parts: Sequence[TextPart], out: BinaryIO, *, dated_at: datetime) -> None:
        out.write(f"{title} of {dated_at:%Y}: {[one.text for one in parts]}".encode())

    def count_pages(self, source: BinaryIO) -> int:
        raise AssertionError(source)


@pytest.fixture
def body(body: Organisation) -> Organisation:
    lodge(body)
    return body


def enter_as(body: Organisation, person: PersonId) -> Entered:
    return enter(body, M1, person)


def build(how: Literal["translation", "transcript", "text", "pages"] = "translation") -> ExhibitDerived:
    return ExhibitDerived(exhibit="c1", of="e1", how=how, file_name="letter-de.txt", reasons="Sworn translator")


def send(body: Organisation, person: PersonId, content: bytes = TRANSLATED) -> Performed | Refused:
    now = body.ports.clock().replace(microsecond=0)
    return lodge_copy(enter_as(body, person), build_plain_tools(), build(), receive(body, M1, [content]), now=now)


def make(body: Organisation, how: Literal["text", "pages"], person: PersonId = MANAGER) -> Performed | Refused:
    now = body.ports.clock().replace(microsecond=0)
    return make_copy(enter_as(body, person), BoundPages(), build(how), now=now)


def get_derived(body: Organisation) -> list[ExhibitDerived]:
    return [one.act for one in body.facts(M1, fresh=True).matter.all(ExhibitDerived)]


def read(body: Organisation, person: PersonId) -> bytes:
    opened = open_exhibit(enter_as(body, person), "c1", now=body.ports.clock().replace(microsecond=0))
    assert isinstance(opened, OpenedExhibit), opened
    return b"".join(opened.read())


def count_waiting(body: Organisation) -> int:
    return len(body.ports.attachments.waiting(timedelta(0)))


def test_translation_is_lodged_with_its_digest_and_opens_with_the_exhibit(body: Organisation) -> None:
    assert send(body, MANAGER)
    (act,) = get_derived(body)
    assert (act.how, act.by_hand, act.of, act.media) == ("translation", True, "e1", "text/plain")
    assert (act.digest, act.size) == (sha256(TRANSLATED).hexdigest(), len(TRANSLATED))
    assert read(body, COMPLAINANT) == TRANSLATED
    give(body, RESPONDENT)
    assert read(body, RESPONDENT) == TRANSLATED


def test_who_may_not_open_the_exhibit_lodges_no_copy_of_it_and_leaves_no_file(body: Organisation) -> None:
    before = count_waiting(body)
    done = send(body, RESPONDENT)
    assert isinstance(done, Refused)
    assert done.code == "exhibit.undisclosed"
    made = make(body, "text", RESPONDENT)
    assert isinstance(made, Refused)
    assert get_derived(body) == []
    assert count_waiting(body) == before


def test_that_the_exhibit_was_opened_for_it_is_kept(body: Organisation) -> None:
    give(body, RESPONDENT)
    assert send(body, RESPONDENT)
    seen = [one.act for one in body.facts(M1, fresh=True).matter.all(ExhibitSeen)]
    assert [(one.exhibit, one.person) for one in seen] == [("e1", RESPONDENT)]


def test_copy_in_which_the_scanner_finds_something_is_not_kept(body: Organisation) -> None:
    before = count_waiting(body)
    with pytest.raises(UnmadeError) as caught:
        send(body, MANAGER, BAD)
    assert "quarantined" in caught.value.remedy
    assert (get_derived(body), count_waiting(body)) == ([], before)


def test_name_that_is_taken_is_refused_and_leaves_no_file(body: Organisation) -> None:
    assert send(body, MANAGER)
    before = count_waiting(body)
    again = send(body, MANAGER)
    assert isinstance(again, Refused)
    assert again.code == "name.taken"
    assert (len(get_derived(body)), count_waiting(body)) == (1, before)


@pytest.mark.parametrize(
    ("how", "content", "media"),
    [
        ("text", b"page one\x0cpage two", "text/plain"),
        ("pages", b"a picture of page one\na picture of page two\n", "application/pdf"),
    ],
)
def test_programs_make_a_copy_that_says_so(
    body: Organisation, how: Literal["text", "pages"], content: bytes, media: str
) -> None:
    assert make(body, how)
    (act,) = get_derived(body)
    assert (act.by_hand, act.media, act.digest) == (False, media, sha256(content).hexdigest())
    assert read(body, MANAGER) == content


def test_pages_of_a_thread_are_those_that_it_is_printed_on(tmp_path: Path) -> None:
    with open_world("memory", tmp_path) as world:
        body = world.open()
        found_small_body(body)
        begin_matter(body)
        lodge(body, b"one\ntwo", kind="message")
        assert make(body, "pages")
        (act,) = get_derived(body)
        assert (act.by_hand, act.media) == (False, "application/pdf")
        printed = ['[0, "one"]', '[1, "two"]']
        assert read(body, MANAGER).decode() == f"A letter of {body.ports.clock().year}: {printed}"


@pytest.mark.parametrize("how", ["text", "pages"])
def test_of_what_no_program_could_read_none_makes_a_copy(tmp_path: Path, how: Literal["text", "pages"]) -> None:
    with open_world("memory", tmp_path) as world:
        body = world.open()
        found_small_body(body)
        begin_matter(body)
        lodge(body, b"\xff", kind="picture")
        with pytest.raises(UnmadeError, match="nothing"):
            make(body, how)
        assert get_derived(body) == []


def test_original_is_the_same_after_copies_were_made(body: Organisation) -> None:
    assert send(body, MANAGER)
    opened = open_exhibit(enter_as(body, MANAGER), "e1", now=body.ports.clock().replace(microsecond=0))
    assert isinstance(opened, OpenedExhibit)
    assert b"".join(opened.read()) == CONTENT


def test_transcript_shown_beside_its_exhibit_is_on_record_as_seen(body: Organisation) -> None:
    assert lodge_transcript(
        enter_as(body, COMPLAINANT), "e1", "t1", SAID, now=body.ports.clock().replace(microsecond=0)
    )
    assert find_transcripts(enter_as(body, RESPONDENT), "e1") == ()
    give(body, RESPONDENT)
    for _ in range(2):
        ((name, cues),) = find_transcripts(enter_as(body, RESPONDENT), "e1")
    assert (name, cues[0].text) == ("t1", "Yes.")
    seen = [(one.act.exhibit, one.act.person) for one in body.facts(M1, fresh=True).matter.all(ExhibitSeen)]
    assert seen == [("t1", RESPONDENT)]


class Hearing:
    """Implements SpeechRecognition: it hears what it is told, in whatever stands in the form of a recording."""

    def __init__(self, heard: tuple[Cue, ...] | Unshown) -> None:
        self._heard = heard
        self.listened: list[tuple[bytes, str]] = []

    def name(self) -> str:
        return "a listener, model 3"

    def write_down(self, source: Path, language: str) -> tuple[Cue, ...] | Unshown:
        self.listened.append((source.read_bytes(), language))
        return self._heard


def lodge_call(body: Organisation) -> None:
    received = receive(body, M1, [b"fLaC"])
    prepared = prepare(body, M1, received, build_plain_tools(), kind="recording")
    act = ExhibitLodged(exhibit="call", kind="recording", obtained="made-by-lodger")
    assert lodge_exhibit(body, M1, act, COMPLAINANT, prepared)


def hear(body: Organisation, heard: Hearing | None, person: PersonId = COMPLAINANT) -> Performed | Refused:
    tools = replace(build_plain_tools(), speech=heard)
    act = ExhibitDerived(exhibit="said", of="call", how="transcript")
    now = body.ports.clock().replace(microsecond=0)
    return write_down(enter_as(body, person), tools, act, language="mi", now=now)


def test_what_a_program_heard_is_a_transcript_that_says_so_and_stands_beside_the_recording(body: Organisation) -> None:
    lodge_call(body)
    heard = Hearing((Cue(1000, 2500, "", "It was so."),))
    assert hear(body, heard)
    assert heard.listened == [(b"CaLf", "mi")]  # the lossless form, which the tools here make backwards
    (act,) = get_derived(body)
    assert (act.how, act.by_hand, act.tool) == ("transcript", False, "a listener, model 3")
    assert find_transcripts(enter_as(body, COMPLAINANT), "call") == (("said", (Cue(1000, 2500, "", "It was so."),)),)


@pytest.mark.parametrize("heard", [None, Hearing(()), Hearing(Unshown("damaged", "It ended."))])
def test_where_no_program_hears_anything_nothing_is_lodged(body: Organisation, heard: Hearing | None) -> None:
    lodge_call(body)
    with pytest.raises(UnmadeError, match=r"nothing|No program"):
        hear(body, heard)
    assert get_derived(body) == []


def test_program_hears_no_recording_for_whom_it_is_closed(body: Organisation) -> None:
    lodge_call(body)
    heard = Hearing((Cue(1000, 2500, "", "It was so."),))
    assert isinstance(hear(body, heard, RESPONDENT), Refused)
    assert heard.listened == []
