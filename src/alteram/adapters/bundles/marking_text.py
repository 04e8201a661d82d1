"""Marks in text layout: each word stands a third of a millimetre's third to one side of its place, or to the other.

A word that carries a symbol is moved along its line by SHIFT points, forward for 1 and back for 0, and what follows
it stays where it was. The unmarked page lies exactly between, and is what a leaked page is compared with. No word is
torn: one carries only where a space or a gap stands on both sides of it and one operator shows the whole of it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import pikepdf
from pikepdf import Array, ContentStreamInlineImage, ContentStreamInstruction, Operator, Page

from alteram.adapters.bundles.marking_fonts import Font, find_font

#: How far a word is moved, in points: 0.12 mm.
SHIFT: Final = 0.35
#: Words shorter than this, in points, are left: a reading of them is mostly noise.
SHORTEST: Final = 7.0
#: The sizes of type, in points, that carry.
SIZES: Final = (5.0, 40.0)
#: A gap, in parts of the size, that parts words where no space is written.
GAP: Final = 0.15
MOST_WORDS: Final = 2000
_INVISIBLE: Final = 3
#: What stands in an array of strings where a word is moved, until it is cut there.
_PLACE: Final = 917_300_000_000
_PLACES: Final = re.compile(rb"(?<![\w.-])9173(\d{8})(?![\w.])")

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Point: TypeAlias = tuple[float, float]
_Instruction: TypeAlias = ContentStreamInstruction | ContentStreamInlineImage
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries: its baseline from start to end in the page's user space, and its size, in points."""

    start: Point
    end: Point
    size: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A page's content with places to fill in: before and behind each word by how much it is moved.

    `pieces` are the bytes between the places; `moves` says for each place which word it belongs to, and what is
    written there for 0 and for 1. `drawn` is where images are drawn: their names and matrices.
    """

    words: tuple[Word, ...]
    pieces: tuple[bytes, ...]
    moves: tuple[tuple[int, bytes, bytes], ...]
    drawn: tuple[tuple[str, Matrix], ...]


def fill(pieces: Sequence[bytes], moves: Sequence[tuple[int, bytes, bytes]], symbols: bytes) -> bytes:
    """Return a page's content in which each word stands as its symbol says."""
    written = [pieces[0]]
    for piece, (word, back, forward) in zip(pieces[1:], moves, strict=True):
        written += (forward if symbols[word] else back, piece)
    return b"".join(written)


def lay_out(page: Page) -> Layout:
    """Return a page's content with its places. The same page gives the same places always."""
    walk = _Walk(page)
    try:
        instructions = pikepdf.parse_content_stream(page)
    except pikepdf.PdfError:
        return Layout((), (b"",), (), ())
    out = [walk.take(one) for one in instructions]
    torn, content = walk.torn(), pikepdf.unparse_content_stream(out)
    kept = [number for number in range(len(walk.words)) if number not in torn][:MOST_WORDS]
    cut = _PLACES.split(content)
    if [int(one) for one in cut[1::2]] != walk.places:  # a string of the page looks like one of our places
        return Layout((), (b"",), (), tuple(walk.drawn))
    pieces, moves = _weave(cut[0::2], walk, {number: place for place, number in enumerate(kept)})
    return Layout(tuple(walk.words[one].word for one in kept), pieces, moves, tuple(walk.drawn))


def _weave(
    cut: Sequence[bytes], walk: "_Walk", kept: dict[int, int]
) -> tuple[tuple[bytes, ...], tuple[tuple[int, bytes, bytes], ...]]:
    """Return pieces and moves; the places of words that do not carry close again."""
    pieces, moves = [bytearray(cut[0])], []
    for place, piece in zip(walk.places, cut[1:], strict=True):
        number, behind = divmod(place, 2)
        if number not in kept:
            pieces[-1] += b"0" + piece
            continue
        # A number in such an array moves what follows back, by thousandths of the size.
        moved = SHIFT * walk.words[number].point * (-1 if behind else 1)
        moves.append((kept[number], b"%.2f" % moved, b"%.2f" % -moved))
        pieces.append(bytearray(piece))
    return tuple(bytes(one) for one in pieces), tuple(moves)


