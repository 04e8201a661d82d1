"""Base64, canonical JSON, identifiers and instants: each accepted in one spelling only (record R2)."""

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any, NoReturn

from conformance.failure import Failure

LARGEST = 2**53 - 1
DEEPEST = 31
IDENTIFIER = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
INSTANT = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def read_base64(text: str, code: str = "note.base64") -> bytes:
    """Return the bytes of padded base64 (R2.1)."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Failure(code, "not base64") from error
    if base64.b64encode(data).decode() != text:
        raise Failure(code, "base64 in another spelling")
    return data


def write_base64url(data: bytes) -> str:
    """Return base64url without padding (R2.2)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def read_base64url(text: str) -> bytes:
    """Return the bytes of base64url without padding (R2.2)."""
    if "+" in text or "/" in text or "=" in text:
        raise Failure("base64url", "not base64url without padding")
    standard = text.replace("-", "+").replace("_", "/")
    try:
        return read_base64(standard + "=" * (-len(standard) % 4), "base64url")
    except Failure as failure:
        raise Failure("base64url", "not base64url without padding") from failure


def read_json(data: bytes, limit: int, code: str) -> Any:
    """Return the value of canonical JSON (R2.3)."""
    if len(data) > limit:
        raise Failure(code, f"JSON of more than {limit} bytes")
    try:
        value = json.loads(data.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
        _check(value, 1)
        written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Failure(code, "not canonical JSON") from error
    if written != data:
        raise Failure(code, "JSON in another spelling than the canonical one")
    return value


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _check(value: Any, level: int) -> None:
    if level > DEEPEST and isinstance(value, dict | list):
        raise ValueError("too deep")
    if isinstance(value, dict):
        if not all(key.isascii() for key in value):
            raise ValueError("a key is not ASCII")
        for one in value.values():
            _check(one, level + 1)
    elif isinstance(value, list):
        for one in value:
            _check(one, level + 1)
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError("too large")


def is_whole(value: Any) -> bool:
    """Return whether a JSON value is a whole number from 0 on; true and false are none."""
    return type(value) is int and value >= 0


def is_identifier(value: Any) -> bool:
    """Return whether a JSON value is an identifier (R2.4)."""
    return isinstance(value, str) and IDENTIFIER.fullmatch(value) is not None


def find_instant(value: Any) -> datetime | None:
    """Return the instant that a JSON value spells (R2.5), or nothing."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
