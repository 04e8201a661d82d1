"""Redactions of every shape, small and the same every time; ways to hide text in one; exports that show its lodging.

Whoever forges here keeps to the shape in all but one thing: the places of objects are put right again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alteram.core.disclosure.redacted_pdf import PlacedWord, RedactedPage, build_redacted_pdf
from alteram.core.disclosure.redacted_pictures import NumberedBox, Shape, build_png, pack_rows, paint
from alteram.core.disclosure.redaction_proofs import verify_redaction
from alteram.core.disclosure.redactions import Asked, redact_text
from alteram.core.record import RecordError
from conformance.failure import Failure
from conformance.redaction_form import Box
from conformance.verify_redaction import verify
from tests.verdicts import Verdict

SECRET = "Wintergreen"
GREY, COLOUR = Shape(160, 120, 1), Shape(90, 60, 3)
BOXES = (NumberedBox(1, 10, 10, 80, 22), NumberedBox(12, 90, 60, 60, 40))
WORDS = (PlacedWord("The", 10, 40, 30, 16), PlacedWord("treasurer", 45, 40, 70, 16), PlacedWord("said", 10, 60, 35, 16))


def rows_of(shape: Shape, boxes: Sequence[NumberedBox] = (), level: int = 255) -> bytearray:
    """Return rows of one shade with boxes on them."""
    rows = bytearray((b"\0" + bytes((level,)) * (shape.stride - 1)) * shape.height)
    paint(rows, shape, boxes)
    return rows


def page(
    shape: Shape = GREY,
    boxes: Sequence[NumberedBox] = BOXES,
    words: Sequence[PlacedWord] = WORDS,
    *,
    lists: bool = False,
    rows: bytes | None = None,
    packed: bytes | None = None,
) -> RedactedPage:
    content = rows_of(shape, () if lists else boxes) if rows is None else rows
    return RedactedPage(shape, pack_rows(content) if packed is None else packed, tuple(boxes), tuple(words), lists)


LISTING = page(COLOUR, (), (PlacedWord("1", 5, 5, 8, 10), PlacedWord("reason", 20, 5, 40, 10)), lists=True)


def bind(*pages: RedactedPage) -> bytes:
    return b"".join(build_redacted_pdf(pages, len(pages)))


def png(shape: Shape = GREY, boxes: Sequence[NumberedBox] = BOXES, rows: bytes | None = None) -> bytes:
    return build_png(shape, pack_rows(rows_of(shape, boxes) if rows is None else rows))


@dataclass(frozen=True)
class Vector:
    """A file, the words and the boxes it is checked with, and the code that refuses it ("" where none does)."""

    make: Callable[[], bytes]
    code: str = ""
    words: tuple[str, ...] = ()
    boxes: tuple[NumberedBox, ...] = ()
    ending: str = "pdf"


def bind_later(*pages: RedactedPage) -> Callable[[], bytes]:
    return lambda: bind(*pages)


ONE = bind_later(page(), LISTING)
TEXT = redact_text(
    f"{SECRET} told the chair.\nThen {SECRET} left.\n",
    [Asked("clause 7.2: a witness", (), (SECRET,)), Asked("clause 9", (), ("chair",))],
)
_SEVERAL = tuple(
    PlacedWord(one, 5, 5 + 14 * at, 60, 12) for at, one in enumerate(("Ärger", "договор", "会議", "שלום", "\ufffd"))
)
GOOD: dict[str, Vector] = {
    "one-page": Vector(ONE, words=(SECRET, "treas", "reaso", "dias")),
    "several-pages": Vector(
        bind_later(page(), page(boxes=()), page(COLOUR, (NumberedBox(3, 1, 1, 50, 30),), ()), LISTING)
    ),
    "list-of-two-pages": Vector(bind_later(page(), LISTING, LISTING)),
    "in-colour": Vector(bind_later(page(COLOUR, (NumberedBox(7, 5, 5, 60, 40),), ()), LISTING)),
    "boxes-that-overlap": Vector(
        bind_later(page(boxes=(NumberedBox(1, 10, 10, 80, 50), NumberedBox(2, 50, 30, 80, 50))), LISTING)
    ),
    "box-too-small-for-its-number": Vector(bind_later(page(boxes=(NumberedBox(2000, 0, 0, 8, 8),)), LISTING)),
    "box-over-the-whole-page": Vector(bind_later(page(boxes=(NumberedBox(1, 0, 0, 160, 120),), words=()), LISTING)),
    "box-of-one-pixel": Vector(bind_later(page(boxes=(NumberedBox(1, 159, 119, 1, 1),)), LISTING)),
    "every-digit": Vector(
        bind_later(
            page(boxes=(NumberedBox(1023, 0, 0, 160, 40), NumberedBox(1456, 0, 40, 160, 40))),
            page(boxes=(NumberedBox(1789, 0, 0, 160, 40),)),
            LISTING,
        )
    ),
    "words-of-other-scripts": Vector(bind_later(page(words=_SEVERAL), LISTING), words=("rger", "совет")),
    "longest-word": Vector(bind_later(page(words=(PlacedWord("x" * 1000, 0, 0, 160, 1),)), LISTING)),
    "picture-in-grey": Vector(png, boxes=BOXES, words=(SECRET,), ending="png"),
    "picture-in-colour": Vector(lambda: png(COLOUR, ()), ending="png"),
    "text": Vector(TEXT.encode, words=(SECRET, "chair"), ending="txt"),
    "text-with-what-looks-like-a-mask": Vector(
        redact_text(f"█████[9] \u200b {SECRET}\r\n", [Asked("why", (), (SECRET,))]).encode, ending="txt"
    ),
}


def ask_first(data: bytes, words: Sequence[str] = (), boxes: Sequence[NumberedBox] = ()) -> Verdict:
    try:
        verify_redaction(data, words, boxes)
    except RecordError as error:
        return Verdict(False, error.code, error.where)
    return Verdict(True)


def ask_second(data: bytes, words: Sequence[str] = (), boxes: Sequence[NumberedBox] = ()) -> Verdict:
    try:
        verify(data, list(words), [Box(one.number, one.left, one.top, one.wide, one.high) for one in boxes])
    except Failure as failure:
        return Verdict(False, failure.code, failure.where)
    return Verdict(True)
