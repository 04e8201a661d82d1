"""What operations need of the world, as small Protocols. One contract suite holds the adapters to them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.record import Attachment
from alteram.core.tlog import Note, Policy, SignerKey, Tile
from alteram.core.vault import AuthorKey, RecordKey
from alteram.operations.upload_ports import UploadStore

Entropy = Callable[[int], bytes]
Clock = Callable[[], datetime]


class StaleReadError(AlteramError):
    """Something a ruling read has moved, or somebody else wrote first. Nothing was written; load and rule again."""


class StoreError(AlteramError):
    """A store cannot be used safely, or holds something other than what was acknowledged."""


class StoreUnavailableError(StoreError):
    """A store cannot be used just now: it is away, full, or locked. What was acknowledged is kept; try again later."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it is kept. `wrapped_keys` is None once they were destroyed."""

    stream: StreamId
    seq: int
    leaf: bytes
    leaf_hash: bytes
    ciphertext: bytes
    wrapped_keys: bytes | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a stream."""

    seq: int
    leaf_hash: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter as lists show it. Disposable: rebuilt from the entries."""

    stream: StreamId
    procedure: str
    stage: str
    opened_at: datetime
    last_at: datetime
    last_seq: int
    closed_at: datetime | None = None
    next_due_at: datetime | None = None
    next_owner: str = ""


#: How a matter stands for somebody who has a part in it: the next step is theirs, somebody else's, or nobody's.
ListStanding: TypeAlias = Literal["waits", "open", "closed"]
#: Where a page of matters goes on: what the last row of the one before sorts by (when it is due, or closed), and it.
ListPlace: TypeAlias = tuple[datetime | None, StreamId]


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A person's part in a matter. Disposable: rebuilt from the entries."""

    stream: StreamId
    person: PersonId
    role: str
    since_seq: int
    until_seq: int | None = None


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """Something to be told or done after an entry; it never holds content."""

    kind: str
    stream: StreamId
    seq: int
    audience: str


@dataclass(frozen=True, slots=True)
class Append:
    """All that one act writes. `reads` are the (stream, sequence) pairs that must not have moved.

    `parties` is None where the parts people play did not change, else all of them. `rewrapped`, for a shredding, holds
    the wrapped keys of every other entry of the stream, None where they are destroyed.
    """

    entry: StoredEntry
    reads: tuple[tuple[StreamId, int], ...] = ()
    matter: MatterRow | None = None
    parties: tuple[PartyRow, ...] | None = None
    outbox: tuple[OutboxItem, ...] = ()
    rewrapped: Mapping[int, bytes | None] | None = None


@dataclass(frozen=True, slots=True)
class SequencedLeaf:
    """A leaf with its place in the log; `stream` and `seq` are None for a public statement."""

    index: int
    leaf: bytes
    acknowledged_hash: bytes
    stream: StreamId | None = None
    seq: int | None = None


class RecordStore(Protocol):
    """Entries, one transaction an append. `append` returns only once everything is durable."""

    def append(self, organisation: OrganisationId, appends: Sequence[Append]) -> None:
        """Store these in one transaction, or nothing. Raises: StaleReadError."""
        ...

    def find_head(self, organisation: OrganisationId, stream: StreamId) -> Head | None:
        """Return the newest entry of a stream, if it has one."""
        ...

    def load(
        self, organisation: OrganisationId, stream: StreamId, after_seq: int = -1, limit: int | None = None
    ) -> Iterator[StoredEntry]:
        """Yield a stream's entries in order, from the one after `after_seq`; with `limit`, read no more than those."""
        ...

    def streams(self, organisation: OrganisationId, after: str = "", limit: int = 1000) -> tuple[StreamId, ...]:
        """Return the names of streams in order, after a name."""
        ...


class DocumentStore(Protocol):
    """Rulebooks and packs by the SHA-256 of their canonical bytes."""

    def put_document(self, organisation: OrganisationId, digest: str, data: bytes) -> None:
        """Keep a document; keeping it again changes nothing."""
        ...

    def get_document(self, organisation: OrganisationId, digest: str) -> bytes:
        """Return a document. Raises: StoreError when it is not there."""
        ...


