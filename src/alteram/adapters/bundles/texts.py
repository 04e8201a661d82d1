"""In a worker: every text in a PDF, and every place in it where bytes could hide one.

Each text is written as a line of JSON: [place, page (0: none), text]. Whatever is asked for by `needles` (bytes, as
hex, in small letters) is also looked for in what is no text: pictures, fonts, what no page leads to, what lies between
the objects, and earlier states of the file. It shows nothing and runs nothing.
"""

import io
import json
import mmap
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image

from alteram.adapters.bundles.cleaning import UNREADABLE
from alteram.adapters.bundles.drawn_text import Fonts, read_drawn
from alteram.core.kernel.phrases import phrase

#: The most that is taken of one stream, and of all of a file.
MAX_STREAM: Final = 256 << 20
MAX_STATES: Final = 20
_CHUNK: Final = 8 << 20
_OVERLAP: Final = 4096
_AROUND: Final = 16 << 20
_DEPTH: Final = 200
_MAX_OBJECTS: Final = 2_000_000
#: What a place is called by the key that leads to it, the first that fits on the way.
_PLACES: Final = {
    "/Info": "document information",
    "/Metadata": "metadata (XMP)",
    "/Outlines": "bookmark",
    "/PageLabels": "page label",
    "/EmbeddedFiles": "attachment",
    "/AF": "attachment",
    "/EF": "attachment",
    "/JavaScript": "script",
    "/JS": "script",
    "/OpenAction": "action",
    "/AA": "action",
    "/AcroForm": "form field",
    "/Annots": "annotation",
    "/Names": "name tree",
    "/Dests": "name tree",
    "/StructTreeRoot": "structure tree",
    "/OCProperties": "layer",
    "/Properties": "marked content",
    "/Thumb": "thumbnail",
    "/PieceInfo": "private data",
    "/ToUnicode": "font",
    "/Font": "font",
    "/ID": "identifier",
    "/Threads": "article",
    "/ViewerPreferences": "catalogue",
}
#: Places that a key further on tells better.
_VAGUE: Final = frozenset(("catalogue", "page", "object that nothing leads to", "name tree"))
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_STATE_END: Final = re.compile(rb"%%EOF[\r\n \t]*")
_PICTURES: Final = {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}


class _Sink:
    """Takes texts and bytes: writes the texts, keeps where needles are found in the bytes."""

    def __init__(self, out: BinaryIO, needles: list[bytes]) -> None:
        self._out = out
        self._needles = needles
        self._seen: set[tuple[str, int, int]] = set()
        self.found: list[tuple[str, int, int]] = []

    def take_text(self, place: str, page: int, text: str) -> None:
        cleaned = text.encode("utf-8", "replace").decode()
        key = (place, page, hash(cleaned))
        if cleaned.strip() and key not in self._seen:
            self._seen.add(key)
            self._out.write(json.dumps([place, page, cleaned]).encode() + b"\n")

    def take_bytes(self, place: str, page: int, data: bytes) -> None:
        if not self._needles:
            return
        small = data.lower()
        for index, needle in enumerate(self._needles):
            if needle in small:
                self.found.append((place, page, index))


def read_texts(job: dict[str, Any]) -> dict[str, Any]:
    """Write every text of the open file `source` into the open file `out`; tell where needles are, and what is odd."""
    odd: list[tuple[str, str]] = []
    if os.fstat(job["source"]).st_size == 0:
        return {"found": [], "odd": [(phrase("the file"), phrase("it is empty"))], "pages": 0}
    with (
        os.fdopen(job["out"], "wb", closefd=False) as out,
        mmap.mmap(job["source"], 0, access=mmap.ACCESS_READ) as data,
    ):
        sink = _Sink(out, [bytes.fromhex(one) for one in job.get("needles", ())])
        for at in range(0, len(data), _CHUNK):
            sink.take_bytes("bytes of the file", 0, data[max(0, at - _OVERLAP) : at + _CHUNK])
        pages, states = 0, _states(data)
        for state, end in enumerate(states, 1):
            where = "" if state == len(states) else f", in state {state} of the file"
            opened = f"/proc/self/fd/{job['source']}" if not where else io.BytesIO(data[:end])
            try:
                with Pdf.open(opened, suppress_warnings=True) as pdf:
                    pages = _Reader(pdf, sink, where).read()
                    if pdf.is_encrypted:
                        odd.append((phrase("the file"), phrase("it is encrypted")))
            except UNREADABLE:
                if not where:
                    odd.append((phrase("the file"), phrase("it cannot be opened")))
        _read_raw(data, sink)
        _read_as_shown(job["source"], sink)
    if len(states) > 1:
        odd.append((phrase("the file"), phrase("it holds earlier states of itself")))
    return {"found": sink.found, "odd": odd, "pages": pages}


