"""The record store in SQL, the same statements on SQLite and PostgreSQL.

At most six statements perform an act: move the head, check what was read, entry, keys, matter, outbox (a trigger queues
the leaf). Every method is one transaction. Entries and leaves cannot be updated or deleted: the database refuses.
"""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from alteram.adapters.db.listing import NEVER
from alteram.adapters.db.session import Session
from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.kernel.instants import encode_instant, parse_instant
from alteram.core.tlog import Note, hash_leaf, merge_signatures, parse_checkpoint, parse_note_unverified
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

_PAGE = 500
_SIZE = "SELECT COALESCE(MAX(idx) + 1, 0) FROM leaf WHERE org = ?"


class SqlStore(Session):
    """Implements every part of a Store over one session."""

    # -- RecordStore

    def append(self, organisation: OrganisationId, appends: Sequence[Append]) -> None:
        """Store these in one transaction, or nothing. Raises: StaleReadError."""
        with self._transaction():
            written: dict[StreamId, list[StoredEntry]] = {}
            for one in appends:
                written.setdefault(one.entry.stream, []).append(one.entry)
            for entries in written.values():
                self._move_head(organisation, entries)
            self._check_reads(organisation, appends, written)
            self._insert_entries(organisation, [one.entry for one in appends])
            shredding = [one for one in appends if one.rewrapped is not None]
            for one in shredding:
                self._rewrap(organisation, one.entry.stream, one.rewrapped or {})
            self._write_read_tables(organisation, appends)
        if shredding:
            self._purge()

    def _move_head(self, organisation: OrganisationId, entries: Sequence[StoredEntry]) -> None:
        """Move the head of a stream over these entries, which must follow it and one another."""
        first, last = entries[0], entries[-1]
        at = encode_instant(last.at)
        if first.seq == 0:
            self._dialect.lock_beginnings(self._connection, organisation)
            statement = (
                "INSERT INTO head (org, stream, seq, leaf_hash, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
            )
            moved = self._execute(statement, organisation, last.stream, last.seq, last.leaf_hash, at).rowcount
        else:
            statement = "UPDATE head SET seq = ?, leaf_hash = ?, at = ? WHERE org = ? AND stream = ? AND seq = ?"
            moved = self._execute(
                statement, last.seq, last.leaf_hash, at, organisation, last.stream, first.seq - 1
            ).rowcount
        if moved != 1 or any(one.seq != first.seq + place for place, one in enumerate(entries)):
            raise StaleReadError("The matter has moved on.", remedy="Load again and try again.")

    def _check_reads(
        self, organisation: OrganisationId, appends: Sequence[Append], written: Collection[StreamId]
    ) -> None:
        expected = {(stream, seq) for one in appends for stream, seq in one.reads if stream not in written}
        if not expected:
            return
        if any(seq < 0 for _, seq in expected):
            self._dialect.lock_beginnings(self._connection, organisation)
        streams = sorted({stream for stream, _ in expected})
        marks = ", ".join("?" * len(streams))
        statement = f"SELECT stream, seq FROM head WHERE org = ? AND stream IN ({marks})"  # noqa: S608 - only marks
        statement += self._dialect.read_lock
        found = dict(self._execute(statement, organisation, *streams).fetchall())
        if any(found.get(stream, -1) != seq for stream, seq in expected):
            raise StaleReadError("Something the ruling rests on has moved.", remedy="Load again and try again.")

    def _insert_entries(self, organisation: OrganisationId, entries: Sequence[StoredEntry]) -> None:
        self._execute_many(
            "INSERT INTO entry (org, stream, seq, leaf, leaf_hash, ciphertext, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (organisation, one.stream, one.seq, one.leaf, one.leaf_hash, one.ciphertext, encode_instant(one.at))
                for one in entries
            ],
        )
        self._execute_many(
            "INSERT INTO entry_key (org, stream, seq, wrapped) VALUES (?, ?, ?, ?)",
            [(organisation, one.stream, one.seq, one.wrapped_keys) for one in entries if one.wrapped_keys is not None],
        )

    def _rewrap(self, organisation: OrganisationId, stream: StreamId, rewrapped: Mapping[int, bytes | None]) -> None:
        kept = [(keys, organisation, stream, seq) for seq, keys in rewrapped.items() if keys is not None]
        gone = [(organisation, stream, seq) for seq, keys in rewrapped.items() if keys is None]
        self._execute_many("UPDATE entry_key SET wrapped = ? WHERE org = ? AND stream = ? AND seq = ?", kept)
        self._execute_many("DELETE FROM entry_key WHERE org = ? AND stream = ? AND seq = ?", gone)

    def _write_read_tables(self, organisation: OrganisationId, appends: Sequence[Append]) -> None:
        matters = {one.matter.stream: one.matter for one in appends if one.matter is not None}
        parties = {one.entry.stream: one.parties for one in appends if one.parties is not None}
        self._put_matters(organisation, tuple(matters.values()))
        for stream, rows in parties.items():
            self._execute("DELETE FROM party WHERE org = ? AND stream = ?", organisation, stream)
            self._put_parties(organisation, rows)
        self._execute_many(
            "INSERT INTO outbox (org, kind, stream, seq, audience) VALUES (?, ?, ?, ?, ?)",
            [(organisation, item.kind, item.stream, item.seq, item.audience) for one in appends for item in one.outbox],
        )

    def _put_matters(self, organisation: OrganisationId, rows: Sequence[MatterRow]) -> None:
        self._execute_many(
            "INSERT INTO matter (org, stream, procedure_id, stage, opened_at, last_at, last_seq, closed_at,"
            " next_due_at, next_owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (org, stream) DO UPDATE SET"
            " procedure_id = excluded.procedure_id, stage = excluded.stage, last_at = excluded.last_at,"
            " last_seq = excluded.last_seq, closed_at = excluded.closed_at, next_due_at = excluded.next_due_at,"
            " next_owner = excluded.next_owner",
            [
                (
                    organisation, row.stream, row.procedure, row.stage, encode_instant(row.opened_at),
                    encode_instant(row.last_at), row.last_seq, _encode(row.closed_at), _encode(row.next_due_at),
                    row.next_owner,
                )
                for row in rows
            ],
        )  # fmt: skip

    def _put_parties(self, organisation: OrganisationId, rows: Sequence[PartyRow]) -> None:
        self._execute_many(
            "INSERT INTO party (org, stream, person, role, since_seq, until_seq) VALUES (?, ?, ?, ?, ?, ?)",
            [(organisation, row.stream, row.person, row.role, row.since_seq, row.until_seq) for row in rows],
        )

    def find_head(self, organisation: OrganisationId, stream: StreamId) -> Head | None:
        """Return the newest entry of a stream, if it has one."""
        rows = self._rows("SELECT seq, leaf_hash, at FROM head WHERE org = ? AND stream = ?", organisation, stream)
        return Head(rows[0][0], bytes(rows[0][1]), parse_instant(rows[0][2])) if rows else None

    def load(
        self, organisation: OrganisationId, stream: StreamId, after_seq: int = -1, limit: int | None = None
    ) -> Iterator[StoredEntry]:
        """Yield a stream's entries in order, from the one after `after_seq`; with `limit`, read no more than those."""
        left = sys.maxsize if limit is None else limit
        while left > 0:
            size = min(left, _PAGE)
            rows = self._rows(
                "SELECT e.seq, e.leaf, e.leaf_hash, e.ciphertext, k.wrapped, e.at FROM entry e"
                " LEFT JOIN entry_key k ON k.org = e.org AND k.stream = e.stream AND k.seq = e.seq"
                " WHERE e.org = ? AND e.stream = ? AND e.seq > ? ORDER BY e.seq LIMIT ?",
                organisation, stream, after_seq, size,
            )  # fmt: skip
            for seq, leaf, leaf_hash, ciphertext, wrapped, at in rows:
                keys = None if wrapped is None else bytes(wrapped)
                yield StoredEntry(
                    stream, seq, bytes(leaf), bytes(leaf_hash), bytes(ciphertext), keys, parse_instant(at)
                )
            if len(rows) < size:
                return
            after_seq, left = rows[-1][0], left - size

    def streams(self, organisation: OrganisationId, after: str = "", limit: int = 1000) -> tuple[StreamId, ...]:
        """Return the names of streams in order, after a name."""
        rows = self._rows(
            "SELECT stream FROM head WHERE org = ? AND stream > ? ORDER BY stream LIMIT ?", organisation, after, limit
        )
        return tuple(StreamId(row[0]) for row in rows)

    # -- DocumentStore

    def put_document(self, organisation: OrganisationId, digest: str, data: bytes) -> None:
        """Keep a document; keeping it again changes nothing."""
        with self._transaction():
            statement = "INSERT INTO document (org, digest, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
            self._execute(statement, organisation, digest, data)

    def get_document(self, organisation: OrganisationId, digest: str) -> bytes:
        """Return a document. Raises: StoreError when it is not there."""
        rows = self._rows("SELECT data FROM document WHERE org = ? AND digest = ?", organisation, digest)
        if not rows:
            raise StoreError(f"The rules with digest {digest} are not in the store.")
        return bytes(rows[0][0])

    # -- Sequencer

    def append_statement(self, organisation: OrganisationId, leaf: bytes, *, once: bool = False) -> None:
        """Queue a public leaf; with `once`, nothing where the same one waits or has a place already."""
        leaf_hash = hash_leaf(leaf)
        with self._transaction():
            if once and self._holds_statement(organisation, leaf_hash):
                return
            statement = "INSERT INTO pending (org, leaf, leaf_hash) VALUES (?, ?, ?)"
            self._execute(statement, organisation, leaf, leaf_hash)

    def _holds_statement(self, organisation: OrganisationId, leaf_hash: bytes) -> bool:
        # One process at a time: none gives it a place, or queues it as well, between the question and what follows.
        self._dialect.lock_sequence(self._connection, organisation)
        statement = (
            "SELECT 1 FROM pending WHERE org = ? AND stream IS NULL AND leaf_hash = ?"
            " UNION ALL SELECT 1 FROM leaf WHERE org = ? AND stream IS NULL AND leaf_hash = ?"
        )
        return self._execute(statement, organisation, leaf_hash, organisation, leaf_hash).fetchone() is not None

    def count_pending(self, organisation: OrganisationId) -> int:
        """Return how many leaves wait for a place."""
        return int(self._rows("SELECT COUNT(*) FROM pending WHERE org = ?", organisation)[0][0])

    def assign(self, organisation: OrganisationId, limit: int) -> int:
        """Give the next places to at most `limit` waiting leaves; return how many got one."""
        if not self._rows("SELECT 1 FROM pending WHERE org = ? LIMIT 1", organisation):
            return 0
        with self._transaction():
            self._dialect.lock_sequence(self._connection, organisation)
            size = int(self._execute(_SIZE, organisation).fetchone()[0])
            waiting = self._execute(
                "SELECT id, stream, seq, leaf, leaf_hash FROM pending WHERE org = ? ORDER BY id LIMIT ?",
                organisation, limit,
            ).fetchall()  # fmt: skip
            self._execute_many(
                "INSERT INTO leaf (org, idx, stream, seq, leaf, leaf_hash) VALUES (?, ?, ?, ?, ?, ?)",
                [(organisation, size + place, *row[1:]) for place, row in enumerate(waiting)],
            )
            self._execute_many("DELETE FROM pending WHERE id = ?", [(row[0],) for row in waiting])
        return len(waiting)

    def leaves(self, organisation: OrganisationId, first: int, count: int) -> tuple[SequencedLeaf, ...]:
        """Return leaves that have a place, from `first` on, in order."""
        rows = self._rows(
            "SELECT idx, leaf, leaf_hash, stream, seq FROM leaf WHERE org = ? AND idx >= ? AND idx < ? ORDER BY idx",
            organisation, first, first + count,
        )  # fmt: skip
        return tuple(
            SequencedLeaf(idx, bytes(leaf), bytes(known), stream, seq) for idx, leaf, known, stream, seq in rows
        )

    def find_index(self, organisation: OrganisationId, stream: StreamId, seq: int) -> int | None:
        """Return an entry's place, once it has one."""
        rows = self._rows("SELECT idx FROM leaf WHERE org = ? AND stream = ? AND seq = ?", organisation, stream, seq)
        return int(rows[0][0]) if rows else None

    def size(self, organisation: OrganisationId) -> int:
        """Return how many leaves have a place."""
        return int(self._rows(_SIZE, organisation)[0][0])

    # -- CheckpointHistory

    def put_checkpoint_note(self, organisation: OrganisationId, note: Note, *, witnessed: bool) -> None:
        """Keep a checkpoint with the signatures that are not kept of it yet. Raises: NoteError."""
        checkpoint = parse_checkpoint(note.text)
        place = (organisation, checkpoint.origin, checkpoint.size)
        with self._transaction():
            # What is kept is read and written again: one process at a time, or one would lose what the other added.
            self._dialect.lock_sequence(self._connection, organisation)
            statement = "SELECT note, witnessed FROM checkpoint_note WHERE org = ? AND origin = ? AND size = ?"
            row = self._execute(statement, *place).fetchone()
            old = None if row is None else parse_note_unverified(bytes(row[0]))
            merged, told = merge_signatures(old, note), int(witnessed) if row is None else max(row[1], int(witnessed))
            if (merged, told) != (old, None if row is None else row[1]):
                self._execute(
                    "INSERT INTO checkpoint_note (org, origin, size, note, witnessed) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (org, origin, size) DO UPDATE SET note = excluded.note,"
                    " witnessed = excluded.witnessed",
                    *place, merged.encode().encode(), told,
                )  # fmt: skip

    def checkpoint_at(self, organisation: OrganisationId, origin: str, size: int) -> Note | None:
        """Return the checkpoint of this size, where one was published."""
        statement = "SELECT note FROM checkpoint_note WHERE org = ? AND origin = ? AND size = ?"
        return _parse_note(self._rows(statement, organisation, origin, size))

    def first_checkpoint_covering(
        self, organisation: OrganisationId, origin: str, index: int, *, witnessed: bool = False
    ) -> Note | None:
        """Return the smallest checkpoint that holds the leaf at `index`; with `witnessed`, among those witnessed."""
        only = " AND witnessed = 1" if witnessed else ""
        statement = (
            f"SELECT note FROM checkpoint_note WHERE org = ? AND origin = ?{only}"  # noqa: S608 - a constant or nothing
            " AND size > ? ORDER BY size LIMIT 1"
        )
        return _parse_note(self._rows(statement, organisation, origin, index))

    def newest_witnessed_checkpoint(self, organisation: OrganisationId, origin: str) -> Note | None:
        """Return the largest checkpoint that is witnessed."""
        statement = (
            "SELECT note FROM checkpoint_note WHERE org = ? AND origin = ? AND witnessed = 1 ORDER BY size DESC LIMIT 1"
        )
        return _parse_note(self._rows(statement, organisation, origin))

    def newest_checkpoints(self, organisation: OrganisationId, origin: str, count: int) -> tuple[Note, ...]:
        """Return the largest checkpoints, the largest first, at most `count`."""
        statement = "SELECT note FROM checkpoint_note WHERE org = ? AND origin = ? ORDER BY size DESC LIMIT ?"
        return tuple(parse_note_unverified(bytes(row[0])) for row in self._rows(statement, organisation, origin, count))

    # -- ReadTables

    def matters(self, organisation: OrganisationId, after: str = "", limit: int = 100) -> tuple[MatterRow, ...]:
        """Return matters by name, after a name."""
        rows = self._rows(
            "SELECT stream, procedure_id, stage, opened_at, last_at, last_seq, closed_at, next_due_at, next_owner"
            " FROM matter WHERE org = ? AND stream > ? ORDER BY stream LIMIT ?",
            organisation, after, limit,
        )  # fmt: skip
        return tuple(_parse_matter(row) for row in rows)

    def matters_of(
        self,
        organisation: OrganisationId,
        person: PersonId,
        standing: ListStanding,
        after: ListPlace | None = None,
        limit: int = 100,
    ) -> tuple[MatterRow, ...]:
        """Return the matters in which a person has a part, and which stand so; the newest closed one first."""
        return self._listed(organisation, person, standing, after, limit)

    def matters_owned(
        self, organisation: OrganisationId, role: str, after: ListPlace | None = None, limit: int = 100
    ) -> tuple[MatterRow, ...]:
        """Return the open matters whose next step is that of a role, the one that is due first before the others."""
        return self._listed(organisation, f"role/{role}", "waits", after, limit)

    def _listed(
        self, organisation: OrganisationId, holder: str, standing: ListStanding, after: ListPlace | None, limit: int
    ) -> tuple[MatterRow, ...]:
        order, beyond, start = ("DESC", "<", NEVER) if standing == "closed" else ("ASC", ">", "")
        at, stream = (start, "") if after is None else (_encode(after[0]) or NEVER, after[1])
        # The page is cut out first, so that no database thinks of sorting all that somebody has.
        statement = (
            "SELECT m.stream, m.procedure_id, m.stage, m.opened_at, m.last_at, m.last_seq, m.closed_at,"  # noqa: S608 - two words
            " m.next_due_at, m.next_owner FROM (SELECT org, stream, at FROM listing"
            f" WHERE org = ? AND holder = ? AND standing = ? AND (at, stream) {beyond} (?, ?)"
            f" ORDER BY at {order}, stream {order} LIMIT ?) l"
            f" JOIN matter m ON m.org = l.org AND m.stream = l.stream ORDER BY l.at {order}, l.stream {order}"
        )
        rows = self._rows(statement, organisation, holder, standing, at, stream, limit)
        return tuple(_parse_matter(row) for row in rows)

    def parts_of(self, organisation: OrganisationId, person: PersonId, limit: int = 100) -> tuple[PartyRow, ...]:
        """Return a person's parts that have not ended."""
        rows = self._rows(
            "SELECT stream, person, role, since_seq, until_seq FROM party WHERE org = ? AND person = ?"
            " AND until_seq IS NULL ORDER BY stream, role LIMIT ?",
            organisation, person, limit,
        )  # fmt: skip
        return tuple(PartyRow(*row) for row in rows)

    def streams_of(
        self, organisation: OrganisationId, person: PersonId, after: str = "", limit: int = 100
    ) -> tuple[StreamId, ...]:
        """Return the matters, by name and after a name, in which a person has a part or had one."""
        rows = self._rows(
            "SELECT DISTINCT stream FROM party WHERE org = ? AND person = ? AND stream > ? ORDER BY stream LIMIT ?",
            organisation, person, after, limit,
        )  # fmt: skip
        return tuple(StreamId(stream) for (stream,) in rows)

    def dump_read_tables(self, organisation: OrganisationId) -> tuple[tuple[MatterRow, ...], tuple[PartyRow, ...]]:
        """Return all rows in a fixed order, for comparison."""
        parties = self._rows(
            "SELECT stream, person, role, since_seq, until_seq FROM party WHERE org = ?"
            " ORDER BY stream, person, role, since_seq",
            organisation,
        )
        return self.matters(organisation, limit=1_000_000_000), tuple(PartyRow(*row) for row in parties)

    def replace_read_tables(
        self, organisation: OrganisationId, matters: Sequence[MatterRow], parties: Sequence[PartyRow]
    ) -> None:
        """Drop all rows and put these in their place, in one transaction."""
        with self._transaction():
            self._execute("DELETE FROM matter WHERE org = ?", organisation)
            self._execute("DELETE FROM party WHERE org = ?", organisation)
            self._put_matters(organisation, matters)
            self._put_parties(organisation, parties)

    def replace_rows(
        self, organisation: OrganisationId, stream: StreamId, matter: MatterRow, parties: Sequence[PartyRow]
    ) -> None:
        """Replace the rows of one matter, in one transaction."""
        with self._transaction():
            self._put_matters(organisation, (matter,))
            self._execute("DELETE FROM party WHERE org = ? AND stream = ?", organisation, stream)
            self._put_parties(organisation, parties)

    def take_outbox(self, organisation: OrganisationId, limit: int) -> tuple[tuple[int, OutboxItem], ...]:
        """Return items not yet done, oldest first, with their numbers."""
        rows = self._rows(
            "SELECT id, kind, stream, seq, audience FROM outbox WHERE org = ? AND done = 0 ORDER BY id LIMIT ?",
            organisation, limit,
        )  # fmt: skip
        return tuple((row[0], OutboxItem(*row[1:])) for row in rows)

    def complete_outbox(self, organisation: OrganisationId, numbers: Sequence[int]) -> None:
        """Mark items as done."""
        with self._transaction():
            rows = [(organisation, number) for number in numbers]
            self._execute_many("UPDATE outbox SET done = 1 WHERE org = ? AND id = ?", rows)


def _encode(at: datetime | None) -> str | None:
    return None if at is None else encode_instant(at)


def _decode(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)


def _parse_matter(row: tuple[Any, ...]) -> MatterRow:
    return MatterRow(
        StreamId(row[0]), row[1], row[2], parse_instant(row[3]), parse_instant(row[4]), row[5],
        _decode(row[6]), _decode(row[7]), row[8],
    )  # fmt: skip


def _parse_note(rows: Sequence[tuple[Any, ...]]) -> Note | None:
    return parse_note_unverified(bytes(rows[0][0])) if rows else None
