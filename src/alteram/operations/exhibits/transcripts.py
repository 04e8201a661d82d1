"""Transcripts: WebVTT, of which times, a speaker's label and plain words are read, and nothing else.

Whoever types one writes a line for each utterance, `0:05 Chair: It was decided.`; WebVTT is made of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from typing import Final

from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import Cue
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
_CLOCK: Final = r"(?:\d{1,3}:)?\d{1,3}:[0-5]?\d(?:[.,]\d{1,3})?"
# Who speaks stands before the first colon that a space follows; a line without one has no speaker.
_LINE = re.compile(
    rf"(?P<from>{_CLOCK})(?: ?[-–] ?(?P<until>{_CLOCK}))?[ \t]+(?:(?P<speaker>[^:]{{0,100}}):[ \t]+)?(?P<words>.*\S.*)"
)
#: How long the last utterance is taken to last, in milliseconds.
_BREATH: Final = 5_000


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line, counted from 1, that is no utterance, and why."""

    number: int
    line: str
    because: str


def parse_transcript(text: str) -> tuple[Cue, ...] | None:
    """Return the stretches of a WebVTT file in their order; None where it is none, or a time runs backwards."""
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\ufeff\n "))
    if not re.fullmatch(r"WEBVTT(?:[ \t\n].*)?", blocks[0], re.DOTALL):
        return None
    cues: list[Cue] = []
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
        label = unescape(speaker[1]) if speaker else ""
        cues.append(Cue(first, until, label, unescape(_TAG.sub("", said)).strip()))
    return tuple(cues)


def read_lines(text: str, length_ms: int | None = None) -> tuple[Cue, ...] | tuple[WrongLine, ...]:
    """Return the utterances that were typed, a line each; or every line that is none.

    One ends where it says so, else where the next begins; the last after a breath, or where the recording ends.
    """
    cues: list[Cue] = []
    wrong: list[WrongLine] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            why = phrase("It does not begin with a time, such as 1:23, and words behind it.")
            wrong.append(WrongLine(number, line, why))
            continue
        begin, end = _count(found["from"]), _count(found["until"]) if found["until"] else 0
        if found["until"] and end <= begin:
            wrong.append(WrongLine(number, line, phrase("It ends before it begins.")))
        elif cues and begin < cues[-1].from_ms:
            wrong.append(WrongLine(number, line, phrase("It begins before the line above it.")))
        elif length_ms is not None and begin >= length_ms:
            wrong.append(WrongLine(number, line, phrase("The recording ends before it begins.")))
        else:
            cues.append(Cue(begin, end, (found["speaker"] or "").strip(), found["words"].strip()))
    return tuple(wrong) if wrong else tuple(_end_each(cues, length_ms))


def write_lines(cues: Sequence[Cue]) -> str:
    """Return utterances as they would be typed, to be mended."""
    return "".join(
        f"{write_time(one.from_ms)}-{write_time(one.until_ms)} {one.speaker}: {' '.join(one.text.split())}\n"
        for one in cues
    )


def write_transcript(cues: Sequence[Cue]) -> str:
    """Return utterances as WebVTT."""
    blocks = ["WEBVTT"]
    for one in cues:
        voice = f"<v {escape(one.speaker, quote=False)}>" if one.speaker else ""
        words = "\n".join(filter(None, one.text.split("\n")))
        blocks.append(f"{_spell(one.from_ms)} --> {_spell(one.until_ms)}\n{voice}{escape(words, quote=False)}")
    return "\n\n".join(blocks) + "\n"


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


def _count(clock: str) -> int:
    whole, _, part = clock.replace(",", ".").partition(".")
    milliseconds = int(part.ljust(3, "0")) if part else 0
    for place, number in enumerate(reversed(whole.split(":"))):
        milliseconds += int(number) * 60**place * 1000
    return milliseconds


def _end_each(cues: Sequence[Cue], length_ms: int | None) -> list[Cue]:
    """Return utterances that all end: where the next later one begins, or after a breath, or with the recording."""
    ended: list[Cue] = []
    following = None
    for one in reversed(cues):
        if ended and ended[-1].from_ms > one.from_ms:
            following = ended[-1].from_ms
        last = min(one.from_ms + _BREATH, max(length_ms or 1 << 62, one.from_ms + 1))
        until = one.until_ms or (last if following is None else following)
        ended.append(Cue(one.from_ms, until, one.speaker, one.text))
    return ended[::-1]


def write_time(milliseconds: int) -> str:
    """Return a time as it is typed: 1:02:03.5, without what is nought."""
    seconds, part = divmod(milliseconds, 1000)
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}" if seconds >= 3600 else str(seconds // 60)
    return f"{clock}:{seconds % 60:02}" + (f".{part:03}".rstrip("0") if part else "")


def _spell(milliseconds: int) -> str:
    seconds, part = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{part:03}"
