"""Looking at exhibits: pages, messages, captures, recordings with their sound and transcript; nothing of it active."""

import dataclasses
from pathlib import Path

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived, ExhibitDisclosed, ExhibitSeen
from alteram.core.kernel.canonical import encode_canonical
from alteram.operations.evidence_ports import Capture, CapturedPage, EvidenceTools, Message, Unshown, Waveform
from alteram.operations.exhibits.lodging import lodge_derived
from alteram.operations.exhibits.transcripts import parse_transcript
from alteram.operations.exhibits.viewing import ViewedWave
from alteram.operations.perform import perform
from alteram.web.exhibits.waveform import draw_wave, tell_time
from tests.evidence import PictureReading, PlainReading, build_plain_tools
from tests.web.conftest import As, find_token
from tests.web.exhibit_scenes import lodge_letter
from tests.web.scenes import COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER, must

pytestmark = pytest.mark.django_db
ONE = "/caucus/matters/row/exhibits/e1/"
VIEW = f"{ONE}view/"
TIMES = ("2025-08-11T20:15:30+12:00", "2025-08-11T20:16:00", "")
SOUND = b"fLaC and sound"
WORDS = "WEBVTT\n\n00:00.000 --> 00:01.500\n<v Chair>It was <b>decided</b> on Monday.\n\n00:02.000 --> 00:03.000\nNo.\n"


def give(caucus: Opened, exhibit: str = "e1") -> None:
    act = ExhibitDisclosed(exhibits=(exhibit,), to=RESPONDENT)
    must(perform(caucus.organisation, ROW, act, MANAGER))


class Reading(PlainReading):
    """Reads messages as the real tools spell them, a captured page, and a waveform with silence in it."""

    def encode_message(self, message: Message) -> bytes:
        answers = None if message.index == 0 else 0
        return encode_canonical({
            "index": message.index, "at": TIMES[message.index % len(TIMES)], "sender": "<b>Ann</b>", "subject": "",
            "text": message.text, "attachments": ["../a.pdf"], "answers": answers,
        })  # fmt: skip

    def read_capture(self, source: Path, media: str) -> Capture | Unshown:
        page = CapturedPage("http://paper.invalid/a", "2026-03-01T10:00:00Z", "text/html", "200", False, "They left.")
        return Capture("warc", (page,), 1)

    def measure_waveform(self, source: Path, buckets: int = 2_000) -> Waveform | Unshown:
        return Waveform(4000, (-9, -9, -3000, -9), (9, 9, 20000, 9))


def build_tools() -> EvidenceTools:
    reading = Reading()
    return dataclasses.replace(build_plain_tools(), threads=reading, captures=reading, recordings=reading)


def ask_range(client: Client, asked: str) -> tuple[int, str, bytes]:
    given = client.get(f"{ONE}sound/", headers={"range": asked})
    content = b"".join(given.streaming_content) if given.streaming else given.content  # type: ignore[attr-defined]  # a file
    return given.status_code, given.headers.get("Content-Range", ""), content


def test_pages_are_pictures_with_their_text_beside(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=b"page <b>one</b>\fpage two")
    page = as_person(COMPLAINANT).get(VIEW).content.decode()
    assert page.count("<img ") == 2
    assert f'<a href="{ONE}pages/1/">Page 2 in its full size</a>' in page
    assert "page &lt;b&gt;one&lt;/b&gt;" in page
    given = as_person(COMPLAINANT).get(f"{ONE}pages/1/")
    assert given.content == b"a picture of page two"
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Security-Policy"].startswith("sandbox")
    assert as_person(COMPLAINANT).get(f"{ONE}pages/2/").status_code == 404


def test_text_that_a_program_read_in_a_picture_says_so_and_so_does_a_picture_in_which_none_was_looked_for(
    caucus: Opened, as_person: As
) -> None:
    lodge_letter(
        caucus,
        content=b"typed\f \f ",
        tools=dataclasses.replace(build_tools(), documents=PictureReading("I was there.")),
    )
    page = as_person(COMPLAINANT).get(VIEW).content.decode()
    assert page.index("typed") < page.index("A program read this in the picture") < page.index("I was there.")
    assert page.index("I was there.") < page.index("No text was looked for in this picture")
    assert "No text was found on this page" not in page


def test_long_document_is_shown_in_parts(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=b"\f".join(b"p%d" % one for one in range(11)))
    client = as_person(COMPLAINANT)
    first = client.get(VIEW).content.decode()
    assert first.count("<img ") == 10
    assert f"{VIEW}?from=10" in first
    assert client.get(f"{VIEW}?from=10").content.decode().count("<img ") == 1
    for none in ("11", "x", "9" * 5000):
        assert client.get(f"{VIEW}?from={none}").status_code == 200


def test_messages_are_a_list_in_which_nothing_is_marked_up(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=b"Hello\nGood bye\nNow", kind="message", tools=build_tools())
    page = as_person(COMPLAINANT).get(VIEW).content.decode()
    for said in ("11 August 2025, 20:15:30 UTC+12:00<", "11 August 2025, 20:16:00<", "no time that can be read"):
        assert said in page
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page
    assert page.index("Hello") < page.index("Good bye")
    assert 'href="#message-0"' in page
    assert "../a.pdf" in page


def test_captured_page_is_its_text_and_says_that_its_digest_does_not_fit(caucus: Opened, as_person: As) -> None:
    tools = build_tools()
    lodge_letter(caucus, content=b"WARC/1.0", kind="web-page", tools=tools, media="application/warc")
    page = as_person(COMPLAINANT).get(VIEW).content.decode()
    assert "http://paper.invalid/a" in page
    assert 'href="http://paper.invalid/a"' not in page
    assert "They left." in page
    assert "1 March 2026, 10:00:00 UTC<" in page
    assert "does not fit" in page


