"""Shredding: destroy the keys of fields, of an entry or of a whole matter. `perform` calls it for `record.shredded`.

One transaction records the act, destroys the keys, wraps what survives under a new key of the stream, which was staged
in the key store before, and writes the read tables from what is left; afterwards that key is promoted and the old one
destroyed, so that old copies of the database open nothing of what was shredded. A crash before the transaction leaves
everything as it was; after it, whoever next opens the stream finds that only the staged key fits, and promotes it.
Proofs stay valid: the log holds commitments only. What was exported before cannot be recalled.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from alteram.core.acts import RecordShredded
from alteram.core.kernel.identifiers import StreamId
from alteram.core.matters import StreamFacts
from alteram.core.record.claims import ACT_PREFIX
from alteram.core.vault import OpenedEntry, forget_keys, open_entry, wrap_keys
from alteram.operations.organisation import Organisation, StreamState, fold_entries
from alteram.operations.ports import StoredEntry, StoreError


@dataclass(frozen=True, slots=True)
class Rotation:
    """A stream's next key, staged; its entries' keys wrapped under it, None where they are destroyed; what is left."""

    key: bytes
    rewrapped: dict[int, bytes | None]
    left: StreamState


def rotate(organisation: Organisation, stream: StreamId, act: RecordShredded) -> Rotation:
    """Return what a shredding leaves of a stream, with its next key staged; nothing is destroyed yet.

    Raises: StoreError when the entry or a field that `act` names is not there.
    """
    ports, new = organisation.ports, organisation.ports.entropy(32)
    rewrapped: dict[int, bytes | None] = {}
    entries: list[tuple[StoredEntry, OpenedEntry | None]] = []
    for stored in ports.store.load(ports.organisation, stream):
        keys = organisation.unwrap(stored)
        surviving: Sequence[bytes] = ()
        if keys is not None:
            surviving = _surviving(stored, keys, act)
            rewrapped[stored.seq] = wrap_keys(surviving, stored.leaf, new, ports.entropy) if surviving else None
        entries.append((stored, open_entry(stored.ciphertext, surviving, stored.leaf) if surviving else None))
    if act.scope != "matter" and act.entry not in rewrapped:
        raise StoreError("That entry is not there, or was shredded already.", remedy="See the matter's entries.")
    ports.keys.stage_stream_key(ports.organisation, stream, new)
    return Rotation(new, rewrapped, fold_entries(StreamState(StreamFacts.empty(stream)), entries))


def _surviving(stored: StoredEntry, keys: Sequence[bytes], act: RecordShredded) -> Sequence[bytes]:
    """Return the keys of an entry that survive; empty when none does."""
    if act.scope == "matter" or (act.scope == "entry" and stored.seq == act.entry):
        return ()
    if stored.seq != act.entry:
        return keys
    names = [None if one is None else one.name for one in open_entry(stored.ciphertext, keys, stored.leaf).disclosures]
    wanted = {f"{ACT_PREFIX}{name}" for name in act.fields}
    if not wanted or not wanted.issubset(names):
        raise StoreError("The entry has no such field, or it was shredded already.", remedy="See the entry's fields.")
    return forget_keys(keys, [place for place, name in enumerate(names) if name in wanted])


def finish_shredding(organisation: Organisation, stream: StreamId, key: bytes) -> None:
    """Destroy the old key, and forget it here first: if that fails, nothing may be written under it. Safe to repeat.

    It is forgotten again after, because another thread may have asked for it in between.
    """
    organisation.forget(stream)
    organisation.ports.keys.promote_stream_key(organisation.ports.organisation, stream, key)
    organisation.forget(stream)
