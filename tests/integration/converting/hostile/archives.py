"""Archives: bombs, names that lead out of a folder, names that deceive, and headers that lie."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile

from tests.integration.converting.hostile.sample import Sample, Traps, cut_short

ZIP = "application/zip"
TAR = "application/x-tar"
NAMES = {
    "parent": "../../../../etc/cron.d/own",
    "absolute": "/etc/passwd",
    "windows": "..\\..\\windows\\system32\\own.dll",
    "drive": "C:\\autoexec.bat",
    "turned": "minutes\u202efdp.exe",
    "null": "minutes.pdf\x00.exe",
    "newline": "a\nb\r\nc",
    "long": "a" * 60_000,
    "device": "CON",
    "dots": "....//....//own",
    "empty": "",
    "shell": "$(touch own);`touch own`.txt",
    "markup": "<script>alert(1)</script>.txt",
}


def make_zip(*files: tuple[str, bytes], level: int = 9) -> bytes:
    """Return a zip archive of files as they are named."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def make_tar(*files: tuple[str, bytes]) -> bytes:
    """Return a tar archive of files as they are named."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def make_nested_bomb(depth: int = 5) -> bytes:
    """Return a zip of ten zips of ten zips …, of nothing but noughts."""
    data = make_zip(("nought", bytes(2_000_000)))
    for _ in range(depth):
        data = make_zip(*((f"{at}.zip", data) for at in range(10)))
    return data


def make_flat_bomb(entries: int = 20_000) -> bytes:
    """Return a zip whose many entries are all the same bytes, each said to be four gigabytes."""
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, 10, 0xFFFFFFF0, 1, 0) + b"a" + bytes(10)
    row = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, 10, 0xFFFFFFF0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = row * entries
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), len(local), 0)
    return local + directory + end


def _link(kind: bytes, name: str, target: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        archive.addfile(info)
    return out.getvalue()


def make_samples(traps: Traps) -> list[Sample]:
    """Return the archives."""
    good = make_zip(("a.txt", b"hello"), ("b.txt", b"there"))
    lying = good.replace(b"PK\x01\x02", b"PK\x01\x03")
    tar = make_tar(("a.txt", b"hello"))
    endless = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 0xFFFFFFFE, 0, 0)
    samples = [
        Sample("zip bomb nested", ZIP, make_nested_bomb()),
        Sample("zip bomb flat", ZIP, make_flat_bomb()),
        Sample("zip of twenty million noughts", ZIP, make_zip(("nought", bytes(20_000_000)))),
        Sample("zip with a lying directory", ZIP, lying),
        Sample("zip with a directory beyond its end", ZIP, good + endless),
        Sample("zip with nothing but an end", ZIP, endless),
        Sample("zip of nothing", ZIP, make_zip()),
        Sample("zip with a huge comment length", ZIP, good[:-2] + b"\xff\xff"),
        Sample("zip of itself by name", ZIP, make_zip(("self.zip", good), ("Self.zip", good[:10]))),
        Sample("gzip bomb", "application/gzip", gzip.compress(bytes(20_000_000))),
        Sample("gzip bomb in a gzip", "application/gzip", gzip.compress(gzip.compress(bytes(20_000_000)))),
        Sample("xz bomb", "application/x-xz", lzma.compress(bytes(20_000_000), preset=0)),
        Sample("bzip2 bomb", "application/x-bzip2", bz2.compress(bytes(20_000_000))),
        Sample("tar with a link out", TAR, _link(tarfile.SYMTYPE, "a", traps.path)),
        Sample("tar with a hard link out", TAR, _link(tarfile.LNKTYPE, "a", "../../etc/passwd")),
        Sample("tar with a device", TAR, _link(tarfile.CHRTYPE, "null", "")),
        Sample("tar with a pipe", TAR, _link(tarfile.FIFOTYPE, "pipe", "")),
        Sample("tar with a size beyond its end", TAR, tar[:124] + b"77777777777\0" + tar[136:]),
        Sample("tar with a negative size", TAR, tar[:124] + b"\xff" * 12 + tar[136:]),
    ]
    for what, name in NAMES.items():
        if what != "null":  # the standard library writes no such name
            samples.append(Sample(f"zip with a name: {what}", ZIP, make_zip((name, b"own"))))
            samples.append(Sample(f"tar with a name: {what}", TAR, make_tar((name, b"own"))))
        samples.append(Sample(f"text named: {what}", "text/plain", b"hello\n", name))
    return samples + cut_short("zip", ZIP, good, 5) + cut_short("tar", TAR, tar[:1500], 3)
