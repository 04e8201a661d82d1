"""Makes the PDF of an exhibit that was not lodged as one: of pictures of its pages, or of its text."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Final, cast

from alteram.adapters.bundles.sheets import Sheets
from alteram.adapters.bundles.workers import Bounds, BundleError, ask_worker
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.phrases import phrase
from alteram.operations.bundle_ports import TextPart

BOUNDS: Final = Bounds(seconds=600, memory=2 << 30, file_size=4 << 30)
COUNTING: Final = Bounds(seconds=60, memory=1 << 30)
#: How many pages are bound: more open files than that a process may not have.
MAX_PAGES: Final = 900


class PageMaker:
    """Implements PageMaking."""

    def __init__(self, sheets: Sheets) -> None:
        """Print texts with `sheets`."""
        self._sheets = sheets

    def bind_pages(self, pages: Iterable[bytes], out: BinaryIO) -> int:
        """Write a PDF of pictures of pages into `out`, an empty file, and return how many. Raises: BundleError."""
        with ExitStack() as stack:
            files: list[IO[bytes]] = []
            for page in pages:
                if len(files) == MAX_PAGES:
                    raise BundleError(
                        phrase("At most {most} pages of one exhibit are bound.", most=MAX_PAGES),
                        remedy=phrase("Lodge it in parts."),
                    )
                file = stack.enter_context(TemporaryFile())
                file.write(page)
                file.seek(0)
                files.append(file)
            job = {"pages": [one.fileno() for one in files], "out": out.fileno()}
            answer = ask_worker("bind pages", job, files=[*cast("list[BinaryIO]", files), out], bounds=BOUNDS)
        return int(answer["pages"])

    def print_text(self, title: str, parts: Sequence[TextPart], out: BinaryIO, *, dated_at: datetime) -> None:
        """Write a text as PDF into `out`, an empty file. Raises: BundleError."""
        data: dict[str, Json] = {"title": title, "parts": [{"head": one.head, "text": one.text} for one in parts]}
        with self._sheets.print_pdf("text", data, dated_at=dated_at) as printed:
            while block := printed.read(1 << 20):
                out.write(block)
        out.flush()

    def count_pages(self, source: BinaryIO) -> int:
        """Return how many pages an open PDF has; 0 where it cannot be read."""
        try:
            return int(ask_worker("count pages", {"source": source.fileno()}, files=[source], bounds=COUNTING)["pages"])
        except BundleError:
            return 0
