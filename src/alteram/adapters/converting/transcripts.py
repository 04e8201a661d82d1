"""Transcripts aligned to time, as WebVTT (W3C): the part of it that people type, written in one spelling."""

import re
from collections.abc import Sequence
from typing import Final

from alteram.core.kernel.errors import MalformedError
from alteram.operations.evidence_ports import Cue

MAX_SIZE: Final = 4 << 20
MAX_CUES: Final = 50_000
_MARK: Final = "WEBVTT"
_TIME: Final = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES: Final = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_VOICE: Final = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>\n]{1,200})>")
_TAG: Final = re.compile(r"</?[a-z0-9][^<>]*>")
_NAMES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&lrm;", ""), ("&rlm;", ""), ("&nbsp;", "\u00a0"), ("&amp;", "&"))


def parse_webvtt(data: bytes) -> tuple[Cue, ...]:
    """Return the cues of a WebVTT file; styles, notes and positions are left out, mark-up in a text too.

    Raises: MalformedError when it is larger than a transcript may be, no WebVTT, or a cue ends before it begins.
    """
    if len(data) > MAX_SIZE:
        raise MalformedError(f"A transcript of {len(data)} bytes is over the limit of {MAX_SIZE}.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise MalformedError("A transcript is UTF-8.") from error
    head, *blocks = re.split(r"\n{2,}", text.strip("\n"))
    if not (head.startswith(_MARK) and head[len(_MARK) :][:1] in {"", " ", "\t", "\n"}):
        raise MalformedError("A transcript begins with WEBVTT.")
    cues = tuple(cue for block in blocks if (cue := _parse_block(block)) is not None)
    if len(cues) > MAX_CUES:
        raise MalformedError(f"A transcript has at most {MAX_CUES} cues.")
    return cues


def encode_webvtt(cues: Sequence[Cue]) -> bytes:
    """Return cues as WebVTT. Raises: MalformedError for times that run backwards, or a text with an empty line."""
    blocks = [_MARK]
    for cue in cues:
        if not 0 <= cue.from_ms < cue.until_ms:
            raise MalformedError("A cue ends after it begins.")
        if "\n\n" in cue.text or cue.text.strip("\n") != cue.text or not cue.text or "\r" in cue.text:
            raise MalformedError("The text of a cue has no empty line, and is not empty.")
        if "\n" in cue.speaker or ">" in cue.speaker:
            raise MalformedError("The label of a speaker is one line, without >.")
        voice = f"<v {_escape(cue.speaker)}>" if cue.speaker else ""
        blocks.append(f"{_spell(cue.from_ms)} --> {_spell(cue.until_ms)}\n{voice}{_escape(cue.text)}")
    return ("\n\n".join(blocks) + "\n").encode()


def _parse_block(block: str) -> Cue | None:
    lines = block.split("\n")
    if lines[0].startswith(("NOTE", "STYLE", "REGION")) and "-->" not in lines[0]:
        return None
    place = next((at for at, line in enumerate(lines[:2]) if "-->" in line), None)
    if place is None:
        raise MalformedError("A cue without times.")
    times = _TIMES.fullmatch(lines[place].strip())
    if times is None:
        raise MalformedError("The times of a cue are not in the spelling of WebVTT.")
    from_ms, until_ms = _count(times.groups()[:4]), _count(times.groups()[4:])
    if from_ms >= until_ms:
        raise MalformedError("A cue ends after it begins.")
    body = "\n".join(lines[place + 1 :])
    voice = _VOICE.match(body)
    speaker = _plain(voice[1].strip()) if voice else ""
    text = _plain(_TAG.sub("", body))
    return Cue(from_ms, until_ms, speaker, text) if text else None


def _count(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, thousandths = (int(one or 0) for one in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _spell(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def _plain(text: str) -> str:
    for name, character in _NAMES:
        text = text.replace(name, character)
    return text


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
