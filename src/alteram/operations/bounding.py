"""Which checkpoints go into an export: those that bound the time of its entries, and of each no more than is needed.

For each entry: the checkpoint it says it has seen, where the export shows that it says so; and the smallest one that
holds it, witnessed if any is. Receipts only show that an entry is in the export's own checkpoint, which may be younger.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from alteram.core.record import ExportedCheckpoint, ExportedEntry
from alteram.core.tlog import COSIGNATURE_MLDSA44, ED25519, Note, Policy, is_witnessed, parse_checkpoint
from alteram.core.tlog.merkle import build_consistency_proof
from alteram.core.tlog.note import SignatureLine
from alteram.operations.ports import Ports
from alteram.operations.receipts import PublishedLog


def find_bounding_checkpoints(
    ports: Ports, log: PublishedLog, entries: Iterable[ExportedEntry]
) -> tuple[ExportedCheckpoint, ...]:
    """Return the checkpoints that bound these entries, in order of size, each with the proof that it is continued."""
    entries = tuple(entries)
    covering = _find_covering(ports, log, (one.receipt.index for one in entries))
    return _build(ports, log, dict(_find_seen(ports, log, entries)) | dict(covering))


def find_covering_checkpoints(
    ports: Ports, log: PublishedLog, indices: Iterable[int]
) -> tuple[ExportedCheckpoint, ...]:
    """Return the checkpoints that bound the leaves at these places from above, in order of size, with their proofs."""
    return _build(ports, log, dict(_find_covering(ports, log, indices)))


def _build(ports: Ports, log: PublishedLog, found: dict[int, Note]) -> tuple[ExportedCheckpoint, ...]:
    kept = {size: keep_what_bounds(note, ports.policy) for size, note in found.items()}
    return tuple(
        ExportedCheckpoint(note, build_consistency_proof(size, log.checkpoint.size, log.range_root))
        for size, note in sorted(kept.items())
        if note is not None and not (size == log.checkpoint.size and set(note.lines) <= set(log.note.lines))
    )


def _find_seen(ports: Ports, log: PublishedLog, entries: Iterable[ExportedEntry]) -> Iterator[tuple[int, Note]]:
    sizes: set[int] = set()
    for entry in entries:
        match entry.presentation.claims.get("seen"):
            # The head of an empty log bounds nothing: everybody has always known it.
            case {"origin": ports.origin, "size": int() as size} if 0 < size < log.checkpoint.size:
                sizes.add(size)
            case _:
                pass
    for size in sizes:
        note = ports.store.checkpoint_at(ports.organisation, ports.origin, size)
        if note is not None:
            yield size, note


def _find_covering(ports: Ports, log: PublishedLog, indices: Iterable[int]) -> Iterator[tuple[int, Note]]:
    reach = -1
    for index in sorted(indices):
        if index < reach:
            continue  # the last one found holds this entry as well, and no smaller one does
        found = _find_cover(ports, log, index)
        if found is not None:
            reach = found[0]
            yield found


def _find_cover(ports: Ports, log: PublishedLog, index: int) -> tuple[int, Note] | None:
    for witnessed in (True, False):
        note = ports.store.first_checkpoint_covering(ports.organisation, ports.origin, index, witnessed=witnessed)
        size = 0 if note is None else parse_checkpoint(note.text).size
        if note is not None and size <= log.checkpoint.size:
            return size, note
    return None


def keep_what_bounds(note: Note, policy: Policy) -> Note | None:
    """Return a checkpoint with the signatures that its time rests on; None where none of them gives a time.

    Signatures by ML-DSA-44 are 3 kB each and the export's own checkpoint, which every older one leads to, has all of
    them: here they are left out where the small ones reach the quorum, and the log's where witnesses do.
    """
    logs = {(one.key.name, one.key.key_id) for one in policy.logs}
    types = {(one.key.name, one.key.key_id): one.key.type for one in (*policy.logs, *policy.witnesses)}
    lines = [line for line in note.lines if _key(line) in types]
    small = [line for line in lines if types[_key(line)] != COSIGNATURE_MLDSA44]
    by_witnesses = [line for line in lines if line in small or _key(line) not in logs]
    by_log = [line for line in lines if line in small or _key(line) in logs]
    for choice in (small, by_witnesses, lines):
        kept = replace(note, lines=tuple(choice))
        if any(_key(line) in logs for line in choice) and is_witnessed(kept, policy):
            return kept
    timed = any(types[_key(line)] != ED25519 for line in by_log)
    return replace(note, lines=tuple(by_log)) if timed else None


def _key(line: SignatureLine) -> tuple[str, bytes]:
    return line.name, line.key_id
