"""In a worker: whether a redaction is of the one shape that `binding` writes, to the byte, and its boxes are black.

What is of that shape holds a picture for each page, the words over it, and nothing else: there is no place left in
which text could hide. It is the strongest check, since it needs not know what is looked for.
"""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image, ImageChops

from alteram.adapters.bundles.binding import SAVED, make_font
from alteram.adapters.bundles.cleaning import UNREADABLE

_CONTENT: Final = re.compile(
    rb"q [\d.]+ 0 0 [\d.]+ 0 0 cm /P Do Q\n"
    rb"((?:BT 3 Tr /T [\d.]+ Tf [\d.]+ Tz -?[\d.]+ -?[\d.]+ Td <(?:[0-9A-F]{4})+> Tj ET\n)*)"
)
_SHOWN: Final = re.compile(rb"<([0-9A-F]+)>")
_ID: Final = re.compile(rb"/ID \[<[0-9a-f]{32}><[0-9a-f]{32}>\]")
_PICTURE_KEYS: Final = frozenset(
    ("/Type", "/Subtype", "/Filter", "/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Length")
)
_PAGE_KEYS: Final = frozenset(("/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"))
_PNG_CHUNKS: Final = (b"IHDR", b"IDAT", b"IEND")
#: What a JPEG may say beside its picture: that it is one (APP0), and how its colours are stored (APP14).
_JPEG_SEGMENTS: Final = {0xE0: 16, 0xEE: 14}
_TILE: Final = 8
#: How dark black is, of 255, and from what on a tile holds a part of a number.
BLACK: Final = 6
_AT_EDGE: Final = 64
_BRIGHT: Final = 100
#: How much of a box a number may cover.
_MOST_BRIGHT: Final = 0.6
_WHOLE: Final = 10_000


def check_shape(job: dict[str, Any]) -> dict[str, Any]:
    """Return what is odd in the open file `source`; put its pages' pictures into `folder`, and return their words."""
    with os.fdopen(job["source"], "rb", closefd=False) as source:
        source.seek(0)
        data = source.read()
    odd: list[tuple[str, int, str]] = []
    words: list[list[str]] = []
    try:
        with Pdf.open(io.BytesIO(data), suppress_warnings=True) as pdf, pikepdf.new() as own:
            odd += [(place, 0, why) for place, why in _check_whole(pdf, data)]
            font = _canonical(make_font(own))
            for number, page in enumerate(pdf.pages, 1):
                found, said, picture = _check_page(page.obj, font)
                odd += [(place, number, why) for place, why in found]
                words.append(said)
                if picture:
                    path = Path(job["folder"], f"{number - 1}.png")
                    odd += [("picture", number, why) for why in _check_boxes(picture, path, job["boxes"], number - 1)]
    except UNREADABLE:
        odd.append(("the file", 0, "it cannot be opened"))
    return {"odd": odd, "words": words}


def check_picture(job: dict[str, Any]) -> dict[str, Any]:
    """Return what is odd in the open picture `source`, and put it as PNG into `folder`."""
    with os.fdopen(job["source"], "rb", closefd=False) as source:
        source.seek(0)
        data = source.read()
    odd = [*_check_png(data)] if data.startswith(b"\x89PNG\r\n\x1a\n") else [*_check_jpeg(data)]
    found = [("picture", 1, why) for why in odd]
    found += [("picture", 1, why) for why in _check_boxes(data, Path(job["folder"], "0.png"), job["boxes"], 0)]
    return {"odd": found}


def _check_whole(pdf: Pdf, data: bytes) -> Iterator[tuple[str, str]]:
    if pdf.is_encrypted:
        yield "the file", "it is encrypted"
    if odd := set(pdf.trailer.keys()) - {"/Size", "/Root", "/ID"}:
        yield "the file", f"its trailer holds {', '.join(sorted(odd))}"
    if odd := set(pdf.Root.keys()) - {"/Type", "/Pages"}:
        yield "catalogue", f"it holds {', '.join(sorted(odd))}"
    # Written again, only what its root leads to comes along: every other byte shows.
    again = io.BytesIO()
    pdf.save(again, **SAVED)
    if _ID.sub(b"", again.getvalue()) != _ID.sub(b"", data):
        yield "bytes of the file", "it holds bytes that none of its pages needs"


