"""A redacted PDF: a picture for each page, its black boxes, and over it unseen the words that are read in it.

Spec E5.5 to E5.7. What is written here is read here and nothing else is: no byte of such a file is free but the pixels
of its pictures, and the words. Whether those words can be read in the pictures it does not tell.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NoReturn, Protocol

from alteram.core.disclosure.redacted_pictures import NumberedBox, Shape, check_black, unpack_rows
from alteram.core.disclosure.redacted_words import is_unseen
from alteram.core.record import RecordError

MAX_SIZE: Final = 4 << 30
MAX_PAGES: Final = 1_000
#: The longest content of a page, and the longest word.
MAX_CONTENT: Final = 16 << 20
MAX_WORD: Final = 1_000
_FIRST_LINE: Final = b"%PDF-1.7\n"
_SECOND_LINE: Final = b"%alteram-redaction/1\n"
_TO_UNICODE: Final = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Recognised def /CMapType 2 def\n"
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange\n"
    b"endcmap CMapName currentdict /CMap defineresource pop end end\n"
)
#: The font of the words: it has no glyphs, and is never drawn with.
_FONT: Final = (
    b"<</Type/Font/Subtype/Type0/BaseFont/Recognised/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>",
    (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Recognised/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500/FontDescriptor 5 0 R>>"
    ),
    (
        b"<</Type/FontDescriptor/FontName/Recognised/Flags 4/FontBBox[0 -200 500 800]/ItalicAngle 0"
        b"/Ascent 800/Descent -200/CapHeight 700/StemV 80>>"
    ),
    b"<</Length %d>>\nstream\n%sendstream" % (len(_TO_UNICODE), _TO_UNICODE),
)
#: The number of the first page's first object; each page has three.
_FIRST: Final = 7
_N: Final = rb"(0|[1-9][0-9]{0,4})"
_PICTURE: Final = re.compile(rb"q \.36 0 0 \.36 0 0 cm\nq %s 0 0 %s 0 0 cm /([PL]) Do Q\n" % (_N, _N))
_BOX: Final = re.compile(rb"%s %s %s %s re n\n" % (*(_N,) * 4,))
_NUMBER: Final = re.compile(rb"BT [ -~]{1,80} <005B((?:003[0-9]){1,4})005D0020> Tj ET\n")
_WORD: Final = re.compile(rb"BT 3 Tr /T %s Tf %s Tz %s %s Td <((?:[0-9A-F]{4}){1,1000})0020> Tj ET\n" % (*(_N,) * 4,))
_COUNT: Final = re.compile(rb"<</Type/Pages/Count ([1-9][0-9]{0,3})/Kids\[")
_PAGE: Final = re.compile(rb"<</Type/Page/Parent 2 0 R/MediaBox\[0 0 ([0-9.]{1,9}) ([0-9.]{1,9})\]/Resources")
_LENGTH: Final = re.compile(rb"<</Length (0|[1-9][0-9]{0,9})>>\nstream\n")
_IMAGE: Final = re.compile(
    rb"<</Type/XObject/Subtype/Image/Width %s/Height %s/ColorSpace/Device(Gray|RGB)/BitsPerComponent 8"
    rb"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors ([13])/BitsPerComponent 8/Columns %s>>"
    rb"/Length (0|[1-9][0-9]{0,9})>>\nstream\n" % (_N, _N, _N)
)
_WINDOW: Final = 512


class Bytes(Protocol):
    """Bytes, or a file that is mapped into memory."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def __getitem__(self, part: slice, /) -> bytes:
        """Return a part of them."""
        ...


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word over a picture, in pixels from its top left corner."""

    text: str
    left: int
    top: int
    wide: int
    high: int


@dataclass(frozen=True, slots=True)
class RedactedPage:
    """A page: its picture as packed rows, its boxes, its words. `lists` marks a page of the list of cuts."""

    shape: Shape
    packed: bytes
    boxes: tuple[NumberedBox, ...]
    words: tuple[PlacedWord, ...]
    lists: bool = False


def build_redacted_pdf(pages: Iterable[RedactedPage], count: int) -> Iterator[bytes]:
    """Yield the bytes of a redaction of `count` pages."""
    places: list[int] = []
    head = _FIRST_LINE + _SECOND_LINE + b"%\xe2\xe3\xcf\xd3\n"
    kids = b" ".join(b"%d 0 R" % (_FIRST + 3 * page) for page in range(count))
    bodies = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids), *_FONT)
    yield head
    at = len(head)
    numbered = (body for source in (iter(bodies), _build_pages(pages)) for body in source)
    for number, body in enumerate(numbered, 1):
        written = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        places.append(at)
        at += len(written)
        yield written
    yield _build_end(places, at)


def is_pdf(data: bytes) -> bool:
    """Tell whether bytes begin as a PDF does."""
    return data.startswith(b"%PDF-")


def read_redacted_pdf(data: Bytes) -> Iterator[RedactedPage]:
    """Yield the pages of a redaction, each checked: its shape, its words' characters, its boxes black.

    Raises: RecordError, at the first byte that does not belong there; read to the end to know that none is.
    """
    reader = _Reader(data)
    if not reader.takes(_FIRST_LINE + _SECOND_LINE):
        raise RecordError("redaction.version", "It is no redaction of this shape; an older one is not checked here.")
    count = _read_head(reader)
    lists = False
    for number in range(count):
        reader.where = f"page {number + 1}"
        page = _read_page(reader, _FIRST + 3 * number)
        if lists and not page.lists:
            reader.refuse("redaction.list", "A page follows the list of cuts.")
        lists = page.lists
        yield page
    reader.where = ""
    if not lists:
        reader.refuse("redaction.list", "There is no list of cuts at its end.")
    at = reader.at
    reader.expect(_build_end(reader.places, at), "redaction.end")
    if reader.at != len(data):
        reader.refuse("redaction.end", "Something follows its end.")


class _Reader:
    """Takes bytes from the beginning on, each of them."""

    def __init__(self, data: Bytes) -> None:
        self._data = data
        self.at = 0
        self.where = ""
        self.places: list[int] = []

    def takes(self, said: bytes) -> bool:
        found = self._data[self.at : self.at + len(said)] == said
        self.at += len(said) * found
        return found

    def expect(self, said: bytes, code: str) -> None:
        if not self.takes(said):
            self.refuse(code, "Something stands there that does not belong in a redaction.")

    def match(self, pattern: re.Pattern[bytes], code: str) -> re.Match[bytes]:
        found = pattern.match(self._data[self.at : self.at + _WINDOW])
        if found is None:
            self.refuse(code, "Something stands there that does not belong in a redaction.")
        self.at += found.end()
        return found

    def take(self, count: int, code: str) -> bytes:
        taken = self._data[self.at : self.at + count]
        if len(taken) != count:
            self.refuse(code, "It is cut short.")
        self.at += count
        return taken

    def begin(self, number: int, code: str) -> None:
        self.places.append(self.at)
        self.expect(b"%d 0 obj\n" % number, code)

    def refuse(self, code: str, problem: str) -> NoReturn:
        raise RecordError(code, problem, where=self.where)


def _read_head(reader: _Reader) -> int:
    code = "redaction.head"
    reader.expect(b"%\xe2\xe3\xcf\xd3\n", code)
    reader.begin(1, code)
    reader.expect(b"<</Type/Catalog/Pages 2 0 R>>\nendobj\n", code)
    reader.begin(2, code)
    count = int(reader.match(_COUNT, code)[1])
    if count > MAX_PAGES:
        reader.refuse(code, "It has too many pages.")
    kids = b" ".join(b"%d 0 R" % (_FIRST + 3 * page) for page in range(count))
    reader.expect(kids + b"]>>\nendobj\n", code)
    for number, body in enumerate(_FONT, 3):
        reader.begin(number, code)
        reader.expect(body + b"\nendobj\n", code)
    return count


def _read_page(reader: _Reader, number: int) -> RedactedPage:
    reader.begin(number, "redaction.page")
    said = reader.match(_PAGE, "redaction.page")
    name = b"P" if (reader.takes(b"<</Font<</T 3 0 R>>/XObject<</P %d 0 R>>>>" % (number + 2))) else b"L"
    if name == b"L":
        reader.expect(b"<</Font<</T 3 0 R>>/XObject<</L %d 0 R>>>>" % (number + 2), "redaction.page")
    reader.expect(b"/Contents %d 0 R>>\nendobj\n" % (number + 1), "redaction.page")
    content = _read_content(reader, number + 1)
    drawn = _PICTURE.match(content)
    if drawn is None or drawn[3] != name:
        reader.refuse("redaction.words", "The page draws something else than its picture.")
    wide, high = int(drawn[1]), int(drawn[2])
    if said.groups() != (_tell_points(wide), _tell_points(high)):
        reader.refuse("redaction.page", "The page is of another size than its picture.")
    boxes, at = _read_boxes(reader, content, drawn.end(), high)
    words = tuple(_read_words(reader, content, at, (wide, high)))
    shape, packed = _read_image(reader, number + 2)
    if (shape.width, shape.height) != (wide, high) or not shape.is_allowed():
        reader.refuse("redaction.picture", "The picture is of another size than its page, or too large.")
    if not all(one.is_on(shape) for one in boxes) or (boxes and name == b"L"):
        reader.refuse("redaction.box", "A box is not on its page, has no number of a cut, or lies on the list of cuts.")
    check_black(unpack_rows(packed, shape, where=reader.where), shape, boxes, where=reader.where)
    return RedactedPage(shape, packed, boxes, words, name == b"L")


def _read_content(reader: _Reader, number: int) -> bytes:
    reader.begin(number, "redaction.words")
    length = int(reader.match(_LENGTH, "redaction.words")[1])
    if length > MAX_CONTENT:
        reader.refuse("redaction.words", "The page has too many words.")
    content = reader.take(length, "redaction.words")
    reader.expect(b"endstream\nendobj\n", "redaction.words")
    return content


def _read_boxes(reader: _Reader, content: bytes, at: int, high: int) -> tuple[tuple[NumberedBox, ...], int]:
    boxes = []
    while (found := _BOX.match(content, at)) is not None:
        left, up, wide, tall = map(int, found.groups())
        said = _NUMBER.match(content, found.end())
        number = 0 if said is None else int(_decode(said[1]))
        box = NumberedBox(number, left, high - up - tall, wide, tall)
        written = _write_box(box, high) if min(number, wide, tall) > 0 else b""
        if box.top < 0 or not written or content[at : at + len(written)] != written:
            reader.refuse("redaction.box", "A box is not on its page, or its number is not that of a cut.")
        boxes.append(box)
        at += len(written)
    return tuple(boxes), at


def _read_words(reader: _Reader, content: bytes, at: int, size: tuple[int, int]) -> Iterator[PlacedWord]:
    while (found := _WORD.match(content, at)) is not None:
        tall, stretch, left, up = map(int, found.groups()[:4])
        text = _decode(found[5])
        if not (tall and stretch and left < size[0] and up + tall <= size[1]):
            reader.refuse("redaction.words", "A word stands beside the page, or has no size.")
        if any(one == " " or is_unseen(one) for one in text):
            reader.refuse("redaction.unseen", "A word over the picture holds what nobody sees.")
        yield PlacedWord(text, left, size[1] - up - tall, len(text) * tall * stretch // 200, tall)
        at = found.end()
    if content[at:] != b"Q\n":
        reader.refuse("redaction.words", "The page draws more than its picture, its boxes and its words.")


def _read_image(reader: _Reader, number: int) -> tuple[Shape, bytes]:
    code = "redaction.picture"
    reader.begin(number, code)
    wide, high, space, colours, columns, length = reader.match(_IMAGE, code).groups()
    if columns != wide or colours != (b"1" if space == b"Gray" else b"3"):
        reader.refuse(code, "The picture says of its rows what does not fit.")
    packed = reader.take(int(length), code)
    reader.expect(b"\nendstream\nendobj\n", code)
    return Shape(int(wide), int(high), int(colours)), packed


def _build_pages(pages: Iterable[RedactedPage]) -> Iterator[bytes]:
    for place, page in enumerate(pages):
        number, shape, name = _FIRST + 3 * place, page.shape, b"L" if page.lists else b"P"
        yield (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s %s]/Resources<</Font<</T 3 0 R>>/XObject<</%s %d 0 R>>>>"
            b"/Contents %d 0 R>>"
            % (_tell_points(shape.width), _tell_points(shape.height), name, number + 2, number + 1)
        )
        content = b"".join(
            (
                b"q .36 0 0 .36 0 0 cm\nq %d 0 0 %d 0 0 cm /%s Do Q\n" % (shape.width, shape.height, name),
                *(_write_box(one, shape.height) for one in page.boxes),
                *(_write_word(one, shape.height) for one in page.words),
                b"Q\n",
            )
        )
        yield b"<</Length %d>>\nstream\n%sendstream" % (len(content), content)
        yield (
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/Device%s/BitsPerComponent 8"
            b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent 8/Columns %d>>"
            b"/Length %d>>\nstream\n%s\nendstream"
        ) % (
            *(shape.width, shape.height, b"Gray" if shape.colours == 1 else b"RGB", shape.colours, shape.width),
            *(len(page.packed), page.packed),
        )


def _build_end(places: list[int], at: int) -> bytes:
    rows = b"".join(b"%010d 00000 n \n" % one for one in places)
    size = len(places) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return head + rows + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, at)


def _write_box(box: NumberedBox, high: int) -> bytes:
    """Return a box as a path that draws nothing, and its number over it."""
    placed = PlacedWord(f"[{box.number}]", box.left, box.top, box.wide, box.high)
    up = high - box.top - box.high
    return b"%d %d %d %d re n\n" % (box.left, up, box.wide, box.high) + _write_word(placed, high)


def _write_word(word: PlacedWord, high: int) -> bytes:
    stretch = min(99_999, max(1, 200 * word.wide // (len(word.text) * word.high)))
    codes = word.text.encode("utf-16-be").hex().upper().encode()
    up = high - word.top - word.high
    return b"BT 3 Tr /T %d Tf %d Tz %d %d Td <%s0020> Tj ET\n" % (word.high, stretch, word.left, up, codes)


def _decode(codes: bytes) -> str:
    """Return the character of each code: of a surrogate too, which is none that is seen."""
    return "".join(chr(int(codes[at : at + 4], 16)) for at in range(0, len(codes), 4))


def _tell_points(pixels: int) -> bytes:
    """Return pixels in points, of which 72 are as long as 200 pixels."""
    return b"%d.%02d" % divmod(36 * pixels, 100)
