"""Cursors: where the next page begins, as one word that callers hand back and need not understand."""

import base64
import binascii
import json
from typing import Final, TypeAlias, get_args

from alteram.api.problems import misfit
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import StreamId, parse_identifier
from alteram.core.kernel.instants import encode_instant, parse_instant
from alteram.operations.lists import Cursor
from alteram.operations.ports import ListPlace, ListStanding

_STANDINGS: Final = get_args(ListStanding)
_LONGEST: Final = 400
_UNKNOWN: Final = "not a cursor of this list"
_Parts: TypeAlias = list[str | None]


def encode_cursor(cursor: Cursor | None) -> str | None:
    """Return a place in a list of matters as a word; None where there is no next page."""
    return None if cursor is None else _encode(cursor.standing, cursor.place)


def parse_cursor(word: str | None) -> Cursor | None:
    """Return the place that a word names. Raises: ProblemError for a word that this API did not give."""
    if word is None:
        return None
    standing, place = _parse(word)
    if standing not in _STANDINGS:
        raise misfit("query.cursor", _UNKNOWN)
    return Cursor(_STANDINGS[_STANDINGS.index(standing)], place)


def encode_place(place: ListPlace | None) -> str | None:
    """Return a place in a list that has one order only."""
    return None if place is None else _encode("", place)


def parse_place(word: str | None) -> ListPlace | None:
    """Return the place that a word names. Raises: ProblemError for a word that this API did not give."""
    if word is None:
        return None
    standing, place = _parse(word)
    if standing:
        raise misfit("query.cursor", _UNKNOWN)
    return place


def _encode(standing: str, place: ListPlace) -> str:
    at, stream = place
    parts: _Parts = [standing, None if at is None else encode_instant(at), stream]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _parse(word: str) -> tuple[str, ListPlace]:
    try:
        data = base64.b64decode(word[:_LONGEST] + "===", altchars=b"-_", validate=False)
        standing, at, stream = json.loads(data)
        place = (None if at is None else parse_instant(at), StreamId(parse_identifier(stream)))
    except (ValueError, TypeError, binascii.Error, RecursionError, MalformedError) as error:
        raise misfit("query.cursor", _UNKNOWN) from error
    if not isinstance(standing, str):
        raise misfit("query.cursor", _UNKNOWN)
    return standing, place
