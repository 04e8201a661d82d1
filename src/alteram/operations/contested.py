"""What is disputed in a matter as its pages tell it: the board and one source, each as one reader may see it.

Who a protected speaker is stays closed to whoever may not know them; a proposition whose entry is closed is not told.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from alteram.core.access import is_open_to, may_open_exhibit
from alteram.core.acts import PropositionEvidenced
from alteram.core.disclosure.propositions import Assertion, Board, Row
from alteram.core.disclosure.wordings import Shared, Span
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event
from alteram.operations.entries import Entered
from alteram.operations.exhibits.showing import list_exhibits
from alteram.operations.propositions import ShownBoard, show_board, show_source
from alteram.operations.questions import UnknownMatterError
from alteram.operations.readings import keep_reading

T = TypeVar("T")

#: So many places are offered where pasted words stand more than once, each with so much of the text around it.
MOST_PLACES: Final = 20
_AROUND: Final = 60
#: Longer words are not looked for.
MAX_WORDS: Final = 10_000
_ALIKE: Final = str.maketrans("’‘‛“”„«»ς", '\'\'\'"""""σ')
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: a person of the matter, or a label; neither where that is not open to the reader."""

    person: PersonId | None
    label: str


@dataclass(frozen=True, slots=True)
class Said:
    """An assertion as it is told: `number` counts those of a page; `is_open`: the source opens to the reader.

    What whoever marked it wrote is `misquoted` where other words stand in the source, and `claimed` where the source
    does not open to the reader or has no text.
    """

    number: int
    found: Assertion
    speaker: Speaker
    words: str
    is_open: bool
    misquoted: str = ""
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """An exhibit brought for or against a proposition."""

    event: Event[PropositionEvidenced]
    reasons: str


@dataclass(frozen=True, slots=True)
class Contested:
    """A proposition with all that is on the board of it. `cells` are what each speaker says, in the board's order."""

    row: Row
    text: str
    sources: int
    said: tuple[Said, ...]
    cells: tuple[tuple[Said, ...], ...]
    brought: tuple[Brought, ...]
    found_reasons: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The board: who speaks, what is disputed, what was marked without saying of what, and what can be marked in."""

    speakers: tuple[Speaker, ...]
    rows: tuple[Contested, ...]
    loose: tuple[Said, ...]
    exhibits: tuple[str, ...]
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a source's text in which the same is marked throughout; `begins` are the marks that begin with it."""

    text: str
    said: tuple[Said, ...]
    begins: tuple[Said, ...]
    also_in: tuple[str, ...]
    shared_begins: bool


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source: its whole text, cut where marks begin and end, and its marks in order."""

    exhibit: str
    text: str
    pieces: tuple[Piece, ...]
    said: tuple[Said, ...]
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand in a text, with some of what is around them."""

    span: Span
    before: str
    words: str
    after: str


def find_board(entered: Entered, *, now: datetime) -> BoardPage:
    """Return the board, and keep that it was read. Raises: StoreError, VaultError, BusyError."""
    shown, reader = show_board(entered), entered.reader
    said = _Saying(entered, shown)
    rows = [one for one in shown.board.rows if is_open_to(reader, one.stated)]
    # Who speaks is told of what is open to the reader: of a board without the rest.
    opened = Board((), tuple(one for one in shown.board.assertions if is_open_to(reader, one.marked)))
    speakers = tuple(dict.fromkeys(said.name(one) for one in opened.find_speakers()))
    keep_reading(entered, entered.opened.values(), now=now)
    return BoardPage(
        speakers,
        tuple(_tell_row(said, row, speakers) for row in rows),
        tuple(said.tell(shown.board.loose)),
        tuple(one.exhibit for one in list_exhibits(entered) if said.may_open(one.exhibit)),
        shown.shared,
    )


def find_source(entered: Entered, exhibit: str, *, now: datetime) -> SourcePage | Refused:
    """Return a source, or why it is closed; that it is read is kept.

    Raises: UnknownMatterError where its entry is not open to the reader; else as `show_source` does.
    """
    if all(one.exhibit != exhibit for one in list_exhibits(entered)):
        raise UnknownMatterError(
            phrase("There is no such exhibit, or it is not open to you."), remedy=phrase("Ask the case manager.")
        )
    shown = show_source(entered, exhibit, now=now)
    if isinstance(shown, Refused):
        return shown
    said = tuple(_Saying(entered, None, text=shown.text).tell(shown.assertions))
    return SourcePage(exhibit, shown.text, tuple(_cut(shown.text, said, shown.shared, exhibit)), said, shown.shared)


