"""The fast tree against RFC 6962 written down word for word, and every single-bit change against the verifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.tlog.errors import ProofError
from alteram.core.tlog.merkle import (
    Frontier,
    build_consistency_proof,
    build_inclusion_proof,
    compute_root,
    hash_leaf,
    verify_consistency,
    verify_inclusion,
)
from tests import oracle

SIZES = st.one_of(st.integers(1, 40), st.sampled_from([63, 64, 65, 127, 128, 255, 256, 257]))


def leaves(size: int) -> list[bytes]:
    return [str(one).encode() for one in range(size)]


def flip(data: bytes, bit: int) -> bytes:
    at, shift = divmod(bit % (len(data) * 8), 8)
    return data[:at] + bytes([data[at] ^ 1 << shift]) + data[at + 1 :]


@given(SIZES, st.data())
def test_proofs_equal_the_oracles_and_verify(size: int, data: st.DataObject) -> None:
    raw = leaves(size)
    hashes = [hash_leaf(one) for one in raw]
    root = compute_root(hashes)
    assert root == oracle.mth(raw) == Frontier().extend(hashes).root

    def range_root(start: int, end: int) -> bytes:
        return compute_root(hashes[start:end])

    index = data.draw(st.integers(0, size - 1))
    path = build_inclusion_proof(index, size, range_root)
    assert list(path) == oracle.path(index, raw)
    verify_inclusion(leaf_hash=hashes[index], index=index, size=size, proof=path, root=root)
    old = data.draw(st.integers(1, size))
    proof = build_consistency_proof(old, size, range_root)
    assert list(proof) == oracle.proof(old, raw)
    verify_consistency(size1=old, root1=compute_root(hashes[:old]), size2=size, root2=root, proof=proof)


@given(st.integers(2, 70), st.data())
def test_one_flipped_bit_is_rejected(size: int, data: st.DataObject) -> None:
    hashes = [hash_leaf(one) for one in leaves(size)]
    root = compute_root(hashes)

    def range_root(start: int, end: int) -> bytes:
        return compute_root(hashes[start:end])

    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 255))
    path = list(build_inclusion_proof(index, size, range_root))
    place = data.draw(st.integers(0, len(path) - 1))
    broken = [*path[:place], flip(path[place], bit), *path[place + 1 :]]
    for bad in (
        {"proof": broken},
        {"proof": path[:-1]},
        {"proof": [*path, root]},
        {"root": flip(root, bit)},
        {"leaf_hash": flip(hashes[index], bit)},
        {"index": size},
        {"index": -1},
    ):
        good = {"leaf_hash": hashes[index], "index": index, "size": size, "proof": path, "root": root}
        with pytest.raises(ProofError):
            verify_inclusion(**{**good, **bad})  # type: ignore[arg-type]  # one argument at a time is made wrong


@given(st.integers(2, 70), st.data())
def test_consistency_with_one_flipped_bit_is_rejected(size: int, data: st.DataObject) -> None:
    hashes = [hash_leaf(one) for one in leaves(size)]
    old, bit = data.draw(st.integers(1, size - 1)), data.draw(st.integers(0, 255))
    proof = list(build_consistency_proof(old, size, lambda start, end: compute_root(hashes[start:end])))
    root1, root2 = compute_root(hashes[:old]), compute_root(hashes)
    place = data.draw(st.integers(0, len(proof) - 1))
    broken = [*proof[:place], flip(proof[place], bit), *proof[place + 1 :]]
    for roots, wrong in (
        ((root1, root2), broken),
        ((flip(root1, bit), root2), proof),
        ((root1, flip(root2, bit)), proof),
    ):
        with pytest.raises(ProofError):
            verify_consistency(size1=old, root1=roots[0], size2=size, root2=roots[1], proof=wrong)


@given(st.lists(st.integers(0, 30), max_size=8))
def test_frontier_grown_in_steps_has_the_root_of_the_whole(steps: list[int]) -> None:
    frontier = Frontier()
    hashes: list[bytes] = []
    for step in steps:
        fresh = [hash_leaf(str(len(hashes) + one).encode()) for one in range(step)]
        hashes += fresh
        frontier = frontier.extend(fresh)
        assert frontier.root == compute_root(hashes)
        assert frontier.size == len(hashes)
