"""Transcripts typed by hand, as WebVTT: read, written, and read again."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.adapters.converting.transcripts import MAX_SIZE, encode_webvtt, parse_webvtt
from alteram.core.kernel.errors import MalformedError
from alteram.operations.evidence_ports import Cue
from tests.needs import need_program

TEXTS = st.from_regex(r"[A-Za-z0-9<>&.,' é-]{1,30}", fullmatch=True).map(str.strip).filter(bool)
CUES = st.builds(
    lambda at, length, speaker, text: Cue(at, at + length, speaker, text),
    st.integers(0, 10**8),
    st.integers(1, 10**6),
    st.sampled_from(["", "Speaker 1", "A & B"]),
    TEXTS,
)


@given(st.lists(CUES, max_size=5))
def test_what_is_written_is_read_as_it_was(cues: list[Cue]) -> None:
    assert parse_webvtt(encode_webvtt(cues)) == tuple(cues)


def test_what_people_and_programs_write_is_read() -> None:
    data = (
        "\ufeffWEBVTT - Committee\r\n\r\nNOTE by hand\r\n\r\nSTYLE\r\n::cue {}\r\n\r\n"
        "1\r\n00:01.000 --> 00:02.500 align:start\r\n<v.loud Chair>It was <b>decided</b> &amp; done\r\n\r\n"
        "01:00:00.000 --> 01:00:01.000\r\n- two\r\n- lines\r\n"
    )
    assert parse_webvtt(data.encode()) == (
        Cue(1_000, 2_500, "Chair", "It was decided & done"),
        Cue(3_600_000, 3_601_000, "", "- two\n- lines"),
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"WEBVTTX",
        b"own",
        b"WEBVTT\n\nown",
        b"WEBVTT\n\n00:02.000 --> 00:01.000\na",
        b"WEBVTT\n\n00:01.000 --> 00:01.000\na",
        b"WEBVTT\n\n00:61.000 --> 00:62.000\na",
        b"WEBVTT\n\n00:01 --> 00:02\na",
        b"WEBVTT\n\n\xff",
    ],
)
def test_what_is_no_transcript_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_webvtt(data)


@given(st.text(alphabet="WEBVT\n->:.0123456789 <v>&;NOTE\ta", max_size=80))
def test_any_text_is_a_transcript_or_refused(text: str) -> None:
    try:
        cues = parse_webvtt(f"WEBVTT\n\n{text}".encode())
    except MalformedError:
        return
    assert all(cue.from_ms < cue.until_ms for cue in cues)


def test_transcript_at_the_limit_is_read_and_one_over_it_is_not() -> None:
    head = b"WEBVTT\n\nNOTE "
    assert parse_webvtt(head + b"a" * (MAX_SIZE - len(head))) == ()
    with pytest.raises(MalformedError):
        parse_webvtt(head + b"a" * (MAX_SIZE - len(head) + 1))


@pytest.mark.parametrize(
    "cue", [Cue(5, 5, "", "a"), Cue(-1, 5, "", "a"), Cue(0, 5, "", ""), Cue(0, 5, "", "a\n\nb"), Cue(0, 5, "a>b", "a")]
)
def test_cue_that_could_not_be_read_again_is_not_written(cue: Cue) -> None:
    with pytest.raises(MalformedError):
        encode_webvtt([cue])


def test_another_program_reads_what_is_written(tmp_path: Path) -> None:
    program = need_program("ffmpeg", provided_by="sudo apt-get install ffmpeg")
    file = tmp_path / "transcript.vtt"
    file.write_bytes(encode_webvtt([Cue(1_000, 2_500, "Chair", "It was decided"), Cue(3_000, 4_000, "", "so")]))
    told = subprocess.run([program, "-v", "error", "-i", str(file), "-f", "srt", "-"], check=True, capture_output=True)
    assert b"00:00:01,000 --> 00:00:02,500" in told.stdout
    assert b"It was decided" in told.stdout
