"""Instants: whole seconds in UTC, one spelling (RFC 3339 with `Z`).

>>> encode_instant(parse_instant("2025-08-11T08:00:00Z"))
'2025-08-11T08:00:00Z'
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.phrases import phrase

_spelling = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def parse_instant(text: str) -> datetime:
    """Return the instant spelled `text`.

    Raises: MalformedError when `text` is not `YYYY-MM-DDThh:mm:ssZ` or no such instant exists (no leap seconds).
    """
    if not _spelling.fullmatch(text):
        raise MalformedError(
            phrase("Not an instant."), remedy=phrase("Write it as 2025-08-11T08:00:00Z, in UTC, to the second.")
        )
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedError(
            phrase("No such instant."), remedy=phrase("Check the day of the month and the time of day.")
        ) from error


def encode_instant(at: datetime) -> str:
    """Return the one spelling of an aware instant, cut to the second. Raises: MalformedError for a naive one."""
    if at.tzinfo is None:
        raise MalformedError(phrase("An instant needs a time zone."))
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at.year > 999 else _unsupported()


def _unsupported() -> str:
    raise MalformedError(phrase("Years before 1000 are not supported."))


@dataclass(frozen=True, slots=True)
class When:
    """When something happened, as far as it is known: not before `first`, not after `last` (both inclusive, UTC).

    A live act has `first == last`. A day known only as a day spans that local day. None means unknown on that side.
    """

    first: datetime | None = None
    last: datetime | None = None

    @classmethod
    def exactly(cls, at: datetime) -> "When":
        """Return the `When` of an instant known to the second."""
        return cls(at, at)

    def before(self, other: "When") -> bool | None:
        """Return whether this was before `other`; None when what is known does not say."""
        if self.last is not None and other.first is not None and self.last < other.first:
            return True
        if self.first is not None and other.last is not None and self.first >= other.last:
            return False
        return None


UNKNOWN_WHEN = When()
