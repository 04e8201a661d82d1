"""The PDF of each exhibit that a bundle shows, and what lies beside: its pages, else what there is to say.

A PDF is taken as it was lodged: the builder leaves out what acts. Other documents are their page pictures; threads and
texts are printed, and so are parts of them; of recordings and things a page says what they are, and the recording
itself lies beside.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from alteram.core.acts import ExhibitDerived, ExhibitLodged
from alteram.core.disclosure.bundles import Beside, Shown
from alteram.core.disclosure.equality import ExhibitRow
from alteram.core.kernel.canonical import Json
from alteram.operations.bundle_ports import PageMaking, TextPart
from alteram.operations.exhibits.excerpt_views import read_excerpt
from alteram.operations.exhibits.opening import OpenedExhibit
from alteram.operations.exhibits.selecting import choose_part
from alteram.operations.exhibits.stored import StoredExhibit
from alteram.operations.exhibits.texts import BREAK, read_text
from alteram.operations.exhibits.transcripts import write_time
from alteram.operations.questions import UnknownMatterError

_PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class Source:
    """An exhibit as a bundle takes it: its line in the plan, its open PDF, and what of it lies beside."""

    shown: Shown
    pdf: BinaryIO
    beside: Beside | None = None


def build_source(
    row: ExhibitRow,
    stored: StoredExhibit,
    making: PageMaking,
    stack: ExitStack,
    *,
    day: date,
    whole: StoredExhibit | None = None,
) -> Source:
    """Return an exhibit as a bundle takes it; its PDF is open for as long as `stack` is. Raises: BundleError.

    `day` is that on which it was lodged, where the organisation is. `whole` is what an excerpt was cut from: it says
    from when to when that goes.
    """
    title = read_title(stored) or row.exhibit
    if isinstance(row.lodged.act, ExhibitDerived):
        title = f"{title} ({row.lodged.act.how} of {row.lodged.act.of})"
    pdf = _open_pdf(row, stored, making, stack, title=title, whole=whole)
    label = f"E{row.number}"
    shown = Shown(
        row.exhibit,
        label,
        title,
        pages=making.count_pages(pdf) or 1,
        digest=row.lodged.act.digest or "",
        dated_on=day.isoformat(),
    )
    return Source(shown, pdf, _find_beside(row, stored, label, title))


def read_title(stored: StoredExhibit) -> str:
    """Return what an exhibit is called by whoever lodged it; empty where they did not say."""
    claims = stored.opened.presentation.claims
    named = claims.get("act.title") or claims.get("act.file_name")
    return named[:200] if isinstance(named, str) else ""


def _open_pdf(
    row: ExhibitRow,
    stored: StoredExhibit,
    making: PageMaking,
    stack: ExitStack,
    *,
    title: str,
    whole: StoredExhibit | None,
) -> BinaryIO:
    out = cast("BinaryIO", stack.enter_context(TemporaryFile()))  # noqa: SIM115 - `stack` closes it
    act = row.lodged.act
    if act.media == _PDF:
        for block in stored.get("original").read():
            out.write(block)
        out.flush()
        if making.count_pages(out):
            return out
        out.truncate(0)
        out.seek(0)
    title = f"E{row.number}: {title}"
    if not write_pages(stored, making, out, title=title):
        told = [TextPart("", "\n".join(_tell(row, stored, whole)))]
        making.print_text(title, told, out, dated_at=stored.event.recorded_at)
    return out


def write_pages(stored: StoredExhibit, making: PageMaking, out: BinaryIO, *, title: str) -> bool:
    """Write what can be read in an exhibit as a PDF into `out`, an empty file; return whether there is anything.

    Raises: BundleError, StoreError, VaultError.
    """
    excerpt = read_excerpt(stored)
    if stored.form == "pages":
        making.bind_pages(stored.read_each_piece(), out)
    elif excerpt is not None and excerpt.form == "pages":
        making.bind_pages(excerpt.pieces, out)
    elif parts := [*_tell_captures(stored), *read_parts(stored)]:
        # Dated as it was lodged: the same exhibit has the same pages in every edition.
        making.print_text(title, parts, out, dated_at=stored.event.recorded_at)
    else:
        return False
    return True


def read_parts(stored: StoredExhibit) -> list[TextPart]:
    """Return what can be read in an exhibit, message by message or page by page; nothing where it has no text."""
    if stored.form == "messages":
        return [_write_message(piece) for piece in stored.read_each_piece()]
    if (excerpt := read_excerpt(stored)) is not None and excerpt.form == "messages":
        return [_write_message(piece) for piece in excerpt.pieces]
    text = read_text(stored)
    return [TextPart("", part) for part in text.split(BREAK)] if text else []


def _write_message(piece: bytes) -> TextPart:
    said: Json = json.loads(piece)
    if not isinstance(said, dict):
        return TextPart("", piece.decode("utf-8", "replace"))
    head = " · ".join(str(one) for one in (_write_time(said.get("at")), said.get("sender"), said.get("subject")) if one)
    text, attached = str(said.get("text", "")), said.get("attachments")
    if isinstance(attached, list) and attached:
        text += f"\nAttached, by the names it gives: {', '.join(map(str, attached))}"
    return TextPart(head, text)


def _write_time(at: Json) -> str:
    """Return a time that a file gives, to the second and in the file's zone; what is none as it stands."""
    try:
        found = datetime.fromisoformat(str(at or ""))
    except ValueError:
        return str(at or "")
    return f"{found:%Y-%m-%d %H:%M:%S} {found.tzname() or ''}".rstrip()