def find_places(text: str, words: str) -> tuple[Place, ...]:
    """Return where words stand in a text, whatever space, case and kind of quotation marks they were pasted with."""
    asked = _fold(" ".join(words.split()))
    if not asked or len(words) > MAX_WORDS:
        return ()
    # No pattern is made of the words: one of many words would be tried anew from each place of a text of such words.
    folded, lost = _fold(text), 0
    ends, gone = list[int](), [0]
    for run in _SPACES.finditer(folded):
        ends.append(run.start() - lost + 1)
        lost += len(run[0]) - 1
        gone.append(lost)
    plain, places = _SPACES.sub(" ", folded), list[Place]()
    at = plain.find(asked)
    while at >= 0 and len(places) < MOST_PLACES:
        first, last = (one + gone[bisect_right(ends, one)] for one in (at, at + len(asked) - 1))
        around = text[max(0, first - _AROUND) : first], text[last + 1 : last + 1 + _AROUND]
        places.append(Place(Span(first, last + 1), around[0], text[first : last + 1], around[1]))
        at = plain.find(asked, at + len(asked))
    return tuple(places)


def find_nearest(places: Iterable[Place], near: int) -> Place:
    """Return the place that begins closest to a character. There must be one."""
    return min(places, key=lambda one: abs(one.span.first - near))


def _fold(text: str) -> str:
    """Return a text in small letters and one kind of each quotation mark, as long as it was."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    return small.translate(_ALIKE)


class _Saying:
    """Tells assertions to one reader."""

    def __init__(self, entered: Entered, shown: ShownBoard | None, *, text: str = "") -> None:
        self._entered, self._shown, self._text = entered, shown, text
        self._open: dict[str, bool] = {}
        self._number = 0

    def may_open(self, exhibit: str) -> bool:
        """Return whether an exhibit opens to the reader; asked once of each."""
        if exhibit not in self._open:
            one = self._entered
            ruled = may_open_exhibit(one.facts, one.rulebook, exhibit, one.reader.person)
            self._open[exhibit] = isinstance(ruled, Allowed)
        return self._open[exhibit]

    def name(self, who: tuple[PersonId | None, str]) -> Speaker:
        """Return who speaks, where the reader may know."""
        person, label = who
        return Speaker(None, "") if person in self._entered.reader.unknown else Speaker(person, label)

    def tell(self, assertions: Iterable[Assertion]) -> Iterator[Said]:
        """Yield those whose entries are open to the reader."""
        for one in assertions:
            if not is_open_to(self._entered.reader, one.marked):
                continue
            self._number += 1
            seq, speaker, is_open = one.marked.seq, self.name(one.who), self.may_open(one.marked.act.exhibit)
            if self._shown is None:
                yield Said(self._number, one, speaker, self._text[one.span.first : one.span.until], is_open)
                continue
            wrong, claimed = (told.get(seq, "") for told in (self._shown.misquoted, self._shown.claimed))
            yield Said(self._number, one, speaker, self.say(seq), is_open, wrong, claimed)

    def say(self, seq: int) -> str:
        """Return the words of an entry."""
        return "" if self._shown is None else self._shown.texts.get(seq, "")

    def count(self, name: str) -> int:
        """Return on how many sources a proposition rests."""
        return 0 if self._shown is None else self._shown.sources.get(name, 0)

    def bring(self, row: Row) -> Iterator[Brought]:
        """Yield the evidence on a proposition that is open to the reader."""
        for one in row.evidence:
            if is_open_to(self._entered.reader, one):
                yield Brought(one, self.say(one.seq))


def _tell_row(said: _Saying, row: Row, speakers: tuple[Speaker, ...]) -> Contested:
    told = tuple(said.tell(row.assertions))
    counted = [one for one in told if one.found.state != "rejected"]
    return Contested(
        row,
        said.say(row.stated.seq),
        said.count(row.name),
        told,
        tuple(tuple(one for one in counted if one.speaker == speaker) for speaker in speakers),
        tuple(said.bring(row)),
        "" if row.finding is None else said.say(row.finding.seq),
    )


def _cut(text: str, said: tuple[Said, ...], shared: tuple[Shared, ...], exhibit: str) -> Iterator[Piece]:
    copies = [(one.places[exhibit], tuple(sorted(set(one.places) - {exhibit}))) for one in shared]
    spans = [one.found.span for one in said] + [span for span, _ in copies]
    cuts = sorted({0, len(text), *(min(max(at, 0), len(text)) for one in spans for at in (one.first, one.until))})
    marks = _sweep([(one.found.span, one) for one in said], cuts)
    shares = _sweep([(one[0], one) for one in copies], cuts)
    for first, until, covering, copied in zip(cuts, cuts[1:], marks, shares, strict=False):
        begins = tuple(one for one in covering if one.found.span.first == first)
        also_in = tuple(dict.fromkeys(other for _, others in copied for other in others))
        yield Piece(text[first:until], covering, begins, also_in, any(span.first == first for span, _ in copied))


def _sweep(spans: Sequence[tuple[Span, T]], cuts: Sequence[int]) -> Iterator[tuple[T, ...]]:
    """Yield for each stretch between two cuts what lies over it, in the order given; every end is a cut."""
    waiting = sorted(enumerate(spans), key=lambda one: one[1][0].first, reverse=True)
    over: list[tuple[int, tuple[Span, T]]] = []
    for first in cuts[:-1]:
        over = [one for one in over if one[1][0].until > first]
        while waiting and waiting[-1][1][0].first <= first:
            one = waiting.pop()
            if one[1][0].until > first:
                over.append(one)
        yield tuple(value for _, (_, value) in sorted(over, key=lambda one: one[0]))
