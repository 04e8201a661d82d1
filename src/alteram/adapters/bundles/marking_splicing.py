"""Writes a PDF anew with some objects replaced, reading the rest straight through: what makes further copies cheap.

The file it reads from was written by us with a plain cross-reference table, and each object to replace is known by
its number. Nothing is parsed but the table; memory does not grow with the file.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from alteram.core.disclosure.errors import MarkError
from alteram.core.kernel.phrases import phrase

_CHUNK: Final = 1 << 20
_TAIL: Final = 1 << 10
_LINE: Final = 20


@dataclass(frozen=True, slots=True)
class Table:
    """Where each object of a file begins, by number (0: none), and where the table itself does."""

    offsets: tuple[int, ...]
    begins: int

    def ends(self) -> dict[int, int]:
        """Return for each object where the next thing in the file begins."""
        order = sorted({one for one in self.offsets if one} | {self.begins})
        return {number: order[bisect_right(order, offset)] for number, offset in enumerate(self.offsets) if offset}


def read_table(file: BinaryIO) -> Table:
    """Return a file's cross-reference table. Raises: MarkError when it is not one plain table."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    found = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", file.read())
    if found is None:
        raise MarkError("mark.table", phrase("A prepared bundle has no table of its objects."))
    file.seek(begins := int(found[1]))
    head = re.match(rb"xref\s+0 (\d+)\s*$", file.readline() + file.readline())
    if head is None:
        raise MarkError("mark.table", phrase("The table of a prepared bundle is not plain."))
    lines = file.read(_LINE * int(head[1]))
    rows = (lines[at : at + _LINE] for at in range(0, len(lines), _LINE))
    return Table(tuple(int(row[:10]) if row[17:18] == b"n" else 0 for row in rows), begins)


def splice(source: BinaryIO, into: BinaryIO, table: Table, replaced: dict[int, Callable[[], bytes]]) -> None:
    """Write a file in which some objects are what is given for them, each made when it is its turn."""
    ends = table.ends()
    order = sorted((table.offsets[number], number) for number in replaced)
    at, moved, steps = 0, 0, list[tuple[int, int]]()
    for offset, number in order:
        _copy(source, into, at, offset)
        body = b"%d 0 obj\n%s\nendobj\n" % (number, replaced[number]())
        into.write(body)
        at = ends[number]
        moved += len(body) - (at - offset)
        steps.append((at, moved))
    _copy(source, into, at, table.begins)
    source.seek(table.begins)
    into.writelines(_shift(source, table, steps))


def _copy(source: BinaryIO, into: BinaryIO, begin: int, end: int) -> None:
    source.seek(begin)
    while begin < end:
        data = source.read(min(_CHUNK, end - begin))
        into.write(data)
        begin += len(data)


def _shift(source: BinaryIO, table: Table, steps: list[tuple[int, int]]) -> Iterator[bytes]:
    """Yield the table and what follows it, with every offset moved by what was put in before it."""
    begins = [begin for begin, _ in steps]

    def move(offset: int) -> int:
        place = bisect_right(begins, offset)
        return offset + (steps[place - 1][1] if place else 0)

    yield source.readline()
    yield source.readline()
    for offset in table.offsets:
        line = source.read(_LINE)
        yield b"%010d%s" % (move(offset), line[10:]) if offset else line
    rest = source.read()
    yield re.sub(rb"startxref\s+\d+", b"startxref\n%d" % move(table.begins), rest)


def write_stream(dictionary: bytes, data: bytes) -> bytes:
    """Return a stream object: its dictionary without the brackets and the length, and its bytes."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(data), data)


def open_new(path: Path) -> BinaryIO:
    """Open a file that must not exist yet."""
    return path.open("xb")
