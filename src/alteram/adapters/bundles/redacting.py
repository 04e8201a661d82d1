"""Makes redactions: pages become pictures, what is cut out is blacked out in them, and only what is then seen is kept.

Words are looked for twice, in the text a file holds and in the text recognised in its pictures, and every box that
either finds is blacked out. What cannot be found by words (handwriting, faces) a person draws. Whoever makes one does
not check it: see `verifying`, and a second person.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, Protocol, TypeVar

from alteram.adapters.bundles.sheets import Sheets
from alteram.adapters.bundles.workers import Bounds, BundleError, ask_worker
from alteram.core.disclosure.redactions import (
    WHOLE,
    Asked,
    Box,
    Cut,
    PageWord,
    Place,
    find_doubtful,
    join_boxes,
    number_cuts,
)
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.phrases import phrase
from alteram.operations.evidence_ports import Recognised, Unshown, Word

#: How finely pages are drawn, and how many may be redacted at a time.
DPI: Final = 200
MAX_PAGES: Final = 500
RENDERING: Final = Bounds(seconds=600, memory=2 << 30, file_size=512 << 20, written=16 << 30)
BLACKENING: Final = Bounds(seconds=60, memory=2 << 30, file_size=512 << 20)
BINDING: Final = Bounds(seconds=300, memory=2 << 30, file_size=4 << 30)
PICTURES: Final = frozenset({"image/png", "image/jpeg"})
_AT_ONCE: Final = 2
_Done = TypeVar("_Done")


class Recognising(Protocol):
    """Recognises the text in a picture of a page (a part of Documents)."""

    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        """Return the text in a picture of a page."""
        ...


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redaction that was written. It is not served before it was checked.

    `boxes` is how many there are on all pages. `secrets` are words that must stand nowhere in it: what was looked for,
    and what stood under drawn boxes. `doubtful` are words that are nearly one looked for, and stayed; `not_found` are
    words looked for that stand nowhere.
    """

    cuts: tuple[Cut, ...]
    pages: int
    boxes: int
    size: int
    digest: str
    secrets: tuple[str, ...]
    doubtful: tuple[PageWord, ...]
    not_found: tuple[str, ...]
    #: Of a picture: number, left, top, width and height of each box, in pixels; a PDF says so itself.
    black: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as a picture, with what is blacked out on it; `lists` marks a page of the list of cuts."""

    picture: Path
    boxes: tuple[tuple[int, Box], ...] = ()
    lists: bool = False


class Redactor:
    """Makes redactions."""

    def __init__(self, recogniser: Recognising, sheets: Sheets, *, language: str = "eng") -> None:
        """Recognise text with `recogniser`, in a language as tesseract names it."""
        self._recogniser = recogniser
        self._sheets = sheets
        self._language = language

    def redact_pdf(
        self,
        source: BinaryIO,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        dated_at: datetime,
        count: Callable[[], None] = lambda: None,
    ) -> Redacted:
        """Write the redaction of an open PDF into `out`, an empty file; `count` is called for each reading of a page.

        Raises: BundleError, RedactionError.
        """
        with TemporaryDirectory(prefix="redaction-") as folder:
            sheets, written, seen = self._render(source, "application/pdf", Path(folder), count)
            cuts = _join_cuts(number_cuts(asked, written), number_cuts(asked, seen))
            sheets = [
                replace(sheet, boxes=boxes_on(cuts, page)) for page, sheet in enumerate(sheets)
            ] + self._list_cuts(cuts, Path(folder), dated_at)
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                pages = list(_counted(pool.map(self._blacken, sheets), count))
            ask_worker("bind", {"pages": pages, "out": out.fileno()}, files=[out], bounds=BINDING)
        return _tell(cuts, (written, seen), pages, out)

    def redact_picture(
        self,
        source: BinaryIO,
        media: str,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        count: Callable[[], None] = lambda: None,
    ) -> Redacted:
        """Write the redaction of a picture into `out` as PNG; its cuts are told, not listed in it."""
        if media not in PICTURES:
            raise BundleError(
                phrase("Only PNG and JPEG pictures are redacted as pictures."), remedy=phrase("Make a PDF of it first.")
            )
        with TemporaryDirectory(prefix="redaction-") as folder:
            sheets, _, seen = self._render(source, media, Path(folder), count)
            cuts = number_cuts(asked, seen)
            page = self._black_out(replace(sheets[0], boxes=boxes_on(cuts, 0)))
            out.write(sheets[0].picture.read_bytes())
            out.flush()
        return replace(_tell(cuts, (seen,), [page], out), black=tuple(map(tuple, page["boxes"])))

    def _render(
        self, source: BinaryIO, media: str, folder: Path, count: Callable[[], None] = lambda: None
    ) -> tuple[list[_Sheet], list[PageWord], list[PageWord]]:
        """Return pages as pictures, the words that the file holds, and those that are recognised."""
        job = {
            "source": source.fileno(),
            "media": media,
            "folder": str(folder),
            "dpi": DPI,
            "first": 0,
            "until": MAX_PAGES,
            "max_pages": MAX_PAGES,
            "words": True,
        }
        answer = ask_worker("render", job, files=[source], bounds=RENDERING)
        sheets = [_Sheet(folder / f"{page['page']}.png") for page in answer["pages"]]
        written = [PageWord(one[0], one[1], one[2], Box(*one[3:])) for page in answer["pages"] for one in page["words"]]
        sizes = [page["size"] for page in answer["pages"]]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            recognised = pool.map(self._recognise, (sheet.picture for sheet in sheets))
            seen = [
                word
                for page, words in enumerate(_counted(recognised, count))
                for word in place_words(words, page, tuple(sizes[page]))
            ]
        return sheets, written, seen

    def _blacken(self, sheet: _Sheet) -> dict[str, Any]:
        """Black out a page and return it as it is bound."""
        blackened = self._black_out(sheet)
        wide, high = blackened["size"]
        places = [Place(0, box) for _, box in sheet.boxes]
        # What is recognised in a black box is at best its number.
        left = [
            one
            for one in place_words(self._recognise(sheet.picture), 0, (wide, high))
            if not any(_covers(place, one) for place in places)
        ]
        told = [[one.text, one.box.left, one.box.top, one.box.right, one.box.bottom] for one in left]
        return {"picture": str(sheet.picture), "boxes": blackened["boxes"], "words": told, "lists": sheet.lists}

    def _black_out(self, sheet: _Sheet) -> dict[str, Any]:
        """Black out a page in the file of its picture."""
        job = {
            "picture": str(sheet.picture),
            "boxes": [
                {"number": number, "box": [box.left, box.top, box.right, box.bottom]} for number, box in sheet.boxes
            ],
        }
        return ask_worker("black out", job, bounds=BLACKENING)

    def _recognise(self, picture: Path) -> tuple[Word, ...]:
        found = self._recogniser.recognise(picture, self._language)
        if isinstance(found, Unshown):
            # Without it, words in pictures would stay: better no redaction than one that only seems whole.
            raise BundleError(
                phrase("The text in a page could not be recognised: {why}.", why=found.detail or found.why)
            )
        return found.words

    def _list_cuts(self, cuts: Sequence[Cut], folder: Path, dated_at: datetime) -> list[_Sheet]:
        rows: list[Json] = [
            {
                "number": str(cut.number),
                "pages": ", ".join(str(page + 1) for page in sorted({place.page for place in cut.places})) or "none",
                "reason": cut.reason,
            }
            for cut in cuts
        ]
        pictures = self._sheets.print_pictures("cuts", {"cuts": rows}, dated_at=dated_at, ppi=DPI)
        listed = []
        for index, picture in enumerate(pictures):
            path = folder / f"cuts-{index}.png"
            path.write_bytes(picture)
            listed.append(_Sheet(path, lists=True))
        return listed


def _counted(done: Iterable[_Done], count: Callable[[], None]) -> Iterator[_Done]:
    """Yield what other threads do, and count each in this one: what counts writes to the database."""
    for one in done:
        yield one
        count()


def place_words(words: Sequence[Word], page: int, size: tuple[int, int]) -> list[PageWord]:
    """Return recognised words with their places in ten-thousandths, and with lines told apart."""
    placed: list[PageWord] = []
    line, before = 0, None
    for word in words:
        if not word.text.strip() or word.width < 1 or word.height < 1:
            continue
        if before is not None and (word.left < before.left or word.top > before.top + before.height):
            line += 1
        before = word
        left, top = word.left * WHOLE // size[0], word.top * WHOLE // size[1]
        right, bottom = -(-(word.left + word.width) * WHOLE // size[0]), -(-(word.top + word.height) * WHOLE // size[1])
        box = Box(max(0, left), max(0, top), min(WHOLE, max(right, left + 1)), min(WHOLE, max(bottom, top + 1)))
        placed.append(PageWord("".join(word.text.split()), page, line, box))
    return placed


def _join_cuts(first: Sequence[Cut], second: Sequence[Cut]) -> tuple[Cut, ...]:
    return tuple(
        replace(one, places=tuple(dict.fromkeys((*one.places, *other.places))))
        for one, other in zip(first, second, strict=True)
    )


def boxes_on(cuts: Sequence[Cut], page: int) -> tuple[tuple[int, Box], ...]:
    """Return the boxes on a page, each with the number of its cut."""
    return tuple(
        (cut.number, box)
        for cut in cuts
        for box in join_boxes([place.box for place in cut.places if place.page == page])
    )


def _tell(
    cuts: tuple[Cut, ...], readings: Sequence[Sequence[PageWord]], pages: Sequence[dict[str, Any]], out: BinaryIO
) -> Redacted:
    words = [word for reading in readings for word in reading]
    out.seek(0)
    digest, size = hashlib.sha256(), 0
    while data := out.read(1 << 20):
        digest.update(data)
        size += len(data)
    wanted = tuple(dict.fromkeys(word for cut in cuts for word in cut.words))
    places = {place for cut in cuts for place in cut.places}
    left = [word for word in words if not any(_covers(place, word) for place in places)]
    return Redacted(
        cuts=cuts,
        pages=len(pages),
        boxes=sum(len(page["boxes"]) for page in pages),
        size=size,
        digest=digest.hexdigest(),
        secrets=(*wanted, *_find_hidden(cuts, readings)),
        doubtful=tuple(find_doubtful(left, wanted)),
        not_found=tuple(word for word in wanted if not any(_is_found(word, reading) for reading in readings)),
    )


def _is_found(wanted: str, words: Sequence[PageWord]) -> bool:
    return any(cut.places for cut in number_cuts([Asked("looked for", (), (wanted,))], words))


#: Letters in what stood in one line under a box from which on it must stand nowhere else: less may be any word.
_TELLING: Final = 8


def _find_hidden(cuts: Sequence[Cut], readings: Sequence[Sequence[PageWord]]) -> list[str]:
    """Return what stood under boxes, line by line, where it is long enough to tell something."""
    found: dict[str, None] = {}
    for cut in cuts:
        for words in readings:
            lines: dict[tuple[int, int], list[str]] = {}
            for word in words:
                if any(_covers(place, word) for place in cut.places):
                    lines.setdefault((word.page, word.line), []).append(word.text)
            for line in lines.values():
                text = " ".join(line)
                if sum(one.isalnum() for one in text) >= _TELLING and len(line) > 1:
                    found[text] = None
    return list(found)


def _covers(place: Place, word: PageWord) -> bool:
    """Tell whether the middle of a word is under a box."""
    box, own = place.box, word.box
    middle = (own.left + own.right) // 2, (own.top + own.bottom) // 2
    return place.page == word.page and box.left <= middle[0] <= box.right and box.top <= middle[1] <= box.bottom