class Sequencer(Protocol):
    """Assigns every acknowledged leaf its place in the log, in order, exactly once."""

    def append_statement(self, organisation: OrganisationId, leaf: bytes, *, once: bool = False) -> None:
        """Queue a public leaf; with `once`, nothing where the same one waits or has a place already."""
        ...

    def count_pending(self, organisation: OrganisationId) -> int:
        """Return how many leaves wait for a place."""
        ...

    def assign(self, organisation: OrganisationId, limit: int) -> int:
        """Give the next places to at most `limit` waiting leaves; return how many got one."""
        ...

    def leaves(self, organisation: OrganisationId, first: int, count: int) -> tuple[SequencedLeaf, ...]:
        """Return leaves that have a place, from `first` on, in order."""
        ...

    def find_index(self, organisation: OrganisationId, stream: StreamId, seq: int) -> int | None:
        """Return an entry's place, once it has one."""
        ...

    def size(self, organisation: OrganisationId) -> int:
        """Return how many leaves have a place."""
        ...


class CheckpointHistory(Protocol):
    """Every checkpoint that was published, as it was signed: what bounds the time of entries.

    Logs are told apart by the origin in the note. Of each size a log has one checkpoint; its signatures are gathered.
    """

    def put_checkpoint_note(self, organisation: OrganisationId, note: Note, *, witnessed: bool) -> None:
        """Keep a checkpoint, durably, with the signatures that are not kept of it yet.

        `witnessed` says that witnesses enough for the policy cosigned it. Raises: NoteError when another root of the
        same size is kept.
        """
        ...

    def checkpoint_at(self, organisation: OrganisationId, origin: str, size: int) -> Note | None:
        """Return the checkpoint of this size, where one was published."""
        ...

    def first_checkpoint_covering(
        self, organisation: OrganisationId, origin: str, index: int, *, witnessed: bool = False
    ) -> Note | None:
        """Return the smallest checkpoint that holds the leaf at `index`; with `witnessed`, among those witnessed."""
        ...

    def newest_witnessed_checkpoint(self, organisation: OrganisationId, origin: str) -> Note | None:
        """Return the largest checkpoint that is witnessed."""
        ...

    def newest_checkpoints(self, organisation: OrganisationId, origin: str, count: int) -> tuple[Note, ...]:
        """Return the largest checkpoints, the largest first, at most `count`."""
        ...


class ReadTables(Protocol):
    """What lists show. Disposable."""

    def matters(self, organisation: OrganisationId, after: str = "", limit: int = 100) -> tuple[MatterRow, ...]:
        """Return matters by name, after a name."""
        ...

    def matters_of(
        self,
        organisation: OrganisationId,
        person: PersonId,
        standing: ListStanding,
        after: ListPlace | None = None,
        limit: int = 100,
    ) -> tuple[MatterRow, ...]:
        """Return matters in which a person has a part that has not ended, and which stand so for them.

        What is due first comes first, what has no due time last; of closed ones the newest.
        It costs what the rows that it returns cost.
        """
        ...

    def matters_owned(
        self, organisation: OrganisationId, role: str, after: ListPlace | None = None, limit: int = 100
    ) -> tuple[MatterRow, ...]:
        """Return the open matters whose next step is that of a role, in the same order, at the same cost."""
        ...

    def parts_of(self, organisation: OrganisationId, person: PersonId, limit: int = 100) -> tuple[PartyRow, ...]:
        """Return a person's parts that have not ended."""
        ...

    def streams_of(
        self, organisation: OrganisationId, person: PersonId, after: str = "", limit: int = 100
    ) -> tuple[StreamId, ...]:
        """Return the matters, by name and after a name, in which a person has a part or had one."""
        ...

    def dump_read_tables(self, organisation: OrganisationId) -> tuple[tuple[MatterRow, ...], tuple[PartyRow, ...]]:
        """Return all rows in a fixed order, for comparison."""
        ...

    def replace_read_tables(
        self, organisation: OrganisationId, matters: Sequence[MatterRow], parties: Sequence[PartyRow]
    ) -> None:
        """Drop all rows and put these in their place, in one transaction."""
        ...

    def replace_rows(
        self, organisation: OrganisationId, stream: StreamId, matter: MatterRow, parties: Sequence[PartyRow]
    ) -> None:
        """Replace the rows of one matter, in one transaction."""
        ...

    def take_outbox(self, organisation: OrganisationId, limit: int) -> tuple[tuple[int, OutboxItem], ...]:
        """Return items not yet done, oldest first, with their numbers."""
        ...

    def complete_outbox(self, organisation: OrganisationId, numbers: Sequence[int]) -> None:
        """Mark items as done."""
        ...


