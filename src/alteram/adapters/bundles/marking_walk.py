"""Walks through what draws a page, forms within it too, and knows where each word stands and each image is drawn.

No word is torn: what stands together without a space or a gap is one word, however many operators show it. Each part
of it that one operator shows is a segment, and all of them are moved alike.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import pikepdf
from pikepdf import Array, ContentStreamInlineImage, ContentStreamInstruction, Dictionary, Name, Object, Operator, Page

from alteram.adapters.bundles.marking_fonts import Font, find_font

#: Words shorter than this, in points, are left: a reading of them is mostly noise.
SHORTEST: Final = 7.0
#: The sizes of type, in points, that carry.
SIZES: Final = (5.0, 40.0)
#: A gap, in parts of the size, that parts words where no space is written.
GAP: Final = 0.15
#: What stands in an array of strings where a word is moved, until it is cut there: twice a segment's number is added.
PLACE: Final = 917_300_000_000
#: How many forms of a page are looked into, how deep they may lie in each other, and how long they are together.
MOST_FORMS: Final = 64
DEEPEST: Final = 6
LONGEST_FORMS: Final = 32 << 20
_INVISIBLE: Final = 3
_FORM: Final = "/AlteramForm%d"

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Point: TypeAlias = tuple[float, float]
Instruction: TypeAlias = ContentStreamInstruction | ContentStreamInlineImage
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries: its baseline from start to end in the page's user space, and its size, in points."""

    start: Point
    end: Point
    size: float


@dataclass(slots=True)
class Stream:
    """One stream that draws the page: its own, or that of a form (each time it is drawn), with places in it.

    `places` are twice the number of the segment that is moved there, and one more behind it; `forms` says which names
    in it draw which other streams.
    """

    form: Object | None
    content: bytes = b""
    places: list[int] = field(default_factory=list)
    forms: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a word: how much one point is there, in thousandths of the size; the show it is in, and where in it."""

    start: Point
    end: Point
    size: float
    point: float
    show: int
    first: bool
    last: bool
    fit: bool


@dataclass(frozen=True, slots=True)
class Walked:
    """What draws a page: segments, and which make words that carry; streams, its own first; images, and how."""

    segments: tuple[Segment, ...]
    words: tuple[tuple[int, ...], ...]
    streams: tuple[Stream, ...]
    drawn: tuple[tuple[Object, Matrix], ...]


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
    before: bool = False
    behind: bool | None = None


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where what one operator shows begins and ends, how large it is, and whether a space is at either end of it."""

    begin: Point
    end: Point
    size: float
    before: bool
    behind: bool

    def touches(self, other: "_Ends") -> bool:
        """Return whether what comes next begins where this ends, without a space."""
        return not (self.behind or other.before) and math.dist(self.end, other.begin) < GAP * other.size


