"""What certificates and excerpts check alike: older heads of the log, and the record key a statement publishes."""

from collections.abc import Mapping, Sequence

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.ed25519 import is_small_order
from alteram.core.record.bounds import DatedCheckpoint, date_checkpoint
from alteram.core.record.errors import RecordError
from alteram.core.tlog import (
    Checkpoint,
    Policy,
    parse_checkpoint,
    parse_note_unverified,
    verify_consistency,
    verify_log_note,
)
from alteram.core.vault import decode_base64url


def verify_older(told: str, consistency: Sequence[str], newer: Checkpoint, policy: Policy) -> DatedCheckpoint:
    """Return an older head of the log, after verifying who signed it and that `newer` continues it.

    Raises: RecordError when it is of another log; NoteError, PolicyError, ProofError, VaultError.
    """
    note = parse_note_unverified(told.encode())
    older = parse_checkpoint(note.text)
    if older.origin != newer.origin:
        raise RecordError("checkpoint.origin", "The checkpoint is of another log.")
    signed = verify_log_note(note, policy, older.origin)
    verify_consistency(
        size1=older.size,
        root1=older.root,
        size2=newer.size,
        root2=newer.root,
        proof=tuple(map(decode_base64url, consistency)),
    )
    return date_checkpoint(older, signed, policy)


def read_record_key(statement: Mapping[str, Json], organisation: str) -> tuple[str, bytes]:
    """Return the name and the public key that a statement publishes for an organisation. Raises: RecordError."""
    match statement:
        case {"statement": "record-key", "kid": str() as kid, "key": str() as key} if kid:
            public = decode_base64url(key)
        case _:
            raise RecordError("statement.form", "The statement does not publish a record key.")
    if len(public) != 32 or is_small_order(public):
        raise RecordError("statement.key", "The record key is one that anybody could sign for, or none.")
    if statement.get("organisation") != organisation:
        raise RecordError("statement.organisation", "The record key is that of another organisation.")
    return kid, public
