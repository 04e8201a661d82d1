"""The task `capture`: WARC by warcio, MHTML by the standard library, and pages saved as a single file."""

import io
import re
from collections.abc import Iterator, Mapping
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Final

from alteram.adapters.converting.plain_text import decode, tame
from alteram.adapters.converting.reading_mail import MAX_HEADERS
from alteram.adapters.converting.reading_texts import strip_markup
from alteram.adapters.converting.unreadable import NotShownError

MAX_PAGES: Final = 200
MAX_RECORDS: Final = 20_000
#: Bytes of one record, and of all of them together once unpacked.
MAX_PAGE: Final = 8 << 20
MAX_UNPACKED: Final = 1 << 30
MAX_FILE: Final = 128 << 20
MAX_PAGE_TEXT: Final = 200_000
_CHUNK: Final = 1 << 16
_SINGLE_FILE: Final = re.compile(r"Page saved with SingleFile\s+url:\s*(\S{1,2000})\s+saved date:\s*([^\n]{1,100})")
_SAVED_FROM: Final = re.compile(r"saved from url=\(\d{1,6}\)(\S{1,2000})")


def read_capture(arguments: Mapping[str, str], source: Path, _out: Path) -> dict[str, object]:
    """Return the pages of a capture and what it says of itself."""
    if arguments["media"] == "application/warc":
        return _read_warc(source)
    with source.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise NotShownError("too-large", "It is larger than captured pages are read.")
    return _read_mhtml(data) if arguments["media"] == "multipart/related" else _read_single(data)


def _read_warc(source: Path) -> dict[str, object]:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - loaded for this task only
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415 - as above

    pages: list[dict[str, object]] = []
    notices: list[str] = []
    records = unpacked = 0
    with source.open("rb") as file:
        try:
            for record in ArchiveIterator(file, check_digests=True):
                records += 1
                body, size = _read_record(record, MAX_UNPACKED - unpacked)
                unpacked += size
                if records > MAX_RECORDS or unpacked >= MAX_UNPACKED:
                    notices.append("Only its beginning is shown.")
                    break
                if len(pages) < MAX_PAGES and (page := _read_page(record, body)) is not None:
                    pages.append(page)
        except (
            ArchiveLoadFailed,
            OSError,
            EOFError,
            ValueError,
            KeyError,
            AttributeError,
            TypeError,
            IndexError,
        ) as error:
            # warcio names only the first; the others come out of it for files that are broken on purpose.
            if not records:
                raise NotShownError("damaged", "It is not a WARC file that can be read.") from error
            notices.append("The rest of it is damaged.")
    if not records:
        raise NotShownError("damaged", "It is not a WARC file that can be read.")
    if any(page["digest_fits"] is False for page in pages):
        notices.append("A digest does not fit: a part of it was changed after it was captured.")
    return {"kind": "warc", "pages": pages, "resources": records - len(pages), "notices": notices}


def _read_record(record: Any, most: int) -> tuple[bytes, int]:
    """Return the beginning of a record, and how many bytes it was unpacked."""
    stream = record.content_stream()
    kept: list[bytes] = []
    size = 0
    while size < most and (chunk := stream.read(_CHUNK)):
        size += len(chunk)
        if size <= MAX_PAGE:
            kept.append(chunk)
    return b"".join(kept), size


def _read_page(record: Any, body: bytes) -> dict[str, object] | None:
    if record.rec_type not in {"response", "resource"} or record.http_headers is None:
        return None
    media = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    if media not in {"text/html", "application/xhtml+xml", "text/plain"}:
        return None
    text = decode(body)[0]
    headers = record.rec_headers
    return {
        "uri": tame(headers.get_header("WARC-Target-URI") or "", 2_000),
        "at": tame(headers.get_header("WARC-Date") or "", 40),
        "media": media,
        "status": tame(record.http_headers.get_statuscode() or "", 10),
        "digest_fits": record.digest_checker.passed,
        "text": tame(text if media == "text/plain" else strip_markup(text)[0], MAX_PAGE_TEXT),
    }


def _read_mhtml(data: bytes) -> dict[str, object]:
    if len(data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]) > MAX_HEADERS:
        raise NotShownError("damaged", "Its headers have no end.")
    whole = BytesParser(policy=policy.compat32).parse(io.BytesIO(data))
    pages: list[dict[str, object]] = []
    parts = 0
    for part in whole.walk():
        parts += 1
        kind = part.get_content_type()
        if part.is_multipart() or kind not in {"text/html", "text/plain"} or len(pages) == MAX_PAGES:
            continue
        content = part.get_payload(decode=True)
        text = decode(content[:MAX_PAGE] if isinstance(content, bytes) else b"")[0]
        uri = part.get("Content-Location") or whole.get("Snapshot-Content-Location") or ""
        pages.append(_page(str(uri), str(whole.get("Date") or ""), kind, strip_markup(text)[0]))
    if not pages:
        raise NotShownError("damaged", "No page is in it.")
    return {"kind": "mhtml", "pages": pages, "resources": parts - len(pages), "notices": list(_tell())}


def _read_single(data: bytes) -> dict[str, object]:
    text = decode(data[:MAX_PAGE])[0]
    uri = at = ""
    if (found := _SINGLE_FILE.search(text[:100_000])) is not None:
        uri, at = found[1], found[2].strip()
    elif (found := _SAVED_FROM.search(text[:10_000])) is not None:
        uri = found[1]
    else:
        raise NotShownError("not-shown", "It does not say where it was captured: it is shown as a text.")
    page = _page(uri, at, "text/html", strip_markup(text)[0])
    return {"kind": "single-file", "pages": [page], "resources": 0, "notices": list(_tell())}


def _page(uri: str, at: str, media: str, text: str) -> dict[str, object]:
    return {
        "uri": tame(uri, 2_000),
        "at": tame(at, 100),
        "media": media,
        "status": "",
        "digest_fits": None,
        "text": tame(text, MAX_PAGE_TEXT),
    }


def _tell() -> Iterator[str]:
    yield "Where and when it was captured is what the file says of itself; it carries no digest."
