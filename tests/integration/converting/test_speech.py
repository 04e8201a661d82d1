"""A program that writes down speech: what it is told, and what is made of what it answers. None ships."""

import time
from pathlib import Path

import pytest

from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.speech import SpeechProgram
from alteram.operations.evidence_ports import Cue, Limits, Unshown
from tests.integration.converting.confined import need_confinement

#: Says how much it was given and in which language, as a program that listens would say what it heard.
HEARS = """
import sys
print("WEBVTT\\n\\n00:01.000 --> 00:02.500\\n%d bytes, %s" % (len(open(sys.argv[1], "rb").read()), sys.argv[2]))
"""


def listen(script: str, folder: Path, limits: Limits | None = None) -> tuple[Cue, ...] | Unshown:
    need_confinement()
    source = folder / "recording"
    source.write_bytes(b"fLaC and sound")
    return SpeechProgram(Sandbox(), ("/usr/bin/python3", "-c", script), limits or Limits()).write_down(source, "mi")


def test_program_is_told_the_recording_and_the_language_and_answers_in_stretches_of_time(tmp_path: Path) -> None:
    assert listen(HEARS, tmp_path) == (Cue(1000, 2500, "", "14 bytes, mi"),)


@pytest.mark.parametrize("script", ["print('It was so.')", "print('WEBVTT'); raise SystemExit(1)"])
def test_what_is_no_webvtt_or_ended_badly_is_no_transcript(tmp_path: Path, script: str) -> None:
    answer = listen(script, tmp_path)
    assert isinstance(answer, Unshown)
    assert answer.why == "damaged"


def test_program_that_does_not_end_is_ended(tmp_path: Path) -> None:
    started = time.monotonic()
    answer = listen("import time; time.sleep(600)", tmp_path, Limits(seconds=1))
    assert isinstance(answer, Unshown)
    assert answer.why == "took-too-long"
    assert time.monotonic() - started < 300


def test_program_is_named_as_the_installation_calls_it() -> None:
    assert SpeechProgram(Sandbox(), ("/usr/local/bin/hear", "a model")).name() == "/usr/local/bin/hear 'a model'"
