"""The task `chat`: exports of WhatsApp (text), Signal and Telegram (JSON) as messages.

Whether a day or a month stands first is found from the whole file; where that cannot be found it is said.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alteram.adapters.converting.plain_text import decode, tame
from alteram.adapters.converting.unreadable import NotShownError

MAX_BYTES: Final = 64 << 20
MAX_MESSAGES: Final = 200_000
MAX_BODY: Final = 100_000
#: `[12/03/2024, 14:05:33] A: …`, `12.03.24, 14:05 - A: …`, `3/12/24, 2:05 PM - A: …`, `2024-03-12, 14:05 - A: …`.
_LINE: Final = re.compile(
    r"^[\u200e\u200f\ufeff]?\[?(\d{1,4})([./-])(\d{1,2})\2(\d{2,4}),?[ \u00a0]"
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?[ \u00a0\u202f]?([AaPp]\.?[ \u00a0\u202f]?[Mm]\.?)?(?:\][ ]|[ ]-[ ])(.*)$"
)
_ATTACHED: Final = re.compile(
    r"^[\u200e\u200f]?(?:<attached: ([^<>\n]{1,200})>"
    r"|([^<>:/\n]{1,200}\.[A-Za-z0-9]{2,5}) \((?:file attached|Datei angehängt)\))"
)


def read_chat(_arguments: Mapping[str, str], source: Path, _out: Path) -> dict[str, object]:
    """Return the messages of an export, in its own order."""
    with source.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise NotShownError("too-large", "It is larger than chats are read.")
    text, _ = decode(data)
    start = text[:MAX_BODY].lstrip()
    if start[:1] in {"{", "["} and _LINE.match(start.partition("\n")[0].rstrip("\r")) is None:
        return _read_json(data)
    return _read_lines(text)


# WhatsApp


def _read_lines(text: str) -> dict[str, object]:
    rows: list[tuple[re.Match[str], list[str]]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if len(rows) <= MAX_MESSAGES and (match := _LINE.match(line[:MAX_BODY])) is not None:
            rows.append((match, [match[9]]))
        elif rows:
            rows[-1][1].append(line)
    if not rows:
        raise NotShownError("not-shown", "No line in it begins as a message of a chat.")
    order, notices = _find_order([match for match, _ in rows])
    messages = [_read_row(index, match, lines, order) for index, (match, lines) in enumerate(rows[:MAX_MESSAGES])]
    if len(rows) > MAX_MESSAGES:
        notices.append("Only its beginning is shown.")
    if any(not one["at"] for one in messages):
        notices.append("A date cannot be read: it is left out.")
    return {"kind": "whatsapp", "messages": messages, "notices": notices}


def _find_order(matches: Sequence[re.Match[str]]) -> tuple[str, list[str]]:
    """Return `ymd`, `dmy` or `mdy`, and words where it was guessed."""
    if any(len(one[1]) == 4 for one in matches):
        return "ymd", []
    if any(int(one[1]) > 12 for one in matches):
        return "dmy", []
    if any(int(one[3]) > 12 for one in matches):
        return "mdy", []
    american = matches[0][2] == "/" and matches[0][8] is not None
    guessed = "the month" if american else "the day"
    return "mdy" if american else "dmy", [f"It was guessed that {guessed} stands first in its dates."]


def _read_row(index: int, match: re.Match[str], lines: list[str], order: str) -> dict[str, object]:
    sender, colon, first = lines[0].partition(": ")
    if not colon:  # what the program itself says: somebody was added, the chat is encrypted
        sender, first = "", lines[0]
    body = "\n".join([first, *lines[1:]]).strip("\n")
    attached = _ATTACHED.match(body)
    return {
        "index": index,
        "at": _read_time(match, order),
        "sender": tame(sender.strip(), 200),
        "text": tame(body[attached.end() :].strip("\n") if attached else body, MAX_BODY),
        "attachments": [tame((attached[1] or attached[2]).strip(), 300)] if attached else [],
    }


def _read_time(match: re.Match[str], order: str) -> str:
    parts = dict(zip(order, (int(match[1]), int(match[3]), int(match[4])), strict=True))
    year = parts["y"] + (2000 if parts["y"] < 100 else 0)
    hour = int(match[5])
    if match[8] is not None:
        hour = hour % 12 + (12 if match[8][0] in "Pp" else 0)
    try:
        return datetime(year, parts["m"], parts["d"], hour, int(match[6]), int(match[7] or 0)).isoformat()  # noqa: DTZ001 - the export names no zone
    except ValueError:
        return ""


# Signal and Telegram


def _read_json(data: bytes) -> dict[str, object]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = list(_read_json_lines(data))
    rows = value.get("messages") if isinstance(value, dict) else value
    if not isinstance(rows, list) or not rows:
        raise NotShownError("not-shown", "No export of a chat that is read here.")
    telegram = isinstance(rows[0], dict) and ("date_unixtime" in rows[0] or "from" in rows[0] or "actor" in rows[0])
    read = _read_telegram if telegram else _read_signal
    messages = [read(row) for row in rows[:MAX_MESSAGES] if isinstance(row, dict)]
    if not any(one["sender"] or one["text"] for one in messages):
        raise NotShownError("not-shown", "No export of a chat that is read here.")
    for index, one in enumerate(messages):
        one["index"] = index
    notices = ["Only its beginning is shown."] if len(rows) > MAX_MESSAGES else []
    return {"kind": "telegram" if telegram else "signal", "messages": messages, "notices": notices}


def _read_json_lines(data: bytes) -> Iterator[object]:
    for line in data.splitlines():
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                raise NotShownError("damaged", "It begins as JSON and is none.") from error


def _read_telegram(row: Mapping[str, Any]) -> dict[str, Any]:
    files = [row.get("file_name") or row.get("file"), row.get("photo")]
    return {
        "at": _read_instant(row.get("date_unixtime"), 1) or _take(row.get("date"), 40),
        "sender": _take(row.get("from") or row.get("actor"), 200),
        "text": _take(_join(row.get("text")) or row.get("action"), MAX_BODY),
        "attachments": [_take(one, 300) for one in files if one],
    }


def _join(text: object) -> str:
    """Return Telegram's text: a string, or a list of strings and of marked parts."""
    if isinstance(text, list):
        parts = (part.get("text") if isinstance(part, dict) else part for part in text[:10_000])
        return "".join(one for one in parts if isinstance(one, str))
    return text if isinstance(text, str) else ""


