"""Proofs that leaves [start, end) are a contiguous part of an RFC 6962 tree (docs/spec/evidence.md, section 2).

The proof is the roots of the largest subtrees that lie wholly outside the range, from left to right: at most two for
each level of the tree. Whoever has the leaves of the range computes the root from both.
As with every proof of RFC 6962, the size is taken as given: a root says nothing of it, so whoever signs a root signs
the size beside it.

>>> from alteram.core.tlog.merkle import compute_root, hash_leaf
>>> leaves = [hash_leaf(bytes([one])) for one in range(5)]
>>> proof = build_range_proof(1, 4, 5, lambda start, end: compute_root(leaves[start:end]))
>>> verify_range(leaf_hashes=leaves[1:4], start=1, size=5, proof=proof, root=compute_root(leaves))
"""

from collections.abc import Iterator, Sequence

from alteram.core.tlog.errors import ProofError
from alteram.core.tlog.merkle import HASH_SIZE, RangeRoot, compute_root, hash_node

#: How many hashes a proof can have: two for each level below the root, of a tree of 2^63 leaves.
MAX_RANGE_PROOF = 2 * 62
#: How many leaves are hashed up at once, so that a tree of a million takes no more memory than one of four thousand.
_RUN = 1 << 12


def build_range_proof(start: int, end: int, size: int, range_root: RangeRoot) -> tuple[bytes, ...]:
    """Return the proof for leaves [start, end) of a tree of `size`. Raises: ProofError for an empty or absent range."""
    _check_range(start, end, size)
    return tuple(range_root(*one) for one in _outside(start, end, size))


def compute_root_from_range(*, leaf_hashes: Sequence[bytes], start: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root of the tree of `size` that has these leaves from `start` on, if the proof is true.

    Raises: ProofError when the range is empty or not in the tree, or the proof has another length than it must.
    """
    end = start + len(leaf_hashes)
    _check_range(start, end, size)
    if any(len(one) != HASH_SIZE for one in (*leaf_hashes, *proof)):
        raise ProofError("proof.hash-size", "A hash is not 32 bytes.")
    needed = sum(1 for _ in _outside(start, end, size))
    if len(proof) != needed:
        code, word = ("proof.too-short", "short") if len(proof) < needed else ("proof.too-long", "long")
        raise ProofError(code, f"The range proof is too {word}.")
    left = iter(proof)

    def root(low: int, high: int) -> bytes:
        if high <= start or end <= low:
            return next(left)
        if start <= low and high <= end:
            return compute_root(leaf_hashes[low - start : high - start])
        split = low + _split(high - low)
        before = root(low, split)
        return hash_node(before, root(split, high))

    return root(0, size)


def verify_range(*, leaf_hashes: Sequence[bytes], start: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that these are leaves [start, start + how many they are) of the tree of `size` with `root`.

    Raises: ProofError with a stable code otherwise.
    """
    if len(root) != HASH_SIZE:
        raise ProofError("proof.hash-size", "A hash is not 32 bytes.")
    if compute_root_from_range(leaf_hashes=leaf_hashes, start=start, size=size, proof=proof) != root:
        raise ProofError("proof.root", "The range proof leads to another root.")


def compute_packed_root(hashes: bytes) -> bytes:
    """Return the root over leaf hashes that stand one behind the other, 32 bytes each, in little memory.

    Raises: ProofError for another length.
    """
    return compute_packed_range_root(hashes, 0, len(hashes) // HASH_SIZE)


def build_packed_range_proof(hashes: bytes, start: int, end: int) -> tuple[bytes, ...]:
    """Return the proof for leaves [start, end) of the tree over packed leaf hashes. Raises: ProofError."""
    size = len(hashes) // HASH_SIZE
    return build_range_proof(start, end, size, lambda low, high: compute_packed_range_root(hashes, low, high))


def compute_packed_range_root(hashes: bytes, start: int, end: int) -> bytes:
    """Return the root over leaves [start, end) of packed leaf hashes. Raises: ProofError for another length."""
    if len(hashes) % HASH_SIZE:
        raise ProofError("proof.hash-size", "A hash is not 32 bytes.")
    # Every run but the last is a perfect subtree, so the roots of runs are a level of the tree.
    runs = (
        compute_root([hashes[at * HASH_SIZE : (at + 1) * HASH_SIZE] for at in range(low, min(low + _RUN, end))])
        for low in range(start, end, _RUN)
    )
    return compute_root(list(runs))


def _outside(start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the largest subtrees of a tree of `size` that hold no leaf of [start, end), from left to right."""
    waiting = [(0, size)]
    while waiting:
        low, high = waiting.pop()
        if high <= start or end <= low:
            yield low, high
        elif low < start or end < high:
            split = low + _split(high - low)
            waiting += [(split, high), (low, split)]


def _check_range(start: int, end: int, size: int) -> None:
    if not 0 <= start < end <= size:
        raise ProofError("proof.range", f"There are no leaves from {start} up to {end} in a tree of {size}.")


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
