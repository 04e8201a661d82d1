"""Checkpoints, receipts and Merkle paths: C2SP tlog-checkpoint and tlog-proof, RFC 6962 (record R4, R5)."""

import hashlib
import re
from dataclasses import dataclass

from conformance.failure import Failure
from conformance.spelling import read_base64
from conformance.trust import LARGEST, SignedNote, read_name, read_note

NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
MOST_HASHES = 63
EMPTY = hashlib.sha256(b"").digest()


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: the log's origin, its size and its root."""

    origin: str
    size: int
    root: bytes


def read_head(text: str) -> Head:
    """Return the head that a checkpoint's text spells (R5.8)."""
    rows = text.split("\n")
    if len(rows) < 4 or rows[-1] or not all(rows[:-1]):
        raise Failure("checkpoint.form", "a checkpoint is an origin, a size and a root, a line each")
    origin, size, root = rows[:3]
    if not NUMBER.fullmatch(size) or int(size) >= 2**63:
        raise Failure("checkpoint.size", "a size that is not a plain number")
    head = Head(read_name(origin), int(size), read_base64(root))
    if len(head.root) != 32 or (head.size == 0 and head.root != EMPTY):
        raise Failure("checkpoint.root", "a root that is none")
    return head


@dataclass(frozen=True)
class Receipt:
    """A leaf's place and path, under a note."""

    index: int
    path: tuple[bytes, ...]
    note: SignedNote
    extra: bytes | None


def read_receipt(data: bytes, notes: dict[bytes, SignedNote]) -> Receipt:
    """Return a receipt, nothing in it verified (R5.9). `notes` holds those read before."""
    if len(data) > LARGEST:
        raise Failure("proof.too-large", "a receipt of more than 1 MiB")
    cut = data.find(b"\n\n")
    if cut < 0 or not data[:cut].isascii():
        raise Failure("proof.form", "a receipt is a head, an empty line and a checkpoint")
    rows = data[:cut].decode("ascii").split("\n")
    if rows[0] != "c2sp.org/tlog-proof@v1":
        raise Failure("proof.form", "a receipt of another kind")
    rows, extra = rows[1:], None
    if rows and rows[0].startswith("extra "):
        extra, rows = read_base64(rows[0][6:]), rows[1:]
    if not rows or not rows[0].startswith("index ") or not NUMBER.fullmatch(rows[0][6:]):
        raise Failure("proof.form", "a receipt that does not name the index of its leaf")
    path = tuple(read_base64(row) for row in rows[1:])
    if len(path) > MOST_HASHES or any(len(one) != 32 for one in path):
        raise Failure("proof.hash-size", "a hash that is not 32 bytes, or too many")
    signed = data[cut + 2 :]
    if signed not in notes:
        notes[signed] = read_note(signed)
    return Receipt(int(rows[0][6:]), path, notes[signed], extra)


def hash_leaf(leaf: bytes) -> bytes:
    """Return the hash of leaf data (R4.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def verify_path(receipt: Receipt, head: Head, leaf_hash: bytes) -> None:
    """Verify that the leaf is where the receipt says, by the definition of the path (R4.2)."""
    if receipt.index >= head.size:
        raise Failure("proof.index", "an index that is not in the log")
    if _root_from(receipt.index, head.size, leaf_hash, list(receipt.path)) != head.root:
        raise Failure("proof.root", "a path that leads to another root")


def read_hashes(data: bytes) -> tuple[bytes, ...]:
    """Return the hashes of a consistency proof, a line each (R6.9)."""
    if not data.isascii() or (data and not data.endswith(b"\n")):
        raise Failure("proof.form", "a consistency proof is a hash a line")
    hashes = tuple(read_base64(row) for row in data.decode("ascii").split("\n")[:-1])
    if len(hashes) > MOST_HASHES or any(len(one) != 32 for one in hashes):
        raise Failure("proof.hash-size", "a hash that is not 32 bytes, or too many")
    return hashes


def verify_growth(old: Head, new: Head, hashes: tuple[bytes, ...]) -> None:
    """Verify that the newer log continues the older, by the definition of the proof (RFC 6962 section 2.1.2)."""
    if not 0 < old.size <= new.size:
        raise Failure("proof.size", "a checkpoint of an empty log, or of a larger one than the file's")
    left = list(hashes)
    roots = _grow(old.size, new.size, old.root, left)
    if left:
        raise Failure("proof.too-long", "a consistency proof that is too long")
    if roots != (old.root, new.root):
        raise Failure("proof.root", "a consistency proof that leads to other roots")


def _grow(old: int, new: int, whole: bytes | None, left: list[bytes]) -> tuple[bytes, bytes]:
    """Return both roots of a subtree; `whole` is the old log's where the subtree begins at its first leaf."""
    if old == new and whole is not None:
        return whole, whole
    if not left:
        raise Failure("proof.too-short", "a consistency proof that is too short")
    sibling = left.pop()
    if old == new:
        return sibling, sibling
    half = 1
    while half * 2 < new:
        half *= 2
    if old <= half:
        before, after = _grow(old, half, whole, left)
        return before, _node(after, sibling)
    before, after = _grow(old - half, new - half, None, left)
    return _node(sibling, before), _node(sibling, after)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _root_from(index: int, size: int, leaf_hash: bytes, path: list[bytes]) -> bytes:
    if size == 1:
        if path:
            raise Failure("proof.too-long", "a path that is too long")
        return leaf_hash
    if not path:
        raise Failure("proof.too-short", "a path that is too short")
    sibling = path.pop()
    half = 1
    while half * 2 < size:
        half *= 2
    if index < half:
        left, right = _root_from(index, half, leaf_hash, path), sibling
    else:
        left, right = sibling, _root_from(index - half, size - half, leaf_hash, path)
    return _node(left, right)