def _read_signal(row: Mapping[str, Any]) -> dict[str, Any]:
    envelope = _open(row, "envelope")
    inner = _open(envelope, "dataMessage")
    files = inner.get("attachments")
    when = envelope.get("sent_at") or envelope.get("timestamp") or envelope.get("dateSent") or envelope.get("date")
    names = ("sourceName", "sender", "source", "author", "sourceNumber")
    return {
        "at": _read_instant(when, 1000) or _take(when, 40),
        "sender": _take(next((envelope[one] for one in names if envelope.get(one)), ""), 200),
        "text": _take(inner.get("message") or inner.get("body") or inner.get("text"), MAX_BODY),
        "attachments": [_take(_name_file(one), 300) for one in (files if isinstance(files, list) else ())[:1000]],
    }


def _open(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = row.get(name)
    return inner if isinstance(inner, dict) else row


def _name_file(one: object) -> object:
    if isinstance(one, dict):
        return one.get("fileName") or one.get("filename") or one.get("contentType") or "a file"
    return one


def _read_instant(value: object, unit: int) -> str:
    try:
        return datetime.fromtimestamp(int(str(value)) // unit, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _take(value: object, longest: int) -> str:
    return tame(value if isinstance(value, str) else "" if value is None else str(value)[:200], longest)
