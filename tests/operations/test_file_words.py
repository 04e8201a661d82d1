"""The words in a file that is given to somebody: its ends, and, of a zip, what is in it, unless it is too large."""

from collections.abc import Sequence
from typing import BinaryIO

import pytest

from alteram.core.disclosure.names import Found, Protected
from alteram.operations.disclosure import file_words
from alteram.operations.disclosure.file_words import read_file_words
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.stored import StoredFile
from alteram.operations.organisation import Organisation
from tests.worlds import M1


class Unpacking:
    """Implements Naming: of a zip it says how many bytes it was given."""

    def __init__(self, *, is_whole: bool = True) -> None:
        self._is_whole = is_whole

    def find(self, source: BinaryIO, people: Sequence[Protected]) -> tuple[Found, ...]:
        return ()

    def read_packed(self, source: BinaryIO) -> tuple[str, bool]:
        source.seek(0)
        return f"unpacked {len(source.read())}", self._is_whole


def store(body: Organisation, content: bytes) -> StoredFile:
    sealed = receive(body, M1, [content]).sealed
    return StoredFile(body, M1, sealed.attachment.sha256, sealed.attachment.size, sealed.key)


def test_beginning_and_end_of_a_long_file_are_read(body: Organisation) -> None:
    content = b"at first" + bytes(3 << 20) + b"at last"
    assert read_file_words(store(body, content), Unpacking()) == ("at first\nat last", True)
    assert read_file_words(store(body, b""), Unpacking()) == ("", True)


@pytest.mark.parametrize("is_whole", [True, False])
def test_zip_is_unpacked_and_whether_all_of_it_was_read_is_told(body: Organisation, is_whole: bool) -> None:
    content = b"PK\x03\x04\x00plain" + bytes(2 << 20)
    words, told = read_file_words(store(body, content), Unpacking(is_whole=is_whole))
    assert (words, told) == (f"plain\nunpacked {len(content)}", is_whole)


@pytest.mark.parametrize(("size", "is_unpacked"), [(1000, True), (1001, False)])
def test_zip_that_is_too_large_is_not_unpacked_and_told_of(
    body: Organisation, monkeypatch: pytest.MonkeyPatch, size: int, is_unpacked: bool
) -> None:
    monkeypatch.setattr(file_words, "MAX_PACKED", 1000)
    words, told = read_file_words(store(body, b"PK\x03\x04\x00plain".ljust(size, b"\x00")), Unpacking())
    assert ("unpacked" in words, "plain" in words, told) == (is_unpacked, True, is_unpacked)
