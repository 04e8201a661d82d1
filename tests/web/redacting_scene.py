"""Redactions made by tools that start no program: a text in which words are struck out, and a check that can leak."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pytest

from alteram.adapters.bundles.checked_redactions import CheckedRedactor
from alteram.adapters.bundles.redacting import Redactor
from alteram.adapters.bundles.sheets import Sheets
from alteram.adapters.bundles.verifying import RedactionChecker
from alteram.core.disclosure.redactions import Asked, Box, Place, number_cuts
from alteram.core.kernel.phrases import as_own, phrase
from alteram.installation.background import LongWork, do_work
from alteram.operations.bundle_ports import READINGS, READINGS_OF_PICTURE, MadeRedaction, TextPart
from alteram.operations.disclosure.redacting import RedactionTools
from alteram.operations.evidence_ports import EvidenceTools, PageImage, ShownDocument, Unshown
from tests.evidence import PlainReading, build_plain_tools

#: Where the words stand in these redactions.
FOUND = Place(0, Box(1000, 2000, 3000, 2400))
#: A cut that leaks.
LEAKS = "leaky"


class PlainMaking:
    """Implements PageMaking: pages are set apart by form feeds."""

    def bind_pages(self, pages: Iterable[bytes], out: BinaryIO) -> int:
        texts = [one.removeprefix(b"a picture of ") for one in pages]
        out.write(b"\f".join(texts))
        return len(texts)

    def print_text(self, title: str, parts: Sequence[TextPart], out: BinaryIO, *, dated_at: datetime) -> None:
        del title, dated_at
        out.write("\f".join(f"{one.head} {one.text}" for one in parts).encode())

    def count_pages(self, source: BinaryIO) -> int:
        source.seek(0)
        return source.read().count(b"\f") + 1


class PlainRedacting:
    """Implements Redacting: words are struck out of the text, and a page lists the cuts."""

    def redact(
        self,
        source: BinaryIO,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        dated_at: datetime,
        count: Callable[[], None] = lambda: None,
    ) -> MadeRedaction:
        del dated_at
        source.seek(0)
        text, cuts, missing = source.read().decode(), [], []
        for _reading in range(READINGS * (text.count("\f") + 1)):
            count()
        for cut in number_cuts(asked, ()):
            places = cut.places
            for word in cut.words:
                if word in text:
                    text, places = text.replace(word, f"[{cut.number}]"), (*places, FOUND)
                else:
                    missing.append(word)
            cuts.append(replace(cut, places=places))
        listed = "; ".join(f"{one.number} {one.reason}" for one in cuts)
        out.write(f"{text}\f{listed}".encode())
        place, what = phrase("what is seen"), phrase("a word that was cut out can be read there")
        leaks = (phrase("{place}, page {page}: {what}", place=place, page=1, what=what),)
        made = sum(len(one.places) for one in cuts)
        leaky = leaks if any(one.reason == LEAKS for one in cuts) else ()
        pages, doubtful = text.count("\f") + 2, (phrase("{word} (page {page})", word=as_own("eightyfive"), page=1),)
        still = tuple(word for one in cuts if one.reason == LEAKS for word in one.words)
        return MadeRedaction(tuple(cuts), pages, made, doubtful, tuple(missing), leaky, still)

    def redact_picture(
        self,
        source: BinaryIO,
        media: str,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        count: Callable[[], None] = lambda: None,
    ) -> MadeRedaction:
        for _reading in range(READINGS_OF_PICTURE):
            count()
        source.seek(0)
        out.write(b"redacted " + source.read())
        cuts = number_cuts(asked, ())
        return MadeRedaction(cuts, 1, sum(len(one.places) for one in cuts), (), (), (), black=((1, 1, 2, 3, 4),))

    def redact_text(self, text: str, asked: Sequence[Asked], out: BinaryIO) -> MadeRedaction:
        return TEXTS.redact_text(text, asked, out)


class SimplyShowing(PlainReading):
    """Implements Documents: a text is a text without pages, a picture one page."""

    pages = 1

    def shows(self, media: str) -> bool:
        return media.startswith(("text/", "image/"))

    def show(self, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        if media.startswith("text/"):
            return ShownDocument((), text=source.read_text(encoding="utf-8", errors="replace"), tool="plain")
        file = folder / "0.png"
        file.write_bytes(source.read_bytes())
        return ShownDocument((PageImage(0, file, 10, 10, ""),), page_count=self.pages, tool="plain")


def build_simple_tools() -> EvidenceTools:
    """Return tools that show texts and pictures as what they are."""
    return replace(build_plain_tools(), documents=SimplyShowing())


#: Redacts texts as it is done: no program is needed for them.
TEXTS = CheckedRedactor(Redactor(PlainReading(), Sheets(Path())), RedactionChecker(PlainReading()))


def use_plain_tools(monkeypatch: pytest.MonkeyPatch, *, evidence: EvidenceTools | None = None) -> None:
    """Let redactions be made by these tools."""
    tools = RedactionTools(PlainMaking(), PlainRedacting(), evidence or build_plain_tools())
    monkeypatch.setattr("alteram.installation.redaction_work.find_redaction_tools", lambda: tools)


def work() -> None:
    """Do what was asked for, as the process for long work does."""
    for one in LongWork.objects.filter(ended_at=None):
        do_work.func(one.pk)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form: words, or a place."""

    words: str = ""
    place: tuple[int, float, float, float, float] | None = None
    reason: str = "A child's name"


def fill(*rows: Row, **more: object) -> dict[str, object]:
    """Return the form as it is sent."""
    words, places = [one for one in rows if one.words], [one for one in rows if one.place is not None]
    sent: dict[str, object] = {"words-TOTAL_FORMS": len(words), "places-TOTAL_FORMS": len(places)}
    sent |= {"words-INITIAL_FORMS": 0, "places-INITIAL_FORMS": 0}
    for number, row in enumerate(words):
        sent |= {f"words-{number}-words": row.words, f"words-{number}-reason": row.reason}
    for number, row in enumerate(places):
        for name, value in zip(("page", "left", "top", "width", "height"), row.place or (), strict=True):
            sent[f"places-{number}-{name}"] = value
        sent[f"places-{number}-reason"] = row.reason
    return sent | more
