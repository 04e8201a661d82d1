"""What operations need of the world to build bundles and redactions, as small Protocols.

What a file holds never raises: a source that cannot be shown becomes a slip, and is told of in what comes back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from alteram.core.disclosure.bundles import Plan


@dataclass(frozen=True, slots=True)
class Cover:
    """What the front page of a bundle says: what it is, for whom, and the entry under which it is given."""

    title: str
    organisation: str
    matter: str
    recipient: str
    entry: str
    made_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class BuiltBundle:
    """A bundle that was written: its pages (the front among them), bytes and SHA-256.

    `slips` are (exhibit, page from 0 or None for all, why) of what could not be shown; `notes` are (exhibit, what a
    reader should know); `hindrances` are (exhibit, why it is not PDF/A); `archival`: the bundle claims PDF/A-2b.
    """

    pages: int
    size: int
    digest: str
    archival: bool
    slips: tuple[tuple[str, int | None, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    hindrances: tuple[tuple[str, str], ...] = ()


class Bundles(Protocol):
    """Builds bundles."""

    def build(self, plan: Plan, cover: Cover, sources: Mapping[str, BinaryIO], out: BinaryIO) -> BuiltBundle:
        """Write the bundle that is planned into `out`, an empty file; `sources` are open PDFs, by exhibit.

        The same plan, cover and sources are the same bytes. Raises: BundleError when it cannot be made at all.
        """
        ...

    def pack(self, plan: Plan, bundle: BinaryIO, beside: Mapping[str, BinaryIO], out: BinaryIO) -> Sequence[str]:
        """Write a zip of a bundle and what lies beside it, by SHA-256, into `out`; return the names in it.

        Raises: BundleError when a file is missing or is not the one that is planned.
        """
        ...


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a text: what stands above it (may be empty), and the text."""

    head: str
    text: str


class PageMaking(Protocol):
    """Makes the PDF of an exhibit that was not lodged as one."""

    def bind_pages(self, pages: Iterable[bytes], out: BinaryIO) -> int:
        """Write a PDF of pictures of pages (PNG) into `out`, an empty file; return how many. Raises: BundleError."""
        ...

    def print_text(self, title: str, parts: Sequence[TextPart], out: BinaryIO, *, dated_at: datetime) -> None:
        """Write a text as PDF into `out`, an empty file. Raises: BundleError."""
        ...

    def count_pages(self, source: BinaryIO) -> int:
        """Return how many pages an open PDF has; 0 where it cannot be read. Raises: BundleError."""
        ...
