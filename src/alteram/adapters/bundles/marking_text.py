"""Marks in text layout: each word stands a third of a millimetre's third to one side of its place, or to the other.

A word that carries a symbol is moved along its line by SHIFT points, forward for 1 and back for 0, and what follows
it stays where it was. The unmarked page lies exactly between, and is what a leaked page is compared with. Which words
carry is what `marking_walk` finds: in the page's own content, and in the forms that it draws.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import pikepdf
from pikepdf import Object, Page

from alteram.adapters.bundles.marking_walk import Matrix, Segment, Stream, Word, walk_through

#: How far a word is moved, in points: 0.12 mm.
SHIFT: Final = 0.35
MOST_WORDS: Final = 2000
_PLACES: Final = re.compile(rb"(?<![\w.-])9173(\d{8})(?![\w.])")

Move: TypeAlias = tuple[int, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """A stream that draws a page: the page's own (no form), or a form's, each time that it is drawn.

    `pieces` are the bytes between the places to fill in, before and behind each word, by how much it is moved. `moves`
    says for each place which word it belongs to, and what is written there for 0 and for 1. `forms` says which names
    in it draw which other parts; `carries` whether it or one of these has any place.
    """

    form: Object | None
    pieces: tuple[bytes, ...]
    moves: tuple[Move, ...]
    forms: Mapping[str, int]
    carries: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A page with places to fill in: the words that carry, what draws them, and where images are drawn, and how."""

    words: tuple[Word, ...] = ()
    parts: tuple[Part, ...] = ()
    drawn: tuple[tuple[Object, Matrix], ...] = ()


def fill(pieces: Sequence[bytes], moves: Sequence[Move], symbols: bytes) -> bytes:
    """Return content in which each word stands as its symbol says."""
    written = [pieces[0]]
    for piece, (word, back, forward) in zip(pieces[1:], moves, strict=True):
        written += (forward if symbols[word] else back, piece)
    return b"".join(written)


def lay_out(page: Page) -> Layout:
    """Return a page with its places. The same page gives the same places always."""
    try:
        walk = walk_through(page)
    except pikepdf.PdfError:
        return Layout()
    carrying = walk.words[:MOST_WORDS]
    order = {number: place for place, word in enumerate(carrying) for number in word}
    parts: dict[int, Part] = {}
    for at in reversed(range(len(walk.streams))):  # forms come behind what draws them
        stream = walk.streams[at]
        cut = _PLACES.split(stream.content)
        if [int(one) for one in cut[1::2]] != stream.places:  # a string of the page looks like one of our places
            return Layout(drawn=walk.drawn)
        pieces, moves = _weave(cut[0::2], stream, walk.segments, order)
        carries = bool(moves) or any(parts[one].carries for one in stream.forms.values())
        parts[at] = Part(stream.form, pieces, moves, stream.forms, carries)
    ends = ((walk.segments[word[0]], walk.segments[word[-1]]) for word in carrying)
    words = tuple(Word(first.start, last.end, first.size) for first, last in ends)
    return Layout(words, tuple(parts[at] for at in sorted(parts)), walk.drawn)


def _weave(
    cut: Sequence[bytes], stream: Stream, segments: Sequence[Segment], kept: Mapping[int, int]
) -> tuple[tuple[bytes, ...], tuple[Move, ...]]:
    """Return pieces and moves; the places of what does not carry close again."""
    pieces, moves = [bytearray(cut[0])], []
    for place, piece in zip(stream.places, cut[1:], strict=True):
        number, behind = divmod(place, 2)
        if number not in kept:
            pieces[-1] += piece
            continue
        # A number in such an array moves what follows back, by thousandths of the size.
        moved = SHIFT * segments[number].point * (-1 if behind else 1)
        moves.append((kept[number], b"%.2f" % moved, b"%.2f" % -moved))
        pieces.append(bytearray(piece))
    return tuple(bytes(one) for one in pieces), tuple(moves)
