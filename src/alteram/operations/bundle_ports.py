"""What operations need of the world to build bundles and redactions, as small Protocols.

What a file holds never raises: a source that cannot be shown becomes a slip, and is told of in what comes back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from alteram.core.disclosure.bundles import Plan
from alteram.core.disclosure.names import Found, Protected
from alteram.core.disclosure.redactions import Asked, Cut


@dataclass(frozen=True, slots=True)
class Cover:
    """What the front page of a bundle says: what it is, for whom, and what the record calls it.

    Under which entry it is recorded nobody knows while it is built: the matter goes on meanwhile.
    """

    title: str
    organisation: str
    matter: str
    recipient: str
    known_as: str
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

    def pack(self, plan: Plan, bundle: Iterable[bytes], beside: Mapping[str, Iterable[bytes]]) -> Iterator[bytes]:
        """Yield a zip of a bundle and what lies beside it, by SHA-256, each file read once as it is needed.

        Raises: BundleError when a file is missing, or is not the one that is planned.
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


@dataclass(frozen=True, slots=True)
class Suspect:
    """A bundle of which a copy may have leaked: its unmarked file, its pages, its seed, and the names of its copies."""

    bundle: str
    unmarked: Path
    pages: int
    seed: bytes
    copies: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class TracedLeak:
    """What tracing a leaked file came to. `copies` name (bundle, copy, chance of naming it wrongly).

    Where none is named, `why` says so in one word; `pages` are (bundle, page of the leak, page of the bundle).
    """

    copies: tuple[tuple[str, bytes, float], ...]
    why: str = ""
    pages: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Carrying:
    """How many pages of a bundle's copies carry marks that nobody sees.

    `alone` carry so many that a leak of any one of them can be traced, read well; `together` carry fewer, and count
    beside others; `none` carry nothing that says anything.
    """

    alone: int
    together: int
    none: int


class Marking(Protocol):
    """Marks copies of a bundle, and traces leaked ones."""

    def mark_copies(
        self,
        suspect: Suspect,
        shown: Mapping[bytes, str],
        folder: Path,
        *,
        tell: Callable[[Carrying], None] = lambda _: None,
    ) -> Mapping[bytes, Path]:
        """Write each copy into `folder`; `shown` is what its pages say of it, and `tell` hears how many are marked.

        Raises: MarkError; BundleError where the bundle cannot be read.
        """
        ...

    def mark_recording(self, source: Path, shown: str, folder: Path, *, film: bool) -> Path | None:
        """Return a copy of a recording that says `shown`, made in `folder`, which is empty.

        The mark is one that people see; nothing is traced by it. None where no copy can be made.
        """
        ...

    def trace(self, suspects: Sequence[Suspect], leaked: Path) -> TracedLeak:
        """Say which copies a file, or a folder of pictures, comes from, or that nobody can tell.

        Raises: MarkError; BundleError where a bundle cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class MadeRedaction:
    """A redaction that was written: its cuts, how many boxes are black for them, and what a person should see.

    `doubtful` are words that are nearly one looked for, and stayed; `not_found` are words that stand nowhere; `leaks`
    say where something of what was cut out can still be found: with any, it is not served. `still` are the words that
    were found there, which whoever makes the redaction has to know: those under a drawn box may stand elsewhere too.
    """

    cuts: tuple[Cut, ...]
    pages: int
    boxes: int
    doubtful: tuple[str, ...]
    not_found: tuple[str, ...]
    leaks: tuple[str, ...]
    still: tuple[str, ...] = ()
    #: Of a picture, which does not say it itself: number, left, top, width and height of each box, in pixels.
    black: tuple[tuple[int, ...], ...] = ()


#: How often each page is read while a redaction is made: to find what is cut out, once that is black, and twice when it
#: is checked.
READINGS: Final = 4
#: How often a picture is read while it is redacted as one: to find what is cut out, and when that is checked.
READINGS_OF_PICTURE: Final = 2


class Redacting(Protocol):
    """Makes redactions and checks them: of each kind in which one is served."""

    def redact(
        self,
        source: BinaryIO,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        dated_at: datetime,
        count: Callable[[], None] = lambda: None,
    ) -> MadeRedaction:
        """Write the redaction of an open PDF into `out`, and look in it for what was cut. Raises: BundleError.

        `count` is called each time that a page was read: READINGS times for each, in the thread that asks.
        """
        ...

    def redact_picture(
        self,
        source: BinaryIO,
        media: str,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        count: Callable[[], None] = lambda: None,
    ) -> MadeRedaction:
        """Write the redaction of an open picture (PNG, JPEG) into `out` as PNG, as `redact` does a PDF's.

        `count` is called READINGS_OF_PICTURE times. Raises: BundleError.
        """
        ...

    def redact_text(self, text: str, asked: Sequence[Asked], out: BinaryIO) -> MadeRedaction:
        """Write the redaction of a text into `out` as UTF-8, as `redact` does a PDF's. It has no pages.

        Raises: RedactionError for a place: a text has none.
        """
        ...


class Naming(Protocol):
    """Finds protected people in files."""

    def find(self, source: BinaryIO, people: Sequence[Protected]) -> tuple[Found, ...]:
        """Return where an open PDF names one of them, or may. Raises: BundleError."""
        ...

    def read_packed(self, source: BinaryIO) -> tuple[str, bool]:
        """Return the texts in an open zip, as files of office programs are; and whether all of it could be read.

        Raises: BundleError.
        """
        ...
