"""The task `pdf`: pages as pictures and text, by pdfium without a script engine. Nothing in a PDF is run."""

import mmap
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from alteram.adapters.converting.page_pictures import DENSITY, MAX_PAGE_TEXT, MAX_PAGES, MAX_SIDE, save_page
from alteram.adapters.converting.plain_text import tame
from alteram.adapters.converting.unreadable import NotShownError

#: What a reader could have run or opened, by the names that say so.
_ACTIVE: Final = {
    b"/JavaScript": "scripts",
    b"/JS": "scripts",
    b"/Launch": "an action that starts a program",
    b"/AA": "actions on pages",
    b"/SubmitForm": "an action that sends a form",
    b"/ImportData": "an action that imports data",
    b"/GoToR": "a link to another file",
    b"/GoToE": "a link to an embedded file",
    b"/URI": "links to the outside",
    b"/EmbeddedFile": "files inside it",
    b"/RichMedia": "media that play",
    b"/XFA": "an XFA form",
}
#: An action, or where one stands; where to begin reading is a list, and does nothing.
_OPENING: Final = re.compile(rb"/OpenAction\s*(?:<<|\d)")
_POINTS: Final = 72


def read_pdf(arguments: Mapping[str, Any], source: Path, out: Path) -> dict[str, object]:
    """Return the pages of a PDF, as many as may be shown before `seconds` have passed."""
    import pypdfium2 as pdfium  # noqa: PLC0415 - loaded for this task only

    if not source.stat().st_size:
        raise NotShownError("empty", "The file is empty.")
    until = time.monotonic() + float(arguments["seconds"])
    try:
        document = pdfium.PdfDocument(source)
        count = len(document)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise NotShownError("encrypted", "It opens with a password only.") from error
        raise NotShownError("damaged", "It is not a PDF that can be opened.") from error
    notices = [f"Not followed: {what}." for what in sorted(set(_find_active(source)))]
    pages: list[dict[str, object]] = []
    for number in range(1, min(count, int(arguments.get("pages", MAX_PAGES))) + 1):
        if time.monotonic() > until:
            break
        try:
            pages.append(_read_page(document, number, out))
        except (pdfium.PdfiumError, ValueError, OSError) as error:
            notices.append(f"Page {number} cannot be shown ({type(error).__name__}).")
    if pages and len(pages) < count:
        notices.append(f"Shown are {len(pages)} of {count} pages.")
    if not pages:
        raise NotShownError("damaged", "None of its pages can be shown.")
    return {"rows": pages, "page_count": count, "notices": notices, "tool": f"pdfium {pdfium.PDFIUM_INFO}"}


def _read_page(document: Any, number: int, out: Path) -> dict[str, object]:
    page = document[number - 1]
    width, height = page.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError("no size a page can have")
    bitmap = page.render(scale=min(DENSITY / _POINTS, MAX_SIDE / max(width, height)), may_draw_forms=False)
    row = save_page(bitmap.to_pil(), out, number)
    bitmap.close()
    text = page.get_textpage()
    row["text"] = tame(text.get_text_range(0, min(text.count_chars(), MAX_PAGE_TEXT)))
    text.close()
    page.close()
    return row


def _find_active(source: Path) -> Iterator[str]:
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name, what in _ACTIVE.items():
            if data.find(name) >= 0:
                yield what
        if _OPENING.search(data) is not None:
            yield "an action on opening"
