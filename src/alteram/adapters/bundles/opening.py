"""Opens zips to look into what they hold: every byte of one belongs to a member, or it is refused."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from alteram.adapters.bundles.workers import BundleError
from alteram.core.kernel.phrases import phrase

MAX_MEMBERS: Final = 2_000
MAX_UNPACKED: Final = 8 << 30
_CHUNK: Final = 1 << 20
_LOCAL: Final = 30
_END: Final = 22
#: The extra field that says a size of more than 4 GiB, and the only one there may be.
_LARGE: Final = b"\x01\x00"


class MalformedZipError(BundleError):
    """A zip is not plain: the problem says in what."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip, unpacked into a file without a name, which is there until the next is asked for."""

    name: str
    file: BinaryIO


def open_members(source: BinaryIO) -> Iterator[Member]:
    """Yield the files of a zip, in order. Raises: MalformedZipError for whatever could hide something."""
    source.seek(0)
    try:
        packed = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise MalformedZipError(phrase("it cannot be opened")) from error
    with packed:
        members = packed.infolist()
        _check(packed, members, source)
        left = MAX_UNPACKED
        for one in members:
            with TemporaryFile() as file:
                left -= _unpack(packed, one, cast("BinaryIO", file), left)
                yield Member(one.filename, cast("BinaryIO", file))


def _unpack(packed: zipfile.ZipFile, one: zipfile.ZipInfo, file: BinaryIO, left: int) -> int:
    """Unpack a member, of no more bytes than are left; return how many it has."""
    size = 0
    try:
        with packed.open(one) as inside:
            while data := inside.read(_CHUNK):
                size += len(data)
                if size > left:
                    raise MalformedZipError(phrase("it holds more than can be checked"))
                file.write(data)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise MalformedZipError(phrase("a file in it is encrypted or damaged")) from error
    file.flush()
    return size


def _check(packed: zipfile.ZipFile, members: list[zipfile.ZipInfo], source: BinaryIO) -> None:
    if len(members) > MAX_MEMBERS:
        raise MalformedZipError(phrase("it holds more files than can be checked"))
    if packed.comment or any(one.comment for one in members):
        raise MalformedZipError(phrase("it holds comments"))
    source.seek(-_END, 2)
    if source.read(4) != b"PK\x05\x06":
        raise MalformedZipError(phrase("it holds bytes after its end"))
    if any(one.flag_bits & 1 for one in members):
        raise MalformedZipError(phrase("a file in it is encrypted or damaged"))
    if len({one.filename for one in members}) != len(members):
        raise MalformedZipError(phrase("it holds two files of one name"))
    if any(not one.extra.startswith(_LARGE) for one in members if one.extra):
        raise MalformedZipError(phrase("it holds notes beside its files"))
    at = 0
    for one in sorted(members, key=lambda each: each.header_offset):
        if one.header_offset != at:
            raise MalformedZipError(phrase("it holds bytes between its files"))
        source.seek(at)
        head = source.read(_LOCAL)
        name, extra = (int.from_bytes(head[place : place + 2], "little") for place in (26, 28))
        if source.read(name).decode("utf-8", "replace") != one.filename:
            raise MalformedZipError(phrase("a file in it has two names"))
        if extra and source.read(2) != _LARGE:
            raise MalformedZipError(phrase("it holds notes beside its files"))
        at += _LOCAL + name + extra + one.compress_size
        if one.flag_bits & 8:
            at += _skip_descriptor(source, at)
    if at != packed.start_dir:
        raise MalformedZipError(phrase("it holds bytes between its files"))


def _skip_descriptor(source: BinaryIO, at: int) -> int:
    """Return how long the sizes after a file are: with or without a mark, of four or eight bytes each."""
    source.seek(at)
    data = source.read(28)
    marked = 4 if data.startswith(b"PK\x07\x08") else 0
    for length in (marked + 12, marked + 20):
        if data[length : length + 2] == b"PK":
            return length
    raise MalformedZipError(phrase("it holds bytes between its files"))
