"""The task `detect`: what libmagic and puremagic say of the first bytes of a file, and what else stands in it."""

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

#: No opinion.
UNKNOWN: Final = "application/octet-stream"
_SCRIPT: Final = re.compile(rb"<\s*(?:script|html|iframe|!doctype html)", re.IGNORECASE)
_WARC: Final = b"WARC/1."
_ZIP_END: Final = b"PK\x05\x06"
#: Kinds that are zip files by nature.
_ZIPPED: Final = (
    "zip",
    "openxmlformats",
    "opendocument",
    "epub",
    "java-archive",
    "ms-excel",
    "ms-word",
    "ms-powerpoint",
)
_OOXML: Final = "application/vnd.openxmlformats-officedocument."
_OFFICE: Final = {
    b"word/document.xml": f"{_OOXML}wordprocessingml.document",
    b"xl/workbook.xml": f"{_OOXML}spreadsheetml.sheet",
    b"ppt/presentation.xml": f"{_OOXML}presentationml.presentation",
}


def detect(arguments: Mapping[str, str], _source: Path, _out: Path) -> dict[str, object]:
    """Return both opinions, which detectors gave them, and words for a second kind found in the same bytes."""
    head = base64.b64decode(arguments["head"])
    tail = base64.b64decode(arguments["tail"])
    first, by = _ask_libmagic(head)
    return {
        "first": first,
        "second": _ask_puremagic(head, first),
        "detectors": [by, "puremagic"],
        "refined": _refine(head, first) or _refine_zip(head, tail, first),
        "also": list(_find_others(head, tail)),
    }


def _ask_libmagic(head: bytes) -> tuple[str, str]:
    try:
        import magic  # noqa: PLC0415 - where the library is missing, importing it is what says so
    except ImportError:
        return "", "libmagic (missing)"
    try:
        return str(magic.from_buffer(head, mime=True)), "libmagic"
    except magic.MagicException:
        return UNKNOWN, "libmagic"


def _ask_puremagic(head: bytes, first: str) -> str:
    import puremagic  # noqa: PLC0415 - loaded for this task only

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    best = max((one.confidence for one in found), default=0)
    named = [str(one.mime_type) for one in found if one.mime_type and one.confidence == best]
    # Several kinds that begin alike: it cannot tell them apart, and contradicts none of them.
    if first in named:
        return first
    if len(named) > 1 and all(any(part in one for part in _ZIPPED) for one in named):
        return "application/zip"
    return named[0] if named else UNKNOWN


def _refine(head: bytes, media: str) -> str:
    """Return a kind that neither detector knows by name, or nothing."""
    if head.startswith(_WARC):
        return "application/warc"
    if head.startswith(b"\x1f\x8b"):
        return "application/warc" if _begin_inside(head).startswith(_WARC) else ""
    if head.startswith(b"From ") and b"\n" in head[:500]:
        return "application/mbox"
    start = head[:8192].lower()
    if media.startswith(("text/", "message/")) and b"\ncontent-type: multipart/related" in b"\n" + start:
        return "multipart/related"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<svg", b"<?xml")) and b"<svg" in start:
        return "image/svg+xml"
    return ""


def _refine_zip(head: bytes, tail: bytes, media: str) -> str:
    """Return which office format a zip archive is by the names in its directory, where no detector says."""
    if not head.startswith(b"PK\x03\x04") or media not in {"", UNKNOWN, "application/zip"}:
        return ""
    return next((kind for name, kind in _OFFICE.items() if name in tail), "")


def _begin_inside(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, 64)
    except zlib.error:
        return b""


def _find_others(head: bytes, tail: bytes) -> Iterator[str]:
    pdf = head.find(b"%PDF-")
    if pdf > 0:
        yield "a PDF begins inside it"
    zipped = head.startswith(b"PK\x03\x04")
    if _ZIP_END in tail and not zipped:
        yield "it ends as a zip archive"
    elif zipped and pdf > 0:
        yield "it is a zip archive and a PDF"
    if head[:4] in {b"GIF8", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"\x89PNG", b"%PDF", b"RIFF"} and (
        _SCRIPT.search(head) or _SCRIPT.search(tail)
    ):
        yield "HTML stands inside it"
    if head.startswith((b"GIF87a=", b"GIF89a=", b"GIF89a/*", b"BM=", b"BM/*")):
        yield "it also reads as a script"
    if head.startswith((b"MZ", b"\x7fELF", b"#!")):
        yield "it is a program"
