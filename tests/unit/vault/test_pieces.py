"""Pieces: cut the same however the bytes arrive, hashed under salts of the file's key alone, listed strictly."""

import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.tlog import compute_root
from alteram.core.tlog.ranges import compute_packed_root
from alteram.core.vault import VaultError
from alteram.core.vault import pieces as module
from alteram.core.vault.pieces import (
    HASH_SIZE,
    MAX_PIECE,
    PIECE_SIZE,
    PieceCollector,
    PieceCutter,
    PieceList,
    are_lengths_of,
    build_salt,
    derive_salt_key,
    hash_piece,
    parse_piece_list,
)
from tests import oracle

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def content_of(size: int) -> bytes:
    return (b"%07d\n" * (size // 8 + 1) % tuple(range(size // 8 + 1)))[:size]


def cut(content: bytes, step: int = 1 << 20, key: bytes = KEY) -> PieceList:
    cutter = PieceCutter(key)
    for at in range(0, len(content), step):
        cutter.write(content[at : at + step])
    return cutter.finish()


def collect(*pieces: bytes, key: bytes = KEY) -> PieceList:
    collector = PieceCollector(key)
    for one in pieces:
        collector.add(one)
    return collector.finish()


def by_definition(pieces: list[bytes], key: bytes = KEY) -> bytes:
    """docs/spec/evidence.md, E2.1 and E2.2, word for word."""
    extracted = hmac.digest(bytes(32), key, sha256)
    salt_key = hmac.digest(extracted, b"alteram/piece-salts/v1" + b"\x01", sha256)
    salts = [
        hmac.digest(salt_key, b"alteram/piece/v1" + number.to_bytes(8, "big"), sha256)[:16]
        for number in range(len(pieces))
    ]
    return oracle.mth([salt + piece for salt, piece in zip(salts, pieces, strict=True)])


@pytest.mark.parametrize(
    "size", [0, 1, PIECE_SIZE - 1, PIECE_SIZE, PIECE_SIZE + 1, 3 * PIECE_SIZE - 1, 3 * PIECE_SIZE, 3 * PIECE_SIZE + 9]
)
@pytest.mark.parametrize("step", [1000, PIECE_SIZE, PIECE_SIZE + 1, 1 << 20])
def test_bytes_are_cut_as_the_definition_says_however_they_arrive(size: int, step: int) -> None:
    content = content_of(size)
    expected = [content[at : at + PIECE_SIZE] for at in range(0, size, PIECE_SIZE)] or [b""]
    made = cut(content, step)
    assert list(made.lengths) == [len(one) for one in expected]
    assert compute_packed_root(made.hashes) == by_definition(expected)
    assert made.find_hash(len(made) - 1) == hash_piece(build_salt(derive_salt_key(KEY), len(made) - 1), expected[-1])
    assert are_lengths_of("bytes", made.lengths, 0, len(made))


def test_messages_are_pieces_of_their_own_even_when_empty() -> None:
    messages = [b"first", b"", b"third"]
    made = collect(*messages)
    assert compute_packed_root(made.hashes) == by_definition(messages)
    assert made.find_span(0, 1) == (0, 5)
    assert made.find_span(1, 3) == (5, 10)
    assert made.split(0, 3, b"firstthird") == (b"first", b"", b"third")


def test_same_pieces_under_another_key_or_in_another_place_have_other_hashes() -> None:
    made = collect(b"yes", b"yes")
    assert made.find_hash(0) != made.find_hash(1)
    assert made.hashes != collect(b"yes", b"yes", key=OTHER).hashes


def test_pieces_moved_or_cut_elsewhere_have_another_root() -> None:
    roots = {
        compute_root([one.find_hash(at) for at in range(len(one))])
        for one in (collect(b"a", b"b"), collect(b"b", b"a"), collect(b"ab", b""), collect(b"ab"), collect(b"", b"ab"))
    }
    assert len(roots) == 5


def test_nothing_to_cut_is_refused() -> None:
    with pytest.raises(VaultError) as caught:
        PieceCollector(KEY).finish()
    assert caught.value.code == "pieces.none"


def test_piece_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    collector = PieceCollector(KEY)
    collector.keep(MAX_PIECE, bytes(32))
    with pytest.raises(VaultError) as caught:
        collector.keep(MAX_PIECE + 1, bytes(32))
    assert caught.value.code == "pieces.too-large"


def test_as_many_pieces_as_may_be_are_taken_and_one_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PIECES", 2)
    assert len(cut(bytes(2 * PIECE_SIZE))) == 2
    with pytest.raises(VaultError) as caught:
        cut(bytes(2 * PIECE_SIZE + 1))
    assert caught.value.code == "pieces.too-many"


@pytest.mark.parametrize(("first", "until"), [(0, 0), (1, 1), (2, 1), (-1, 1), (0, 3)])
def test_pieces_that_are_not_there_have_no_span(first: int, until: int) -> None:
    with pytest.raises(VaultError) as caught:
        collect(b"a", b"b").find_span(first, until)
    assert caught.value.code == "pieces.range"


def test_bytes_of_another_number_are_not_cut() -> None:
    with pytest.raises(VaultError) as caught:
        collect(b"a", b"b").split(0, 2, b"abc")
    assert caught.value.code == "pieces.content"


# -- the list


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20))
def test_list_reads_back_as_it_was_written(pieces: list[bytes]) -> None:
    made = collect(*pieces)
    read = parse_piece_list(made.encode())
    assert (list(read.lengths), read.hashes, read.encode()) == (list(made.lengths), made.hashes, made.encode())