def _states(data: mmap.mmap) -> list[int]:
    """Return where each state of a file ends: every one but the last was written over by an update."""
    ends = [match.end() for match in _STATE_END.finditer(data)][:MAX_STATES]
    return sorted({*ends, len(data)}) if not ends or data[ends[-1] :].strip() else [*ends[:-1], len(data)]


class _Reader:
    """Reads one state of a file: first what is reached from its root, by name of place; then what is not."""

    def __init__(self, pdf: Pdf, sink: _Sink, where: str) -> None:
        self._pdf, self._sink, self._where = pdf, sink, where
        self._seen: set[tuple[int, int]] = set()
        self._fonts = Fonts()

    def read(self) -> int:
        """Read it all; return how many pages it has."""
        pages = 0
        with suppress(*UNREADABLE):
            for number, page in enumerate(self._pdf.pages, 1):
                pages = number
                self._read_page(page, number)
        self._walk(self._pdf.trailer, "catalogue", 0)
        with suppress(*UNREADABLE):
            for obj in self._pdf.objects:
                if obj.is_indirect and obj.objgen not in self._seen:
                    self._walk(obj, "object that nothing leads to", 0)
        return pages

    def _read_page(self, page: pikepdf.Page, number: int) -> None:
        obj = page.obj
        self._seen.add(obj.objgen)
        resources = obj.get(Name.Resources, Dictionary())
        contents = obj.get(Name.Contents)
        parts = list(contents) if isinstance(contents, Array) else [contents]
        drawn = b"\n".join(_decode(one) for one in parts if isinstance(one, Stream))
        self._sink.take_bytes(f"text that is drawn{self._where}", number, drawn)
        self._take_drawn("text that is drawn", number, drawn, resources)
        for key, value in obj.items():
            if key not in {"/Parent", "/Type"}:
                self._walk(value, _PLACES.get(key, "page"), number, resources)

    def _walk(self, start: Any, place: str, page: int, resources: Any = None) -> None:
        waiting = [(start, place, page, 0, resources)]
        while waiting:
            obj, at, on, depth, drawn_with = waiting.pop()
            if isinstance(obj, pikepdf.String):
                self._take_string(at, on, obj)
            elif isinstance(obj, Name):
                self._sink.take_text(f"name in {at}{self._where}", on, str(obj)[1:])
            if depth > _DEPTH or not isinstance(obj, (Dictionary, Array, Stream)):
                continue
            if obj.is_indirect:
                if obj.objgen in self._seen or len(self._seen) > _MAX_OBJECTS:
                    continue
                self._seen.add(obj.objgen)
            if isinstance(obj, Array):
                waiting += [(one, at, on, depth + 1, drawn_with) for one in list(obj)]
                continue
            if isinstance(obj, Stream):
                self._take_stream(at, on, obj, drawn_with)
            drawn_with = obj.get(Name.Resources, drawn_with)
            for key, value in obj.items():
                if key == "/Parent" and obj.get(Name.Type) in {Name.Page, Name.Pages}:
                    continue
                self._sink.take_text(f"name in {at}{self._where}", on, key[1:])
                told = _PLACES.get(key, at) if at in _VAGUE else at
                waiting.append((value, told, on, depth + 1, drawn_with))

    def _take_string(self, place: str, page: int, value: Object) -> None:
        raw = bytes(value)
        self._sink.take_text(place + self._where, page, str(value))
        self._sink.take_bytes(place + self._where, page, raw)
        for coding in ("utf-8", "latin-1", "utf-16-be", "utf-16-le"):
            with suppress(UnicodeDecodeError):
                self._sink.take_text(f"{place}{self._where}", page, raw.decode(coding))

    def _take_stream(self, place: str, page: int, stream: Object, resources: Any) -> None:
        kind = stream.get(Name.Subtype)
        data = _decode(stream)
        if kind == Name.Image:
            self._take_picture(f"picture{self._where}" if place == "page" else place + self._where, page, stream)
        self._sink.take_bytes(place + self._where, page, data)
        if kind == Name.Form or Name.PatternType in stream or b" Tj" in data or b"]TJ" in data or b"BT" in data[:4096]:
            self._take_drawn("text that is drawn", page, data, stream.get(Name.Resources, resources) or Dictionary())
        if _is_text(data):
            for coding in ("utf-8", "latin-1", "utf-16"):
                with suppress(UnicodeDecodeError):
                    self._sink.take_text(place + self._where, page, data.decode(coding))
                    break

    def _take_drawn(self, place: str, page: int, data: bytes, resources: Any) -> None:
        with suppress(*UNREADABLE):
            for how, text in read_drawn(self._pdf, data, resources, self._fonts):
                self._sink.take_text(f"{how or place}{self._where}", page, text)

    def _take_picture(self, place: str, page: int, stream: Object) -> None:
        filters = stream.get(Name.Filter)
        names = {str(one) for one in (filters if isinstance(filters, Array) else [filters])}
        if names & _PICTURES:
            with suppress(*UNREADABLE):
                for told, text in read_picture_words(stream.read_raw_bytes()):
                    self._sink.take_text(f"{told} of a {place}", page, text)


