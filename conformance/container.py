"""The container of an export: a zip read from its first byte to its last (record R6.1 to R6.8).

Members are walked in the order in which they stand. The directory at the end is not read but written anew from what was
walked and compared, so nothing in it can say anything else.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.failure import Failure

MOST_MEMBERS = 65_534
LARGEST_MEMBER = 8 << 20
LARGEST_RATIO = 200
STORED, DEFLATED = 0, 8
NAMES = (
    r"README\.txt",
    r"checkpoint",
    r"checkpoints/[0-9]{16}(\.consistency)?",
    r"manifest\.json",
    r"packs/[0-9a-f]{64}\.json",
    r"policy",
    r"rulebooks/[0-9a-f]{64}\.json",
    r"statements/[0-9]{8}\.(leaf|tlog-proof)",
    r"streams/[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?/[0-9]{8}\.(sd-jwt|tlog-proof)",
)
NAME = re.compile("|".join(f"(?:{one})" for one in NAMES))


@dataclass(frozen=True)
class Member:
    """One member as its local header describes it, and where its data stands."""

    name: str
    header: bytes
    method: int
    crc: int
    packed: int
    size: int
    start: int


class Container:
    """The members of an export by name, in order."""

    def __init__(self, data: bytes) -> None:
        """Walk the container and check everything about it but the members' content."""
        self._data = data
        self._members: dict[str, Member] = {}
        at = 0
        for member in _walk(data):
            self._members[member.name] = member
            at = member.start + member.packed
        expected = _write_directory(list(self._members.values()), at)
        if data[at:] != expected:
            _explain(data[at:], list(self._members.values()))

    @property
    def names(self) -> list[str]:
        """Return the names of all members, sorted."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        """Return whether there is a member of this name."""
        return name in self._members

    def read(self, name: str) -> bytes:
        """Return a member's content (R6.6)."""
        member = self._members.get(name)
        if member is None:
            raise Failure("archive.missing", "the export lacks this member", name)
        content = _inflate(member, self._data[member.start : member.start + member.packed])
        if len(content) != member.size or zlib.crc32(content) != member.crc:
            raise Failure("archive.damaged", "the content is not what its header says", name)
        return content


def _walk(data: bytes) -> Iterator[Member]:
    at, before = 0, ""
    while data[at : at + 4] == b"PK\x03\x04":
        member = _read_member(data, at)
        if member.name <= before:
            raise Failure("archive.names", "members are not sorted, or one stands twice", member.name)
        yield member
        at, before = member.start + member.packed, member.name


def _read_member(data: bytes, at: int) -> Member:
    if len(data) < at + 30:
        raise Failure("archive.zip", "the container is cut short")
    _, _, _, method, _, _, crc, packed, size, length, _ = struct.unpack_from("<4sHHHHHIIIHH", data, at)
    raw = data[at + 30 : at + 30 + length]
    name = raw.decode("latin-1")
    if not NAME.fullmatch(name):
        raise Failure("archive.name", "a member that does not belong in an export", ascii(name)[:80])
    header = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 0x21, crc, packed, size, length, 0)
    if data[at + 4 : at + 30] != header:
        raise Failure("archive.attributes", "a header with other attributes than an export's", name)
    if method not in {STORED, DEFLATED}:
        raise Failure("archive.compression", "compressed in another way", name)
    if size > LARGEST_MEMBER or size > LARGEST_RATIO * max(packed, 64):
        raise Failure("archive.bomb", "too large, or unpacks to far more than it is", name)
    start = at + 30 + length
    if start + packed > len(data):
        raise Failure("archive.zip", "the container is cut short", name)
    return Member(name, header, method, crc, packed, size, start)


def _write_directory(members: list[Member], end: int) -> bytes:
    if len(members) > MOST_MEMBERS:
        raise Failure("archive.members", "too many members")
    rows, at = b"", 0
    pieces = []
    for member in members:
        name = member.name.encode()
        pieces.append(b"PK\x01\x02" + struct.pack("<H", 0x0314) + member.header)
        pieces.append(struct.pack("<HHHII", 0, 0, 0, 0o644 << 16, at) + name)
        at = member.start + member.packed
    rows = b"".join(pieces)
    return rows + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(members), len(members), len(rows), end, 0)


def _explain(found: bytes, members: list[Member]) -> None:
    at = 0
    for member in members:
        length = 46 + len(member.name)
        row = _write_directory([member], 0)[:42]
        if found[at : at + 42] != row or found[at + 46 : at + length].decode("latin-1") != member.name:
            raise Failure("archive.damaged", "its header and the directory disagree", member.name)
        at += length
    raise Failure("archive.extra", "something stands before, between or after the members, or is missing")


def _inflate(member: Member, raw: bytes) -> bytes:
    if member.method == STORED:
        return raw
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(raw, member.size + 1)
    except zlib.error as error:
        raise Failure("archive.damaged", "the compressed data is damaged", member.name) from error
    if not inflater.eof or inflater.unused_data:
        raise Failure("archive.damaged", "the compressed data is cut short or has something after it", member.name)
    return content
