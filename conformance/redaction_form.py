"""The three shapes of a redaction, read from the first byte to the last (evidence E5.1 to E5.9). No PDF library."""

import re
import unicodedata
import zlib
from dataclasses import dataclass, field
from typing import Any

from conformance.failure import Failure

LARGEST = {"pdf": 4 << 30, "png": 512 << 20, "text": 64 << 20}
MOST_PAGES, MOST_NUMBER, MOST_PIXELS, LONGEST_SIDE, LONGEST_CONTENT = 1000, 2000, 64_000_000, 65_535, 16 << 20
PNG = bytes.fromhex("89504e470d0a1a0a")
ROWS_OF_DIGITS = (
    *("0E11131519110E", "040C040404040E", "0E11010204081F", "1F02040201110E", "02060A121F0202"),
    *("1F101E0101110E", "0608101E11110E", "1F010204080808", "0E11110E11110E", "0E11110F01020C"),
)
BLANK = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
BLANK |= {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
MASK = "\u2588"
HEAD = """\
1 0 obj
<</Type/Catalog/Pages 2 0 R>>
endobj
2 0 obj
<</Type/Pages/Count {pages}/Kids[{kids}]>>
endobj
3 0 obj
<</Type/Font/Subtype/Type0/BaseFont/Recognised/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>
endobj
4 0 obj
<</Type/Font/Subtype/CIDFontType2/BaseFont/Recognised\
/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500/FontDescriptor 5 0 R>>
endobj
5 0 obj
<</Type/FontDescriptor/FontName/Recognised/Flags 4/FontBBox[0 -200 500 800]/ItalicAngle 0\
/Ascent 800/Descent -200/CapHeight 700/StemV 80>>
endobj
6 0 obj
<</Length 266>>
stream
/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Recognised def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end
endstream
endobj
"""
BOX = re.compile(rb"(?P<x>N) (?P<y>N) (?P<wide>N) (?P<high>N) re n\n".replace(b"N", rb"(?:0|[1-9]\d{0,4})"))
WORD = re.compile(
    (
        rb"BT 3 Tr /T (?P<high>N) Tf (?P<z>N) Tz (?P<x>N) (?P<y>N) Td "
        rb"<(?P<codes>(?:[0-9A-F]{4}){1,1000})0020> Tj ET\n"
    ).replace(b"N", rb"(?:0|[1-9]\d{0,4})")
)
NUMBER = re.compile(rb"BT [ -~]{1,80} <005B((?:003\d){1,4})005D0020> Tj ET\n")


@dataclass
class Box:
    """A box: its number, and its place in pixels from the top left corner."""

    number: int
    left: int
    top: int
    wide: int
    high: int


@dataclass
class Picture:
    """A picture: its size, bytes for each pixel, packed rows and rows."""

    wide: int
    high: int
    colours: int
    packed: bytes
    rows: bytes


@dataclass
class Shape:
    """What a file shows: its kind, pages, boxes (of a text, the numbers of its masks), words, pictures to search."""

    kind: str
    pages: int = 0
    listing: int = 0
    numbers: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def read_shape(data: Any, boxes: list[Box], look: Any) -> Shape:
    """Return what a file shows; `look` is called with the bytes of every picture or text. Raises: Failure."""
    start = bytes(data[:8])
    kind = "pdf" if start.startswith(b"%PDF-") else "png" if start == PNG else "text"
    if len(data) > LARGEST[kind]:
        raise Failure("redaction.too-large", f"larger than a {kind} may be")
    if kind == "pdf":
        return _Pdf(data, look).read()
    return _read_png(bytes(data), boxes, look) if kind == "png" else _read_text(bytes(data), look)


def is_unseen(one: str) -> bool:
    """Return whether nobody sees a character (E5.3)."""
    return one != " " and (unicodedata.category(one)[0] in {"C", "Z"} or ord(one) in BLANK)


class _Pdf:
    """A redacted PDF being read (E5.5 to E5.7)."""

    def __init__(self, data: Any, look: Any) -> None:
        self._data, self._look = data, look
        self._at, self._where = 0, ""
        self._places: list[int] = []
        self._shape = Shape("pdf")

    def read(self) -> Shape:
        self._take(b"%PDF-1.7\n%alteram-redaction/1\n", "redaction.version")
        self._take(b"%\xe2\xe3\xcf\xd3\n", "redaction.head")
        pages = self._read_head()
        listing = False
        for page in range(pages):
            self._where = f"page {page + 1}"
            lists = self._read_page(7 + 3 * page)
            if listing and not lists:
                self._fail("redaction.list")
            listing = lists
            self._shape.listing += lists
        self._where = ""
        if not listing:
            self._fail("redaction.list")
        self._read_end()
        self._shape.pages = pages
        if not self._shape.numbers:
            self._fail("redaction.cut")
        return self._shape

    def _fail(self, code: str) -> None:
        raise Failure(code, f"something else stands at byte {self._at} than may", self._where)

    def _take(self, said: bytes, code: str) -> None:
        if bytes(self._data[self._at : self._at + len(said)]) != said:
            self._fail(code)
        self._at += len(said)

    def _find(self, pattern: str, code: str) -> re.Match[bytes]:
        """Take what a pattern matches, in which # is a number of five digits at most and % one of ten."""
        ready = pattern.replace("#", r"(0|[1-9]\d{0,4})").replace("%", r"(0|[1-9]\d{0,9})")
        found = re.match(ready.encode(), bytes(self._data[self._at : self._at + 500]), re.ASCII)
        if found is None:
            raise Failure(code, f"something else stands at byte {self._at} than may", self._where)
        self._at += found.end()
        return found

    def _read_head(self) -> int:
        before, after = HEAD.split("{pages}")
        for number in range(1, 7):
            self._places.append(self._at + HEAD.index(f"{number} 0 obj\n"))
        self._take(before.encode(), "redaction.head")
        pages = int(self._find("([1-9][0-9]{0,3})(?=/)", "redaction.head")[1])
        if pages > MOST_PAGES:
            self._fail("redaction.head")
        kids = " ".join(f"{7 + 3 * page} 0 R" for page in range(pages))
        shift = len(str(pages)) + len(kids) - len("{pages}{kids}")
        self._places[2:] = [place + shift for place in self._places[2:]]
        self._take(after.replace("{kids}", kids).encode(), "redaction.head")
        return pages

    def _begin(self, number: int, code: str) -> None:
        self._places.append(self._at)
        self._take(f"{number} 0 obj\n".encode(), code)

    def _read_page(self, number: int) -> bool:
        code = "redaction.page"
        self._begin(number, code)
        size = self._find(r"<</Type/Page/Parent 2 0 R/MediaBox\[0 0 ([\d.]{1,9}) ([\d.]{1,9})\]/Resources", code)
        name = self._find(r"<</Font<</T 3 0 R>>/XObject<</([PL]) ", code)[1]
        self._take(f"{number + 2} 0 R>>>>/Contents {number + 1} 0 R>>\nendobj\n".encode(), code)
        wide, high, boxes = self._read_content(number + 1, name, size.groups())
        picture = self._read_picture(number + 2, wide, high)
        if any(one.left + one.wide > wide or one.number > MOST_NUMBER for one in boxes) or (boxes and name == b"L"):
            self._fail("redaction.box")
        picture.rows = unpack(picture, self._where)
        check_black(picture, boxes, self._where)
        self._shape.numbers += [one.number for one in boxes]
        self._look(picture.packed)
        self._look(picture.rows)
        return name == b"L"

    def _read_content(self, number: int, name: bytes, size: Any) -> tuple[int, int, list[Box]]:
        code = "redaction.words"
        self._begin(number, code)
        length = int(self._find("<</Length %>>\nstream\n", code)[1])
        content = bytes(self._data[self._at : self._at + length])
        if length > LONGEST_CONTENT or len(content) != length:
            self._fail(code)
        self._at += length
        self._take(b"endstream\nendobj\n", code)
        number_of = rb"(0|[1-9]\d{0,4})"
        start = rb"q \.36 0 0 \.36 0 0 cm\nq " + number_of + b" 0 0 " + number_of + b" 0 0 cm /" + name + b" Do Q\n"
        first = re.match(start, content)
        if first is None:
            raise Failure(code, "the page draws something else than its picture", self._where)
        wide, high = int(first[1]), int(first[2])
        if size != tuple(f"{side * 36 // 100}.{side * 36 % 100:02}".encode() for side in (wide, high)):
            self._fail("redaction.page")
        boxes, at = self._read_boxes(content, first.end(), high)
        at = self._read_words(content, at, wide, high)
        if content[at:] != b"Q\n":
            self._fail(code)
        return wide, high, boxes

    def _read_boxes(self, content: bytes, at: int, page_high: int) -> tuple[list[Box], int]:
        boxes = []
        while (found := BOX.match(content, at)) is not None:
            x, y, wide, high = (int(found[name]) for name in ("x", "y", "wide", "high"))
            number = NUMBER.match(content, found.end())
            if number is None or not wide or not high or y + high > page_high:
                raise Failure("redaction.box", "a box without a number, or not on its page", self._where)
            digits = number[1][3::4].decode()
            z = min(99_999, max(1, 200 * wide // ((len(digits) + 2) * high)))
            codes = "".join(f"{ord(one):04X}" for one in f"[{digits}]")
            if number[0] != f"BT 3 Tr /T {high} Tf {z} Tz {x} {y} Td <{codes}0020> Tj ET\n".encode():
                self._fail("redaction.box")
            if digits.startswith("0"):
                self._fail("redaction.box")
            boxes.append(Box(int(digits), x, page_high - y - high, wide, high))
            at = number.end()
        return boxes, at

    def _read_words(self, content: bytes, at: int, page_wide: int, page_high: int) -> int:
        while (found := WORD.match(content, at)) is not None:
            high, z, x, y = (int(found[name]) for name in ("high", "z", "x", "y"))
            if not high or not z or x >= page_wide or y + high > page_high:
                self._fail("redaction.words")
            codes = found["codes"].decode()
            word = "".join(chr(int(codes[one : one + 4], 16)) for one in range(0, len(codes), 4))
            if " " in word or any(map(is_unseen, word)):
                self._fail("redaction.unseen")
            self._shape.words.append(word)
            at = found.end()
        return at

    def _read_picture(self, number: int, wide: int, high: int) -> Picture:
        code = "redaction.picture"
        self._begin(number, code)
        found = self._find(
            "<</Type/XObject/Subtype/Image/Width #/Height #/ColorSpace/(?:DeviceGray|DeviceRGB)/BitsPerComponent 8"
            "/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors ([13])/BitsPerComponent 8/Columns #>>"
            "/Length %>>\nstream\n",
            code,
        )
        colours, columns, length = int(found[3]), int(found[4]), int(found[5])
        if columns != int(found[1]) or (colours == 1) != (b"Gray" in found[0]):
            self._fail(code)
        packed = bytes(self._data[self._at : self._at + length])
        if len(packed) != length:
            self._fail(code)
        self._at += length
        self._take(b"\nendstream\nendobj\n", code)
        if (int(found[1]), int(found[2])) != (wide, high) or not is_size(wide, high):
            self._fail(code)
        return Picture(wide, high, colours, packed, b"")

    def _read_end(self) -> None:
        start, count = self._at, len(self._places) + 1
        rows = "".join(f"{place:010} 00000 n \n" for place in self._places)
        end = f"trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
        self._take(f"xref\n0 {count}\n0000000000 65535 f \n{rows}{end}".encode(), "redaction.end")
        if self._at != len(self._data):
            self._fail("redaction.end")


def is_size(wide: int, high: int) -> bool:
    """Return whether a picture may be so large (E5.2)."""
    return 1 <= wide <= LONGEST_SIDE and 1 <= high <= LONGEST_SIDE and wide * high <= MOST_PIXELS


def unpack(picture: Picture, where: str = "") -> bytes:
    """Return the rows of a picture (E5.2)."""
    line = picture.wide * picture.colours + 1
    stream = zlib.decompressobj()
    try:
        rows = stream.decompress(picture.packed, line * picture.high + 1)
    except zlib.error as error:
        raise Failure("redaction.pixels", "pixels that cannot be unpacked", where) from error
    if not picture.packed.startswith(b"\x78\x9c") or not stream.eof or stream.unused_data:
        raise Failure("redaction.pixels", "pixels packed in another way, or something behind them", where)
    if len(rows) != line * picture.high or rows[::line] != bytes(picture.high):
        raise Failure("redaction.pixels", "other rows than the picture has", where)
    return rows


def check_black(picture: Picture, boxes: list[Box], where: str = "") -> None:
    """Check that boxes are black but for their numbers (E5.2)."""
    white: dict[int, set[int]] = {}
    for box in boxes:
        _draw(box, white)
    line, size = picture.wide * picture.colours + 1, picture.colours
    for box in boxes:
        for row in range(box.top, box.top + box.high):
            due = bytearray(box.wide * size)
            for column in white.get(row, ()):
                if box.left <= column < box.left + box.wide:
                    due[(column - box.left) * size : (column - box.left + 1) * size] = b"\xff" * size
            at = row * line + 1 + box.left * size
            if picture.rows[at : at + len(due)] != due:
                raise Failure("redaction.black", f"the box of cut {box.number} is not black", where)


def _draw(box: Box, white: dict[int, set[int]]) -> None:
    """Add the white pixels of a box's number, by row."""
    digits = str(box.number)
    k = min(box.wide // (6 * len(digits) + 1), box.high // 9, 5)
    left, top = box.left + (box.wide - (6 * len(digits) - 1) * k) // 2, box.top + (box.high - 7 * k) // 2
    for place, digit in enumerate(digits):
        for row, bits in enumerate(bytes.fromhex(ROWS_OF_DIGITS[int(digit)])):
            columns = [6 * place + column for column, bit in enumerate(f"{bits:05b}") if bit == "1"]
            for y in range(top + row * k, top + (row + 1) * k):
                white.setdefault(y, set()).update(left + column * k + x for column in columns for x in range(k))


def _read_png(data: bytes, boxes: list[Box], look: Any) -> Shape:
    """Read a redacted picture (E5.8)."""
    at, chunks = 8, []
    while at < len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body, crc = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(body) != length or crc != zlib.crc32(name + body).to_bytes(4, "big"):
            raise Failure("redaction.picture", "a chunk that is damaged, or bytes behind the last")
        chunks.append((name, body))
        at += 12 + length
    if [name for name, _ in chunks] != [b"IHDR", b"IDAT", b"IEND"] or chunks[2][1]:
        raise Failure("redaction.picture", "other chunks than a redacted picture has")
    head = chunks[0][1]
    wide, high = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    if head[8:] not in {b"\x08\0\0\0\0", b"\x08\x02\0\0\0"} or not is_size(wide, high):
        raise Failure("redaction.picture", "pixels of another kind, or too many")
    picture = Picture(wide, high, 3 if head[9] else 1, chunks[1][1], b"")
    picture.rows = unpack(picture)
    for box in boxes:
        inside = 0 <= box.left <= wide - box.wide and 0 <= box.top <= high - box.high
        inside = inside and box.wide > 0 and box.high > 0
        if not inside or not 1 <= box.number <= MOST_NUMBER:
            raise Failure("redaction.box", "a box that is not on the picture, or has no number of a cut")
    check_black(picture, boxes)
    look(picture.packed)
    look(picture.rows)
    return Shape("png", 1, numbers=[one.number for one in boxes])


def _read_text(data: bytes, look: Any) -> Shape:
    """Read a redacted text (E5.9)."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failure("redaction.text", "neither a PDF nor a PNG nor UTF-8") from error
    if any(is_unseen(one) for one in set(text) - {"\t", "\n"}):
        raise Failure("redaction.unseen", "a text with what nobody sees")
    body, head, tail = text.rpartition("\n\nWhat was cut out:\n")
    rows = tail.split("\n")
    if not head or len(rows) < 2 or rows.pop() or MASK in tail:
        raise Failure("redaction.list", "a text without a list of its cuts at its end")
    for number, row in enumerate(rows, 1):
        start = f"[{number}] "
        if not row.startswith(start) or row[len(start) : len(start) + 1] in {"", " "} or number > 9999:
            raise Failure("redaction.list", "a list of cuts in another form")
    numbers = [int(one) for one in re.findall(f"(?<!{MASK}){MASK}{{5}}\\[([1-9][0-9]{{0,3}})\\]", body)]
    masks = body.count(MASK)
    if not numbers or masks != 5 * len(numbers) or any(one > len(rows) for one in numbers):
        raise Failure("redaction.cut", "a mask without the number of a cut, or none at all")
    look(data)
    return Shape("text", numbers=numbers, words=[text])
