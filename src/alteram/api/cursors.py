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
from alteram.operations.ports import ListStanding

_STANDINGS: Final = get_args(ListStanding)
_LONGEST: Final = 400
_Parts: TypeAlias = list[str | None]


def encode_cursor(cursor: Cursor | None) -> str | None:
    """Return a place in a list of matters as a word; None where there is no next page."""
    if cursor is None:
        return None
    at, stream = cursor.place
    parts: _Parts = [cursor.standing, None if at is None else encode_instant(at), stream]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def parse_cursor(word: str | None) -> Cursor | None:
    """Return the place that a word names. Raises: ProblemError for a word that this API did not give."""
    if word is None:
        return None
    try:
        data = base64.b64decode(word[:_LONGEST] + "===", altchars=b"-_", validate=False)
        standing, at, stream = json.loads(data)
        known = _STANDINGS.index(standing)
        place = (None if at is None else parse_instant(at), StreamId(parse_identifier(stream)))
    except (ValueError, TypeError, binascii.Error, RecursionError, MalformedError) as error:
        raise misfit("query.cursor", "not a cursor of this list") from error
    return Cursor(_STANDINGS[known], place)
