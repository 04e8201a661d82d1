"""A transparency log in bytes: Merkle tree, tiles, signed notes, checkpoints, cosignatures, receipts, policies.

Knows nothing of complaints. Specifications: RFC 6962, RFC 9162, and C2SP's signed-note, tlog-*.
"""

from alteram.core.tlog.checkpoint import Checkpoint, encode_checkpoint, merge_signatures, parse_checkpoint, supersedes
from alteram.core.tlog.errors import NoteError, PolicyError, ProofError, TileError, TlogError
from alteram.core.tlog.keys import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, ED25519, SignerKey, VerifierKey
from alteram.core.tlog.merkle import EMPTY_ROOT, Frontier, compute_root, hash_leaf, hash_node, verify_consistency
from alteram.core.tlog.note import Note, SignatureLine, parse_note_unverified, sign_note, verify_note
from alteram.core.tlog.policy import (
    Policy,
    encode_policy,
    find_cosignatures,
    is_witnessed,
    parse_policy,
    verify_checkpoint_note,
    verify_log_note,
)
from alteram.core.tlog.proof import TlogProof, encode_consistency, parse_consistency, parse_tlog_proof, verify_leaf
from alteram.core.tlog.tiles import Tile, build_range_root, grow

__all__ = [
    "COSIGNATURE_ED25519",
    "COSIGNATURE_MLDSA44",
    "ED25519",
    "EMPTY_ROOT",
    "Checkpoint",
    "Frontier",
    "Note",
    "NoteError",
    "Policy",
    "PolicyError",
    "ProofError",
    "SignatureLine",
    "SignerKey",
    "Tile",
    "TileError",
    "TlogError",
    "TlogProof",
    "VerifierKey",
    "build_range_root",
    "compute_root",
    "encode_checkpoint",
    "encode_consistency",
    "encode_policy",
    "find_cosignatures",
    "grow",
    "hash_leaf",
    "hash_node",
    "is_witnessed",
    "merge_signatures",
    "parse_checkpoint",
    "parse_consistency",
    "parse_note_unverified",
    "parse_policy",
    "parse_tlog_proof",
    "sign_note",
    "supersedes",
    "verify_checkpoint_note",
    "verify_consistency",
    "verify_leaf",
    "verify_log_note",
    "verify_note",
]
