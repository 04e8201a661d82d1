"""Choosing a part of an exhibit before it is proved: which pieces it is, from when to when, and what adjoins one.

Nothing is recorded here but that the exhibit was opened. Proving and lodging are `excerpting` and `parts`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from alteram.core.acts import ExhibitDerived, ExhibitLodged
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.rules.exhibits import find_lodging
from alteram.core.vault.pieces import PIECE_SIZE, WITH_HEADER
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import RecordingIndex
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.questions import UnknownMatterError

#: The largest part that is lodged as one excerpt, in bytes: four hours of speech and more.
MAX_PART: Final = 256 << 20
Where: TypeAlias = Literal["before", "after"]
#: How much before and after an excerpt is proposed, in seconds and in pieces; last, all there is.
_SECONDS: Final = (10, 60)
_PIECES: Final = (1, 5)


@dataclass(frozen=True, slots=True)
class ChosenPart:
    """Pieces [first, until) of the `of` that an exhibit has; of a recording, what of them plays, in milliseconds."""

    form: str
    first: int
    until: int
    of: int
    size: int
    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Adjoining:
    """A part that lies directly before or after an excerpt; `amount` is how much was wanted, None for all of it."""

    where: Where
    amount: int | None
    part: ChosenPart


@dataclass(frozen=True, slots=True)
class Answerable:
    """An excerpt that can be answered: of which exhibit it is, what it shows, and what adjoins it."""

    of: str
    part: ChosenPart
    adjoining: tuple[Adjoining, ...]


def get_form(opened: OpenedExhibit) -> str:
    """Return what an exhibit's pieces are. Raises: UnknownMatterError where it was not lodged in pieces."""
    act = opened.stored.event.act
    if isinstance(act, ExhibitLodged) and act.form is not None:
        return act.form
    raise UnknownMatterError(
        phrase("This exhibit was not lodged in pieces."), remedy=phrase("Prove a part of what it was made of.")
    )


def choose_part(opened: OpenedExhibit, first: int, until: int, *, most: int = MAX_PART) -> ChosenPart:
    """Return what pieces [first, until) are. A recording's first piece goes with its second.

    Raises: UnknownMatterError where the exhibit has no such pieces, or they are more than `most` bytes.
    """
    return _Whole(opened).choose(first, until, most)


def find_answerable(entered: Entered, excerpt: str, *, now: datetime) -> Answerable | Refused:
    """Return what adjoins an excerpt, or why the exhibit it was made of is closed to whoever entered.

    Raises: UnknownMatterError where it is no excerpt; StoreError, VaultError.
    """
    lodged = find_lodging(entered.facts, excerpt)
    match None if lodged is None else lodged.act:
        case ExhibitDerived(how="excerpt", of=of, first=int() as first, until=int() as until):
            opened = open_exhibit(entered, of, now=now)
        case _:
            raise UnknownMatterError(
                phrase("This is no excerpt that is open to you."), remedy=phrase("Choose one of the exhibits.")
            )
    if isinstance(opened, Refused):
        return opened
    whole = _Whole(opened)
    part = whole.tell(first, until)
    return Answerable(of, part, tuple(whole.propose(part)))


class _Whole:
    """An exhibit in pieces, with what is asked of it again and again."""

    def __init__(self, opened: OpenedExhibit) -> None:
        self.form, self.pieces = get_form(opened), opened.stored.read_pieces()
        index = opened.stored.read_facts().get("index") if self.form in WITH_HEADER else None
        self.index = None if index is None else msgspec.convert(index, RecordingIndex)

    def choose(self, first: int, until: int, most: int = MAX_PART) -> ChosenPart:
        if not 0 <= first < until <= len(self.pieces):
            raise UnknownMatterError(
                phrase("It has no such part."), remedy=phrase("Its last piece is number {last}.", last=len(self.pieces))
            )
        part = self.tell(self._begin(first), until)
        if part.size > most:
            raise UnknownMatterError(
                phrase("This part is larger than {most} MB.", most=most >> 20), remedy=phrase("Choose less of it.")
            )
        return part

    def tell(self, first: int, until: int) -> ChosenPart:
        from_ms, until_ms = self._tell_times(first, until)
        return ChosenPart(self.form, first, until, len(self.pieces), self._measure(first, until), from_ms, until_ms)

    def propose(self, part: ChosenPart) -> Iterator[Adjoining]:
        """Yield what adjoins a part: a little, more, all of it; nothing twice, and nothing that is too large."""
        seen = set[tuple[int, int]]()
        amounts = _PIECES if self.index is None else _SECONDS
        for amount in (*amounts, None):
            low, high = self._reach(part, amount)
            sides: tuple[tuple[Where, int, int, bool], ...] = (
                ("before", self._begin(low), part.first, low == 0),
                ("after", part.until, high, high == len(self.pieces)),
            )
            for where, first, until, is_all in sides:
                if first < until and (first, until) not in seen and self._measure(first, until) <= MAX_PART:
                    seen.add((first, until))
                    yield Adjoining(where, None if is_all else amount, self.choose(first, until))

    def _reach(self, part: ChosenPart, amount: int | None) -> tuple[int, int]:
        """Return the first piece that is so far before a part, and the one behind the last so far after it."""
        if amount is None:
            return 0, len(self.pieces)
        if self.index is None:
            return max(0, part.first - amount), min(len(self.pieces), part.until + amount)
        times, bytes_ = zip(*self.index.places, strict=True)
        before = bisect_right(times, (part.from_ms or 0) * self.index.rate // 1000 - amount * self.index.rate) - 1
        after = bisect_left(times, (part.until_ms or 0) * self.index.rate // 1000 + amount * self.index.rate)
        low = bytes_[max(0, before)] // PIECE_SIZE
        high = len(self.pieces) if after >= len(times) else -(-bytes_[after] // PIECE_SIZE)
        return max(0, min(low, part.first - 1)), min(len(self.pieces), max(high, part.until + 1))

    def _tell_times(self, first: int, until: int) -> tuple[int | None, int | None]:
        """Return from when to when pieces of a recording play, as far as its index says."""
        if self.index is None or not self.index.places:
            return None, None
        times, bytes_ = zip(*self.index.places, strict=True)
        begin = 0 if first == 0 else bisect_left(bytes_, first * PIECE_SIZE)
        end = len(times) if until == len(self.pieces) else bisect_right(bytes_, until * PIECE_SIZE) - 1
        ends = [*times, self.index.length]
        rate = max(1, self.index.rate)
        return ends[begin] * 1000 // rate, ends[max(begin, end)] * 1000 // rate

    def _begin(self, first: int) -> int:
        return 0 if first == 1 and self.form in WITH_HEADER else first

    def _measure(self, first: int, until: int) -> int:
        begin, end = self.pieces.find_span(first, until)
        return end - begin