def _tell_captures(stored: StoredExhibit) -> Iterator[TextPart]:
    """Yield where and when each page of a captured web page was captured, as the file itself says."""
    match stored.read_facts().get("capture"):
        case {"pages": list() as pages}:
            for page in pages:
                if isinstance(page, dict):
                    told = [f"Captured, by the file's own word: {_write_time(page.get('at')) or 'not said'}"]
                    if page.get("digest_fits") is False:
                        told.append("Its digest does not fit: the capture was altered.")
                    yield TextPart(str(page.get("uri", "")), "\n".join(told))
        case _:
            return


def _tell(row: ExhibitRow, stored: StoredExhibit, whole: StoredExhibit | None) -> Iterator[str]:
    act = row.lodged.act
    if isinstance(act, ExhibitLodged):
        yield f"Kind: {act.kind}. Obtained: {act.obtained}.".replace("-", " ")
    elif act.first is not None and act.until is not None:
        pieces = f"Pieces {act.first + 1} to {act.until}" if act.until - act.first > 1 else f"Piece {act.until}"
        yield f"{pieces} of exhibit {act.of}, as its file proves."
        if whole is not None:
            yield from _tell_times(whole, act.first, act.until)
    if act.media is not None and act.size is not None:
        yield f"It has no pages. It is a file of {act.size:,} bytes ({act.media}) and lies beside this bundle."
    if act.digest is not None:
        yield f"SHA-256 of the file: {act.digest}"
    if stored.form in {"flac", "matroska"}:
        yield "The recording beside this bundle says for whom the copy is, and since when: so it has another SHA-256."
    recording = stored.read_facts().get("recording")
    if isinstance(recording, dict) and isinstance(recording.get("milliseconds"), int):
        yield f"Length: {int(str(recording['milliseconds'])) // 1000} seconds."
    for name, told in (
        ("act.source", "Where it comes from"),
        ("act.place", "Where it is kept"),
        ("act.seal", "Number on its seal"),
        ("act.captured_at", "Captured or recorded, as its lodger says"),
    ):
        value = stored.opened.presentation.claims.get(name)
        if isinstance(value, str):
            yield f"{told}: {value}"


def _tell_times(whole: StoredExhibit, first: int, until: int) -> Iterator[str]:
    """Yield from when to when a part of a recording goes; nothing of what was lodged by hand as a part and is none."""
    try:
        part = choose_part(OpenedExhibit(whole), first, until)
    except UnknownMatterError:
        return
    if part.from_ms is not None and part.until_ms is not None and part.from_ms < part.until_ms:
        yield f"It goes from {write_time(part.from_ms)} to {write_time(part.until_ms)} of that recording."


def _find_beside(row: ExhibitRow, stored: StoredExhibit, label: str, title: str) -> Beside | None:
    act = row.lodged.act
    if "original" not in stored.files or act.digest is None or act.size is None or act.media == _PDF:
        return None
    name = stored.opened.presentation.claims.get("act.file_name")
    recorded = (act.media or "").partition("/")[0] in {"audio", "video"}
    return Beside(
        row.exhibit,
        label,
        title,
        file_name=name if isinstance(name, str) else row.exhibit,
        size=act.size,
        digest=act.digest,
        what="recording" if recorded else "original",
    )