class Store(RecordStore, DocumentStore, Sequencer, CheckpointHistory, ReadTables, Protocol):
    """One store that is all of these, so that an act is one transaction."""


class KeyStore(Protocol):
    """Stream keys, kept apart from the entries they open."""

    def get_stream_key(self, organisation: OrganisationId, stream: StreamId) -> bytes:
        """Return a stream's key. Raises: StoreError when it was destroyed or never made."""
        ...

    def create_stream_key(self, organisation: OrganisationId, stream: StreamId) -> bytes:
        """Return the stream's key, making one where there is none."""
        ...

    def stage_stream_key(self, organisation: OrganisationId, stream: StreamId, key: bytes) -> None:
        """Keep a key that may take the place of a stream's, beside any others; the present one stays."""
        ...

    def find_staged_keys(self, organisation: OrganisationId, stream: StreamId) -> tuple[bytes, ...]:
        """Return the keys that are staged for a stream."""
        ...

    def promote_stream_key(self, organisation: OrganisationId, stream: StreamId, key: bytes) -> None:
        """Put `key` in the place of the stream's and destroy that and all staged ones; nothing where it is not staged.

        Whoever stages a later key has promoted the earlier one before, so nobody's key is lost.
        """
        ...


class KeyRotation(Protocol):
    """Keys that wait to take the place of others. The record says which is in force (`operations.signing`)."""

    def stage_record_key(self, organisation: OrganisationId) -> RecordKey:
        """Make a key that may follow the record key, and keep it beside any others; the present one stays."""
        ...

    def promote_record_key(self, organisation: OrganisationId, public: bytes) -> None:
        """Put the staged key with this public key in the place of the record key, and destroy that and all staged ones.

        Nothing where it is not staged; either way the key is read anew when it is next asked for.
        """
        ...

    def stage_author_key(self, organisation: OrganisationId, person: PersonId) -> AuthorKey:
        """Make a key that may follow the one held for a person, and keep it beside any others."""
        ...

    def promote_author_key(self, organisation: OrganisationId, person: PersonId, public: bytes) -> None:
        """Do for a person what `promote_record_key` does for the record."""
        ...


class Signers(KeyRotation, Protocol):
    """Private keys that sign: the record's, the log's, and for now those held for people."""

    def record_key(self, organisation: OrganisationId) -> RecordKey:
        """Return the key that signs entries."""
        ...

    def log_keys(self, organisation: OrganisationId, origin: str) -> tuple[SignerKey, ...]:
        """Return the keys that sign checkpoints of the log of this origin: Ed25519, then ML-DSA-44."""
        ...

    def author_key(self, organisation: OrganisationId, person: PersonId | None) -> AuthorKey:
        """Return the key held for a person (None: for whoever has no name)."""
        ...

    def make_author_keys(self, organisation: OrganisationId, people: Iterable[PersonId]) -> None:
        """Make the keys of those for whom none is held, all at once; the others keep theirs."""
        ...


@dataclass(frozen=True, slots=True)
class LockedCheckpoint:
    """The newest checkpoint that was signed, and when (nanoseconds since 1970). `note` is the whole signed note."""

    note: Note
    signed_at_ns: int