def test_what_nothing_can_show_says_so(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=b"\xff\xfe")
    assert "Nothing here can show a file of this kind" in as_person(COMPLAINANT).get(VIEW).content.decode()


def test_opening_a_viewer_opens_the_exhibit_and_is_refused_before_it_was_given(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    client = as_person(RESPONDENT)
    places = (VIEW, f"{ONE}pages/0/", f"{ONE}sound/", f"{ONE}transcript/")
    assert {client.get(one).status_code for one in places} == {403}
    assert not caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitSeen)
    give(caucus)
    assert client.get(VIEW).status_code == 200
    assert len(caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitSeen)) == 1


@pytest.mark.parametrize("place", ["view/", "pages/0/", "sound/", "transcript/"])
def test_stranger_views_nothing(caucus: Opened, as_person: As, place: str) -> None:
    lodge_letter(caucus, content=SOUND, kind="recording")
    assert as_person(STRANGER).get(ONE + place).status_code == 404


def test_recording_has_a_waveform_in_words_too_and_sound_that_is_found_by_range(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=SOUND, kind="recording", tools=build_tools())
    client = as_person(COMPLAINANT)
    shown = client.get(VIEW)
    page = shown.content.decode()
    assert "<svg" in page
    assert "loudest at 0:02" in page
    assert "0:00–0:02, 0:03–0:04" in page
    assert "media-src 'self'" in shown["Content-Security-Policy"]
    whole = SOUND[::-1]  # the form that these tools make
    assert ask_range(client, "bytes=2-5") == (206, f"bytes 2-5/{len(whole)}", whole[2:6])
    assert ask_range(client, "bytes=-4") == (206, f"bytes 10-13/{len(whole)}", whole[-4:])
    assert ask_range(client, "bytes=14-") == (416, "bytes */14", b"")
    assert ask_range(client, "words=1") == (200, "", whole)
    assert client.get(f"{ONE}sound/", headers={"range": "bytes=0-"})["Content-Type"] == "audio/flac"


def test_only_a_recording_has_sound_and_takes_a_transcript(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    assert as_person(COMPLAINANT).get(f"{ONE}sound/").status_code == 404
    assert as_person(COMPLAINANT).get(f"{ONE}transcript/").status_code == 404


@pytest.mark.parametrize("by_hand", [True, False])
def test_transcript_that_a_program_wrote_down_says_so(caucus: Opened, as_person: As, by_hand: bool) -> None:
    lodge_letter(caucus, content=SOUND, kind="recording")
    act = ExhibitDerived(exhibit="t1", of="e1", how="transcript", by_hand=by_hand)
    assert lodge_derived(caucus.organisation, ROW, act, COMPLAINANT, [WORDS.encode()], media="text/vtt")
    page = as_person(COMPLAINANT).get(VIEW).content.decode()
    assert "on Monday." in page
    assert ("A program wrote this down" in page) is not by_hand


def test_transcript_typed_by_hand_is_shown_beside_the_recording(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=SOUND, kind="recording")
    client = as_person(COMPLAINANT)
    wrong = client.post(f"{ONE}transcript/", {"name": "t1", "text": "It was decided."})
    assert wrong.status_code == 422
    assert "It was decided." in wrong.content.decode()
    assert "media-src 'self'" in wrong["Content-Security-Policy"]  # it is typed while one listens
    assert client.post(f"{ONE}transcript/", {"name": "T 1", "text": WORDS}).status_code == 422
    typed = {"name": "t1", "text": WORDS, "once": find_token(client.get(f"{ONE}transcript/").content.decode())}
    assert client.post(f"{ONE}transcript/", typed).status_code == 302
    assert "This was recorded already" in client.post(f"{ONE}transcript/", typed, follow=True).content.decode()
    (derived,) = caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)
    assert (derived.act.of, derived.act.how, derived.act.by_hand) == ("e1", "transcript", True)
    page = client.get(VIEW).content.decode()
    assert "It was decided on Monday." in page
    assert "Chair" in page
    assert "It was decided on Monday." in client.get("/caucus/matters/row/exhibits/t1/view/").content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WEBVT\n\n00:00.000 --> 00:01.000\nA",
        "WEBVTT\n\n00:01.000 --> 00:01.000\nA",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nA\n\n00:00.500 --> 00:03.000\nB",
        "WEBVTT\n\nwords alone",
        "WEBVTT\n\n00:61.000 --> 02:00.000\nA",
    ],
)
def test_what_is_no_transcript_is_none(text: str) -> None:
    assert parse_transcript(text) is None


def test_transcript_has_times_labels_and_words_and_passes_over_notes() -> None:
    cues = parse_transcript(
        "\ufeffWEBVTT - a call\r\n\r\nNOTE typed twice\r\n\r\n1\r\n01:00:00.000 --> 01:00:01.001 align:start\r\n"
        "<v.loud Ann>Yes, <b>so</b> &amp; so."
    )
    assert cues is not None
    (cue,) = cues
    assert (cue.from_ms, cue.until_ms, cue.speaker, cue.text) == (3_600_000, 3_601_001, "Ann", "Yes, so & so.")


def test_times_in_recordings_are_told_as_on_a_clock() -> None:
    assert [tell_time(one) for one in (0, 59_999, 60_000, 3_599_999, 3_600_000)] == [
        "0:00", "0:59", "1:00", "59:59", "1:00:00",
    ]  # fmt: skip


def test_long_waveform_is_drawn_in_no_more_than_500_strokes() -> None:
    wave = ViewedWave(10_000, (-5,) * 2000, (5,) * 2000, 0, ())
    assert draw_wave(wave).path.count("M") == 500
