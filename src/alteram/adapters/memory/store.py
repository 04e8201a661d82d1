"""A record store that lives as long as the process."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice

from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.tlog import Note, hash_leaf, merge_signatures, parse_checkpoint
from alteram.operations.ports import (
    Append,
    Head,
    ListPlace,
    ListStanding,
    MatterRow,
    OutboxItem,
    PartyRow,
    SequencedLeaf,
    StaleReadError,
    StoredEntry,
    StoreError,
)


@dataclass(slots=True)
class _Organisation:
    entries: dict[StreamId, list[StoredEntry]] = field(default_factory=dict)
    pending: list[tuple[bytes, bytes, StreamId | None, int | None]] = field(default_factory=list)
    leaves: list[SequencedLeaf] = field(default_factory=list)
    places: dict[tuple[StreamId, int], int] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    checkpoints: dict[tuple[str, int], tuple[Note, bool]] = field(default_factory=dict)
    matters: dict[StreamId, MatterRow] = field(default_factory=dict)
    parties: dict[StreamId, tuple[PartyRow, ...]] = field(default_factory=dict)
    outbox: dict[int, OutboxItem] = field(default_factory=dict)
    told: int = 0


def _rewrap(entries: list[StoredEntry], rewrapped: Mapping[int, bytes | None]) -> None:
    for seq, keys in rewrapped.items():
        if entries[seq].wrapped_keys is not None:  # what was destroyed stays destroyed
            entries[seq] = replace(entries[seq], wrapped_keys=keys)


def _stand(row: MatterRow, roles: AbstractSet[str]) -> ListStanding:
    if row.closed_at is not None:
        return "closed"
    return "waits" if row.next_owner in roles else "open"


def _sort_key(place: ListPlace) -> tuple[bool, datetime, StreamId]:
    at, stream = place
    return at is None, at or datetime.max.replace(tzinfo=UTC), stream


def _page(
    rows: Iterable[MatterRow], after: ListPlace | None, limit: int, *, backwards: bool = False
) -> tuple[MatterRow, ...]:
    placed = {_sort_key((row.closed_at or row.next_due_at, row.stream)): row for row in rows}
    keys = sorted(placed, reverse=backwards)
    if after is not None:
        start = _sort_key(after)
        keys = [key for key in keys if (key < start if backwards else key > start)]
    return tuple(placed[key] for key in keys[:limit])


class MemoryStore:
    """Implements RecordStore, DocumentStore, Sequencer, CheckpointHistory and ReadTables."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._organisations: dict[OrganisationId, _Organisation] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        """Nothing to close."""

    def _of(self, organisation: OrganisationId) -> _Organisation:
        return self._organisations.setdefault(organisation, _Organisation())

    def append(self, organisation: OrganisationId, appends: Sequence[Append]) -> None:
        """Store these all, or nothing. Raises: StaleReadError."""
        with self._lock:
            own = self._of(organisation)
            self._check(own, appends)
            for one in appends:
                entry = one.entry
                own.entries.setdefault(entry.stream, []).append(entry)
                _rewrap(own.entries[entry.stream], one.rewrapped or {})
                own.pending.append((entry.leaf, entry.leaf_hash, entry.stream, entry.seq))
                if one.matter is not None:
                    first = own.matters.get(one.matter.stream, one.matter)
                    own.matters[one.matter.stream] = replace(one.matter, opened_at=first.opened_at)
                if one.parties is not None:
                    own.parties[entry.stream] = one.parties
                for item in one.outbox:
                    own.told += 1
                    own.outbox[own.told] = item

    def _check(self, own: _Organisation, appends: Sequence[Append]) -> None:
        heads = {stream: len(entries) - 1 for stream, entries in own.entries.items()}
        before = dict(heads)
        written: set[StreamId] = set()
        for one in appends:
            if heads.get(one.entry.stream, -1) != one.entry.seq - 1:
                raise StaleReadError("The matter has moved on.", remedy="Load again and try again.")
            heads[one.entry.stream] = one.entry.seq
            written.add(one.entry.stream)
        if any(before.get(stream, -1) != seq for one in appends for stream, seq in one.reads if stream not in written):
            raise StaleReadError("Something the ruling rests on has moved.", remedy="Load again and try again.")

    def find_head(self, organisation: OrganisationId, stream: StreamId) -> Head | None:
        """Return the newest entry of a stream, if it has one."""
        entries = self._of(organisation).entries.get(stream)
        return Head(entries[-1].seq, entries[-1].leaf_hash, entries[-1].at) if entries else None

    def load(
        self, organisation: OrganisationId, stream: StreamId, after_seq: int = -1, limit: int | None = None
    ) -> Iterator[StoredEntry]:
        """Yield a stream's entries in order, from the one after `after_seq`; with `limit`, no more than those."""
        yield from islice(tuple(self._of(organisation).entries.get(stream, ()))[after_seq + 1 :], limit)

    def streams(self, organisation: OrganisationId, after: str = "", limit: int = 1000) -> tuple[StreamId, ...]:
        """Return the names of streams in order, after a name."""
        return tuple(name for name in sorted(self._of(organisation).entries) if name > after)[:limit]

    def put_document(self, organisation: OrganisationId, digest: str, data: bytes) -> None:
        """Keep a document; keeping it again changes nothing."""
        self._of(organisation).documents.setdefault(digest, data)

    def get_document(self, organisation: OrganisationId, digest: str) -> bytes:
        """Return a document. Raises: StoreError when it is not there."""
        data = self._of(organisation).documents.get(digest)
        if data is None:
            raise StoreError(f"The rules with digest {digest} are not in the store.")
        return data

    def append_statement(self, organisation: OrganisationId, leaf: bytes, *, once: bool = False) -> None:
        """Queue a public leaf; with `once`, nothing where the same one waits or has a place already."""
        with self._lock:
            own, queued = self._of(organisation), (leaf, hash_leaf(leaf), None, None)
            if once and (queued in own.pending or any(one.stream is None and one.leaf == leaf for one in own.leaves)):
                return
            own.pending.append(queued)

    def count_pending(self, organisation: OrganisationId) -> int:
        """Return how many leaves wait for a place."""
        return len(self._of(organisation).pending)

    def assign(self, organisation: OrganisationId, limit: int) -> int:
        """Give the next places to at most `limit` waiting leaves; return how many got one."""
        with self._lock:
            own = self._of(organisation)
            taken, own.pending = own.pending[:limit], own.pending[limit:]
            for leaf, leaf_hash, stream, seq in taken:
                if stream is not None and seq is not None:
                    own.places[stream, seq] = len(own.leaves)
                own.leaves.append(SequencedLeaf(len(own.leaves), leaf, leaf_hash, stream, seq))
            return len(taken)

    def leaves(self, organisation: OrganisationId, first: int, count: int) -> tuple[SequencedLeaf, ...]:
        """Return leaves that have a place, from `first` on, in order."""
        return tuple(self._of(organisation).leaves[first : first + count])

    def find_index(self, organisation: OrganisationId, stream: StreamId, seq: int) -> int | None:
        """Return an entry's place, once it has one."""
        return self._of(organisation).places.get((stream, seq))

    def size(self, organisation: OrganisationId) -> int:
        """Return how many leaves have a place."""
        return len(self._of(organisation).leaves)

    def put_checkpoint_note(self, organisation: OrganisationId, note: Note, *, witnessed: bool) -> None:
        """Keep a checkpoint with the signatures that are not kept of it yet. Raises: NoteError."""
        checkpoint = parse_checkpoint(note.text)
        with self._lock:
            kept = self._of(organisation).checkpoints
            place = (checkpoint.origin, checkpoint.size)
            old, was_witnessed = kept.get(place, (None, False))
            kept[place] = merge_signatures(old, note), witnessed or was_witnessed

    def checkpoint_at(self, organisation: OrganisationId, origin: str, size: int) -> Note | None:
        """Return the checkpoint of this size, where one was published."""
        return self._of(organisation).checkpoints.get((origin, size), (None, False))[0]

    def first_checkpoint_covering(
        self, organisation: OrganisationId, origin: str, index: int, *, witnessed: bool = False
    ) -> Note | None:
        """Return the smallest checkpoint that holds the leaf at `index`; with `witnessed`, among those witnessed."""
        with self._lock:
            kept = self._of(organisation).checkpoints.items()
            sizes = [
                (size, note)
                for (name, size), (note, told) in kept
                if name == origin and size > index and told >= witnessed
            ]
        return min(sizes, key=lambda one: one[0], default=(0, None))[1]

    def newest_witnessed_checkpoint(self, organisation: OrganisationId, origin: str) -> Note | None:
        """Return the largest checkpoint that is witnessed."""
        with self._lock:
            kept = self._of(organisation).checkpoints.items()
            sizes = [(size, note) for (name, size), (note, told) in kept if name == origin and told]
        return max(sizes, key=lambda one: one[0], default=(0, None))[1]

    def newest_checkpoints(self, organisation: OrganisationId, origin: str, count: int) -> tuple[Note, ...]:
        """Return the largest checkpoints, the largest first, at most `count`."""
        with self._lock:
            kept = {
                size: note for (name, size), (note, _) in self._of(organisation).checkpoints.items() if name == origin
            }
        return tuple(kept[size] for size in sorted(kept, reverse=True)[:count])

    def matters(self, organisation: OrganisationId, after: str = "", limit: int = 100) -> tuple[MatterRow, ...]:
        """Return matters by name, after a name."""
        rows = sorted(self._of(organisation).matters.values(), key=lambda row: row.stream)
        return tuple(row for row in rows if row.stream > after)[:limit]

    def matters_of(
        self,
        organisation: OrganisationId,
        person: PersonId,
        standing: ListStanding,
        after: ListPlace | None = None,
        limit: int = 100,
    ) -> tuple[MatterRow, ...]:
        """Return the matters in which a person has a part, and which stand so; the newest closed one first."""
        with self._lock:
            own = self._of(organisation)
            roles = {
                stream: {row.role for row in rows if row.person == person and row.until_seq is None}
                for stream, rows in own.parties.items()
            }
            found = [
                row
                for row in own.matters.values()
                if roles.get(row.stream) and _stand(row, roles[row.stream]) == standing
            ]
        return _page(found, after, limit, backwards=standing == "closed")

    def matters_owned(
        self, organisation: OrganisationId, role: str, after: ListPlace | None = None, limit: int = 100
    ) -> tuple[MatterRow, ...]:
        """Return the open matters whose next step is that of a role, the one that is due first before the others."""
        with self._lock:
            found = [row for row in self._of(organisation).matters.values() if row.next_owner == role]
        return _page(found, after, limit)

    def parts_of(self, organisation: OrganisationId, person: PersonId, limit: int = 100) -> tuple[PartyRow, ...]:
        """Return a person's parts that have not ended."""
        rows = [row for rows in self._of(organisation).parties.values() for row in rows]
        found = [row for row in rows if row.person == person and row.until_seq is None]
        return tuple(sorted(found, key=lambda row: (row.stream, row.role)))[:limit]

    def streams_of(
        self, organisation: OrganisationId, person: PersonId, after: str = "", limit: int = 100
    ) -> tuple[StreamId, ...]:
        """Return the matters, by name and after a name, in which a person has a part or had one."""
        with self._lock:
            parties = dict(self._of(organisation).parties)
        found = sorted(stream for stream, rows in parties.items() if any(row.person == person for row in rows))
        return tuple(stream for stream in found if stream > after)[:limit]

    def dump_read_tables(self, organisation: OrganisationId) -> tuple[tuple[MatterRow, ...], tuple[PartyRow, ...]]:
        """Return all rows in a fixed order, for comparison."""
        rows = [row for rows in self._of(organisation).parties.values() for row in rows]
        ordered = sorted(rows, key=lambda row: (row.stream, row.person, row.role, row.since_seq))
        return self.matters(organisation, limit=1_000_000_000), tuple(ordered)

    def replace_read_tables(
        self, organisation: OrganisationId, matters: Sequence[MatterRow], parties: Sequence[PartyRow]
    ) -> None:
        """Drop all rows and put these in their place."""
        with self._lock:
            own = self._of(organisation)
            own.matters = {row.stream: row for row in matters}
            own.parties = {}
            for row in parties:
                own.parties[row.stream] = (*own.parties.get(row.stream, ()), row)

    def replace_rows(
        self, organisation: OrganisationId, stream: StreamId, matter: MatterRow, parties: Sequence[PartyRow]
    ) -> None:
        """Replace the rows of one matter."""
        with self._lock:
            self._of(organisation).matters[stream] = matter
            self._of(organisation).parties[stream] = tuple(parties)

    def take_outbox(self, organisation: OrganisationId, limit: int) -> tuple[tuple[int, OutboxItem], ...]:
        """Return items not yet done, oldest first, with their numbers."""
        return tuple(sorted(self._of(organisation).outbox.items()))[:limit]

    def complete_outbox(self, organisation: OrganisationId, numbers: Sequence[int]) -> None:
        """Mark items as done."""
        for number in numbers:
            self._of(organisation).outbox.pop(number, None)
