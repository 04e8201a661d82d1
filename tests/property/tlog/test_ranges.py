"""Range proofs: any contiguous range proves, as RFC 6962 defines it; one bit or one place off, and none does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.tlog import compute_root, hash_leaf
from alteram.core.tlog.errors import ProofError
from alteram.core.tlog.merkle import EMPTY_ROOT, build_inclusion_proof
from alteram.core.tlog.ranges import (
    MAX_RANGE_PROOF,
    build_packed_range_proof,
    build_range_proof,
    compute_packed_root,
    compute_root_from_range,
    verify_range,
)
from tests import oracle
from tests.property.tlog.test_merkle import SIZES, flip, leaves


def prove(hashes: list[bytes], start: int, end: int) -> tuple[bytes, ...]:
    return build_range_proof(start, end, len(hashes), lambda low, high: compute_root(hashes[low:high]))


def outside(start: int, end: int, low: int, raw: list[bytes]) -> list[bytes]:
    """The definition, leaf by leaf: what stands left and right of a range, in the largest subtrees without a part."""
    inside = [start <= low + at < end for at in range(len(raw))]
    if not any(inside):
        return [oracle.mth(raw)]
    if all(inside):
        return []
    half = oracle.split(len(raw))
    return outside(start, end, low, raw[:half]) + outside(start, end, low + half, raw[half:])


@st.composite
def ranges(draw: st.DrawFn) -> tuple[int, int, int]:
    size = draw(SIZES)
    start = draw(st.integers(0, size - 1))
    return size, start, draw(st.integers(start + 1, size))


@given(ranges())
def test_any_contiguous_range_proves_as_the_definition_says(drawn: tuple[int, int, int]) -> None:
    size, start, end = drawn
    raw = leaves(size)
    hashes = [hash_leaf(one) for one in raw]
    proof = prove(hashes, start, end)
    assert list(proof) == outside(start, end, 0, raw)
    assert build_packed_range_proof(b"".join(hashes), start, end) == proof
    verify_range(leaf_hashes=hashes[start:end], start=start, size=size, proof=proof, root=oracle.mth(raw))


@given(ranges())
def test_proof_has_at_most_two_hashes_for_each_level(drawn: tuple[int, int, int]) -> None:
    size, start, end = drawn
    assert (
        len(prove([hash_leaf(one) for one in leaves(size)], start, end)) <= 2 * max(0, (size - 1).bit_length() - 1) + 1
    )


@given(ranges(), st.data())
def test_one_flipped_bit_anywhere_is_rejected(drawn: tuple[int, int, int], data: st.DataObject) -> None:
    size, start, end = drawn
    hashes = [hash_leaf(one) for one in leaves(size)]
    root, proof = compute_root(hashes), list(prove(hashes, start, end))
    inside, bit = hashes[start:end], data.draw(st.integers(0, 255))
    place = data.draw(st.integers(0, len(proof) + len(inside)))
    if place < len(proof):
        proof[place] = flip(proof[place], bit)
    elif place < len(proof) + len(inside):
        inside[place - len(proof)] = flip(inside[place - len(proof)], bit)
    else:
        root = flip(root, bit)
    with pytest.raises(ProofError) as caught:
        verify_range(leaf_hashes=inside, start=start, size=size, proof=proof, root=root)
    assert caught.value.code == "proof.root"


@given(ranges(), st.data())
def test_range_said_to_stand_elsewhere_is_rejected(drawn: tuple[int, int, int], data: st.DataObject) -> None:
    size, start, end = drawn
    hashes = [hash_leaf(one) for one in leaves(size)]
    root, proof = compute_root(hashes), prove(hashes, start, end)
    elsewhere = data.draw(st.integers(-1, size).filter(lambda one: one != start))
    with pytest.raises(ProofError):
        verify_range(leaf_hashes=hashes[start:end], start=elsewhere, size=size, proof=proof, root=root)


@given(ranges(), st.data())
def test_leaf_or_hash_left_out_doubled_or_moved_is_rejected(drawn: tuple[int, int, int], data: st.DataObject) -> None:
    size, start, end = drawn
    hashes = [hash_leaf(one) for one in leaves(size)]
    root = compute_root(hashes)
    parts = {"leaf_hashes": hashes[start:end], "proof": list(prove(hashes, start, end))}
    changed = parts[data.draw(st.sampled_from(sorted(name for name, part in parts.items() if part)))]
    at = data.draw(st.integers(0, len(changed) - 1))
    match data.draw(st.sampled_from(["left out", "doubled", "moved"])):
        case "left out":
            del changed[at]
        case "doubled":
            changed.insert(at, changed[at])
        case _ if len(changed) > 1:
            changed.insert(0, changed.pop() if at == 0 else changed.pop(at))
        case _:
            changed.append(bytes(32))
    with pytest.raises(ProofError):
        verify_range(**parts, start=start, size=size, root=root)


@pytest.mark.parametrize(("start", "end", "size"), [(0, 0, 0), (0, 0, 4), (2, 2, 4), (3, 2, 4), (-1, 2, 4), (2, 5, 4)])
def test_range_that_is_empty_or_not_in_the_tree_has_no_proof(start: int, end: int, size: int) -> None:
    hashes = [hash_leaf(one) for one in leaves(size)]
    with pytest.raises(ProofError) as caught:
        prove(hashes, start, end)
    assert caught.value.code == "proof.range"


def test_whole_tree_needs_no_proof_and_takes_none() -> None:
    hashes = [hash_leaf(one) for one in leaves(7)]
    assert prove(hashes, 0, 7) == ()
    with pytest.raises(ProofError) as caught:
        verify_range(leaf_hashes=hashes, start=0, size=7, proof=[bytes(32)], root=compute_root(hashes))
    assert caught.value.code == "proof.too-long"


def test_proof_of_one_leaf_is_its_inclusion_proof_in_another_order() -> None:
    hashes = [hash_leaf(one) for one in leaves(11)]
    for index in range(11):
        path = build_inclusion_proof(index, 11, lambda low, high: compute_root(hashes[low:high]))
        assert sorted(prove(hashes, index, index + 1)) == sorted(path)


def test_hash_of_another_size_is_rejected() -> None:
    hashes = [hash_leaf(one) for one in leaves(4)]
    for bad in ([hashes[0][:31]], [hashes[0] + b"x"]):
        with pytest.raises(ProofError) as caught:
            compute_root_from_range(leaf_hashes=bad, start=0, size=4, proof=prove(hashes, 0, 1))
        assert caught.value.code == "proof.hash-size"
    with pytest.raises(ProofError):
        verify_range(leaf_hashes=hashes, start=0, size=4, proof=(), root=b"short")


def test_largest_proof_is_within_what_a_reader_allows() -> None:
    size = (1 << 63) - 1
    assert len(build_range_proof(1 << 61, (1 << 61) + 1, size, lambda _low, _high: bytes(32))) <= MAX_RANGE_PROOF


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 12_289])
def test_packed_root_is_that_of_the_leaves_at_the_edges_of_runs(size: int) -> None:
    hashes = [hash_leaf(one) for one in leaves(size)]
    assert compute_packed_root(b"".join(hashes)) == compute_root(hashes)
    assert size or compute_packed_root(b"") == EMPTY_ROOT


def test_packed_hashes_of_another_length_are_rejected() -> None:
    with pytest.raises(ProofError) as caught:
        compute_packed_root(bytes(33))
    assert caught.value.code == "proof.hash-size"
