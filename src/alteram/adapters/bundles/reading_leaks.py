"""Opens what was leaked, and draws pages of the unmarked bundle, both in confined programs that bootstrap gives."""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from alteram.adapters.bundles.reading_registration import Grey
from alteram.core.disclosure.errors import MarkError
from alteram.core.kernel.phrases import phrase
from alteram.operations.evidence_ports import ConfinedPrograms, Documents, Job, ShownDocument

#: How many files of a folder are read, and how many pages of all.
MOST_FILES: Final = 1000
MOST_PAGES: Final = 2000
#: How many pixels a page may have: several times what pages are drawn with.
MOST_PIXELS: Final = 24_000_000
#: What stands where in a file's first bytes, by kind: what people send on is what telephones and scanners make.
_MEDIA: Final = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (8, b"WEBP", "image/webp"),
    *((4, b"ftyp" + brand, "image/heic") for brand in (b"heic", b"heix", b"mif1")),
)
#: How many pages are drawn at once, no finer than this or finer: an answer has a limit, and most leaks are short.
_AHEAD, _AHEAD_FINE = 64, 4
_COARSE: Final = 60.0
_WORKER: Final = "alteram.adapters.bundles.reading_worker"


def open_leak(leaked: Path, documents: Documents) -> Iterator[Grey]:
    """Yield the pages of a PDF, a picture, or a folder of them. Text yields none: it carries no mark."""
    files = sorted(one for one in leaked.iterdir() if one.is_file())[:MOST_FILES] if leaked.is_dir() else [leaked]
    pages = 0
    for file in files:
        for picture in _open(file, documents):
            pages += 1
            if pages > MOST_PAGES:
                return
            yield picture


def _open(file: Path, documents: Documents) -> Iterator[Grey]:
    media = find_media(file)
    if media is None:
        return
    with tempfile.TemporaryDirectory(prefix="leak-") as folder:
        shown = documents.show(file, media, Path(folder))
        if isinstance(shown, ShownDocument):
            found = (_read_page(page.file) for page in shown.pages)
            yield from (one for one in found if one is not None)


def _read_page(file: Path) -> Grey | None:
    """Return a page's picture; None for what is none, or too large: what made it read a hostile file."""
    try:
        with Image.open(file, formats=["PNG"]) as picture:
            return np.asarray(picture.convert("L")) if picture.width * picture.height <= MOST_PIXELS else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def find_media(file: Path) -> str | None:
    """Return whether a file is a PDF or a picture, from its first bytes; None where it is neither."""
    with file.open("rb") as opened:
        head = opened.read(16)
    return next((media for at, sign, media in _MEDIA if head.startswith(sign, at)), None)


class ConfinedPages:
    """Implements PagePictures: pages drawn by pdfium in confined processes, several coarse ones at a time."""

    def __init__(
        self, programs: ConfinedPrograms, bundle: Path, *, shows: Sequence[Path], settings: Mapping[str, str]
    ) -> None:
        """Draw pages of this bundle; `shows` and `settings` are what our interpreter needs to run confined."""
        self._programs, self._bundle, self._shows, self._settings = programs, bundle, shows, settings
        self._ahead: dict[float, dict[int, Grey]] = {}
        self._count = 0

    def count(self) -> int:
        """Return how many pages there are. Raises: MarkError."""
        if not self._count:
            self._ask(1, 0, 72)
        return self._count

    def draw(self, page: int, density: float) -> Grey:
        """Return a page in grey, at so many dots to the inch. Raises: MarkError."""
        if page not in self._ahead.get(density, {}):
            answer = self._ask(page, _AHEAD if density <= _COARSE else _AHEAD_FINE, density)
            self._ahead[density] = {page + at: drawn for at, drawn in enumerate(_split(answer))}
        if page not in self._ahead[density]:
            raise MarkError("mark.page", phrase("The unmarked bundle has no such page."))
        return self._ahead[density][page]

    def _ask(self, page: int, count: int, density: float) -> bytes:
        with tempfile.TemporaryDirectory(prefix="page-") as folder:
            ended = self._programs.run(
                Job(
                    command=(sys.executable, "-s", "-P", "-B", "-m", _WORKER, str(page), str(count), f"{density:g}"),
                    folder=Path(folder),
                    reads={"bundle": self._bundle},
                    shows=self._shows,
                    settings=self._settings,
                )
            )
        if ended.how != "done" or ended.status or len(ended.answer) < 4:
            raise MarkError("mark.page", phrase("A page of the unmarked bundle could not be drawn."))
        self._count = int.from_bytes(ended.answer[:4], "big")
        return ended.answer


def _split(answer: bytes) -> Iterator[Grey]:
    at = 4
    while at < len(answer):
        width, height = (int.from_bytes(answer[at + place : at + place + 4], "big") for place in (0, 4))
        yield np.frombuffer(answer, np.uint8, width * height, at + 8).reshape(height, width)
        at += 8 + width * height
