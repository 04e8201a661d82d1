"""Shredding: destroy the keys of fields, of an entry or of a whole matter. `perform` calls it for `record.shredded`.

One transaction records the act, destroys the keys, and wraps what survives under a new key of the stream, which was
staged in the key store before; afterwards that key is promoted and the old one destroyed, so that old copies of the
database open nothing of what was shredded. A crash before the transaction leaves everything as it was; after it,
whoever next opens the stream finds that only the staged key fits, and promotes it. Proofs stay valid: the log holds
commitments only. What was exported before cannot be recalled.
"""

from collections.abc import Sequence

from alteram.core.acts import RecordShredded
from alteram.core.kernel.identifiers import StreamId
from alteram.core.record.claims import ACT_PREFIX
from alteram.core.vault import forget_keys, open_entry, unwrap_keys, wrap_keys
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoredEntry, StoreError
from alteram.operations.read_tables import build_matter_row, build_party_rows


def rewrap(organisation: Organisation, stream: StreamId, act: RecordShredded) -> tuple[bytes, dict[int, bytes | None]]:
    """Return the stream's next key, staged, and its entries' keys wrapped under it; None where they are destroyed.

    Raises: StoreError when the entry or a field that `act` names is not there.
    """
    ports = organisation.ports
    old, new = organisation.stream_key(stream), ports.entropy(32)
    rewrapped: dict[int, bytes | None] = {}
    for stored in ports.store.load(ports.organisation, stream):
        if stored.wrapped_keys is None:
            continue
        keys = unwrap_keys(stored.wrapped_keys, stored.leaf, old)
        surviving = _surviving(stored, keys, act)
        rewrapped[stored.seq] = wrap_keys(surviving, stored.leaf, new, ports.entropy) if surviving else None
    if act.scope != "matter" and act.entry not in rewrapped:
        raise StoreError("That entry is not there, or was shredded already.")
    ports.keys.stage_stream_key(ports.organisation, stream, new)
    return new, rewrapped


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
    """Destroy the old key, forget what was read, and write the read tables from what is left. Safe to repeat."""
    ports = organisation.ports
    ports.keys.promote_stream_key(ports.organisation, stream, key)
    organisation.forget(stream)
    facts = organisation.facts(stream, fresh=True)
    row = build_matter_row(facts, organisation.state(stream), organisation.governing(stream))
    ports.store.replace_rows(ports.organisation, stream, row, build_party_rows(facts.matter))
