"""The form an exhibit's pieces are cut from: made once, when it is lodged, and lodged with it.

A recording becomes a lossless file in which any place can be found; a thread its messages; a document its pages as
pictures. Anything else, and whatever no program could read, keeps its own bytes as its form.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from msgspec import to_builtins

from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.core.kernel.errors import MalformedError
from alteram.core.vault.pieces import MAX_PIECE, MAX_PIECES, Form
from alteram.operations.evidence_ports import EvidenceTools, PageImage, Unshown, not_shown
from alteram.operations.exhibits.stored import MAX_FACTS

_BLOCK: Final = 1 << 20
#: Texts of pages and messages are kept beside an exhibit up to so many characters in all, for reading and searching.
MAX_TEXT: Final = 8_000_000
#: What programs say is kept in so many bytes at most; the rest of MAX_FACTS is for what is said beside it.
_MOST_FACTS: Final = MAX_FACTS - (8 << 20)
#: In so many pages that are pictures only, text is recognised when an exhibit is lodged: each takes a second or two.
MOST_RECOGNISED: Final = 20
_WARC: Final = "application/warc"
_THREADS: Final = ("message/rfc822", "application/mbox", "text/plain", "application/json")


@dataclass(frozen=True, slots=True)
class MadeForm:
    """A form, as blocks cut evenly or as whole pieces, what the programs found (JSON), and a copy that plays."""

    form: Form = "bytes"
    blocks: Callable[[], Iterator[bytes]] | None = None
    facts: dict[str, Json] = field(default_factory=dict)
    film: Callable[[], Iterator[bytes]] | None = None


def is_looked_at(tools: EvidenceTools, kind: str, media: str) -> bool:
    """Return whether anything here reads such a file; what nothing reads need not be laid open for it."""
    recorded = media.partition("/")[0] in {"audio", "video"}
    sent = kind in {"message", "web-page"} or media in {*_THREADS, _WARC}
    return recorded or sent or tools.documents.shows(media)


def make_form(tools: EvidenceTools, source: Path, folder: Path, *, kind: str, media: str) -> MadeForm:
    """Return the form of a file of this kind; `folder` is empty and takes what is made. Raises: ConfinementError."""
    made = _make_form(tools, source, folder, kind=kind, media=media)
    try:
        if len(encode_canonical(made.facts)) <= _MOST_FACTS:
            return made
    except MalformedError:
        pass  # such as a length beyond every number that is kept: the file says of itself what it likes
    return _unshown(Unshown("damaged", "What the programs say of it cannot be kept."))


def _make_form(tools: EvidenceTools, source: Path, folder: Path, *, kind: str, media: str) -> MadeForm:
    family = media.partition("/")[0]
    if family in {"audio", "video"}:
        return _make_recording(tools, source, folder)
    found = None
    if kind == "message" or media in _THREADS[:2]:
        found = _make_thread(tools, source, media)
    elif media == _WARC or (kind == "web-page" and _is_capture(media)):
        found = _read_capture(tools, source, media)
    return found or _make_pages(tools, source, folder, media)


def _make_recording(tools: EvidenceTools, source: Path, folder: Path) -> MadeForm:
    looked = tools.recordings.look(source)
    if isinstance(looked, Unshown):
        return _unshown(looked)
    facts: dict[str, Json] = {"recording": to_builtins(looked)}
    wave = tools.recordings.measure_waveform(source)
    if not isinstance(wave, Unshown):
        facts["waveform"] = to_builtins(wave)
    made = tools.recordings.make_seekable(source, folder)
    if isinstance(made, Unshown):
        return MadeForm(facts=facts | _unshown(made).facts)
    facts |= {"index": to_builtins(made.index), "tool": made.tool, "notices": list(made.notices)}
    film = _make_film(tools, source, folder, facts) if made.index.form == "matroska" else None
    return MadeForm(
        made.index.form, lambda: read_blocks(made.file), facts, None if film is None else lambda: read_blocks(film)
    )


def _make_film(tools: EvidenceTools, source: Path, folder: Path, facts: dict[str, Json]) -> Path | None:
    """Return a copy that browsers play; where none could be made, the facts say why."""
    own = folder / "film"
    own.mkdir(mode=0o700)
    made = tools.recordings.make_film(source, own)
    if isinstance(made, Unshown):
        facts["film"] = {"unshown": made.why, "detail": made.detail}
        return None
    return made


def _make_thread(tools: EvidenceTools, source: Path, media: str) -> MadeForm | None:
    """Return the messages; None for what is no thread, such as a picture of one: it is a document like any other."""
    thread = tools.threads.read_messages(source, media)
    if isinstance(thread, Unshown):
        return None if thread.why == "not-shown" else _unshown(thread)
    facts: dict[str, Json] = {
        "thread": thread.kind,
        "messages": len(thread.messages),
        "notices": list(thread.notices),
    }
    try:
        pieces = [tools.threads.encode_message(one) for one in thread.messages]
    except MalformedError:  # one is too long to be a piece: the file is lodged as it came
        return MadeForm(facts=facts)
    if not 0 < len(pieces) <= MAX_PIECES or max(map(len, pieces)) > MAX_PIECE:
        return MadeForm(facts=facts)
    return MadeForm("messages", lambda: iter(pieces), facts)


def _read_capture(tools: EvidenceTools, source: Path, media: str) -> MadeForm | None:
    """Return a capture; None for a page that does not say where it was captured: it is a document like any other."""
    capture = tools.captures.read_capture(source, media)
    if isinstance(capture, Unshown):
        return None if capture.why == "not-shown" else _unshown(capture)
    told = to_builtins(capture)
    texts, _ = _cut([one.text for one in capture.pages])
    told["pages"] = [{**one, "text": ""} for one in told["pages"]]
    return MadeForm(facts={"capture": told, "texts": list(texts), "notices": list(capture.notices)})


def _make_pages(tools: EvidenceTools, source: Path, folder: Path, media: str) -> MadeForm:
    shown = tools.documents.show(source, media, folder)
    if isinstance(shown, Unshown):
        return _unshown(shown)
    pages = shown.pages
    read = _recognise(tools, pages)
    texts, cut = _cut(list(read.texts) or [shown.text])
    facts: dict[str, Json] = {
        "pages": shown.page_count or len(pages),
        "sizes": [[one.width, one.height] for one in pages],
        "texts": list(texts),
        "text_cut": cut,
        "recognised": list(read.recognised),
        "unread": list(read.unread),
        "tool": ", ".join(filter(None, (shown.tool, read.tool))),
        "notices": list(shown.notices),
    }
    if not pages:
        return MadeForm(facts=facts)
    return MadeForm("pages", lambda: (one.file.read_bytes() for one in pages), facts)


@dataclass(frozen=True, slots=True)
class _Read:
    """The texts of pages: of which a program recognised them in the picture, and which pictures none was looked for in.

    Pages count from 0.
    """

    texts: tuple[str, ...]
    recognised: tuple[int, ...]
    unread: tuple[int, ...]
    tool: str


def _recognise(tools: EvidenceTools, pages: Sequence[PageImage]) -> _Read:
    """Return the texts of pages; where a page has none, what a program reads in its picture, while it can."""
    texts, tool = [one.text for one in pages], ""
    recognised = list[int]()
    unread = [number for number, text in enumerate(texts) if not text.strip()]
    for number in unread[:MOST_RECOGNISED]:
        found = tools.documents.recognise(pages[number].file)
        if isinstance(found, Unshown):
            break
        unread.remove(number)
        if found.text.strip():
            texts[number], tool = found.text, found.tool
            recognised.append(number)
    return _Read(tuple(texts), tuple(recognised), tuple(unread), tool)


def _cut(texts: list[str]) -> tuple[tuple[str, ...], bool]:
    """Return texts up to the limit in all, and whether something was left out."""
    left, kept = MAX_TEXT, []
    for one in texts:
        kept.append(one[:left])
        left -= len(kept[-1])
    return tuple(kept), sum(map(len, kept)) < sum(map(len, texts))


def show_nothing(media: str) -> MadeForm:
    """Return the form of a file that nothing here reads."""
    return _unshown(not_shown(media))


def _unshown(why: Unshown) -> MadeForm:
    return MadeForm(facts={"unshown": why.why, "detail": why.detail})


def _is_capture(media: str) -> bool:
    return media in {"multipart/related", "message/rfc822", "text/html", "application/gzip"}


def read_blocks(file: Path) -> Iterator[bytes]:
    """Yield what was made, in blocks."""
    with file.open("rb") as source:
        while block := source.read(_BLOCK):
            yield block
