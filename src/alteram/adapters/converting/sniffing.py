"""Says what kind of file something is: two detectors, confined; never the sender's word.

A second kind in the same file, detectors that differ and a name that says something else are told, not refused: such
a file can be evidence, and is kept like every other.
"""

import base64
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alteram.adapters.converting.asking import ask
from alteram.adapters.converting.detecting import UNKNOWN
from alteram.adapters.converting.plain_text import has_unseen
from alteram.operations.evidence_ports import ConfinedPrograms, Detected, Limits, Unshown

#: How many of the first and of the last bytes are looked at.
HEAD: Final = 256 << 10
TAIL: Final = 64 << 10
_LIMITS: Final = Limits(seconds=20, cpu_seconds=15, memory=512 << 20, address_space=2 << 30, answer=1 << 16)
#: Other names of the same kind, and the one that is used here.
_NAMES: Final = {
    "application/csv": "text/csv",
    "application/gzip": "application/gzip",
    "application/javascript": "text/javascript",
    "application/x-empty": "inode/x-empty",
    "application/x-gzip": "application/gzip",
    "application/x-mp3": "audio/mpeg",
    "application/x-zip-compressed": "application/zip",
    "application/xml": "text/xml",
    "audio/mp3": "audio/mpeg",
    "audio/vnd.wave": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "image/heif": "image/heic",
    "image/jpg": "image/jpeg",
    "image/x-ms-bmp": "image/bmp",
    "image/x-png": "image/png",
    "image/svg": "image/svg+xml",
    "text/rtf": "application/rtf",
    "video/x-m4v": "video/mp4",
    "video/x-msvideo": "video/avi",
}
#: Kinds that hold others: who says the wider one does not contradict who says the narrower.
_WIDER: Final = {
    "application/zip": ("officedocument", "opendocument", "epub", "java-archive"),
    "application/x-ole-storage": ("application/msword", "ms-excel", "ms-powerpoint", "ms-outlook"),
    "application/CDFV2": ("application/msword", "ms-excel", "ms-powerpoint", "ms-outlook"),
    "text/xml": ("+xml", "text/html"),
    "text/plain": ("text/", "message/", "application/json", "application/mbox", "application/warc", "multipart/"),
    "application/gzip": ("application/warc",),
    "message/rfc822": ("multipart/related", "application/mbox"),
    "video/mp4": ("audio/mp4", "audio/x-m4a", "video/quicktime", "video/3gpp", "image/heic", "image/avif"),
    "application/ogg": ("audio/ogg", "video/ogg"),
    "video/webm": ("video/x-matroska",),
}


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the worker answers."""

    first: str
    second: str
    detectors: tuple[str, str]
    refined: str
    also: tuple[str, ...]


class Sniffer:
    """Implements Sniffing with libmagic, where it is installed, and puremagic."""

    def __init__(self, programs: ConfinedPrograms) -> None:
        """Run the detectors by `programs`."""
        self._programs = programs

    def detect(self, head: bytes, tail: bytes = b"", *, file_name: str = "", told: str = "") -> Detected:
        """Return what the first and the last bytes of a file say."""
        found = ask(
            self._programs,
            "detect",
            Opinions,
            limits=_LIMITS,
            head=base64.b64encode(head[:HEAD]).decode(),
            tail=base64.b64encode(tail[-TAIL:]).decode(),
        )
        if isinstance(found, Unshown):
            why = f"neither detector could look at it. {found.detail}".rstrip()
            return Detected(UNKNOWN, "", "", agree=False, detectors=("", ""), warnings=(why,))
        first, second = _name(found.first), _name(found.second)
        agree, media = _settle(first, second)
        media = found.refined or media
        warnings = [*_compare(agree, first, second), *found.also, *_compare_words(media, file_name, told)]
        return Detected(media, first, second, agree, found.detectors, tuple(warnings))


def _name(media: str) -> str:
    media = media.partition(";")[0].strip()
    return _NAMES.get(media.lower(), media)


def _settle(first: str, second: str) -> tuple[bool, str]:
    """Return whether two opinions agree, and the one that is followed: the narrower, else the first."""
    if first == second:
        return True, first or UNKNOWN
    for one, other in ((first, second), (second, first)):
        if one in {"", UNKNOWN}:
            return False, other or UNKNOWN
        if any(part in other for part in _WIDER.get(one, ())):
            return True, other
    return False, first


def _compare(agree: bool, first: str, second: str) -> Iterator[str]:
    if not agree and UNKNOWN not in {first, second} and first and second:
        yield f"the detectors differ: {first} and {second}"


def _compare_words(media: str, file_name: str, told: str) -> Iterator[str]:
    """Yield what the sender says that the bytes do not."""
    if has_unseen(file_name):
        yield "its name holds characters that hide or turn a part of it"
    if "/" in file_name or "\\" in file_name or file_name in {".", ".."}:
        yield "its name is a path"
    by_name = _name(mimetypes.guess_type(file_name.rpartition("/")[2])[0] or "")
    for who, said in (("name", by_name), ("sender", _name(told))):
        if said and UNKNOWN not in {said, media} and not _settle(said, media)[0]:
            yield f"its {who} says {said}"
