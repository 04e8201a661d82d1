"""Files at rest: what was sealed opens, whatever the pieces it came in; nothing that was changed does."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest

from alteram.core.vault import (
    FileSealer,
    OtherFileError,
    SealedEntry,
    VaultError,
    attach_file_keys,
    check_whole,
    open_entry,
    open_file,
    open_file_keys,
)
from alteram.core.vault.files import CHUNK_SIZE, MAX_HEADER, TAG_SIZE
from tests.unit.vault.test_sealing import make

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
HEADER = b'{"name":"photo.jpg"}'


def seal(content: bytes, *, header: bytes = HEADER, piece: int = 70_001) -> bytes:
    sealer = FileSealer(KEY, header)
    sealed = b"".join(sealer.seal(content[at : at + piece]) for at in range(0, len(content), piece))
    return sealed + sealer.finish()


def split(data: bytes, piece: int) -> Iterator[bytes]:
    return (data[at : at + piece] for at in range(0, len(data), piece))


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE - 23, CHUNK_SIZE - 22, CHUNK_SIZE - 21, CHUNK_SIZE, 3 * CHUNK_SIZE])
@pytest.mark.parametrize("piece", [999, CHUNK_SIZE, 1_000_000])
def test_file_opens_as_it_was_whatever_pieces_it_came_in(size: int, piece: int) -> None:
    content = bytes(at % 251 for at in range(size))
    sealed = seal(content, piece=piece)
    header, found = open_file(KEY, split(sealed, piece))
    assert (header, b"".join(found)) == (HEADER, content)
    chunks = -(-(2 + len(HEADER) + size) // CHUNK_SIZE)
    assert len(sealed) == 2 + len(HEADER) + size + TAG_SIZE * chunks


@pytest.mark.parametrize("length", [0, MAX_HEADER])
def test_what_describes_a_file_may_be_empty_or_longer_than_a_chunk(length: int) -> None:
    header, found = open_file(KEY, [seal(b"content", header=b"x" * length)])
    assert (header, b"".join(found)) == (b"x" * length, b"content")


def test_what_describes_a_file_has_a_limit() -> None:
    with pytest.raises(VaultError):
        FileSealer(KEY, b"x" * (MAX_HEADER + 1))


def read(key: bytes, data: bytes) -> bytes:
    return b"".join(open_file(key, [data])[1])


@pytest.mark.parametrize("kept", [0, 1, CHUNK_SIZE + TAG_SIZE, CHUNK_SIZE + TAG_SIZE + 1])
def test_file_cut_short_does_not_open(kept: int) -> None:
    sealed = seal(bytes(2 * CHUNK_SIZE))
    with pytest.raises(VaultError) as caught:
        read(KEY, sealed[:kept])
    assert caught.value.code == "file.ciphertext"


def test_file_altered_lengthened_reordered_or_under_another_key_does_not_open() -> None:
    sealed, whole = seal(bytes(2 * CHUNK_SIZE)), CHUNK_SIZE + TAG_SIZE
    moved = sealed[whole : 2 * whole] + sealed[:whole] + sealed[2 * whole :]
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for key, bad in ((KEY, moved), (KEY, flipped), (KEY, sealed + b"x"), (OTHER, sealed)):
        with pytest.raises(VaultError):
            read(key, bad)


def test_file_that_ends_before_its_description_does_is_malformed() -> None:
    sealer = FileSealer(KEY, b"")
    sealer._rest[:] = b"\x00\x09short"
    with pytest.raises(VaultError) as caught:
        open_file(KEY, [sealer.finish()])
    assert caught.value.code == "file.form"


# -- the keys of an entry's files


def attached() -> SealedEntry:
    return attach_file_keys(make(), [KEY, OTHER])


def test_keys_of_files_open_with_the_entry_and_leave_it_as_it_was() -> None:
    sealed = attached()
    assert open_file_keys(sealed.ciphertext, sealed.keys, sealed.leaf) == (KEY, OTHER)
    assert open_entry(sealed.ciphertext, sealed.keys, sealed.leaf) == open_entry(
        make().ciphertext, make().keys, make().leaf
    )


def test_entry_without_files_has_no_keys_of_them() -> None:
    sealed = make()
    assert attach_file_keys(sealed, ()) == sealed
    assert open_file_keys(sealed.ciphertext, sealed.keys, sealed.leaf) == ()


def test_keys_of_files_do_not_open_with_another_entrys_key_or_leaf() -> None:
    sealed, other = attached(), make(b"other")
    for bad in (replace(sealed, keys=other.keys), replace(sealed, leaf=other.leaf)):
        with pytest.raises(VaultError) as caught:
            open_file_keys(sealed.ciphertext, bad.keys, bad.leaf)
        assert caught.value.code == "file.keys"


def test_second_keyless_ciphertext_or_anything_behind_one_is_refused() -> None:
    sealed = attached()
    again = attach_file_keys(sealed, [KEY])
    with pytest.raises(VaultError) as caught:
        open_entry(again.ciphertext, sealed.keys, sealed.leaf)
    assert caught.value.code == "entry.form"


# -- held to what was named


NAMED = sha256(b"onetwo").hexdigest()


@pytest.mark.parametrize("pieces", [[b"onetwo"], [b"one", b"two"], [b"", b"one", b"", b"two", b""]])
@pytest.mark.parametrize("size", [None, 6])
def test_whole_that_was_named_is_given_out(pieces: list[bytes], size: int | None) -> None:
    assert b"".join(check_whole(pieces, NAMED, size)) == b"onetwo"


@pytest.mark.parametrize(
    ("pieces", "named", "size"),
    [
        ([b"one", b"too"], NAMED, 6),
        ([b"one"], NAMED, 6),
        ([b"one", b"two"], NAMED, 5),
        ([b"one", b"two"], NAMED, 7),
        ([b"one", b"two"], NAMED.upper(), None),
        ([], NAMED, 0),
    ],
)
def test_what_is_not_what_was_named_never_ends_well(pieces: list[bytes], named: str, size: int | None) -> None:
    given: list[bytes] = []
    with pytest.raises(OtherFileError):
        given.extend(check_whole(pieces, named, size))
    assert len(given) < max(1, len(pieces))


def test_more_than_was_named_is_not_waited_for() -> None:
    endless = iter(lambda: b"one", None)
    with pytest.raises(OtherFileError):
        list(check_whole(endless, NAMED, 6))


def test_no_bytes_at_all_are_whole_where_they_were_named() -> None:
    assert b"".join(check_whole([], sha256(b"").hexdigest(), 0)) == b""
