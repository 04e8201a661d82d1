"""Receipts: proof that an entry is in the log, under the newest published checkpoint."""

from dataclasses import dataclass

from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.record.claims import MAX_SEQ
from alteram.core.tlog import (
    Checkpoint,
    Note,
    TlogProof,
    build_range_root,
    parse_checkpoint,
    parse_note_unverified,
)
from alteram.core.tlog.merkle import RangeRoot, build_inclusion_proof
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError


@dataclass(frozen=True, slots=True)
class PublishedLog:
    """The log as it is published now: its checkpoint, and the root of any range of it, read from its tiles."""

    note: Note
    checkpoint: Checkpoint
    range_root: RangeRoot

    def build_receipt(self, index: int, extra: bytes | None = None) -> TlogProof:
        """Return the receipt of a leaf. Raises: ProofError when the checkpoint does not cover it yet."""
        hashes = build_inclusion_proof(index, self.checkpoint.size, self.range_root)
        return TlogProof(index, hashes, self.note, extra)


class ShreddedEntryError(StoreError):
    """The key of an entry was destroyed: what would be proved cannot be read any more."""


def read_log(organisation: Organisation) -> PublishedLog:
    """Return the published log. Raises: StoreError when nothing was published yet."""
    data = organisation.ports.tiles.find_checkpoint()
    if data is None:
        raise StoreError(phrase("Nothing is in the log yet."), remedy=phrase("Let the integrator run, then ask again."))
    note = parse_note_unverified(data)
    checkpoint = parse_checkpoint(note.text)
    return PublishedLog(note, checkpoint, build_range_root(checkpoint.size, organisation.ports.tiles.get_tile))


def find_receipt(organisation: Organisation, stream: StreamId, seq: int) -> TlogProof | None:
    """Return an entry's receipt, its blinding included so that it can be checked without us; None while not in the log.

    None also for a number that no entry can have. Raises: ShreddedEntryError when its key was destroyed.
    """
    if not 0 <= seq <= MAX_SEQ:
        return None  # a larger one may not fit what a database counts in
    ports = organisation.ports
    index = ports.store.find_index(ports.organisation, stream, seq)
    if index is None or ports.tiles.find_checkpoint() is None:
        return None
    log = read_log(organisation)
    if index >= log.checkpoint.size:
        return None
    stored = next(iter(ports.store.load(ports.organisation, stream, seq - 1, limit=1)), None)
    opened = None if stored is None else organisation.open(stored)
    if opened is None:
        raise ShreddedEntryError(
            phrase("The entry's key was destroyed; only its leaf is left, and the log still proves that.")
        )
    return log.build_receipt(index, b"\x01" + opened.blinding)
