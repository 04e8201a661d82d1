"""Pictures: sizes that lie, damage, frames without end, and what else can stand in them."""

import io
import struct
import zlib

from PIL import Image

from tests.integration.converting.hostile.archives import make_zip
from tests.integration.converting.hostile.pdfs import make_pdf
from tests.integration.converting.hostile.sample import Sample, Traps, cut_short, flip

PNG, JPEG, TIFF, GIF, WEBP = "image/png", "image/jpeg", "image/tiff", "image/gif", "image/webp"
SCRIPT = b"<html><body><script>alert(1)</script></body></html>"


def make_picture(form: str, **options: object) -> bytes:
    """Return a small good picture."""
    out = io.BytesIO()
    picture = Image.new("RGB", (40, 30), "navy")
    picture.putpixel((3, 3), (255, 0, 0))
    picture.save(out, form, **options)
    return out.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def make_png(width: int, height: int, data: bytes, *extra: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """Return a PNG that says it has this size, whatever stands in it."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def make_tiff(rows: list[tuple[int, int, int, int]], after: int = 0) -> bytes:
    """Return a TIFF with one directory of these rows, and where it says the next one is."""
    body = b"".join(struct.pack("<HHII", *row) for row in rows)
    return b"II*\0" + struct.pack("<IH", 8, len(rows)) + body + struct.pack("<I", after)


def _resize_jpeg(data: bytes, width: int, height: int) -> bytes:
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def make_samples(traps: Traps) -> list[Sample]:
    """Return the pictures."""
    png, jpeg, tiff, gif, webp = (make_picture(one) for one in ("PNG", "JPEG", "TIFF", "GIF", "WEBP"))
    some = zlib.compress(bytes(1_000))
    shape = [(256, 4, 1, 2_000_000_000), (257, 4, 1, 2_000_000_000), (258, 3, 1, 8), (273, 4, 1, 8), (279, 4, 1, 9)]
    text = zlib.compress(bytes(30_000_000), 9)
    samples = {
        ("png of huge size", PNG): make_png(2_000_000_000, 2_000_000_000, some),
        ("png as wide as can be", PNG): make_png(0x7FFFFFFF, 1, some),
        ("png of no size", PNG): make_png(0, 0, some),
        ("png of a hundred million pixels", PNG): make_png(50_000, 50_000, zlib.compress(bytes(9_000_000))),
        ("png of unknown depth", PNG): make_png(9, 9, some, depth=7),
        ("png of unknown colour", PNG): make_png(9, 9, some, colour=9),
        ("png with a text that is a bomb", PNG): make_png(9, 9, some, _chunk(b"zTXt", b"own\0\0" + text)),
        ("png with a profile that is a bomb", PNG): make_png(9, 9, some, _chunk(b"iCCP", b"own\0\0" + text)),
        ("png with too little in it", PNG): make_png(900, 900, some),
        ("png with a length that lies", PNG): png[:33] + b"\x7f\xff\xff\xff" + png[37:],
        ("png with a head only", PNG): png[:8],
        ("png with frames without end", PNG): make_png(9, 9, some, _chunk(b"acTL", struct.pack(">II", 0x7FFFFFFF, 0))),
        ("jpeg of huge size", JPEG): _resize_jpeg(jpeg, 65_535, 65_535),
        ("jpeg of no size", JPEG): _resize_jpeg(jpeg, 0, 0),
        ("jpeg with a segment that lies", JPEG): jpeg[:4] + b"\xff\xff" + jpeg[6:],
        ("jpeg with facts that loop", JPEG): jpeg[:2]
        + b"\xff\xe1\x00\x1cExif\0\0"
        + make_tiff([(34665, 4, 1, 8)])[:20]
        + jpeg[2:],
        ("jpeg of nothing but marks", JPEG): b"\xff\xd8" + b"\xff\xff" * 50_000,
        ("jpeg and HTML", JPEG): jpeg + SCRIPT,
        ("jpeg with HTML in a comment", JPEG): jpeg[:2]
        + b"\xff\xfe"
        + struct.pack(">H", len(SCRIPT) + 2)
        + SCRIPT
        + jpeg[2:],
        ("tiff of huge size", TIFF): make_tiff(shape),
        ("tiff whose directory follows itself", TIFF): make_tiff([*shape[2:], (256, 4, 1, 9), (257, 4, 1, 9)], 8),
        ("tiff with rows without end", TIFF): b"II*\0" + struct.pack("<IH", 8, 65_535) + bytes(100),
        ("tiff with a value beyond its end", TIFF): make_tiff([(270, 2, 0x7FFFFFFF, 0x7FFFFFFF)]),
        ("tiff of big offsets", TIFF): b"II+\0\x08\0\0\0" + struct.pack("<Q", 1 << 62),
        ("gif and script", GIF): b"GIF89a=1;/*" + gif[10:] + b"*/alert(1)",
        ("gif and HTML", GIF): gif + SCRIPT,
        ("gif of huge size", GIF): gif[:6] + b"\xff\xff\xff\xff" + gif[10:],
        ("gif with a picture larger than itself", GIF): gif.replace(b",\0\0\0\0", b",\xff\xff\xff\xff"),
        ("gif without an end", GIF): gif[:-1] + gif[13:] * 2_000,
        ("webp of huge size", WEBP): b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6,
        ("webp with a length that lies", WEBP): webp[:4] + b"\xff\xff\xff\xff" + webp[8:],
        ("bmp of huge size", "image/bmp"): b"BM"
        + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, 1 << 30, 1 << 30, 1, 24, 0, 0, 0, 0, 0, 0),
        ("bmp with colours beyond its end", "image/bmp"): b"BM"
        + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, 9, 9, 1, 8, 1, 0, 0, 0, 1 << 31, 0),
        ("heic of nothing", "image/heic"): b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0\0\0\x08meta",
        ("heic with a box that lies", "image/heic"): b"\0\0\0\x18ftypheic\0\0\0\0heicmif1\xff\xff\xff\xffmeta"
        + bytes(64),
        ("pdf and zip", "application/pdf"): make_pdf() + make_zip(("own.txt", b"own")),
        ("zip and pdf", "application/zip"): make_zip(("a.pdf", make_pdf()), level=0),
        ("png and zip", PNG): png + make_zip(("own.txt", b"own")),
        ("jpeg and zip", JPEG): jpeg + make_zip(("own.txt", b"own")),
        ("png and HTML", PNG): png + SCRIPT,
        ("picture that is a program", PNG): b"#!/bin/sh\ntouch " + traps.path.encode() + b"\n",
        ("picture that is HTML", JPEG): SCRIPT,
    }
    broken = cut_short("png", PNG, png, 4) + cut_short("jpeg", JPEG, jpeg, 4) + cut_short("tiff", TIFF, tiff, 3)
    broken += cut_short("gif", GIF, gif, 2) + cut_short("webp", WEBP, webp, 2)
    broken += flip("png", PNG, png, 4) + flip("jpeg", JPEG, jpeg, 4)
    return [Sample(name, media, data) for (name, media), data in samples.items()] + broken
