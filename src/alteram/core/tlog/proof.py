"""Receipts (C2SP tlog-proof): that a leaf is in a signed checkpoint, with what is needed to rebuild the leaf."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from alteram.core.tlog.checkpoint import parse_checkpoint
from alteram.core.tlog.errors import ProofError
from alteram.core.tlog.keys import decode_base64, encode_base64
from alteram.core.tlog.merkle import HASH_SIZE, verify_inclusion
from alteram.core.tlog.note import Note, parse_note_unverified

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF = 1 << 20
MAX_HASHES = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A receipt: `extra` is unauthenticated data, `checkpoint` a signed note that is not yet verified."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes | None = None

    def encode(self) -> bytes:
        """Return the receipt's one spelling."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(encode_base64(one) for one in self.hashes)
        return ("\n".join(lines) + "\n\n" + self.checkpoint.encode()).encode()


def parse_tlog_proof(data: bytes, *, notes: dict[bytes, Note] | None = None) -> TlogProof:
    """Return the receipt that `data` spells, nothing in it verified. Raises: TlogError when malformed.

    `notes` remembers checkpoints already parsed, for callers that read many receipts under one checkpoint.
    """
    if len(data) > MAX_PROOF:
        raise ProofError("proof.too-large", f"The receipt is larger than {MAX_PROOF} bytes.")
    head, separator, note = data.partition(b"\n\n")
    if not separator:
        raise ProofError("proof.form", "A receipt is a head, an empty line and a checkpoint.")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ProofError("proof.form", "The head of a receipt is not ASCII.") from error
    if lines.pop(0) != HEADER or not lines:
        raise ProofError("proof.form", f"A receipt begins with {HEADER}.")
    extra = decode_base64(lines.pop(0).removeprefix("extra ")) if lines[0].startswith("extra ") else None
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if index is None:
        raise ProofError("proof.form", "A receipt names the index of its leaf.")
    hashes = tuple(decode_base64(line) for line in lines)
    if len(hashes) > MAX_HASHES or any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError("proof.hash-size", "A hash of the receipt is not 32 bytes, or there are too many.")
    known = None if notes is None else notes.get(note)
    if known is None:
        known = parse_note_unverified(note)
        if notes is not None:
            notes[note] = known
    return TlogProof(int(index[1]), hashes, known, extra)


def verify_leaf(proof: TlogProof, leaf_hash: bytes) -> None:
    """Verify that the leaf is under the receipt's checkpoint, whose signatures the caller verifies.

    Raises: ProofError when it is not.
    """
    checkpoint = parse_checkpoint(proof.checkpoint.text)
    verify_inclusion(
        leaf_hash=leaf_hash, index=proof.index, size=checkpoint.size, proof=proof.hashes, root=checkpoint.root
    )


def encode_consistency(hashes: Iterable[bytes]) -> bytes:
    """Return a consistency proof as it stands in a file: a hash a line, in base64."""
    return "".join(f"{encode_base64(one)}\n" for one in hashes).encode()


def parse_consistency(data: bytes) -> tuple[bytes, ...]:
    """Return the hashes that a file spells, nothing verified. Raises: TlogError when malformed."""
    try:
        *lines, rest = data.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ProofError("proof.form", "A consistency proof is not ASCII.") from error
    if rest:
        raise ProofError("proof.form", "The last line of a consistency proof does not end.")
    hashes = tuple(decode_base64(line) for line in lines)
    if len(hashes) > MAX_HASHES or any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError("proof.hash-size", "A hash of the proof is not 32 bytes, or there are too many.")
    return hashes
