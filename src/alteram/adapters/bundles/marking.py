"""Marked copies of a bundle: carriers prepared once, each copy then put together from them.

`prepare` takes the unmarked bundle apart into a folder: the bundle with stand-ins where marks go, and for every page
what goes there for each symbol. `mark` writes one recipient's copy from it. The folder is as confidential as the
bundle and the seed; whoever gives it destroys it. It holds nothing that names a recipient.

Visibly, every page of a copy says along its left edge for whom it is and since when, and so does a field of the file
(`CopyFor`). Invisibly, words stand a little aside (marking_text) and page images are a little lighter and darker
(marking_images), by a code that core/disclosure/codes derives from the seed and the copy's name. Recordings carry
no invisible mark yet: a carrier for them would be prepared and chosen here in the same way.
What draws a bundle's pages comes out of files that were lodged: `prepare` is done in a worker. `mark` reads no PDF.
"""

import hmac
import io
import mmap
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf
from PIL import Image, ImageDraw, ImageFont

from alteram.adapters.bundles.marking_images import Variants, choose, cut_grid, find_image, open_image, vary
from alteram.adapters.bundles.marking_splicing import Table, open_new, read_table, splice, write_stream
from alteram.adapters.bundles.marking_text import Layout, Move, Part, fill, lay_out
from alteram.adapters.bundles.marking_walk import Matrix
from alteram.core.disclosure.codes import derive_pattern_key, derive_symbols, draw_pattern, verify_seed
from alteram.core.disclosure.errors import MarkError
from alteram.core.kernel.phrases import phrase

#: Strips of a page's image have the slots from here; words have those before.
FIRST_STRIP: Final = 2048
_BASE, _CARRIERS, _INDEX = "base.pdf", "carriers", "index"
_STAMP_NAME: Final = "/AlteramCopy"
_STAMP_SIZE: Final = (2400, 44)
_STAMP_POINTS: Final = (576.0, 10.56)
_STAMP_MARGIN: Final = 15.0
#: The visible mark begins above the strip with the page's number.
_STAMP_BOTTOM: Final = 45.0
_MOST_SHOWN: Final = 200
#: What a stream says of how it is written: not what one in its place says.
_ENCODED: Final = frozenset({"/Length", "/Filter", "/DecodeParms", "/F", "/FFilter", "/FDecodeParms"})


class _Text(msgspec.Struct, frozen=True, tag="text"):
    """What goes where a page's content was, or a form's; `words` are those of the whole page."""

    pieces: tuple[bytes, ...]
    moves: tuple[Move, ...]
    words: int
    before: bytes
    behind: bytes


class _Picture(msgspec.Struct, frozen=True, tag="image"):
    """What goes where a page's image was."""

    head: bytes
    zero: tuple[bytes, ...]
    one: tuple[bytes, ...]
    rows: int


class _Carrier(msgspec.Struct, frozen=True, array_like=True):
    """Where what a page carries lies in the file of carriers, and which object it stands in for."""

    page: int
    offset: int
    length: int
    number: int
    dictionary: bytes


class _Index(msgspec.Struct, frozen=True):
    """What is prepared: the carriers by the order of their stand-ins, and the objects of the visible mark."""

    carriers: tuple[_Carrier, ...]
    stamp: int
    facts: int
    token: bytes


class Secrets(msgspec.Struct, frozen=True):
    """What a bundle's marks are prepared with: a word that stands nowhere in it, and the key of each page's pattern.

    It is not the seed: whoever had taken over the worker by a page could otherwise carry that out in a copy, and make
    any copy with it.
    """

    token: bytes
    patterns: tuple[bytes, ...]


def derive_secrets(seed: bytes, pages: int) -> Secrets:
    """Return what a bundle of so many pages is prepared with. Raises: MarkError."""
    token = hmac.digest(verify_seed(seed), b"alteram/mark/stand-in/v1", "sha256")[:12].hex().encode()
    return Secrets(b"mark-" + token, tuple(derive_pattern_key(seed, page) for page in range(1, pages + 1)))


