"""The Merkle tree of RFC 6962 section 2.1, and the strict verifiers of RFC 9162 sections 2.1.3.2 and 2.1.4.2.

Bytes only. Hashes are 32 bytes everywhere; anything else is refused.

>>> compute_root([hash_leaf(b"a"), hash_leaf(b"b")]) == hash_node(hash_leaf(b"a"), hash_leaf(b"b"))
True
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from alteram.core.tlog.errors import ProofError

HASH_SIZE = 32
#: MTH({}) = SHA-256("").
EMPTY_ROOT = sha256(b"").digest()


def hash_leaf(data: bytes) -> bytes:
    """Return SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def compute_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return MTH of these leaf hashes, level by level."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = hash_pairs(level) + odd
    return level[0]


def hash_pairs(level: Sequence[bytes]) -> list[bytes]:
    """Return the nodes above `level`, a last odd one left out."""
    digest = sha256
    return [digest(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]


def compute_subtree_root(data: Iterable[bytes]) -> bytes:
    """Return the root of the leaves whose data these are; two processes share a log by such runs of 65,536."""
    digest = sha256
    return compute_root([digest(b"\x00" + one).digest() for one in data])


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: the roots of its perfect subtrees, largest first.

    It is enough to grow the tree and to know its root.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def extend(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """Return the frontier after these leaves."""
        size, nodes = self.size, list(self.nodes)
        for leaf_hash in leaf_hashes:
            nodes.append(leaf_hash)
            size += 1
            merged = size
            while merged % 2 == 0:
                right = nodes.pop()
                nodes.append(hash_node(nodes.pop(), right))
                merged //= 2
        return Frontier(size, tuple(nodes))

    @property
    def root(self) -> bytes:
        """Return MTH of the whole tree."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = hash_node(node, root)
        return root


#: Gives the root of the perfect or ragged range [start, end) of leaves.
RangeRoot = Callable[[int, int], bytes]


def build_inclusion_proof(index: int, size: int, range_root: RangeRoot) -> tuple[bytes, ...]:
    """Return PATH(index, D[size]) of RFC 6962 section 2.1.1, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ProofError("proof.index", f"There is no leaf {index} in a tree of {size}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            path.append(range_root(split, end))
            end = split
        else:
            path.append(range_root(start, split))
            start = split
    return tuple(reversed(path))


def build_consistency_proof(size1: int, size2: int, range_root: RangeRoot) -> tuple[bytes, ...]:
    """Return PROOF(size1, D[size2]) of RFC 6962 section 2.1.2. Raises: ProofError unless 0 < size1 <= size2."""
    if not 0 < size1 <= size2:
        raise ProofError("proof.size", "A consistency proof goes from a non-empty tree to one at least as large.")
    if size1 == size2:
        return ()
    proof: list[bytes] = []
    start, end, complete = 0, size2, True
    while size1 != end:
        split = start + _split(end - start)
        if size1 <= split:
            proof.append(range_root(split, end))
            end = split
        else:
            proof.append(range_root(start, split))
            start, complete = split, False
    if not complete:
        proof.append(range_root(start, end))
    return tuple(reversed(proof))


def verify_inclusion(*, leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that the leaf is at `index` in the tree of `size` with `root` (RFC 9162 section 2.1.3.2).

    Raises: ProofError with a stable code otherwise.
    """
    _check_hashes((leaf_hash, root, *proof))
    if not 0 <= index < size:
        raise ProofError("proof.index", "The index is not in the tree.")
    fn, sn, computed = index, size - 1, leaf_hash
    for element in proof:
        if sn == 0:
            raise ProofError("proof.too-long", "The inclusion proof is too long.")
        if fn & 1 or fn == sn:
            computed = hash_node(element, computed)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            computed = hash_node(computed, element)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("proof.too-short", "The inclusion proof is too short.")
    if computed != root:
        raise ProofError("proof.root", "The inclusion proof leads to another root.")


def verify_consistency(  # noqa: PLR0912 - RFC 9162 gives the algorithm as one list of steps; cutting it hides them
    *, size1: int, root1: bytes, size2: int, root2: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that the tree of `size2` continues the tree of `size1` (RFC 9162 section 2.1.4.2).

    A proof from size 0 proves nothing and is an error. Raises: ProofError with a stable code.
    """
    if not 0 < size1 <= size2:
        raise ProofError("proof.size", "A consistency proof goes from a non-empty tree to one at least as large.")
    if size1 == size2:
        # Nothing is hashed here, so roots are only compared; a public vector has roots that are not 32 bytes.
        if proof:
            raise ProofError("proof.too-long", "Equal sizes need no proof.")
        if root1 != root2:
            raise ProofError("proof.root", "Two roots for one size.")
        return
    _check_hashes((root1, root2, *proof))
    elements = list(proof) if size1 & (size1 - 1) else [root1, *proof]
    if not elements or not proof:
        raise ProofError("proof.too-short", "The consistency proof is empty.")
    fn, sn = size1 - 1, size2 - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = elements[0]
    for element in elements[1:]:
        if sn == 0:
            raise ProofError("proof.too-long", "The consistency proof is too long.")
        if fn & 1 or fn == sn:
            first, second = hash_node(element, first), hash_node(element, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = hash_node(second, element)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("proof.too-short", "The consistency proof is too short.")
    if first != root1 or second != root2:
        raise ProofError("proof.root", "The consistency proof leads to other roots.")


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _check_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError("proof.hash-size", "A hash is not 32 bytes.")
