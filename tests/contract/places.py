"""Where a store can be kept, and what the contract writes into it."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from alteram.adapters.db import SqlStore, open_sqlite
from alteram.adapters.db.postgresql import open_postgresql
from alteram.adapters.memory import MemoryStore
from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.tlog import hash_leaf
from alteram.operations.ports import Append, MatterRow, OutboxItem, PartyRow, StaleReadError, Store, StoredEntry
from tests.patience import HANGS

T = TypeVar("T")
ORG = OrganisationId("caucus")
OTHER = OrganisationId("other")
M1, M2 = StreamId("m1"), StreamId("m2")
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class Place:
    """A database, or memory: `open` gives another handle on the same content, as another process would have."""

    kind: str
    location: str = ""
    opened: list[Store] = field(default_factory=list)

    def open(self) -> Store:
        """Return a handle, closed with the test."""
        if self.kind == "memory" and self.opened:
            return self.opened[0]
        self.opened.append(MemoryStore() if self.kind == "memory" else open_database(self.kind, self.location))
        return self.opened[-1]

    def close(self) -> None:
        """Close every handle."""
        for store in self.opened:
            if not isinstance(store, MemoryStore | SqlStore):
                raise TypeError(store)
            store.close()
        self.opened.clear()


def open_database(kind: str, location: str) -> SqlStore:
    """Open a database, in this process or another."""
    return open_sqlite(Path(location)) if kind == "sqlite" else open_postgresql(location)


def build_entry(
    stream: StreamId, seq: int, *, prev: bytes = b"", text: str = "", at: datetime | None = None
) -> StoredEntry:
    """Return an entry whose ciphertext holds the hash of the one before it, so that a chain can be followed."""
    leaf = b"\x01" + sha256(f"{stream}/{seq}/{text}".encode() + prev).digest()
    moment = at or NOON + timedelta(seconds=seq)
    return StoredEntry(stream, seq, leaf, hash_leaf(leaf), prev.ljust(32, b"\x00") + text.encode(), b"keys", moment)


def build_append(stream: StreamId, seq: int, *, reads: Sequence[tuple[StreamId, int]] = (), **fields: object) -> Append:
    """Return an append of one entry with a row for its matter and something for the outbox."""
    entry = build_entry(stream, seq, **fields)  # type: ignore[arg-type] # passed through as they are
    return Append(entry, tuple(reads), build_matter(stream, seq), (), (OutboxItem("told", stream, seq, "respondent"),))


def build_matter(stream: StreamId, seq: int, *, stage: str = "intake") -> MatterRow:
    """Return a matter as lists show it."""
    return MatterRow(stream, "complaint", stage, NOON, NOON + timedelta(seconds=seq), seq)


def build_party(stream: StreamId, person: str, role: str, *, since: int = 0, until: int | None = None) -> PartyRow:
    """Return a person's part in a matter."""
    return PartyRow(stream, PersonId(person), role, since, until)


def fill(store: Store, stream: StreamId, count: int, *, organisation: OrganisationId = ORG) -> None:
    """Append entries 0 to `count` - 1 to a stream, one transaction each, each naming the one before."""
    for seq in range(count):
        head = store.find_head(organisation, stream)
        store.append(organisation, [build_append(stream, seq, prev=head.leaf_hash if head else b"")])


def write_in_turn(store: Store, stream: StreamId, count: int, writer: str) -> list[int]:
    """Append `count` entries after whatever stands there, again when somebody was first; return their numbers."""
    given: list[int] = []
    while len(given) < count:
        head = store.find_head(ORG, stream)
        seq, prev = (head.seq + 1, head.leaf_hash) if head else (0, b"")
        try:
            store.append(ORG, [build_append(stream, seq, prev=prev, text=f"{writer}-{len(given)}", at=NOON)])
        except StaleReadError:
            continue
        given.append(seq)
    return given


def follow_chain(entries: Sequence[StoredEntry]) -> bool:
    """Return whether the entries stand in order from 0 on, each naming the one before it."""
    before = [b"\x00" * 32, *(one.leaf_hash for one in entries)]
    return [one.seq for one in entries] == list(range(len(entries))) and all(
        one.ciphertext.startswith(prev) for one, prev in zip(entries, before, strict=False)
    )


def in_processes(work: Callable[..., T], arguments: Sequence[tuple[object, ...]]) -> list[T]:
    """Run a function of a module in as many processes as there are arguments, all at once."""
    with ProcessPoolExecutor(len(arguments), mp_context=get_context("spawn")) as pool:
        return [one.result(HANGS) for one in [pool.submit(work, *each) for each in arguments]]


def in_threads(work: Callable[..., T], arguments: Sequence[tuple[object, ...]]) -> list[T]:
    """Run a function in as many threads as there are arguments, all at once."""
    with ThreadPoolExecutor(len(arguments)) as pool:
        return [one.result(HANGS) for one in [pool.submit(work, *each) for each in arguments]]


def write_in_process(kind: str, location: str, count: int) -> list[int]:
    """Open a database in a process of its own and write into one stream."""
    store = open_database(kind, location)
    try:
        return write_in_turn(store, M1, count, str(os.getpid()))
    finally:
        store.close()


def assign_in_process(kind: str, location: str, total: int) -> int:
    """Open a database in a process of its own, give places until `total` leaves have one; return how many it gave."""
    store, given = open_database(kind, location), 0
    try:
        while store.size(ORG) < total:
            given += store.assign(ORG, 7)
    finally:
        store.close()
    return given
