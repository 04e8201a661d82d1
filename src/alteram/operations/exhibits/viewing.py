"""What a viewer shows of an exhibit that was opened: pages, messages, a capture, a recording or plain text.

All of it was made when the exhibit was lodged, by programs that can do no harm; nothing of the file itself is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.canonical import Json, parse_canonical
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.exhibits import live_acts
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import Cue
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.stored import MAX_MESSAGE, DestroyedKeysError
from alteram.operations.exhibits.texts import read_text
from alteram.operations.exhibits.transcripts import VTT, parse_transcript

Kind = Literal["pages", "messages", "capture", "recording", "text", "nothing"]
#: How many pages and messages one view shows.
PAGES: Final = 10
MESSAGES: Final = 50
#: Samples below this are silence, for the words that stand beside a waveform.
_SILENT: Final = 328
_SECOND: Final = 1000


@dataclass(frozen=True, slots=True)
class ViewedPage:
    """One page: its number from 0, the size of its picture, and its text; whether a program recognised it in that, or
    none was looked for.
    """

    number: int
    width: int
    height: int
    text: str
    is_recognised: bool = False
    is_unread: bool = False


@dataclass(frozen=True, slots=True)
class ViewedWave:
    """A waveform: the lowest and highest sample of equal stretches, and what is told of it in words."""

    milliseconds: int
    lowest: tuple[int, ...]
    highest: tuple[int, ...]
    loudest_ms: int
    silences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of an exhibit. `first` is the first of `total` pages or messages that are in it."""

    kind: Kind
    facts: Mapping[str, Json]
    first: int = 0
    total: int = 0
    pages: tuple[ViewedPage, ...] = ()
    messages: tuple[Mapping[str, Json], ...] = ()
    texts: tuple[str, ...] = ()
    wave: ViewedWave | None = None
    has_sound: bool = False
    has_film: bool = False
    cues: tuple[Cue, ...] = ()

    @property
    def next(self) -> int | None:
        """Return the first of what comes next, if anything does."""
        shown = self.first + (len(self.pages) or len(self.messages))
        return shown if shown < self.total else None


def view(opened: OpenedExhibit, first: int = 0) -> View:
    """Return what is shown of an exhibit, from page or message `first` on. Raises: StoreError, VaultError."""
    facts, act = opened.stored.read_facts(), opened.stored.event.act
    form = opened.stored.form
    if form == "pages":
        pages, total = find_pages(facts, first, PAGES)
        return View("pages", facts, first, total, pages)
    if form == "messages":
        return _view_messages(opened, facts, first)
    texts = facts.get("texts")
    if isinstance(facts.get("capture"), dict):
        return View("capture", facts, texts=tuple(map(str, texts)) if isinstance(texts, list) else ())
    if isinstance(facts.get("recording"), dict):
        return View(
            "recording", facts, wave=_read_wave(facts), has_sound=form == "flac", has_film="film" in opened.stored.files
        )
    text = read_text(opened.stored)
    if act.media == VTT and (cues := parse_transcript(text)) is not None:
        return View("text", facts, cues=cues)
    return View("text", facts, texts=(text,)) if text else View("nothing", facts)


def view_part(opened: OpenedExhibit, first: int, until: int) -> View:
    """Return what is shown of pieces [first, until) of an exhibit, or of the first of them. Raises: as `view` does."""
    shown = view(opened, first)
    pages = tuple(one for one in shown.pages if one.number < until)
    return replace(shown, total=until, pages=pages, messages=shown.messages[: until - first])


def find_pages(facts: Mapping[str, Json], first: int, count: int) -> tuple[tuple[ViewedPage, ...], int]:
    """Return so many pages of a document from one on, as programs found them, and how many there are."""
    sizes, texts = facts.get("sizes"), facts.get("texts")
    sizes, texts = sizes if isinstance(sizes, list) else [], texts if isinstance(texts, list) else []
    recognised, unread = (_find_numbers(facts, name) for name in ("recognised", "unread"))
    pages = []
    for number, size in enumerate(sizes[first : first + count], first):
        match size:
            case [int() as width, int() as height]:
                text = str(texts[number]) if number < len(texts) else ""
                pages.append(ViewedPage(number, width, height, text, number in recognised, number in unread))
            case _:
                pass
    return tuple(pages), len(sizes)


def find_transcripts(entered: Entered, exhibit: str) -> tuple[tuple[str, tuple[Cue, ...]], ...]:
    """Return the transcripts of a recording that are open to whoever entered, by name; that each is opened is kept.

    One whose keys were destroyed is left out. Raises: BusyError, StoreError, VaultError.
    """
    made = _list_transcripts(entered, exhibit)
    now, found = entered.organisation.ports.clock().replace(microsecond=0), []
    for act in made:
        try:
            opened = open_exhibit(entered, act.exhibit, now=now)
        except DestroyedKeysError:
            continue
        cues = None if isinstance(opened, Refused) else parse_transcript(read_text(opened.stored))
        if cues is not None:
            found.append((act.exhibit, cues))
    return tuple(found)


def find_heard(entered: Entered, exhibit: str) -> frozenset[str]:
    """Return the names of the transcripts of a recording that a program wrote down."""
    return frozenset(one.exhibit for one in _list_transcripts(entered, exhibit) if not one.by_hand)


def _list_transcripts(entered: Entered, exhibit: str) -> list[ExhibitDerived]:
    made = (one.act for one in live_acts(entered.facts, ExhibitDerived))
    return [one for one in made if (one.of, one.how) == (exhibit, "transcript")]


def _find_numbers(facts: Mapping[str, Json], name: str) -> frozenset[int]:
    numbers = facts.get(name)
    return frozenset(one for one in numbers if isinstance(one, int)) if isinstance(numbers, list) else frozenset()


def _view_messages(opened: OpenedExhibit, facts: Mapping[str, Json], first: int) -> View:
    form = opened.stored.open_form()
    total = len(form.pieces)
    pieces = form.read_pieces(first, min(first + MESSAGES, total)) if first < total else ()
    found = [parse_canonical(one, max_size=MAX_MESSAGE) for one in pieces]
    messages = tuple(one for one in found if isinstance(one, dict))
    return View("messages", facts, first, total, messages=messages)


def _read_wave(facts: Mapping[str, Json]) -> ViewedWave | None:
    match facts.get("waveform"):
        case {"milliseconds": int() as length, "lowest": list() as lowest, "highest": list() as highest} if lowest:
            low, high = tuple(int(str(one)) for one in lowest), tuple(int(str(one)) for one in highest)
            peaks = [max(-one, other) for one, other in zip(low, high, strict=True)]
            loudest = peaks.index(max(peaks)) * length // len(peaks)
            return ViewedWave(length, low, high, loudest, _find_silences(peaks, length))
        case _:
            return None


def _find_silences(peaks: list[int], length: int) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a second or more in which nothing is heard, in milliseconds."""
    loud = [-1, *(place for place, peak in enumerate(peaks) if peak >= _SILENT), len(peaks)]
    spans = (((before + 1) * length // len(peaks), after * length // len(peaks)) for before, after in pairwise(loud))
    return tuple((first, until) for first, until in spans if until - first >= _SECOND)
