"""Reads every text of a PDF, a picture or a text, so that it can be told whether it names a protected person."""

import json
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import BinaryIO, Final, Literal, cast

from alteram.adapters.bundles.verifying import READING
from alteram.adapters.bundles.workers import Bounds, WorkerEndedError, ask_worker
from alteram.core.disclosure.names import Found, Protected, Text, find_names

#: Where a text is spelled otherwise for machines, or stands once more: names found there are told once.
_REPEATED: Final = ("stream in the bytes of the file", "bytes between the objects", "name in ")
_UNPACKING: Final = Bounds(seconds=60, memory=1 << 30, file_size=1 << 30)


def read_texts(source: BinaryIO) -> Iterator[Text]:
    """Yield every text of an open PDF with its place and page (0: none): pages, metadata, bookmarks, and what hides.

    What stands in pictures is not among them: see the text that was recognised in them. Raises: BundleError.
    """
    with TemporaryFile() as out:
        file = cast("BinaryIO", out)
        ask_worker("read texts", {"source": source.fileno(), "out": out.fileno()}, files=[source, file], bounds=READING)
        out.seek(0)
        for line in file:
            place, page, text = json.loads(line)
            yield Text(place, page, text)


def read_packed(source: BinaryIO) -> tuple[str, bool]:
    """Return the texts in an open zip, such as a file of an office program; and whether all of it could be read.

    Raises: BundleError where no program can be confined.
    """
    with TemporaryFile() as out:
        file = cast("BinaryIO", out)
        job = {"source": source.fileno(), "out": out.fileno()}
        try:
            answer = ask_worker("read packed", job, files=[source, file], bounds=_UNPACKING)
        except WorkerEndedError:
            answer = {"unread": 1}
        out.seek(0)
        return out.read().decode("utf-8", "replace"), not answer["unread"]


def find_names_in(
    source: BinaryIO, media: Literal["application/pdf", "text/plain"], people: Sequence[Protected]
) -> tuple[Found, ...]:
    """Return where an open file names a protected person or may do so, each place once, the certain ones first.

    Raises: BundleError.
    """
    if media == "text/plain":
        source.seek(0)
        texts: Iterator[Text] = iter([Text("text", 0, source.read().decode("utf-8", "replace"))])
    else:
        texts = read_texts(source)
    kept: dict[tuple[str, str, int, str], Found] = {}
    seen: set[tuple[str, str]] = set()
    for one in find_names(people, texts):
        words = " ".join(one.words.split()).casefold()
        repeated = one.place.startswith(_REPEATED) and (one.identity, words) in seen
        seen.add((one.identity, words))
        key = one.identity, one.place, one.page, words
        if not repeated and (key not in kept or one.certain > kept[key].certain):
            kept[key] = one
    return tuple(sorted(kept.values(), key=lambda one: (not one.certain, one.page)))