def prepare_marks(job: dict[str, Any]) -> dict[str, Any]:
    """In a worker: prepare the open file `source`, by its `secrets`, into `folder`; return the symbols of each page."""
    secrets = msgspec.convert(job["secrets"], Secrets)
    try:
        return {"symbols": prepare(Path(f"/proc/self/fd/{job['source']}"), secrets, Path(job["folder"]))}
    except MarkError as error:
        return {"error": error.problem}


def prepare(unmarked: Path, secrets: Secrets, folder: Path) -> tuple[int, ...]:
    """Take a bundle apart into an empty folder; return how many symbols each page carries. Raises: MarkError."""
    token = secrets.token
    try:
        with Pdf.open(unmarked) as pdf, (folder / _CARRIERS).open("xb") as out:
            if len(pdf.pages) != len(secrets.patterns):
                raise MarkError(
                    "mark.bundle", phrase("The bundle to be marked has another number of pages than is recorded.")
                )
            parts = _Parts(pdf, secrets, out)
            for number, page in enumerate(pdf.pages, start=1):
                parts.take(number, page)
            pdf.docinfo["/CopyFor"] = token.decode() + "-facts"
            pdf.save(
                folder / _BASE,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                compress_streams=False,
                encryption=False,
            )
    except pikepdf.PdfError as error:
        raise MarkError("mark.bundle", phrase("The bundle to be marked is no PDF that can be read.")) from error
    with (folder / _BASE).open("rb") as base:
        index = _find_stand_ins(base, read_table(base), token, parts.placed)
    (folder / _INDEX).write_bytes(msgspec.msgpack.encode(index))
    return tuple(parts.symbols)


def mark(folder: Path, seed: bytes, copy: bytes, into: Path, *, shown: str, font: bytes) -> None:
    """Write a recipient's copy; `shown` is what every page says of it, in the font (TTF) that is given.

    Raises: MarkError; FileExistsError when `into` is there already.
    """
    if not 1 <= len(shown) <= _MOST_SHOWN:
        raise MarkError("mark.shown", phrase("What a copy says of itself has 1 to 200 characters."))
    index = msgspec.msgpack.decode((folder / _INDEX).read_bytes(), type=_Index)
    with (folder / _BASE).open("rb") as base, (folder / _CARRIERS).open("rb") as carriers, open_new(into) as out:
        table = read_table(base)
        replaced: dict[int, Callable[[], bytes]] = {
            one.number: partial(_put_together, carriers, one, seed, copy) for one in index.carriers
        }
        if index.stamp:
            replaced[index.stamp] = partial(_write_stamp, shown, font)
        facts = _read_object(base, table.offsets[index.facts], table.ends()[index.facts])
        replaced[index.facts] = partial(_write_facts, facts, index.token, shown)
        splice(base, out, table, replaced)


