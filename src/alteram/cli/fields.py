"""Fields of an act, and the standing of a reported event, as the command line spells them."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from alteram.core.acts.reported import Reported
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId, parse_identifier
from alteram.core.kernel.instants import parse_instant

_LARGEST = 1 << 20


def parse_fields(pairs: Sequence[str], document: str) -> dict[str, Json]:
    """Return the fields given as `name=value` and as one JSON object (or @FILE). Raises: MalformedError."""
    fields = _parse_document(document) if document else {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise MalformedError(f"{pair!r} is not NAME=VALUE.", remedy="Write it as text='What happened'.")
        fields[name] = _parse_value(value)
    return fields


def _parse_document(document: str) -> dict[str, Json]:
    if document.startswith("@"):
        with Path(document[1:]).open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise MalformedError("The file of fields is larger than 1 MiB.")
        document = raw.decode("utf-8", "replace")
    try:
        value = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise MalformedError("The fields are not JSON.", remedy='Write them as {"name": value}.') from error
    if not isinstance(value, dict):
        raise MalformedError("The fields are not a JSON object.", remedy='Write them as {"name": value}.')
    return value


def _parse_value(text: str) -> Json:
    """Return the JSON value that `text` is, else the text itself."""
    if text[:1] in {"[", "{", '"'} or text in {"true", "false", "null"} or text.isdecimal():
        try:
            value: Json = json.loads(text)
        except (ValueError, RecursionError):
            return text
        return value
    return text


def parse_reported(happened: str, by: str, agreed: PersonId | None) -> Reported:
    """Return the standing of a reported event. `happened`: an instant or a day (UTC), or two with a slash between."""
    first, separator, last = happened.partition("/")
    return Reported(
        first=_parse_bound(first, end=False),
        last=_parse_bound(last if separator else first, end=True),
        by=PersonId(parse_identifier(by)) if by else None,
        agreed_by=() if agreed is None else (agreed,),
    )


def _parse_bound(text: str, *, end: bool) -> datetime | None:
    if not text:
        return None
    if "T" in text:
        return parse_instant(text)
    try:
        day = datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise MalformedError(
            f"{text!r} is neither an instant nor a day.", remedy="Write 2025-08-11 or 2025-08-11T08:00:00Z."
        ) from error
    return day + timedelta(days=1, seconds=-1) if end else day