def read_picture_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the words that a picture's file says beside its pixels: notes, colour profiles, what follows it."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            facts = dict(picture.info)
            exif = picture.getexif()
            ends = len(data)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        yield "bytes", data.decode("latin-1")
        return
    for key, value in facts.items():
        for text in _texts_of(value):
            yield f"{key} note", text
    for group in (exif, *(exif.get_ifd(one) for one in (0x8769, 0x8825, 0xA005))):
        for value in dict(group).values():
            for text in _texts_of(value):
                yield "camera note (EXIF)", text
    if data.startswith(b"\xff\xd8"):
        ends = data.rfind(b"\xff\xd9") + 2
        yield "segments", b"\n".join(_segments(data)).decode("latin-1")
    if data[ends:].strip(b"\0"):
        yield "what follows the end", data[ends:].decode("latin-1")


def _segments(data: bytes) -> Iterator[bytes]:
    """Yield the segments of a JPEG that hold no picture: applications' and comments."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xE0 <= data[at + 1] <= 0xEF or data[at + 1] == 0xFE:
            yield data[at + 4 : at + 2 + length]
        at += 2 + length


def _texts_of(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case bytes():
            yield value.decode("latin-1")
            with suppress(UnicodeDecodeError):
                yield value.decode("utf-16-be")
            with suppress(UnicodeDecodeError):
                yield value.decode("utf-16-le")
        case tuple() | list():
            for one in value:
                yield from _texts_of(one)
        case _:
            pass


def _decode(stream: Object) -> bytes:
    """Return the bytes of a stream, decoded as far as that can be done."""
    try:
        data: bytes = stream.read_bytes()
    except UNREADABLE:
        try:
            data = stream.read_raw_bytes()
        except UNREADABLE:
            return b""
    return data[:MAX_STREAM]


def _is_text(data: bytes) -> bool:
    sample = data[:4096]
    if not sample:
        return False
    if sample.startswith((b"\xfe\xff", b"\xff\xfe")):
        return True
    return sum(one >= 32 or one in b"\r\n\t" for one in sample) / len(sample) > 0.95


def _read_raw(data: mmap.mmap, sink: _Sink) -> None:
    """Read streams wherever they lie in the file, whether anything leads to them or not, and what lies around."""
    before = 0
    for match in _STREAM.finditer(data):
        sink.take_text("bytes between the objects", 0, data[before : match.start()][-_AROUND:].decode("latin-1"))
        before = match.end()
        unpacked = _unpack(match[1])
        if unpacked:
            sink.take_bytes("stream in the bytes of the file", 0, unpacked)
            if _is_text(unpacked):
                sink.take_text("stream in the bytes of the file", 0, unpacked.decode("latin-1"))
    sink.take_text("bytes between the objects", 0, data[before:].decode("latin-1"))


def _unpack(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    with suppress(zlib.error):
        return unpacker.decompress(data, MAX_STREAM)
    return b""


def _read_as_shown(source: int, sink: _Sink) -> None:
    """Read the text that a reader of the file would select on each page."""
    with os.fdopen(source, "rb", closefd=False) as file:
        file.seek(0)
        try:
            pdf = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            return
        for number in range(len(pdf)):
            with suppress(pypdfium2.PdfiumError):
                page = pdf[number]
                text = page.get_textpage()
                sink.take_text("text that can be selected", number + 1, text.get_text_range().replace("\x02", "-\n"))
                page.close()