class _Walk:
    """Walks through a page and knows where each glyph stands."""

    def __init__(self, page: Page) -> None:
        self.state, self.stack = _State(), list[_State]()
        self.text, self.line = IDENTITY, IDENTITY
        self.segments: list[Segment] = []
        self._lost = False
        self.ends: list[_Ends] = []
        self.drawn: list[tuple[Object, Matrix]] = []
        self.streams = [Stream(None)]
        self._stream, self._depth, self._room = self.streams[0], 0, LONGEST_FORMS
        self._resources = page.obj.get("/Resources") or page.resources
        self._known: dict[str, Font | None] = {}
        self._stream.content = self._walk(pikepdf.parse_content_stream(page))

    def _walk(self, instructions: Iterable[Instruction]) -> bytes:
        return pikepdf.unparse_content_stream([out for one in instructions for out in self._take(one)])

    def _take(self, instruction: Instruction) -> list[Instruction]:
        """Return an instruction as it is, or what does the same with places in it."""
        if isinstance(instruction, ContentStreamInlineImage):
            return [instruction]
        handle = _OPERATORS.get(str(instruction.operator))
        if handle is not None:
            try:
                changed: list[Instruction] | None = handle(self, list(instruction.operands))
            except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                return [instruction]  # a malformed operator is left as it is
            if changed is not None:
                return changed
        return [instruction]

    def find_words(self) -> list[tuple[int, ...]]:
        """Return the words that carry: which segments each of them is."""
        words: list[list[int]] = []
        for number, one in enumerate(self.segments):
            joined = one.first and one.show and self.ends[one.show - 1].touches(self.ends[one.show])
            if joined and words and self.segments[number - 1].last and self.segments[number - 1].show == one.show - 1:
                words[-1].append(number)
            else:
                words.append([number])
        return [tuple(word) for word in words if self._carries(word)]

    def _carries(self, word: list[int]) -> bool:
        first, last = self.segments[word[0]], self.segments[word[-1]]
        return math.dist(first.start, last.end) >= SHORTEST and all(self.segments[one].fit for one in word)

    def save(self, _: list[Any]) -> None:
        self.stack.append(self.state)

    def restore(self, _: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def transform(self, given: list[Any]) -> None:
        self.state = replace(self.state, ctm=multiply(_matrix(given), self.state.ctm))

    def begin(self, _: list[Any]) -> None:
        self._lost = False
        self.text = self.line = IDENTITY

    def place(self, given: list[Any]) -> None:
        self._lost = False
        self.text = self.line = _matrix(given)

    def move(self, given: list[Any]) -> None:
        x, y = (float(one) for one in given)
        self._lost = False
        self.text = self.line = multiply((1, 0, 0, 1, x, y), self.line)

    def move_and_lead(self, given: list[Any]) -> None:
        self.state = replace(self.state, leading=-float(given[1]))
        self.move(given)

    def next_line(self, _: list[Any]) -> None:
        self.move([0, -self.state.leading])

    def set_font(self, given: list[Any]) -> None:
        name = str(given[0])
        if name not in self._known:
            font = self._resources.get("/Font", Dictionary()).get(name)
            self._known[name] = None if font is None else find_font(font)
        self.state = replace(self.state, font=self._known[name], size=float(given[1]))

    def set_number(self, name: str, factor: float, given: list[Any]) -> None:
        changed: dict[str, Any] = {name: float(given[0]) * factor}
        self.state = replace(self.state, **changed)

    def draw(self, given: list[Any]) -> list[Instruction] | None:
        """Note where an image is drawn; walk through a form, which is drawn from here on by a name of its own."""
        drawn = self._resources["/XObject"][str(given[0])]
        if drawn.get("/Subtype") == Name.Image:
            self.drawn.append((drawn, self.state.ctm))
        elif drawn.get("/Subtype") == Name.Form and (number := self._enter(drawn)):
            self._stream.forms[name := _FORM % number] = number
            return [ContentStreamInstruction([Name(name)], Operator("Do"))]
        return None

    def _enter(self, form: Object) -> int:
        """Walk through a form; return which of the streams it is, 0 where it is left as it is."""
        if len(self.streams) > MOST_FORMS or self._depth >= DEEPEST:
            return 0
        try:
            self._room -= len(form.read_bytes())
            instructions = pikepdf.parse_content_stream(form) if self._room >= 0 else None
        except pikepdf.PdfError:
            instructions = None
        if instructions is None:
            return 0
        number, kept = len(self.streams), (self.state, self.stack, self._stream, self._resources, self._known)
        self.streams.append(Stream(form))
        self._stream, self._depth, self.stack = self.streams[-1], self._depth + 1, []
        matrix = _matrix(list(form.get("/Matrix", IDENTITY)))
        self.state = replace(self.state, ctm=multiply(matrix, self.state.ctm))
        if "/Resources" in form:
            self._resources, self._known = form.Resources, {}
        self._stream.content = self._walk(instructions)
        self.state, self.stack, self._stream, self._resources, self._known = kept
        self._depth -= 1
        return number

    def line_and_show(self, given: list[Any]) -> list[Instruction] | None:
        """Do what ' and " do as the operators that they stand for, since places fit those alone."""
        spaced = (("Tw", "word_spacing"), ("Tc", "spacing")) if len(given) == 3 else ()
        for (_, name), number in zip(spaced, given, strict=False):
            self.set_number(name, 1.0, [number])
        self.next_line([])
        changed = self.show([given[-1]])
        if changed is None:
            return None
        before = [
            ContentStreamInstruction([number], Operator(one)) for (one, _), number in zip(spaced, given, strict=False)
        ]
        return [*before, ContentStreamInstruction([], Operator("T*")), *changed]

    def show(self, given: list[Any]) -> list[Instruction] | None:
        """Show a string or an array; return what shows it with places around the words that may carry."""
        font = self.state.font
        items = list(given[0]) if isinstance(given[0], Array) else [given[0]]
        self._lost = self._lost or font is None  # how far a font goes that is not known, nobody knows
        if font is None or self._lost:
            return None
        show, number, count = _Show(), len(self.ends), len(self.segments)
        origin = self._point(0.0)
        for item in items:
            if isinstance(item, pikepdf.String):
                self._string(show, bytes(item), font, number)
            else:
                self._gap(show, float(item), number)
        self._close(show, number, last=True)
        self._flush(show)
        end, size = self._point(show.x), self.state.size * self._scale()
        self.ends.append(_Ends(origin, end, size, show.before, bool(show.behind)))
        self.text = multiply((1, 0, 0, 1, show.x, 0), self.text)
        if len(self.segments) == count:
            return None
        self._stream.places += [int(one) - PLACE for one in show.items if isinstance(one, int)]
        return [ContentStreamInstruction([Array(show.items)], Operator("TJ"))]

    def _string(self, show: _Show, data: bytes, font: Font, number: int) -> None:
        state = self.state
        for glyph in font.read(data):
            if show.behind is None:
                show.before = glyph.space
            show.behind = glyph.space
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
        """End the segment that is open, with a place before it and one behind."""
        if show.start is None:
            return
        self._flush(show)
        start, begun, show.start = show.start, show.begun, None
        size = self.state.size * self._scale()
        if not size or not self.state.stretch:
            return
        fit = SIZES[0] <= size <= SIZES[1] and self.state.mode != _INVISIBLE
        point = 1000 / (size * self.state.stretch)
        place = PLACE + 2 * len(self.segments)
        show.items.insert(begun, place)
        show.items.append(place + 1)
        ends = self._point(start), self._point(show.x)
        self.segments.append(Segment(*ends, size, point, number, first=begun == 0, last=last, fit=fit))

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


def walk_through(page: Page) -> Walked:
    """Return what draws a page. Raises: PdfError when its content cannot be taken apart."""
    walk = _Walk(page)
    return Walked(tuple(walk.segments), tuple(walk.find_words()), tuple(walk.streams), tuple(walk.drawn))


def multiply(one: Matrix, other: Matrix) -> Matrix:
    """Return what first `one` and then `other` do."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _matrix(given: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in given)
    return (a, b, c, d, e, f)
