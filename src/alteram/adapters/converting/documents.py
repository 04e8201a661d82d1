"""Documents as page images and text, each by the one program that reads its kind, confined."""

import mmap
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alteram.adapters.converting.asking import FILE, WORKER, ask, explain, run
from alteram.adapters.converting.page_pictures import MAX_PAGES, PNG, name_page
from alteram.adapters.converting.reading_pictures import DECODERS
from alteram.adapters.converting.recognising import recognise_page
from alteram.operations.evidence_ports import (
    ConfinedPrograms,
    Job,
    Limits,
    PageImage,
    Recognised,
    ShownDocument,
    Unshown,
    not_shown,
)

#: Kinds that are shown as text only, whatever a browser would make of them.
TEXTS: Final = frozenset(
    {
        "application/json",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/markdown",
        "text/plain",
        "text/tab-separated-values",
        "text/xml",
    }
)
#: Archives, whose names are listed; nothing is unpacked.
ARCHIVES: Final = frozenset({"application/zip", "application/x-tar"})
#: Kinds that LibreOffice reads, and the name's ending by which it is told which reader to take.
OFFICE: Final = {
    "application/msword": "doc",
    "application/rtf": "rtf",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
OFFICE_PROGRAM: Final = Path("/usr/lib/libreoffice/program/soffice")
OFFICE_LIMITS: Final = Limits(seconds=90, cpu_seconds=75, memory=1 << 30, address_space=6 << 30, processes=80)
#: No macro runs, no link is followed, nothing is asked.
_OFFICE_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
#: Names under which office formats keep macros.
_MACROS: Final = (b"vbaProject", b"Basic/", b"_\0V\0B\0A\0")
#: Seconds of a task that are kept for ending it well.
_SPARE: Final = 10


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page as the worker tells it."""

    number: int
    width: int
    height: int
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the worker answers of a document."""

    page_count: int
    notices: tuple[str, ...]
    tool: str
    rows: tuple[PageRow, ...] = ()
    text: str = ""


class DocumentReader:
    """Implements Documents: PDF by pdfium, office formats by LibreOffice, pictures by Pillow, texts as text."""

    def __init__(
        self,
        programs: ConfinedPrograms,
        *,
        office: Path = OFFICE_PROGRAM,
        limits: Limits = WORKER,
        office_limits: Limits = OFFICE_LIMITS,
        workplace: Path | None = None,
    ) -> None:
        """Run what reads by `programs`; `office` is where LibreOffice is, if it is.

        `workplace` is where what is made on the way lies for a moment; else where the system puts such.
        """
        self._programs = programs
        self._office = office
        self._limits = limits
        self._office_limits = office_limits
        self._workplace = workplace

    def shows(self, media: str) -> bool:
        """Return whether documents of this kind are shown at all."""
        return media in OFFICE or _find_task(media) is not None

    def show(self, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        """Return a document as pages and text."""
        if not source.stat().st_size:
            return Unshown("empty", "The file is empty.")
        if media in OFFICE:
            return self._show_office(source, OFFICE[media], folder)
        task = _find_task(media)
        if task is None:
            return not_shown(media)
        return self._ask(task, source, media, folder)

    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        """Return the text in a picture of a page, by tesseract."""
        return recognise_page(self._programs, page, language, self._workplace)

    def _ask(self, task: str, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        found = ask(
            self._programs,
            task,
            Shown,
            source=source,
            folder=folder,
            limits=self._limits,
            media=media,
            seconds=max(1, self._limits.cpu_seconds - _SPARE),
            pages=MAX_PAGES,
        )
        return found if isinstance(found, Unshown) else _check(found, folder)

    def _show_office(self, source: Path, ending: str, folder: Path) -> ShownDocument | Unshown:
        if not self._office.exists():
            return Unshown("program-missing", "LibreOffice is not installed: apt-get install libreoffice-nogui.")
        with tempfile.TemporaryDirectory(prefix="office-", dir=self._workplace) as name:
            made, settings = Path(name, "made"), Path(name, "settings.xcu")
            made.mkdir()
            settings.write_text(_OFFICE_SETTINGS)
            reads = {f"{FILE}.{ending}": source, "settings.xcu": settings}
            ended = run(self._programs, Job(_order_office(self._office, ending), made, reads, self._office_limits))
            if isinstance(ended, Unshown):
                return ended
            pdf = made / f"{FILE}.pdf"
            if ended.how not in {"done", "failed"}:
                return explain(ended)
            if pdf.is_symlink() or not pdf.is_file():
                return Unshown("damaged", "LibreOffice cannot open it, or asks for a password.")
            shown = self._ask("pdf", pdf, "application/pdf", folder)
        if isinstance(shown, Unshown):
            return shown
        # What is active in the PDF between is LibreOffice's doing, not the document's.
        notices = [one for one in shown.notices if not one.startswith("Not followed")]
        notices += ["Not followed: macros."] if _has_macros(source) else []
        return ShownDocument(shown.pages, shown.text, shown.page_count, tuple(notices), f"LibreOffice, {shown.tool}")


def _has_macros(source: Path) -> bool:
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(data.find(name) >= 0 for name in _MACROS)


def _find_task(media: str) -> str | None:
    if media in DECODERS:
        return "picture"
    if media in ARCHIVES:
        return "listing"
    return "pdf" if media == "application/pdf" else "text" if media in TEXTS else None


def _order_office(program: Path, ending: str) -> tuple[str, ...]:
    # The settings are copied to where LibreOffice writes its own; the shell sees no word of the sender's.
    convert = (
        'mkdir -p "$TMPDIR/profile/user" && cp /in/settings.xcu "$TMPDIR/profile/user/registrymodifications.xcu" && '
        'exec "$1" --headless --norestore --nolockcheck --nodefault --nologo '
        '"-env:UserInstallation=file://$TMPDIR/profile" --convert-to pdf --outdir /out "$2"'
    )
    return ("sh", "-c", convert, "sh", str(program), f"/in/{FILE}.{ending}")


def _check(found: Shown, folder: Path) -> ShownDocument | Unshown:
    """Return what the worker made, once every page is a PNG of ours that stands where it says."""
    pages = []
    for row in found.rows:
        file = folder / name_page(row.number)
        if file.is_symlink() or not file.is_file():
            return Unshown("damaged", "What reads it answered nonsense.")
        with file.open("rb") as picture:
            if picture.read(len(PNG)) != PNG:
                return Unshown("damaged", "What reads it answered nonsense.")
        pages.append(PageImage(row.number, file, row.width, row.height, row.text))
    return ShownDocument(tuple(pages), found.text, found.page_count, found.notices, found.tool)
