"""The export file: a zip whose members, names and bounds are fixed, read without ever trusting it.

It decides that the container is one we would write: sorted unique names from a closed list, fixed times, no
directories, no encryption, no links, nothing between or around the members, bounded sizes and ratios. It does not
verify what the members say; see `verification`. The layout is docs/spec/record.md, section 6.
"""

import re
import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final

from alteram.core.record.errors import RecordError

MAX_MEMBERS: Final = 65_534
MAX_MEMBER: Final = 8 << 20
MAX_RATIO: Final = 200
_MAX_OFFSET: Final = 0xFFFF_FFFE
_STORED: Final = 0
_DEFLATED: Final = 8
_VERSION: Final = 20
_UNIX: Final = 3 << 8
_DAY: Final = 0x0021  # 1980-01-01
_MODE: Final = 0o644 << 16
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_MAX_CENTRAL: Final = 200
_NAME = re.compile(
    rb"README\.txt|checkpoint|manifest\.json|policy"
    rb"|checkpoints/[0-9]{16}(?:\.consistency)?"
    rb"|(?:packs|rulebooks)/[0-9a-f]{64}\.json"
    rb"|statements/[0-9]{8}\.(?:leaf|tlog-proof)"
    rb"|streams/[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?/[0-9]{8}\.(?:sd-jwt|tlog-proof)"
)


@dataclass(frozen=True, slots=True)
class _Member:
    name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int

    def local(self) -> bytes:
        sizes = (self.crc, self.packed, self.size)
        head = _LOCAL.pack(b"PK\x03\x04", _VERSION, 0, self.method, 0, _DAY, *sizes, len(self.name), 0)
        return head + self.name

    def central(self) -> bytes:
        sizes = (self.crc, self.packed, self.size)
        times = (_UNIX | _VERSION, _VERSION, 0, self.method, 0, _DAY)
        return _CENTRAL.pack(b"PK\x01\x02", *times, *sizes, len(self.name), 0, 0, 0, 0, _MODE, self.offset) + self.name

    @property
    def end(self) -> int:
        return self.offset + _LOCAL.size + len(self.name) + self.packed


def write_archive(target: BinaryIO, members: Mapping[str, bytes]) -> None:
    """Write an export with these members to `target`. Raises: RecordError when it would break a bound of the format."""
    if len(members) > MAX_MEMBERS:
        raise RecordError("archive.members", f"An export has at most {MAX_MEMBERS} members.", remedy=_SPLIT)
    offset, directory = 0, []
    for name in sorted(members):
        member, data = _pack(name, members[name], offset)
        target.write(member.local() + data)
        directory.append(member.central())
        offset = member.end
    central = b"".join(directory)
    target.write(central + _end(len(directory), len(central), offset))


_SPLIT: Final = "Export fewer streams, or fewer entries of them, at a time."


def _end(count: int, length: int, offset: int) -> bytes:
    return _END.pack(b"PK\x05\x06", 0, 0, count, count, length, offset, 0)


def _pack(name: str, data: bytes, offset: int) -> tuple[_Member, bytes]:
    _check_name(name.encode())
    if len(data) > MAX_MEMBER:
        raise RecordError("archive.bomb", "The member is too large for an export.", where=name)
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = deflater.compress(data) + deflater.flush()
    # What deflates too well for a reader who fears bombs is stored as it is.
    stored = len(data) > MAX_RATIO * max(len(packed), 64)
    kept = data if stored else packed
    method = _STORED if stored else _DEFLATED
    member = _Member(name.encode(), method, zlib.crc32(data), len(kept), len(data), offset)
    if member.end > _MAX_OFFSET:
        raise RecordError("archive.members", "An export is smaller than 4 GiB.", remedy=_SPLIT)
    return member, kept


