"""Transcripts typed by hand: WebVTT, of which times, a speaker's label and plain words are read, and nothing else."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.operations.entries import Entered
from alteram.operations.exhibits.lodging import lodge_derived
from alteram.operations.exhibits.opening import open_exhibit
from alteram.operations.perform import Performed

VTT: Final = "text/vtt"
#: A transcript has at most so many characters.
MAX_TRANSCRIPT: Final = 1_000_000
_TIME: Final = r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"{_TIME} +--> +{_TIME}(?: .*)?")
# No tag holds the beginning of another: else a text of nothing but beginnings would be read to its end from each.
_SPEAKER = re.compile(r"<v(?:\.[^ <>]*)? ([^<>]{1,200})>")
_TAG = re.compile(r"</?[a-z][^<>]*>")


@dataclass(frozen=True, slots=True)
class TranscriptCue:
    """A stretch of a transcript, in milliseconds: who speaks, by label, and the words."""

    from_ms: int
    until_ms: int
    speaker: str
    text: str


def parse_transcript(text: str) -> tuple[TranscriptCue, ...] | None:
    """Return the stretches of a WebVTT file in their order; None where it is none, or a time runs backwards."""
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\ufeff\n "))
    if not re.fullmatch(r"WEBVTT(?:[ \t\n].*)?", blocks[0], re.DOTALL):
        return None
    cues: list[TranscriptCue] = []
    for block in blocks[1:]:
        lines = block.strip().split("\n")
        if re.match(r"(?:NOTE|STYLE|REGION)\b", lines[0]):
            continue
        lines = lines if "-->" in lines[0] else lines[1:]
        found = _TIMES.fullmatch(lines[0].strip()) if lines else None
        if found is None:
            return None
        first, until = _read_time(*found.groups()[:4]), _read_time(*found.groups()[4:])
        if until <= first or (cues and first < cues[-1].from_ms):
            return None
        said = "\n".join(lines[1:])
        speaker = _SPEAKER.search(said)
        cues.append(TranscriptCue(first, until, speaker[1] if speaker else "", _TAG.sub("", said).strip()))
    return tuple(cues)


def lodge_transcript(entered: Entered, exhibit: str, name: str, text: str, *, now: datetime) -> Performed | Refused:
    """Lodge a transcript of an exhibit that whoever entered may open, or say why not.

    Raises: MalformedError for what is no WebVTT; UnknownMatterError, BusyError, StoreError.
    """
    if len(text) > MAX_TRANSCRIPT or not parse_transcript(text):
        raise MalformedError(
            phrase("This is no transcript in WebVTT, or its times do not run on."),
            remedy=phrase("Begin with WEBVTT, then for each stretch a line with its times, and the words below it."),
        )
    opened = open_exhibit(entered, exhibit, now=now)
    if isinstance(opened, Refused):
        return opened
    act = ExhibitDerived(exhibit=name, of=exhibit, how="transcript", file_name=f"{name}.vtt")
    return lodge_derived(entered.organisation, entered.stream, act, entered.person, [text.encode()], media=VTT, now=now)


def _read_time(hours: str | None, minutes: str, seconds: str, thousandths: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(thousandths)