def _check_page(page: Object, font: bytes) -> tuple[list[tuple[str, str]], list[str], bytes]:
    """Return what is odd on a page, the words over its picture, and its picture."""
    odd = [("page", f"it holds {key}") for key in sorted(set(page.keys()) - _PAGE_KEYS)]
    resources = page.get(Name.Resources, Dictionary())
    drawings, fonts = (resources.get(one, Dictionary()) for one in (Name.XObject, Name.Font))
    plain = set(resources.keys()) <= {"/XObject", "/Font"} and set(drawings.keys()) == {"/P"}
    if not plain or set(fonts.keys()) - {"/T"} or (Name.T in fonts and _canonical(fonts.T) != font):
        return [*odd, ("page", "it draws with more than one picture and the font of its words")], [], b""
    contents = page.get(Name.Contents)
    match = _CONTENT.fullmatch(contents.read_bytes()) if isinstance(contents, Stream) else None
    if not isinstance(contents, Stream) or match is None:
        return [*odd, ("page", "it draws more than one picture and its words")], [], b""
    if set(contents.keys()) - {"/Length", "/Filter"}:
        odd.append(("page", "what it draws holds more than drawings"))
    picture = drawings.P
    if set(picture.keys()) - _PICTURE_KEYS or picture.get(Name.Filter) != Name.DCTDecode:
        return [*odd, ("picture", "it is not a plain picture")], [], b""
    data = picture.read_raw_bytes()
    odd += [("picture", why) for why in _check_jpeg(data)]
    words = [bytes.fromhex(one.decode()).decode("utf-16-be").strip() for one in _SHOWN.findall(match[1])]
    return odd, words, data


def _canonical(obj: Any, depth: int = 0) -> bytes:
    """Return an object with all that it leads to, spelled so that two of them can be compared."""
    if depth > 10:
        return b"deep"
    if isinstance(obj, Stream):
        inside = {key: value for key, value in obj.items() if key not in {"/Length", "/Filter"}}
        return _canonical(Dictionary(inside), depth + 1) + obj.read_bytes()
    if isinstance(obj, Dictionary):
        return (
            b"<<" + b" ".join(key.encode() + b" " + _canonical(value, depth + 1) for key, value in obj.items()) + b">>"
        )
    if isinstance(obj, Array):
        return b"[" + b" ".join(_canonical(one, depth + 1) for one in obj) + b"]"
    return obj.unparse() if isinstance(obj, Object) else repr(obj).encode()


def _check_jpeg(data: bytes) -> Iterator[str]:
    if not data.startswith(b"\xff\xd8"):
        yield "it is neither PNG nor JPEG"
        return
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        kind = data[at + 1]
        if (0xE0 <= kind <= 0xEF or kind == 0xFE) and _JPEG_SEGMENTS.get(kind) != length:
            yield "it says more than its pixels (notes, colour profile, thumbnail)"
        at += 2 + length
    if not data.endswith(b"\xff\xd9") or data.count(b"\xff\xd9") > 1:
        yield "bytes follow its end"


def _check_png(data: bytes) -> Iterator[str]:
    at = 8
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind not in _PNG_CHUNKS:
            yield f"it says more than its pixels ({kind.decode('latin-1')})"
        at += 12 + length
        if kind == b"IEND":
            break
    if at != len(data):
        yield "bytes follow its end"


def _check_boxes(data: bytes, path: Path, boxes: list[dict[str, Any]], page: int) -> Iterator[str]:
    """Write a picture to `path` as PNG and tell which boxes on it are not black."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.mode not in {"L", "RGB"}:
                yield "its pixels can be seen through, or are of another kind"
            picture = opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        yield "it cannot be opened"
        return
    picture.save(path, compress_level=1)
    # The brightest of the three: dark blue on black is not black.
    red, green, blue = picture.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    for one in boxes:
        if one["page"] == page and not _is_black(brightest, one["box"]):
            yield f"the box of cut {one['number']} is not black"


def _is_black(picture: Image.Image, box: list[int]) -> bool:
    """Tell whether a box is black but for a number: away from what is bright, no pixel differs from black.

    It is looked at in the tiles of JPEG. In those at its edges, black is told from what is around it less well.
    """
    left, top = box[0] * picture.width // _WHOLE, box[1] * picture.height // _WHOLE
    right = max(left + 1, min(picture.width, -(-box[2] * picture.width // _WHOLE)))
    bottom = max(top + 1, min(picture.height, -(-box[3] * picture.height // _WHOLE)))
    peaks: dict[tuple[int, int], tuple[int, bool]] = {}
    for x in range(left // _TILE, -(-right // _TILE)):
        for y in range(top // _TILE, -(-bottom // _TILE)):
            ends = x * _TILE, y * _TILE, (x + 1) * _TILE, (y + 1) * _TILE
            inside = max(ends[0], left), max(ends[1], top), min(ends[2], right), min(ends[3], bottom)
            levels = picture.crop(inside).histogram()
            peaks[x, y] = max(level for level, count in enumerate(levels) if count), inside == ends
    bright = {place for place, (peak, _) in peaks.items() if peak >= _BRIGHT}
    near = {(x + dx, y + dy) for x, y in bright for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
    if any(peak > (BLACK if whole else _AT_EDGE) for place, (peak, whole) in peaks.items() if place not in near):
        return False
    levels = picture.crop((left, top, right, bottom)).histogram()
    return sum(levels[_BRIGHT:]) <= _MOST_BRIGHT * sum(levels)