class _Parts:
    """Takes pages apart as they come."""

    def __init__(self, pdf: Pdf, secrets: Secrets, out: BinaryIO) -> None:
        self._pdf, self._patterns, self._token, self._out = pdf, secrets.patterns, secrets.token, out
        self._images = set[tuple[int, int]]()
        self.placed: list[tuple[int, int, int]] = []
        #: How many symbols each page carries.
        self.symbols: list[int] = []
        self._stamp = pdf.make_stream(self._token + b"-stamp")
        for key, value in _stamp_dictionary().items():
            self._stamp[key] = value

    def take(self, number: int, page: pikepdf.Page) -> None:
        """Put stand-ins where a page's marks go, and keep what goes there."""
        layout = lay_out(page)
        strips = self._take_image(number, page, layout.drawn)
        self.symbols.append(len(layout.words) + strips)
        if layout.words:
            names = self._take_forms(number, layout)
            page.obj.Resources = _add_names(page.resources, names)
        name = page.add_resource(self._stamp, Name.XObject, Name(_STAMP_NAME))
        behind = _draw_stamp(page, str(name))
        if layout.words:
            page.Contents = self._pdf.make_stream(self._stand_in())
            self._keep_text(number, layout, layout.parts[0], before=b"q\n", behind=behind)
        else:
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(behind)

    def _take_forms(self, number: int, layout: Layout) -> dict[str, Object]:
        """Put a form of its own in place of each that the page draws; return those of its own content by name.

        A form that several pages draw, or one page twice, is so marked for each place by itself.
        """
        made: dict[int, Object] = {}
        for at, part in reversed(list(enumerate(layout.parts))):
            if part.form is not None:
                made[at] = self._take_form(number, layout, part, part.form, made) if part.carries else part.form
        return {name: made[at] for name, at in layout.parts[0].forms.items()}

    def _take_form(self, number: int, layout: Layout, part: Part, was: Object, made: Mapping[int, Object]) -> Object:
        form = self._pdf.make_stream(self._stand_in())
        for key, value in was.items():
            if key not in _ENCODED:
                form[key] = value
        if part.forms:
            named = {name: made[at] for name, at in part.forms.items()}
            form.Resources = _add_names(was.get("/Resources", Dictionary()), named)
        self._keep_text(number, layout, part)
        return form

    def _keep_text(self, number: int, layout: Layout, part: Part, *, before: bytes = b"", behind: bytes = b"") -> None:
        self._keep(number, _Text(part.pieces, part.moves, len(layout.words), before, behind))

    def _take_image(self, number: int, page: pikepdf.Page, drawn: tuple[tuple[Object, Matrix], ...]) -> int:
        found = find_image(page, drawn)
        if found is None:
            return 0
        image, matrix = found
        pixels = None if image.objgen in self._images else open_image(image)
        if pixels is None:
            return 0
        self._images.add(image.objgen)
        grid = cut_grid(pixels.width, pixels.height, matrix)
        made = vary(pixels, grid, draw_pattern(self._patterns[number - 1], grid.strips * grid.squares))
        image.write(self._stand_in(), filter=Name.DCTDecode)
        image.ColorSpace = Name.DeviceGray if pixels.mode == "L" else Name.DeviceRGB
        image.BitsPerComponent, image.Width, image.Height = 8, pixels.width, pixels.height
        if "/Decode" in image:
            del image["/Decode"]
        self._keep(number, _Picture(made.head, made.zero, made.one, made.rows))
        return grid.strips

    def _stand_in(self) -> bytes:
        return self._token + b"-%08d" % len(self.placed)

    def _keep(self, page: int, carrier: _Text | _Picture) -> None:
        data = msgspec.msgpack.encode(carrier)
        self.placed.append((page, self._out.tell(), len(data)))
        self._out.write(data)


def _add_names(resources: Object, named: Mapping[str, Object]) -> Dictionary:
    """Return resources in which these names stand for these drawings, too; others that share them keep theirs."""
    drawings = Dictionary({**dict(resources.get("/XObject", Dictionary()).items()), **named})
    return Dictionary({**dict(resources.items()), "/XObject": drawings})