class CheckpointLock(Protocol):
    """The newest signed checkpoint, kept apart from the store. Whoever holds it decides what the log is."""

    def load(self, origin: str) -> LockedCheckpoint | None:
        """Return the newest signed checkpoint of a log."""
        ...

    def replace(self, origin: str, old: LockedCheckpoint | None, new: LockedCheckpoint) -> None:
        """Put `new` in the place of `old`, or raise StaleReadError when something else stands there."""
        ...


class TileStore(Protocol):
    """The public log: tiles, which never change, and the checkpoint."""

    def put_tile(self, tile: Tile, data: bytes) -> None:
        """Publish a tile, durably; publishing other bytes under the same name is refused."""
        ...

    def get_tile(self, tile: Tile) -> bytes:
        """Return a tile. Raises: TileError when it is not there."""
        ...

    def put_checkpoint(self, note: bytes) -> None:
        """Publish the checkpoint, durably, unless one of a larger log, or the same with more signatures, stands there.

        Raises: TileError when another root of the same size is published.
        """
        ...

    def find_checkpoint(self) -> bytes | None:
        """Return the published checkpoint."""
        ...


class AttachmentWriter(Protocol):
    """One ciphertext on its way into the store."""

    def write(self, data: bytes) -> None:
        """Add to it. Raises: StoreUnavailableError."""
        ...

    def finish(self) -> Attachment:
        """Return its digest and size, once it is durable and whole. Raises: StoreUnavailableError."""
        ...

    def abandon(self) -> None:
        """Drop what was written; nothing after it was finished."""
        ...


@dataclass(frozen=True, slots=True)
class WaitingAttachment:
    """A ciphertext of which the store does not know whether an entry of `stream` names it.

    One that was never finished has neither: it has only the store's own word for it, `unfinished`.
    """

    stream: StreamId | None = None
    sha256: str | None = None
    unfinished: str = ""


class AttachmentStore(Protocol):
    """Ciphertexts of files, by their digest. It is durable before the entry that names it is stored.

    A new one waits until `keep` or `drop` is called, so that what no entry came to name can be swept away.
    """

    def begin(self, stream: StreamId) -> AttachmentWriter:
        """Begin a ciphertext that an entry of `stream` will name. Raises: StoreUnavailableError."""
        ...

    def get(self, stream: StreamId, sha256: str) -> Iterator[bytes]:
        """Return a ciphertext that was finished, in pieces, waiting or kept. Raises: StoreError when it is gone."""
        ...

    def read(self, stream: StreamId, sha256: str, first: int, until: int) -> bytes:
        """Return the bytes from `first` to `until`, half-open, of a ciphertext, without reading the rest of it.

        Fewer come where it ends before. Raises: StoreError when it is gone.
        """
        ...

    def waiting(self, older_than: timedelta) -> tuple[WaitingAttachment, ...]:
        """Return those that wait, and those that were never finished, if they were last written so long ago."""
        ...

    def keep(self, waiting: WaitingAttachment) -> None:
        """Keep one for good. Safe to repeat."""
        ...

    def drop(self, waiting: WaitingAttachment) -> None:
        """Delete one. Safe to repeat."""
        ...


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint with the cosignatures that could be had, and larger ones of the same log that witnesses have seen.

    `ahead` are signed by the log itself: another process signed them meanwhile, or this log was rolled back.
    """

    note: Note
    ahead: tuple[Note, ...] = ()


class Witnesses(Protocol):
    """Outsiders asked to cosign checkpoints."""

    def cosign(self, note: Note) -> Cosigned:
        """Return `note` with the cosignatures that could be had in time added."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """All that one organisation's operations need of the world. `origin` names its log."""

    organisation: OrganisationId
    origin: str
    store: Store
    keys: KeyStore
    signers: Signers
    lock: CheckpointLock
    tiles: TileStore
    attachments: AttachmentStore
    uploads: UploadStore
    witnesses: Witnesses
    policy: Policy
    clock: Clock
    entropy: Entropy
