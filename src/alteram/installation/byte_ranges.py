"""Parts of files by HTTP (RFC 9110, Range): one range of bytes, read from the store without what lies before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alteram.operations.exhibits.stored import Part, StoredExhibit

BLOCK: Final = 1 << 20
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes [first, until) of a file of `size`; `is_part` where that is not what a request without Range gets."""

    first: int
    until: int
    size: int
    is_part: bool

    @property
    def content_range(self) -> str:
        """Return what the header Content-Range says."""
        return f"bytes {self.first}-{self.until - 1}/{self.size}"


def find_span(asked: str | None, size: int) -> Span | None:
    """Return what a Range header asks of a file; None where the file has none of these bytes.

    What is no range of bytes, or more than one, is answered as if nothing had been said, as the standard allows.
    """
    found = _RANGE.fullmatch(asked.strip()) if asked is not None and asked.isascii() else None
    if found is None or found.groups() == ("", ""):
        return Span(0, size, size, is_part=False)
    first, last = found.groups()
    if not first:
        return None if int(last) == 0 or size == 0 else Span(max(0, size - int(last)), size, size, is_part=True)
    if last and int(last) < int(first):
        return Span(0, size, size, is_part=False)
    if int(first) >= size:
        return None
    return Span(int(first), min(size, int(last) + 1) if last else size, size, is_part=True)


def read_span(span: Span, stored: StoredExhibit, part: Part) -> Iterator[bytes]:
    """Return the bytes of a span of an exhibit's file: the whole as it is read to its end, a part of it in blocks.

    Raises: UnknownMatterError, StoreError, VaultError, the last two also while it is read.
    """
    if not span.is_part:
        return stored.get(part).read()
    read = stored.open_range(part)
    return (read(first, min(first + BLOCK, span.until)) for first in range(span.first, span.until, BLOCK))