def _put_together(carriers: BinaryIO, one: _Carrier, seed: bytes, copy: bytes) -> bytes:
    carriers.seek(one.offset)
    carrier = msgspec.msgpack.decode(carriers.read(one.length), type=_Text | _Picture)
    if isinstance(carrier, _Text):
        symbols = derive_symbols(seed, copy, one.page, carrier.words)
        content = carrier.before + fill(carrier.pieces, carrier.moves, symbols) + carrier.behind
        return write_stream(one.dictionary + b" /Filter /FlateDecode", zlib.compress(content, 1))
    strips = -(-len(carrier.zero) // carrier.rows)
    symbols = derive_symbols(seed, copy, one.page, strips, first=FIRST_STRIP)
    return write_stream(
        one.dictionary, choose(Variants(carrier.head, carrier.zero, carrier.one, carrier.rows), symbols)
    )


def _find_stand_ins(base: BinaryIO, table: Table, token: bytes, placed: list[tuple[int, int, int]]) -> _Index:
    """Return what is prepared, with the numbers that the objects have in the file as it was written."""
    order = sorted((offset, number) for number, offset in enumerate(table.offsets) if offset)
    begins, ends = [offset for offset, _ in order], table.ends()
    found: dict[bytes, int] = {}
    with mmap.mmap(base.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for one in re.finditer(re.escape(token) + rb"-(stamp|facts|\d{8})", data):
            found[one[1]] = order[bisect_right(begins, one.start()) - 1][1]
    carriers = tuple(
        _Carrier(
            page, offset, length, number, _read_dictionary(_read_object(base, table.offsets[number], ends[number]))
        )
        for place, (page, offset, length) in enumerate(placed)
        if (number := found[b"%08d" % place])
    )
    return _Index(carriers, found.get(b"stamp", 0), found[b"facts"], token)


def _read_object(base: BinaryIO, begin: int, end: int) -> bytes:
    """Return an object's bytes, without its number and its end."""
    base.seek(begin)
    raw = base.read(end - begin)
    return raw[raw.index(b"obj") + 3 : raw.rindex(b"endobj")].strip()


def _read_dictionary(body: bytes) -> bytes:
    inner = body[body.index(b"<<") + 2 : body.rindex(b">>", 0, body.rindex(b"stream\n", 0, -9))]
    return re.sub(rb"/Length\s+\d+(\s+\d+\s+R)?", b"", inner).strip()


def _stamp_dictionary() -> dict[str, Object | int | bool]:
    width, height = _STAMP_SIZE
    return {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": width,
        "/Height": height,
        "/ImageMask": True,
        "/BitsPerComponent": 1,
    }


def _draw_stamp(page: pikepdf.Page, name: str) -> bytes:
    """Return what ends a page's content and draws the visible mark upwards along the left edge."""
    left, bottom, _, top = (float(one) for one in page.cropbox)
    long, thick = _STAMP_POINTS
    scale = min(1.0, (top - bottom - _STAMP_MARGIN - _STAMP_BOTTOM) / long)
    placed = b"0 %.2f %.2f 0 %.2f %.2f cm" % (
        long * scale,
        -thick * scale,
        left + _STAMP_MARGIN + thick * scale,
        bottom + _STAMP_BOTTOM,
    )
    return b"\nQ\n/Artifact BMC q 0.35 g %s %s Do Q EMC\n" % (placed, name.encode())


def _write_stamp(shown: str, font: bytes) -> bytes:
    """Return the visible mark as an image: no font has to be put into every copy for whatever name it says."""
    width, height = _STAMP_SIZE
    size = 30
    while (drawn := ImageFont.truetype(io.BytesIO(font), size)).getlength(shown) > width and size > 8:
        size -= 1
    image = Image.new("1", (width, height), 1)
    ImageDraw.Draw(image).text((0, height // 2), shown, font=drawn, fill=0, anchor="lm")
    facts = b" ".join(_write_facts_of(_stamp_dictionary()))
    return write_stream(facts + b" /Filter /FlateDecode", zlib.compress(image.tobytes()))


def _write_facts_of(facts: dict[str, Object | int | bool]) -> Iterator[bytes]:
    for key, value in facts.items():
        said = str(value).lower() if isinstance(value, bool) else str(value)
        yield f"{key} {said}".encode()


def _write_facts(body: bytes, token: bytes, shown: str) -> bytes:
    """Return the file's facts with the name of the copy in them."""
    said = b"<FEFF" + shown.encode("utf-16-be").hex().encode() + b">"
    return body.replace(b"(" + token + b"-facts)", said)