class Archive:
    """An export opened for reading. `names` are its members, sorted."""

    def __init__(self, source: BinaryIO) -> None:
        """Open the container and check it. Raises: RecordError when it is not one we would write."""
        self._source = source
        try:
            self._directory, count, end = _read_directory(source)
        except OSError as error:
            raise RecordError("archive.zip", "The export cannot be read.") from error
        # Names, and where each stands in the directory: a few times smaller than its members as objects.
        self._places = array("L")
        self.names = tuple(self._check_directory(count, end))

    def _check_directory(self, count: int, end: int) -> Iterator[str]:
        for place, member in _parse_directory(self._directory, count, end):
            self._places.append(place)
            yield member.name.decode()

    def _find(self, name: str) -> _Member | None:
        at = bisect_left(self.names, name)
        if at == len(self.names) or self.names[at] != name:
            return None
        return _parse_member(self._directory, self._places[at])[0]

    def __contains__(self, name: str) -> bool:
        at = bisect_left(self.names, name)
        return at < len(self.names) and self.names[at] == name

    def read(self, name: str) -> bytes:
        """Return a member's bytes. Raises: RecordError when it is missing or damaged."""
        member = self._find(name)
        if member is None:
            raise RecordError("archive.missing", "The export lacks this member.", where=name)
        head = member.local()
        try:
            self._source.seek(member.offset)
            raw = self._source.read(len(head) + member.packed)
        except OSError as error:
            raise RecordError("archive.damaged", "The member cannot be read.", where=name) from error
        if not raw.startswith(head) or len(raw) != len(head) + member.packed:
            raise RecordError("archive.damaged", "The member's header is not the one in the directory.", where=name)
        data = _unpack(member, raw[len(head) :])
        if data is None or len(data) != member.size or zlib.crc32(data) != member.crc:
            raise RecordError("archive.damaged", "The member is damaged.", where=name)
        return data

    def under(self, folder: str, ending: str) -> Iterator[str]:
        """Yield the names of the members in `folder/` that end in `ending`, in order."""
        return (name for name in self.names if name.startswith(f"{folder}/") and name.endswith(ending))


def build_file_digest(data: bytes) -> str:
    """Return the lower-case hexadecimal SHA-256 of a member."""
    return sha256(data).hexdigest()


def _unpack(member: _Member, raw: bytes) -> bytes | None:
    if member.method == _STORED:
        return raw
    inflater = zlib.decompressobj(-15)
    try:
        data = inflater.decompress(raw, member.size + 1)
    except zlib.error:
        return None
    return data if inflater.eof and not inflater.unused_data else None


def _read_directory(source: BinaryIO) -> tuple[bytes, int, int]:
    """Return the directory, how many members it has, and where they end."""
    size = source.seek(0, 2)
    source.seek(max(0, size - _END.size))
    tail = source.read(_END.size)
    if len(tail) != _END.size or not tail.startswith(b"PK\x05\x06"):
        raise RecordError("archive.zip", "Not an export: cut short, or something stands after it.")
    _, _, _, count, _, length, offset, _ = _END.unpack(tail)
    if count > MAX_MEMBERS:
        raise RecordError("archive.members", f"The export has more than {MAX_MEMBERS} members.")
    if tail != _end(count, length, offset) or offset + length + _END.size != size:
        raise RecordError("archive.extra", "Something stands before, between or after the members of the export.")
    if length > count * _MAX_CENTRAL:
        raise RecordError("archive.zip", "The directory of the export is larger than its members need.")
    source.seek(offset)
    return source.read(length), count, offset


def _parse_directory(directory: bytes, count: int, end: int) -> Iterator[tuple[int, _Member]]:
    """Yield the members, each with its place in the directory."""
    at, expected, previous = 0, 0, b""
    for _ in range(count):
        if len(directory) < at + _CENTRAL.size:
            raise RecordError("archive.zip", "The directory of the export is cut short.")
        member, length = _parse_member(directory, at)
        if member.name <= previous:
            raise RecordError(
                "archive.names", "The members are not sorted, or one stands twice.", where=member.name.decode()
            )
        if member.offset != expected:
            raise RecordError(
                "archive.extra", "The member does not stand where it belongs.", where=member.name.decode()
            )
        yield at, member
        at, expected, previous = at + length, member.end, member.name
    if at != len(directory) or expected != end:
        raise RecordError("archive.extra", "Something stands before, between or after the members of the export.")


def _parse_member(directory: bytes, at: int) -> tuple[_Member, int]:
    fields = _CENTRAL.unpack_from(directory, at)
    method, crc, packed, size, length, offset = fields[4], fields[7], fields[8], fields[9], fields[10], fields[16]
    name = directory[at + _CENTRAL.size : at + _CENTRAL.size + length]
    _check_name(name)
    member = _Member(name, method, crc, packed, size, offset)
    written, where = member.central(), name.decode()
    if directory[at : at + len(written)] != written:
        raise RecordError("archive.attributes", "The member's attributes are not those of an export.", where=where)
    if method not in {_STORED, _DEFLATED}:
        raise RecordError("archive.compression", "The member is compressed in another way.", where=where)
    if size > MAX_MEMBER or size > MAX_RATIO * max(packed, 64):
        raise RecordError("archive.bomb", "The member is too large, or unpacks to far more than it is.", where=where)
    return member, len(written)


def _check_name(name: bytes) -> None:
    if not _NAME.fullmatch(name):
        raise RecordError(
            "archive.name",
            "The export holds a member that does not belong in one.",
            where=ascii(name.decode("latin-1"))[:80],
        )
