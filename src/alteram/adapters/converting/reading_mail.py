"""The task `mail`: one e-mail, or an mbox of them, by the standard library; attachments are listed, not opened."""

import re
from collections.abc import Iterator, Mapping
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from alteram.adapters.converting.plain_text import decode, tame
from alteram.adapters.converting.reading_texts import strip_markup
from alteram.adapters.converting.unreadable import NotShownError

MAX_BYTES: Final = 256 << 20
MAX_MESSAGE: Final = 64 << 20
MAX_MESSAGES: Final = 20_000
MAX_HEADERS: Final = 64 << 10
MAX_PARTS: Final = 500
MAX_BODY: Final = 200_000
_SEPARATOR: Final = re.compile(rb"(?m)^From [^\n]*\n")
_IDENTIFIER: Final = re.compile(r"<[^<>\s]{1,500}>")
_END_OF_HEADERS: Final = re.compile(rb"\r?\n\r?\n")
_PARSER: Final = BytesParser(policy=policy.compat32)
_STRICT: Final = BytesParser(policy=policy.default)


def read_mail(_arguments: Mapping[str, str], source: Path, _out: Path) -> dict[str, object]:
    """Return the messages of a file, each with the one that it answers where that is in the same file."""
    with source.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise NotShownError("too-large", "It is larger than mail is read.")
    several = data.startswith(b"From ")
    notices: set[str] = set()
    messages: list[dict[str, object]] = []
    known: dict[str, int] = {}
    for raw in _split(data) if several else (data,):
        if len(messages) == MAX_MESSAGES:
            notices.add("Only its beginning is shown.")
            break
        message, identifier, earlier = _read_one(raw, len(messages), notices)
        message["answers"] = next((known[one] for one in earlier if one in known), None)
        if identifier:
            known.setdefault(identifier, len(messages))
        messages.append(message)
    if not messages or not any(one["sender"] or one["at"] or one["subject"] for one in messages):
        raise NotShownError("damaged", "It has none of the headers that an e-mail has.")
    return {"kind": "mbox" if several else "eml", "messages": messages, "notices": sorted(notices)}


def _split(data: bytes) -> Iterator[bytes]:
    """Yield the messages of an mbox; a line that begins with From begins one where an empty line stands before it."""
    starts = [
        (match.start(), match.end())
        for match in _SEPARATOR.finditer(data)
        if data[max(0, match.start() - 3) : match.start()].replace(b"\r", b"")[-2:] in {b"", b"\n\n"}
    ]
    for (_, begin), (end, _) in zip(starts, [*starts[1:], (len(data), 0)], strict=True):
        yield data[begin:end].replace(b"\n>From ", b"\nFrom ")


def _read_one(raw: bytes, index: int, notices: set[str]) -> tuple[dict[str, object], str, list[str]]:
    head = _END_OF_HEADERS.split(raw[: MAX_HEADERS + 4], maxsplit=1)[0]
    if len(head) > MAX_HEADERS:
        notices.add("Headers beyond the limit are left out.")
        head = head[:MAX_HEADERS].rpartition(b"\n")[0]
        raw = head + b"\n\n"
    if len(raw) > MAX_MESSAGE:
        notices.add("A message is larger than is read: its headers are shown.")
        raw = head + b"\n\n"
    headers = _STRICT.parsebytes(head + b"\n\n", headersonly=True)
    text, attachments = _read_parts(raw, notices)
    message: dict[str, object] = {
        "index": index,
        "at": _read_date(_take(headers, "Date"), notices),
        "sender": tame(_take(headers, "From"), 500),
        "subject": tame(_take(headers, "Subject"), 1_000),
        "text": text,
        "attachments": attachments,
    }
    references = _IDENTIFIER.findall(_take(headers, "References")[-20_000:])
    replies = _IDENTIFIER.findall(_take(headers, "In-Reply-To")[:2_000])
    own = _IDENTIFIER.findall(_take(headers, "Message-ID")[:2_000])
    return message, own[0] if own else "", [*replies, *reversed(references)]


def _take(headers: EmailMessage, name: str) -> str:
    # The standard library trips over some headers that are broken on purpose; such a one is not there.
    try:
        return str(headers.get(name) or "")
    except Exception:  # noqa: BLE001 - any error of its header parser, which documents none
        return ""


def _read_date(text: str, notices: set[str]) -> str:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        if text:
            notices.add("A date cannot be read: it is left out.")
        return ""


def _read_parts(raw: bytes, notices: set[str]) -> tuple[str, list[str]]:
    plain: list[str] = []
    marked: list[str] = []
    attachments: list[str] = []
    for count, part in enumerate(_PARSER.parsebytes(raw).walk()):
        if count == MAX_PARTS:
            notices.add("Parts beyond the limit are left out.")
            break
        kind = part.get_content_type()
        name = part.get_filename()
        if part.is_multipart() and kind != "message/rfc822":
            continue
        if name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            attachments.append(tame(str(name or kind), 300))
            continue
        content = part.get_payload(decode=True)
        text = _decode_part(content if isinstance(content, bytes) else b"", part.get_content_charset())
        (marked if kind == "text/html" else plain).append(text)
    if not plain and marked:
        notices.add("Shown as text: it was written in HTML, which is not followed.")
        plain = [strip_markup(one)[0] for one in marked]
    return tame("\n".join(plain).strip(), MAX_BODY), attachments


def _decode_part(content: bytes, charset: str | None) -> str:
    try:
        return content.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError, ValueError):
        return decode(content)[0]
