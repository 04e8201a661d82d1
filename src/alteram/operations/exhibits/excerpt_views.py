"""What an excerpt that was lodged shows: its own pieces, read from its file, for who has it and not the whole."""

from dataclasses import dataclass
from typing import Final

from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.canonical import parse_canonical
from alteram.core.kernel.errors import MalformedError
from alteram.core.record import RecordError, verify_excerpt
from alteram.operations.evidence_ports import PlayableExcerpt, Recordings, Unshown
from alteram.operations.exhibits.stored import MAX_MESSAGE, StoredExhibit
from alteram.operations.exhibits.viewing import View, ViewedPage

#: A larger excerpt is saved, not shown.
MAX_SHOWN: Final = 64 << 20
#: How many of its messages and pages are shown.
MOST: Final = 200
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class ReadExcerpt:
    """An excerpt, verified as anybody would: its form, where it begins, its pieces, and piece 0 where it needs that."""

    form: str
    first: int
    of: int
    pieces: tuple[bytes, ...]
    header: bytes

    def play(self, recordings: Recordings) -> PlayableExcerpt | Unshown:
        """Return what can be played of it."""
        return recordings.play_excerpt(self.header, b"".join(self.pieces), self.first)

    def find_page(self, number: int) -> bytes | None:
        """Return the picture of a page of the whole, counted from 0; None where it is not in this part."""
        place = number - self.first
        return self.pieces[place] if self.form == "pages" and 0 <= place < len(self.pieces) else None


def read_excerpt(stored: StoredExhibit) -> ReadExcerpt | None:
    """Return the excerpt that an exhibit is; None for any other, or one too large to be shown.

    Raises: StoreError, VaultError.
    """
    act, original = stored.event.act, stored.files.get("original")
    if not isinstance(act, ExhibitDerived) or act.how != "excerpt" or original is None:
        return None
    if original.find_size() > MAX_SHOWN:
        return None
    try:
        return parse_proved(b"".join(original.read()))
    except RecordError:  # lodged by hand as an excerpt, and none: it can be saved, as it came
        return None


def parse_proved(data: bytes) -> ReadExcerpt:
    """Return the excerpt in a file that proves one. Raises: RecordError."""
    found = verify_excerpt(data)
    return ReadExcerpt(found.form, found.first, found.of, found.pieces, found.header or found.pieces[0])


def view_excerpt(read: ReadExcerpt, *, has_film: bool = False) -> View:
    """Return what is shown of it; nothing where its pieces are bytes. `has_film`: a copy that plays goes with it."""
    shown = read.pieces[:MOST]
    if read.form == "messages":
        messages = tuple(one for piece in shown if isinstance(one := _parse(piece), dict))
        return View("messages", {}, read.first, read.of, messages=messages)
    if read.form == "pages":
        pages = (ViewedPage(number, *_measure(piece), "") for number, piece in enumerate(shown, read.first))
        return View("pages", {}, read.first, read.of, pages=tuple(pages))
    if read.form == "flac" or has_film:
        return View("recording", {}, has_sound=read.form == "flac", has_film=has_film)
    return View("nothing", {})


def _parse(piece: bytes) -> object:
    try:
        return parse_canonical(piece, max_size=MAX_MESSAGE)
    except MalformedError:
        return None


def _measure(piece: bytes) -> tuple[int, int]:
    """Return width and height of a picture, by its head; of what is none, nothing."""
    if not piece.startswith(_PNG) or len(piece) < 24:
        return 0, 0
    return int.from_bytes(piece[16:20], "big"), int.from_bytes(piece[20:24], "big")
