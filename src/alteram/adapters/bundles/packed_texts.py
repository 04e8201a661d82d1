"""The texts inside a zip whose parts are XML, as the files of office programs are: words, properties, who wrote a note.

Nothing is written and nothing followed. What is unpacked is bounded in its number of parts and their bytes; XML that
declares a document type, by which entities come, is not read as XML. Of other parts, such as pictures, the words that
stand in them plainly are told.
"""

import os
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO, Final
from xml.parsers import expat

from alteram.core.disclosure.file_words import ZIP, read_words

#: How many parts are read, of how many bytes each and in all; and how deep files in files are opened.
MAX_PARTS: Final = 5_000
MAX_PART: Final = 32 << 20
MAX_ALL: Final = 64 << 20
DEEPEST: Final = 2
#: So many bytes of text are given on: looking for names in a mebibyte takes a second.
MAX_TEXT: Final = 16 << 20
#: Elements with whose end a line ends: paragraphs, headings, cells and rows; and those that stand for a space.
_LINES: Final = frozenset({"p", "h", "si", "is", "tc", "tr", "row", "table-cell", "table-row"})
_SPACES: Final = frozenset({"br", "cr", "line-break", "s", "tab"})
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError)
#: What may stand before the first mark of XML, in any coding.
_BEFORE: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def read_packed(job: dict[str, Any]) -> dict[str, Any]:
    """Write the texts in the open zip `source` into the open file `out`; tell how many parts could not be read."""
    with os.fdopen(job["source"], "rb", closefd=False) as source, os.fdopen(job["out"], "wb", closefd=False) as out:
        reading = _Reading(job.get("bytes", MAX_ALL))
        for text in reading.read(source):
            out.write((text + "\n").encode("utf-8", "replace"))
            if out.tell() > MAX_TEXT:
                reading.unread += 1
                break
    return {"unread": reading.unread}


class _Reading:
    """What is left of the bytes that are unpacked, and how many parts could not be read."""

    def __init__(self, most: int) -> None:
        self._left, self._parts, self.unread = most, MAX_PARTS, 0

    def read(self, source: BinaryIO, depth: int = 1) -> Iterator[str]:
        """Yield the texts in a zip: its comment, the names of its parts, and what is in each."""
        try:
            with zipfile.ZipFile(source) as packed:
                yield packed.comment.decode("utf-8", "replace")
                for part in packed.infolist():
                    yield f"{part.filename}\n{part.comment.decode('utf-8', 'replace')}"
                    yield from self._read_part(packed, part, depth)
        except _UNREADABLE:
            self.unread += 1

    def _read_part(self, packed: zipfile.ZipFile, part: zipfile.ZipInfo, depth: int) -> Iterator[str]:
        most = min(MAX_PART, self._left)
        self._parts -= 1
        if self._parts < 0 or not most:
            self.unread += 1
            return
        try:
            with packed.open(part) as file:
                data = file.read(most + 1)
        except _UNREADABLE:
            self.unread += 1
            return
        self.unread += len(data) > most
        data = data[:most]
        self._left -= len(data)
        if data.startswith(ZIP) and depth < DEEPEST:
            yield from self.read(BytesIO(data), depth + 1)
        elif data[:200].lstrip(_BEFORE).startswith(b"<"):
            yield self._read_xml(data)
        else:
            self.unread += data.startswith(ZIP)
            yield read_words(data)

    def _read_xml(self, data: bytes) -> str:
        try:
            return _Lines().read(data)
        except (expat.ExpatError, _DocumentTypeError, ValueError):
            self.unread += 1
            return read_words(data)


class _DocumentTypeError(Exception):
    """An XML file declares a document type: no office program writes one, and it is how entities come."""


class _Lines:
    """The text of an XML file twice: each run by itself, once, and put together line by line; and the values beside it.

    A name may be cut into runs in the middle, and two that belong apart may stand side by side with no line's end.
    """

    def __init__(self) -> None:
        self._runs: dict[str, None] = {}
        self._line: list[str] = []

    def read(self, data: bytes) -> str:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._take
        parser.Parse(data, True)
        return "\n".join(self._runs) + "\n" + "".join(self._line)

    def _begin(self, name: str, values: dict[str, str]) -> None:
        self._runs |= dict.fromkeys(values.values())
        if name.rpartition(":")[2] in _SPACES:
            self._line.append(" ")

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] in _LINES:
            self._line.append("\n")

    def _take(self, text: str) -> None:
        self._runs[text] = None
        self._line.append(text)

    def _refuse(self, *_told: object) -> None:
        raise _DocumentTypeError