@given(st.binary(max_size=200))
def test_every_accepted_list_has_one_spelling(data: bytes) -> None:
    for tried in (data, b"alteram-pieces/1\n" + data, b"alteram-pieces/1\n\0\0\0\1" + data[:36]):
        try:
            read = parse_piece_list(tried)
        except VaultError:
            continue
        assert read.encode() == tried


def test_list_cut_short_lengthened_or_empty_is_refused() -> None:
    data = collect(b"a", b"b").encode()
    none = b"alteram-pieces/1\n" + bytes(4)
    one_less = data[:17] + (1).to_bytes(4, "big") + data[21:]
    for bad in (b"", data[:-1], data + b"x", none, one_less, b"alteram-pieces/2\n" + data[17:]):
        with pytest.raises(VaultError) as caught:
            parse_piece_list(bad)
        assert caught.value.code == "pieces.form"


@pytest.mark.parametrize(("length", "accepted"), [(MAX_PIECE, True), (MAX_PIECE + 1, False)])
def test_list_holds_pieces_up_to_the_limit(length: int, accepted: bool) -> None:
    data = b"alteram-pieces/1\n" + (1).to_bytes(4, "big") + length.to_bytes(4, "big") + bytes(HASH_SIZE)
    if accepted:
        assert parse_piece_list(data).lengths[0] == length
    else:
        with pytest.raises(VaultError):
            parse_piece_list(data)


@pytest.mark.parametrize(
    ("lengths", "first", "count", "fits"),
    [
        ((0,), 0, 1, True),
        ((PIECE_SIZE,), 0, 1, True),
        ((PIECE_SIZE + 1,), 0, 1, False),
        ((PIECE_SIZE, 0), 0, 2, False),
        ((PIECE_SIZE, 1), 0, 2, True),
        ((PIECE_SIZE - 1,), 0, 2, False),
        ((1,), 1, 2, True),
        ((1,), 1, 3, False),
    ],
)
def test_forms_that_are_cut_evenly_have_full_pieces_but_the_last(
    lengths: tuple[int, ...], first: int, count: int, fits: bool
) -> None:
    assert are_lengths_of("flac", lengths, first, count) is fits
    assert are_lengths_of("messages", lengths, first, count)
