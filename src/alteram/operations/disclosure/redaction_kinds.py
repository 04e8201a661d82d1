"""The kinds of file that a redaction can be: which of them an exhibit allows, and the making of each.

A PDF is made of whatever has pages, messages or a text. What is one picture, or plain text, can be redacted as that.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from os import SEEK_END
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from alteram.core.disclosure.equality import build_equality
from alteram.core.disclosure.redaction_proofs import Kind
from alteram.core.disclosure.redactions import Asked, RedactionError
from alteram.core.kernel.phrases import Phrase, phrase
from alteram.operations.bundle_ports import READINGS, READINGS_OF_PICTURE, MadeRedaction, PageMaking, Redacting
from alteram.operations.disclosure.sources import build_source
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import Detected
from alteram.operations.exhibits.stored import StoredExhibit
from alteram.operations.exhibits.texts import read_text

_PDF: Final = "application/pdf"
_TEXT: Final = "text/plain"
_PICTURES: Final = frozenset({"image/png", "image/jpeg"})
MEDIA: Final[Mapping[Kind, str]] = {"pdf": _PDF, "png": "image/png", "text": _TEXT}
#: How the name of such a file ends.
ENDINGS: Final[Mapping[Kind, str]] = {"pdf": "pdf", "png": "png", "text": "txt"}
#: Bytes of a text before and after: a viewer shows as many characters of one, and who checks it must see it all.
LONGEST_TEXT: Final = 1_000_000
_AS_PDF: Final = phrase("Have it made as a PDF.")
_UNFIT: Final[Mapping[Kind, Phrase]] = {
    "pdf": phrase("It has no pages and no text: nothing of it can be blacked out."),
    "png": phrase("It is not one picture (PNG or JPEG): it cannot be redacted as one."),
    "text": phrase("It is no plain text: it cannot be redacted as one."),
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a redaction is made of: its pages, how often all of them are read, and what makes and checks it."""

    pages: int
    readings: int
    redact: Callable[[BinaryIO, Callable[[], None]], MadeRedaction]


class MadeHere:
    """Implements Sniffing: a text that was made here is one, whatever its words would be taken for."""

    def detect(self, head: bytes, tail: bytes = b"", *, file_name: str = "", told: str = "") -> Detected:
        """Return that it is plain text."""
        del head, tail, file_name, told
        return Detected(_TEXT, _TEXT, _TEXT, agree=True, detectors=("made here", "made here"))


def list_kinds(stored: StoredExhibit) -> tuple[Kind, ...]:
    """Return as which kinds of file an exhibit can be redacted; none of a recording or a thing."""
    media, found = stored.event.act.media, list[Kind]()
    if media == _PDF or stored.form in {"pages", "messages"} or read_text(stored).strip():
        found.append("pdf")
    if media in _PICTURES and stored.form == "pages" and stored.read_facts().get("pages") == 1:
        found.append("png")
    if media == _TEXT and found and "original" in stored.files:
        found.append("text")
    return tuple(found)


def build_redaction_source(
    entered: Entered,
    making: PageMaking,
    redacting: Redacting,
    stored: StoredExhibit,
    *,
    kind: Kind,
    asked: Sequence[Asked],
    stack: ExitStack,
    now: datetime,
) -> Source:
    """Return what a redaction of this kind is made of; its files are open for as long as `stack` is.

    Raises: RedactionError where the exhibit does not allow it; BundleError, StoreError.
    """
    if kind not in list_kinds(stored):
        remedy = phrase("Give a part of it, or its transcript.") if kind == "pdf" else _AS_PDF
        raise RedactionError(_UNFIT[kind], remedy=remedy)
    if kind == "text":
        text = _read_whole(stored)
        return Source(0, 0, lambda out, _count: _redact_text(redacting, text, asked, out))
    if kind == "png":
        picture, media = _copy(stored, stack), stored.event.act.media or ""
        return Source(
            1,
            READINGS_OF_PICTURE,
            lambda out, count: redacting.redact_picture(picture, media, asked, out, count=count),
        )
    exhibit = stored.event.act.exhibit
    row = next(one for one in build_equality(entered.facts, entered.rulebook) if one.exhibit == exhibit)
    day = entered.rulebook.calendar.local_day(row.lodged.recorded_at)
    source = build_source(row, stored, making, stack, day=day)
    return Source(
        source.shown.pages,
        READINGS,
        lambda out, count: redacting.redact(source.pdf, asked, out, dated_at=now, count=count),
    )


def _copy(stored: StoredExhibit, stack: ExitStack) -> BinaryIO:
    out = cast("BinaryIO", stack.enter_context(TemporaryFile()))  # noqa: SIM115 - `stack` closes it
    for block in stored.get("original").read():
        out.write(block)
    out.flush()
    return out


def _redact_text(redacting: Redacting, text: str, asked: Sequence[Asked], out: BinaryIO) -> MadeRedaction:
    made = redacting.redact_text(text, asked, out)
    _check_length(out.seek(0, SEEK_END))
    return made


def _check_length(size: int) -> None:
    if size > LONGEST_TEXT:
        raise RedactionError(phrase("The text is longer than is redacted as one."), remedy=_AS_PDF)


def _read_whole(stored: StoredExhibit) -> str:
    """Return all of a text: of what is shown of it, the end may be left out."""
    _check_length(stored.event.act.size or 0)
    try:
        return b"".join(stored.get("original").read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RedactionError(phrase("The text is not written in UTF-8."), remedy=_AS_PDF) from error
