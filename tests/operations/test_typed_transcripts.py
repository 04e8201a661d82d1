"""Transcripts as people type them: a line for each time somebody speaks, told what is wrong with which line."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.operations.evidence_ports import Cue
from alteram.operations.exhibits.transcripts import (
    WrongLine,
    parse_transcript,
    read_lines,
    write_lines,
    write_transcript,
)
from tests.needs import need_program


def test_line_has_a_time_who_speaks_and_words_and_ends_where_the_next_begins() -> None:
    found = read_lines("0:05 Chair: It was decided.\r\n\r\n1:02:03.5-1:02:04 It rings: twice\n1:02:05 : Yes: no")
    assert found == (
        Cue(5_000, 3_723_500, "Chair", "It was decided."),
        Cue(3_723_500, 3_724_000, "It rings", "twice"),
        Cue(3_725_000, 3_730_000, "", "Yes: no"),
    )


def test_last_line_ends_with_the_recording() -> None:
    assert read_lines("0:05 A: b", 7_000) == (Cue(5_000, 7_000, "A", "b"),)
    assert read_lines("0:05 A: b", 60_000) == (Cue(5_000, 10_000, "A", "b"),)


def test_lines_of_one_time_all_end_where_a_later_one_begins() -> None:
    ends = [one.until_ms for one in read_lines("0:05 A: b\n0:05 C: d\n0:09 E: f") if isinstance(one, Cue)]
    assert ends == [9_000, 9_000, 14_000]


@pytest.mark.parametrize(
    ("text", "number", "because"),
    [
        ("It was decided.", 1, "It does not begin with a time, such as 1:23, and words behind it."),
        ("0:01 a\n0:02", 2, "It does not begin with a time, such as 1:23, and words behind it."),
        ("0:61 a", 1, "It does not begin with a time, such as 1:23, and words behind it."),
        ("0:05-0:05 a", 1, "It ends before it begins."),
        ("0:05 a\n\n0:04 b", 3, "It begins before the line above it."),
        ("0:10 a", 1, "The recording ends before it begins."),
    ],
)
def test_line_that_does_not_fit_is_named_with_why(text: str, number: int, because: str) -> None:
    (wrong,) = read_lines(text, 10_000)
    assert isinstance(wrong, WrongLine)
    assert (wrong.number, wrong.because) == (number, because)


def test_every_wrong_line_is_told_at_once() -> None:
    assert [one.number for one in read_lines("a\n0:01 b\nc") if isinstance(one, WrongLine)] == [1, 3]


def test_another_program_reads_what_is_written(tmp_path: Path) -> None:
    program = need_program("ffmpeg", provided_by="sudo apt-get install ffmpeg")
    file = tmp_path / "transcript.vtt"
    file.write_text(write_transcript([Cue(1_000, 2_500, "Chair", "It was decided"), Cue(3_000, 4_000, "", "so")]))
    told = subprocess.run([program, "-v", "error", "-i", str(file), "-f", "srt", "-"], check=True, capture_output=True)
    assert b"00:00:01,000 --> 00:00:02,500" in told.stdout
    assert b"It was decided" in told.stdout


_WORDS = st.text("abc <>&:é-", min_size=1, max_size=20).map(lambda one: " ".join(one.split())).filter(bool)
_LABELS = st.text("abc <>&é", max_size=10).map(lambda one: " ".join(one.split()))


@given(st.lists(st.tuples(st.integers(0, 50_000_000), st.integers(1, 9_999), _LABELS, _WORDS), min_size=1, max_size=5))
def test_what_is_typed_comes_back_from_the_file_and_to_the_form(said: list[tuple[int, int, str, str]]) -> None:
    cues = tuple(Cue(begin, begin + length, label, words) for begin, length, label, words in sorted(said))
    assert parse_transcript(write_transcript(cues)) == cues
    assert read_lines(write_lines(cues)) == cues
