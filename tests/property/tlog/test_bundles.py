"""Fast hashing of tiles and bundles beside what it is to compute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.tlog import TileError, compute_root, hash_leaf
from alteram.core.tlog.tiles import compute_tile_root, encode_bundle, hash_bundle, parse_bundle

# Runs of one length, as in a log of hidden entries, beside entries of any length.
ENTRIES = st.lists(
    st.one_of(st.binary(max_size=6), st.sampled_from([bytes(33), b"\x01" * 33, bytes(300)])), min_size=1, max_size=256
)


@given(ENTRIES)
def test_leaf_hashes_of_a_bundle_are_those_of_its_entries(entries: list[bytes]) -> None:
    assert hash_bundle(encode_bundle(entries), len(entries)) == [hash_leaf(entry) for entry in entries]


@given(st.binary(max_size=200), st.integers(1, 12))
def test_hashing_accepts_exactly_the_bundles_that_parsing_accepts(data: bytes, width: int) -> None:
    try:
        expected = [hash_leaf(entry) for entry in parse_bundle(data, width)]
    except TileError:
        with pytest.raises(TileError):
            hash_bundle(data, width)
        return
    assert hash_bundle(data, width) == expected


@given(ENTRIES, st.integers(-3, 3), st.integers(-2, 2))
def test_bundle_cut_or_counted_wrongly_is_refused(entries: list[bytes], cut: int, miscount: int) -> None:
    data = encode_bundle(entries)
    data = data[:cut] if cut < 0 else data + bytes(cut)
    try:
        parse_bundle(data, len(entries) + miscount)
    except TileError:
        with pytest.raises(TileError):
            hash_bundle(data, len(entries) + miscount)


@given(st.binary(min_size=32, max_size=32))
def test_root_of_a_full_tile_is_the_root_of_its_hashes(seed: bytes) -> None:
    hashes = [hash_leaf(seed + bytes([at])) for at in range(256)]
    assert compute_tile_root(b"".join(hashes)) == compute_root(hashes)


@pytest.mark.parametrize("length", [0, 32, 8160, 8191, 8193])
def test_tile_of_another_length_has_no_root(length: int) -> None:
    with pytest.raises(TileError):
        compute_tile_root(bytes(length))