@dataclass(frozen=True, slots=True)
class _Found:
    """A word as it was met: how much one point is there, in thousandths; the show it is in, and where in it."""

    word: Word
    point: float
    show: int
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class _State:
    ctm: Matrix = IDENTITY
    font: Font | None = None
    size: float = 0.0
    leading: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    mode: int = 0


@dataclass(slots=True)
class _Show:
    """What one operator shows: its items with places between them, and the words so far."""

    items: list[Any] = field(default_factory=list)
    run: bytearray = field(default_factory=bytearray)
    begun: int = 0
    start: float | None = None
    x: float = 0.0
    before: float = 0.0


class _Walk:
    """Walks through a page's content and knows where each glyph stands."""

    def __init__(self, page: Page) -> None:
        self.state, self.stack = _State(), list[_State]()
        self.text, self.line = IDENTITY, IDENTITY
        self.words: list[_Found] = []
        self.places: list[int] = []
        self.ends: list[tuple[Point, Point, float]] = []
        self.drawn: list[tuple[str, Matrix]] = []
        resources = page.obj.get("/Resources") or page.resources
        self.fonts = {str(name): font for name, font in resources.get("/Font", pikepdf.Dictionary()).items()}
        self.known: dict[str, Font | None] = {}

    def take(self, instruction: _Instruction) -> _Instruction:
        """Return an instruction as it is, or with places in it."""
        if isinstance(instruction, ContentStreamInlineImage):
            return instruction
        operands, operator = list(instruction.operands), str(instruction.operator)
        handle = _OPERATORS.get(operator)
        if handle is not None:
            try:
                changed = handle(self, operands)
            except (AttributeError, IndexError, TypeError, ValueError):
                return instruction  # a malformed operator is left as it is
            if changed is not None:
                return ContentStreamInstruction([changed], Operator("TJ"))
        return instruction

    def torn(self) -> set[int]:
        """Return the words that touch what another operator shows before or behind them."""
        touching = {
            number
            for number in range(1, len(self.ends))
            if math.dist(self.ends[number - 1][1], self.ends[number][0]) < GAP * self.ends[number][2]
        }
        return {
            number
            for number, one in enumerate(self.words)
            if (one.first and one.show in touching) or (one.last and one.show + 1 in touching)
        }

    def save(self, _: list[Any]) -> None:
        self.stack.append(self.state)

    def restore(self, _: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def transform(self, given: list[Any]) -> None:
        self.state = replace(self.state, ctm=multiply(_matrix(given), self.state.ctm))

    def begin(self, _: list[Any]) -> None:
        self.text = self.line = IDENTITY

    def place(self, given: list[Any]) -> None:
        self.text = self.line = _matrix(given)

    def move(self, given: list[Any]) -> None:
        x, y = (float(one) for one in given)
        self.text = self.line = multiply((1, 0, 0, 1, x, y), self.line)

    def move_and_lead(self, given: list[Any]) -> None:
        self.state = replace(self.state, leading=-float(given[1]))
        self.move(given)

    def next_line(self, _: list[Any]) -> None:
        self.move([0, -self.state.leading])

    def set_font(self, given: list[Any]) -> None:
        name = str(given[0])
        if name not in self.known:
            self.known[name] = find_font(self.fonts[name]) if name in self.fonts else None
        self.state = replace(self.state, font=self.known[name], size=float(given[1]))

    def set_number(self, name: str, factor: float, given: list[Any]) -> None:
        changed: dict[str, Any] = {name: float(given[0]) * factor}
        self.state = replace(self.state, **changed)

    def draw(self, given: list[Any]) -> None:
        self.drawn.append((str(given[0]), self.state.ctm))

    def line_and_show(self, given: list[Any]) -> None:
        words, places = len(self.words), len(self.places)
        self.next_line([])
        self.show([given[-1]])
        del self.words[words:], self.places[places:]  # its two effects do not fit one operator with places

    def show(self, given: list[Any]) -> Array | None:
        """Show a string or an array; return the array with places around the words that may carry."""
        font = self.state.font
        items = list(given[0]) if isinstance(given[0], Array) else [given[0]]
        if font is None:
            return None
        show, number, count = _Show(), len(self.ends), len(self.words)
        origin = self._point(0.0)
        for item in items:
            if isinstance(item, pikepdf.String):
                self._string(show, bytes(item), font, number)
            else:
                self._gap(show, float(item), number)
        self._close(show, number, last=True)
        self._flush(show)
        self.ends.append((origin, self._point(show.x), self.state.size * self._scale()))
        self.text = multiply((1, 0, 0, 1, show.x, 0), self.text)
        self.places += [int(one) - _PLACE for one in show.items if isinstance(one, int)]
        return Array(show.items) if len(self.words) > count else None

    def _string(self, show: _Show, data: bytes, font: Font, number: int) -> None:
        state = self.state
        for glyph in font.read(data):
            if glyph.space:
                self._close(show, number)
            elif show.start is None:
                self._open(show)
            show.run += glyph.code
            extra = state.word_spacing if glyph.code == b" " else 0.0
            show.x += (glyph.width / 1000 * state.size + state.spacing + extra) * state.stretch
        self._flush(show)

    def _gap(self, show: _Show, moved: float, number: int) -> None:
        if abs(moved) > GAP * 1000:
            self._close(show, number)
        show.items.append(moved)
        show.x -= moved / 1000 * self.state.size * self.state.stretch

    def _open(self, show: _Show) -> None:
        self._flush(show)
        show.start, show.begun = show.x, len(show.items)

    def _close(self, show: _Show, number: int, *, last: bool = False) -> None:
        """End the word that is open, if it may carry, with a place before it and one behind."""
        if show.start is None:
            return
        self._flush(show)
        start, begun, show.start = show.start, show.begun, None
        scale = self._scale()
        size, long = self.state.size * scale, (show.x - start) * scale
        if long < SHORTEST or not SIZES[0] <= size <= SIZES[1] or self.state.mode == _INVISIBLE:
            return
        point = 1000 / (size * self.state.stretch)
        word = Word(self._point(start), self._point(show.x), size)
        show.items.insert(begun, _PLACE + 2 * len(self.words))
        show.items.append(_PLACE + 2 * len(self.words) + 1)
        self.words.append(_Found(word, point, number, first=begun == 0, last=last))

    def _flush(self, show: _Show) -> None:
        if show.run:
            show.items.append(bytes(show.run))
            show.run.clear()

    def _scale(self) -> float:
        a, b, *_ = multiply(self.text, self.state.ctm)
        return math.hypot(a, b)

    def _point(self, x: float) -> Point:
        a, b, _, _, e, f = multiply(self.text, self.state.ctm)
        return (a * x + e, b * x + f)


_OPERATORS: Final = {
    "q": _Walk.save,
    "Q": _Walk.restore,
    "cm": _Walk.transform,
    "BT": _Walk.begin,
    "Tm": _Walk.place,
    "Td": _Walk.move,
    "TD": _Walk.move_and_lead,
    "T*": _Walk.next_line,
    "Tf": _Walk.set_font,
    "TL": lambda walk, given: walk.set_number("leading", 1.0, given),
    "Tc": lambda walk, given: walk.set_number("spacing", 1.0, given),
    "Tw": lambda walk, given: walk.set_number("word_spacing", 1.0, given),
    "Tz": lambda walk, given: walk.set_number("stretch", 0.01, given),
    "Tr": lambda walk, given: walk.set_number("mode", 1.0, given),
    "Do": _Walk.draw,
    "Tj": _Walk.show,
    "TJ": _Walk.show,
    "'": _Walk.line_and_show,
    '"': _Walk.line_and_show,
}


def multiply(one: Matrix, other: Matrix) -> Matrix:
    """Return what first `one` and then `other` do."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _matrix(given: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in given)
    return (a, b, c, d, e, f)
