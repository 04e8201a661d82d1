"""Ways to hide text in a redaction, or to leave what was cut: each breaks the shape in one thing alone.

Whoever forges keeps to the shape in all else: the places of objects and the lengths of contents are put right again.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from alteram.core.disclosure.redacted_pdf import PlacedWord, RedactedPage
from alteram.core.disclosure.redacted_pictures import NumberedBox, pack_rows
from tests.redactions import (
    BOXES,
    GREY,
    LISTING,
    ONE,
    SECRET,
    TEXT,
    Vector,
    bind,
    bind_later,
    page,
    png,
    rows_of,
)  # fmt: skip


def take_apart(data: bytes) -> list[bytes]:
    """Return the first lines and then what each object holds."""
    places = [int(one) for one in re.findall(rb"(\d{10}) 00000 n ", data)]
    ends = [*places[1:], int(data.rsplit(b"startxref\n", 1)[1].split()[0])]
    bodies = [data[at:end] for at, end in zip(places, ends, strict=True)]
    return [data[: places[0]], *(one.split(b" 0 obj\n", 1)[1].removesuffix(b"\nendobj\n") for one in bodies)]


def join(parts: Sequence[bytes]) -> bytes:
    """Return a file of these, with the place of each object put right."""
    made, places = parts[0], []
    for number, body in enumerate(parts[1:], 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % one for one in places)
    size = len(parts)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % size + rows + end


PAGE, CONTENT, PICTURE = 7, 8, 9


def _swap(number: int, old: bytes, new: bytes) -> Callable[[], bytes]:
    """Return what puts other bytes in an object; of a content, its length is put right."""

    def make() -> bytes:
        parts = take_apart(ONE())
        assert old in parts[number], parts[number]
        parts[number] = parts[number].replace(old, new, 1)
        if number == CONTENT:
            content = parts[number].split(b"stream\n", 1)[1].removesuffix(b"endstream")
            parts[number] = b"<</Length %d>>\nstream\n%sendstream" % (len(content), content)
        return join(parts)

    return make


def _change(apply: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: apply(ONE())


def _add(body: bytes) -> Callable[[], bytes]:
    return lambda: join([*take_apart(ONE()), body])


def _rows(apply: Callable[[bytearray], object]) -> Callable[[], bytes]:
    """Return a page whose rows are changed after its boxes were painted."""

    def make() -> bytes:
        rows = rows_of(GREY, BOXES)
        apply(rows)
        return bind(page(rows=bytes(rows)), LISTING)

    return make


def _packed(apply: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: bind(page(packed=apply(bytes(rows_of(GREY, BOXES)))), LISTING)


def _put(at: int, said: bytes) -> Callable[[bytearray], None]:
    def put(rows: bytearray) -> None:
        rows[at : at + len(said)] = said

    return put


def _tag(rows: bytearray) -> None:
    rows[:: GREY.stride] = (SECRET.encode() * 20)[: GREY.height]


def _write_in_box(rows: bytearray) -> None:
    """Write dark letters into the box, hardly seen."""
    paint_on = rows_of(GREY, (NumberedBox(88, 12, 12, 30, 18),))
    for row in range(12, 30):
        at = row * GREY.stride + 13
        rows[at : at + 30] = bytes(min(9, one) for one in paint_on[at : at + 30])


def _update(data: bytes) -> bytes:
    at = len(data)
    made = b"7 0 obj\n<</Type/Page>>\nendobj\n"
    table = b"xref\n7 1\n%010d 00000 n \ntrailer\n<</Size 13/Root 1 0 R/Prev 1>>\n" % at
    return data + made + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(made))


def _store(rows: bytes) -> bytes:
    """Return rows packed in blocks that hold them as they are."""
    stored, blocks = zlib.compressobj(0), b""
    blocks = stored.compress(rows) + stored.flush()
    return b"\x78\x9c" + blocks[2:]


_SAID = "".join(f"{ord(one):04X}" for one in SECRET).encode()
_LINE = b"BT 3 Tr /T 16 Tf 100 Tz 10 10 Td <%s0020> Tj ET\n"
_NUMBER_1 = b"<005B0031005D0020>"
_WORD_1 = _LINE % b"00540068"
_BEFORE_END = b"Q\nendstream"
_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R"


def _listed(*pages: RedactedPage) -> Callable[[], bytes]:
    return bind_later(*pages, LISTING)


def _said(*words: str) -> Callable[[], bytes]:
    placed = tuple(PlacedWord(one, 10, 40 + 12 * at, 60, 10) for at, one in enumerate(words))
    return _listed(page(words=placed))


def _text(old: str, new: str) -> Callable[[], bytes]:
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode


_PNG_HEAD = png()[:33]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _picture(*chunks: tuple[bytes, bytes], head: bytes = _PNG_HEAD[16:29]) -> Callable[[], bytes]:
    return lambda: _PNG_HEAD[:8] + b"".join(_chunk(*one) for one in ((b"IHDR", head), *chunks, (b"IEND", b"")))


_PIXELS = pack_rows(rows_of(GREY, BOXES))
_DATA = (b"IDAT", _PIXELS)
_ROWS = bytes(rows_of(GREY, BOXES))

FORGERIES: dict[str, Vector] = {
    # Another version, or none.
    "older-shape": Vector(
        _change(lambda data: data.replace(b"%alteram-redaction/1", b"%\xbf\xf7\xa2\xfe")), "redaction.version"
    ),
    "later-shape": Vector(_change(lambda data: data.replace(b"redaction/1", b"redaction/2")), "redaction.version"),
    "no-first-lines": Vector(lambda: b"%PDF-1.7\n1 0 obj\n", "redaction.version"),
    # Before the pages.
    "remark-in-the-third-line": Vector(
        _swap(0, b"%\xe2\xe3\xcf\xd3\n", b"%" + SECRET.encode() + b"\n"), "redaction.head"
    ),
    "fourth-line": Vector(_swap(0, b"\xd3\n", b"\xd3\n% " + SECRET.encode() + b"\n"), "redaction.head"),
    "lines-end-otherwise": Vector(_swap(1, b">>", b">>\r"), "redaction.head"),
    "metadata-in-the-catalogue": Vector(_swap(1, _CATALOGUE, _CATALOGUE + b"/Metadata 13 0 R"), "redaction.head"),
    "bookmarks": Vector(_swap(1, _CATALOGUE, _CATALOGUE + b"/Outlines 13 0 R"), "redaction.head"),
    "attachment": Vector(_swap(1, _CATALOGUE, _CATALOGUE + b"/Names<</EmbeddedFiles 13 0 R>>"), "redaction.head"),
    "script": Vector(_swap(1, _CATALOGUE, _CATALOGUE + b"/OpenAction<</S/JavaScript/JS(x)>>"), "redaction.head"),
    "layers": Vector(_swap(1, _CATALOGUE, _CATALOGUE + b"/OCProperties<<>>"), "redaction.head"),
    "tags": Vector(_swap(1, _CATALOGUE, _CATALOGUE + b"/StructTreeRoot 13 0 R"), "redaction.head"),
    "more-pages-than-said": Vector(_swap(2, b"Count 2", b"Count 1"), "redaction.head"),
    "page-that-is-not-listed": Vector(_swap(2, b"[7 0 R 10 0 R]", b"[10 0 R]"), "redaction.head"),
    "spaces-between": Vector(_swap(2, b"/Kids[", b"/Kids ["), "redaction.head"),
    "font-with-glyphs": Vector(_swap(5, b"/StemV 80", b"/StemV 80/FontFile2 13 0 R"), "redaction.head"),
    "font-of-another-name": Vector(
        _swap(3, b"/BaseFont/Recognised", b"/BaseFont/" + SECRET.encode()), "redaction.head"
    ),
    "codes-that-mean-other-letters": Vector(_swap(6, b"<FFFF> <0000>", b"<FFFF> <0040>"), "redaction.head"),
    "remark-in-the-font": Vector(_swap(6, b"/Recognised def", b"/Wintergree def"), "redaction.head"),
    # A page.
    "note-on-a-page": Vector(_swap(PAGE, b"/Contents", b"/Annots[13 0 R]/Contents"), "redaction.page"),
    "page-cropped": Vector(_swap(PAGE, b"/Contents", b"/CropBox[0 0 9 9]/Contents"), "redaction.page"),
    "page-turned": Vector(_swap(PAGE, b"/Contents", b"/Rotate 90/Contents"), "redaction.page"),
    "thumbnail": Vector(_swap(PAGE, b"/Contents", b"/Thumb 12 0 R/Contents"), "redaction.page"),
    "second-picture": Vector(_swap(PAGE, b"<</P 9 0 R", b"<</P 9 0 R/Q 12 0 R"), "redaction.page"),
    "second-font": Vector(_swap(PAGE, b"<</T 3 0 R", b"<</T 3 0 R/F 3 0 R"), "redaction.page"),
    "picture-of-another-page": Vector(_swap(PAGE, b"<</P 9 0 R", b"<</P 12 0 R"), "redaction.page"),
    "page-larger-than-its-picture": Vector(_swap(PAGE, b"57.60", b"57.61"), "redaction.page"),
    "remark-between-objects": Vector(
        _change(lambda data: data.replace(b"7 0 obj", b"%x\n7 0 obj", 1)), "redaction.page"
    ),
    # What it draws.
    "text-drawn": Vector(
        _swap(CONTENT, _BEFORE_END, _LINE.replace(b"3 Tr", b"0 Tr") % _SAID + _BEFORE_END), "redaction.words"
    ),
    "text-under-the-picture": Vector(_swap(CONTENT, b"q .36", _LINE % _SAID + b"q .36"), "redaction.words"),
    "box-drawn-over": Vector(_swap(CONTENT, b"re n\n", b"re f\n"), "redaction.words"),
    "text-said-otherwise": Vector(
        _swap(CONTENT, _BEFORE_END, b"/Span<</ActualText(x)>>BDC EMC\n" + _BEFORE_END), "redaction.words"
    ),
    "text-in-brackets": Vector(_swap(CONTENT, b"<0054", b"(Wintergreen)Tj <0054"), "redaction.words"),
    "remark-in-what-is-drawn": Vector(_swap(CONTENT, _BEFORE_END, b"% x\n" + _BEFORE_END), "redaction.words"),
    "picture-drawn-smaller": Vector(
        _swap(CONTENT, b"cm /P Do Q\n", b"cm .1 0 0 .1 0 0 cm /P Do Q\n"), "redaction.words"
    ),
    "picture-inline": Vector(_swap(CONTENT, _BEFORE_END, b"BI /W 1/H 1 ID x EI\n" + _BEFORE_END), "redaction.words"),
    "word-beside-the-page": Vector(_swap(CONTENT, b"10 64 Td", b"160 64 Td"), "redaction.words"),
    "word-above-the-page": Vector(_swap(CONTENT, b"10 64 Td", b"10 105 Td"), "redaction.words"),
    "word-of-no-size": Vector(_swap(CONTENT, b"/T 16 Tf", b"/T 0 Tf"), "redaction.words"),
    "word-too-long": Vector(_said("x" * 1001), "redaction.words"),
    "small-letters-in-codes": Vector(_swap(CONTENT, b"006500", b"00650a00"), "redaction.words"),
    "number-with-a-leading-zero": Vector(_swap(CONTENT, b"/T 16 Tf", b"/T 016 Tf"), "redaction.words"),
    "what-is-drawn-packed": Vector(
        _change(lambda data: data.replace(b"8 0 obj\n<<", b"8 0 obj\n<</Filter/FlateDecode", 1)), "redaction.words"
    ),
    "bytes-behind-what-is-drawn": Vector(
        _change(lambda data: data.replace(b"\nQ\nendstream", b"\nQ\nxendstream", 1)), "redaction.words"
    ),
    "unseen-space-in-a-word": Vector(_said("trea\u200bsurer"), "redaction.unseen"),
    "word-of-unseen-letters": Vector(_said("\u3164\u115f"), "redaction.unseen"),
    "word-turned-around": Vector(_said("\u202egreen"), "redaction.unseen"),
    "word-of-private-letters": Vector(_said("\ue057\ue069"), "redaction.unseen"),
    "space-in-a-word": Vector(_said("two words"), "redaction.unseen"),
    "surrogates": Vector(_swap(CONTENT, b"<0054", b"<DB40DC570054"), "redaction.unseen"),
    # Boxes.
    "box-without-a-number": Vector(_swap(CONTENT, _NUMBER_1, b"<005B0078005D0020>"), "redaction.box"),
    "box-with-a-name": Vector(_swap(CONTENT, _NUMBER_1, b"<%s0020>" % _SAID), "redaction.box"),
    "box-of-number-zero": Vector(_swap(CONTENT, _NUMBER_1, b"<005B0030005D0020>"), "redaction.box"),
    "box-of-number-too-large": Vector(_listed(page(boxes=(NumberedBox(2001, 0, 0, 8, 8),))), "redaction.box"),
    "box-whose-number-stands-elsewhere": Vector(_swap(CONTENT, b"10 88 Td", b"11 88 Td"), "redaction.box"),
    "box-beside-the-page": Vector(
        _listed(page(boxes=(NumberedBox(1, 150, 0, 11, 8),), rows=bytes(rows_of(GREY, (), 0)))), "redaction.box"
    ),
    "box-of-no-width": Vector(_swap(CONTENT, b"10 88 80 22 re", b"10 88 0 22 re"), "redaction.box"),
    "box-behind-the-words": Vector(_swap(CONTENT, _BEFORE_END, b"1 1 9 9 re n\n" + _BEFORE_END), "redaction.words"),
    "box-on-the-list": Vector(
        bind_later(page(), replace(LISTING, boxes=(NumberedBox(1, 0, 0, 9, 9),))), "redaction.box"
    ),
    "no-box": Vector(_listed(page(boxes=())), "redaction.cut"),
    # Pictures.
    "picture-of-a-camera": Vector(_swap(PICTURE, b"/FlateDecode", b"/DCTDecode"), "redaction.picture"),
    "picture-seen-through": Vector(_swap(PICTURE, b"/Length", b"/SMask 12 0 R/Length"), "redaction.picture"),
    "picture-with-metadata": Vector(_swap(PICTURE, b"/Length", b"/Metadata 12 0 R/Length"), "redaction.picture"),
    "picture-in-other-colours": Vector(_swap(PICTURE, b"DeviceGray", b"DeviceRGB"), "redaction.picture"),
    "picture-reversed": Vector(_swap(PICTURE, b"/Length", b"/Decode[1 0]/Length"), "redaction.picture"),
    "rows-of-another-length": Vector(_swap(PICTURE, b"/Columns 160", b"/Columns 161"), "redaction.picture"),
    "picture-of-another-size": Vector(_swap(PICTURE, b"/Height 120", b"/Height 60"), "redaction.picture"),
    "bytes-behind-the-picture": Vector(
        _swap(PICTURE, b"\nendstream", SECRET.encode() + b"\nendstream"), "redaction.picture"
    ),
    "bytes-behind-the-pixels": Vector(_packed(lambda rows: pack_rows(rows) + SECRET.encode()), "redaction.pixels"),
    "rows-below-the-picture": Vector(_packed(lambda rows: pack_rows(rows + rows[:161])), "redaction.pixels"),
    "rows-missing": Vector(_packed(lambda rows: pack_rows(rows[:-161])), "redaction.pixels"),
    "text-in-the-tags-of-rows": Vector(_rows(_tag), "redaction.pixels"),
    "packed-otherwise": Vector(_packed(lambda rows: zlib.compress(rows, 9)), "redaction.pixels"),
    "pixels-damaged": Vector(_packed(lambda rows: pack_rows(rows)[:-1] + b"\0"), "redaction.pixels"),
    "pixels-cut-short": Vector(_packed(lambda rows: pack_rows(rows)[:-5]), "redaction.pixels"),
    "box-nearly-black": Vector(_rows(_put(15 * 161 + 12, b"\1")), "redaction.black"),
    "box-with-letters-hardly-seen": Vector(_rows(_write_in_box), "redaction.black"),
    "box-half-black": Vector(_rows(_put(31 * 161 + 11, b"\xff" * 80)), "redaction.black"),
    "box-with-another-number": Vector(
        _listed(page(rows=bytes(rows_of(GREY, (replace(BOXES[0], number=2), BOXES[1]))))), "redaction.black"
    ),
    "box-without-its-number": Vector(
        _listed(page(boxes=(NumberedBox(1, 0, 0, 40, 40),), rows=bytes(rows_of(GREY, (), 0)))), "redaction.black"
    ),
    "nothing-black": Vector(_listed(page(rows=bytes(rows_of(GREY)))), "redaction.black"),
    # The list and the end.
    "no-list": Vector(bind_later(page()), "redaction.list"),
    "page-behind-the-list": Vector(bind_later(page(), LISTING, page()), "redaction.list"),
    "object-that-nothing-leads-to": Vector(_add(b"<</Note(" + SECRET.encode() + b")>>"), "redaction.end"),
    "document-information": Vector(
        _change(lambda data: data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 13 0 R")), "redaction.end"
    ),
    "identifier": Vector(
        _change(lambda data: data.replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[<00><00>]")), "redaction.end"
    ),
    "another-place-in-the-table": Vector(
        _change(lambda data: data.replace(b" 00000 n ", b" 00001 n ", 1)), "redaction.end"
    ),
    "later-state-of-the-file": Vector(_change(_update), "redaction.end"),
    "behind-the-end": Vector(_change(lambda data: data + SECRET.encode()), "redaction.end"),
    "line-behind-the-end": Vector(_change(lambda data: data + b"\n"), "redaction.end"),
    "cut-short": Vector(_change(lambda data: data[:-1]), "redaction.end"),
    # Words that were given.
    "name-over-the-picture": Vector(_said("by", "wintergrêen’s", "hand"), "redaction.word", (SECRET,)),
    "name-across-words": Vector(_said("W", "inter-", "green"), "redaction.word", (SECRET,)),
    "name-across-pages": Vector(
        _listed(page(words=(PlacedWord("win", 1, 1, 9, 9),)), page(words=(PlacedWord("TERGREEN", 1, 1, 9, 9),))),
        "redaction.word",
        (SECRET,),
    ),
    "name-backwards": Vector(_said("neergretniw"), "redaction.word", (SECRET,)),
    "short-name": Vector(_said("Mr", "Lee’s", "coat"), "redaction.word", ("Lee",)),
    "name-as-pixels": Vector(_rows(_put(100 * 161 + 20, SECRET.encode())), "redaction.word", (SECRET,)),
    "name-as-wide-pixels": Vector(_rows(_put(100 * 161 + 20, SECRET.encode("utf-16-be"))), "redaction.word", (SECRET,)),
    "name-in-stored-blocks": Vector(
        lambda: bind(
            page(packed=_store(bytes(rows_of(GREY, BOXES))[:-30] + b"wINTERGREEN" * 2 + b"\xff" * 8)), LISTING
        ),
        "redaction.word",
        (SECRET,),
    ),
    # Pictures by themselves.
    "png-with-a-remark": Vector(
        _picture((b"tEXt", b"Comment\0" + SECRET.encode()), _DATA), "redaction.picture", ending="png"
    ),
    "png-in-two-parts": Vector(
        _picture((b"IDAT", _PIXELS[:9]), (b"IDAT", _PIXELS[9:])), "redaction.picture", ending="png"
    ),
    "png-with-a-palette": Vector(_picture((b"PLTE", bytes(3)), _DATA), "redaction.picture", ending="png"),
    "png-interlaced": Vector(_picture(_DATA, head=_PNG_HEAD[16:28] + b"\1"), "redaction.picture", ending="png"),
    "png-seen-through": Vector(_picture(_DATA, head=_PNG_HEAD[16:25] + b"\4\0\0\0"), "redaction.picture", ending="png"),
    "png-with-bytes-behind": Vector(lambda: png() + SECRET.encode(), "redaction.picture", ending="png"),
    "png-too-large": Vector(
        _picture(_DATA, head=b"\0\0\xff\xff\0\0\xff\xff" + _PNG_HEAD[24:29]), "redaction.picture", ending="png"
    ),
    "png-with-text-in-the-tags": Vector(
        _picture((b"IDAT", pack_rows(b"W" + _ROWS[1:]))), "redaction.pixels", ending="png"
    ),
    "png-with-rows-below": Vector(
        _picture((b"IDAT", pack_rows(_ROWS + b"\0" * 161))), "redaction.pixels", ending="png"
    ),
    "png-not-black": Vector(lambda: png(boxes=()), "redaction.black", boxes=BOXES, ending="png"),
    "png-box-beside-it": Vector(png, "redaction.box", boxes=(NumberedBox(1, 159, 0, 2, 1),), ending="png"),
    "png-name-as-pixels": Vector(
        _picture((b"IDAT", pack_rows(_ROWS[:-40] + SECRET.encode() + b"\xff" * 29))),
        "redaction.word",
        (SECRET,),
        ending="png",
    ),
    # Texts.
    "text-of-another-coding": Vector(lambda: TEXT.encode() + b"\xff", "redaction.text", ending="txt"),
    "text-empty": Vector(lambda: b"", "redaction.list", ending="txt"),
    "text-with-unseen-letters": Vector(_text("told", "to\u200bld"), "redaction.unseen", ending="txt"),
    "text-with-tags": Vector(_text("told", "told\U000e0057"), "redaction.unseen", ending="txt"),
    "text-written-over": Vector(_text("told", f"{SECRET}\r told"), "redaction.unseen", ending="txt"),
    "text-with-another-beginning": Vector(lambda: b"\xef\xbb\xbf" + TEXT.encode(), "redaction.unseen", ending="txt"),
    "text-without-list": Vector(_text("What was cut out:\n", ""), "redaction.list", ending="txt"),
    "text-with-a-cut-not-listed": Vector(_text("[2] clause 9\n", ""), "redaction.cut", ending="txt"),
    "text-listed-out-of-order": Vector(_text("[2] clause 9", "[3] clause 9"), "redaction.list", ending="txt"),
    "text-without-a-reason": Vector(_text("[2] clause 9", "[2] "), "redaction.list", ending="txt"),
    "text-behind-the-list": Vector(lambda: TEXT.encode() + SECRET.encode(), "redaction.list", ending="txt"),
    "text-mask-without-number": Vector(_text("█████[1] told", "█████ told"), "redaction.cut", ending="txt"),
    "text-mask-as-long-as-the-word": Vector(_text("█████[1] told", "██████[1] told"), "redaction.cut", ending="txt"),
    "text-with-nothing-cut": Vector(
        lambda: b"All of it.\n\nWhat was cut out:\n[1] nothing\n", "redaction.cut", ending="txt"
    ),
    "text-that-names": Vector(_text("told", "Winter-\ngreen told"), "redaction.word", (SECRET,), ending="txt"),
    "text-that-names-backwards": Vector(
        _text("told", f"{SECRET[::-1]} told"), "redaction.word", (SECRET,), ending="txt"
    ),
}
