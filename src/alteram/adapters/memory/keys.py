"""Keys, checkpoint lock and tiles that live as long as the process."""

import threading
from collections.abc import Iterable
from hashlib import sha256

from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.tlog import (
    COSIGNATURE_MLDSA44,
    ED25519,
    SignerKey,
    Tile,
    TileError,
    parse_note_unverified,
    supersedes,
)
from alteram.core.vault import AuthorKey, RecordKey
from alteram.operations.ports import Entropy, LockedCheckpoint, StaleReadError, StoreError


class MemoryKeyStore:
    """Implements KeyStore."""

    def __init__(self, entropy: Entropy) -> None:
        """Draw keys from `entropy`."""
        self._entropy = entropy
        self._keys: dict[tuple[str, str], bytes] = {}
        self._staged: dict[tuple[str, str], list[bytes]] = {}

    def get_stream_key(self, organisation: OrganisationId, stream: StreamId) -> bytes:
        """Return a stream's key. Raises: StoreError when it was destroyed or never made."""
        key = self._keys.get((organisation, stream))
        if key is None:
            raise StoreError(f"There is no key for {stream}.")
        return key

    def create_stream_key(self, organisation: OrganisationId, stream: StreamId) -> bytes:
        """Return the stream's key, making one where there is none."""
        self._keys.setdefault((organisation, stream), self._entropy(32))
        return self.get_stream_key(organisation, stream)

    def stage_stream_key(self, organisation: OrganisationId, stream: StreamId, key: bytes) -> None:
        """Keep a key that may take the place of a stream's."""
        self._staged.setdefault((organisation, stream), []).append(key)

    def find_staged_keys(self, organisation: OrganisationId, stream: StreamId) -> tuple[bytes, ...]:
        """Return the keys that are staged for a stream."""
        return tuple(self._staged.get((organisation, stream), ()))

    def promote_stream_key(self, organisation: OrganisationId, stream: StreamId, key: bytes) -> None:
        """Put `key` in the place of the stream's, where it is staged."""
        if key in self._staged.get((organisation, stream), ()):
            self._keys[organisation, stream] = key
            del self._staged[organisation, stream]


class MemorySigners:
    """Implements Signers: keys derived from one seed, the same every time."""

    def __init__(self, seed: bytes) -> None:
        """Derive every key from `seed`."""
        self._seed = seed
        self._authors: dict[str, AuthorKey] = {}
        self._current: dict[str, bytes] = {}
        self._staged: dict[str, list[bytes]] = {}
        self._made = 0

    def _derive(self, organisation: str, name: str) -> bytes:
        return sha256(self._seed + f"{organisation}/{name}".encode()).digest()

    def record_key(self, organisation: OrganisationId) -> RecordKey:
        """Return the key that signs entries."""
        rotated = self._current.get(_name_record(organisation))
        if rotated is not None:
            return _build_record_key(rotated)
        return RecordKey.from_seed("record-1", self._derive(organisation, "record"))

    def log_keys(self, organisation: OrganisationId, origin: str) -> tuple[SignerKey, ...]:
        """Return the keys that sign checkpoints of the log of this origin: Ed25519, then ML-DSA-44."""
        return (
            SignerKey.from_seed(origin, ED25519, self._derive(organisation, f"log-ed25519/{origin}")),
            SignerKey.from_seed(origin, COSIGNATURE_MLDSA44, self._derive(organisation, f"log-mldsa44/{origin}")),
        )

    def author_key(self, organisation: OrganisationId, person: PersonId | None) -> AuthorKey:
        """Return the key held for a person (None: for whoever has no name)."""
        name = _name_author(organisation, person)
        if name not in self._authors:
            self._authors[name] = AuthorKey.from_seed(self._current.get(name) or self._derive("", name))
        return self._authors[name]

    def make_author_keys(self, organisation: OrganisationId, people: Iterable[PersonId]) -> None:
        """Do nothing: each is derived when it is asked for."""

    def stage_record_key(self, organisation: OrganisationId) -> RecordKey:
        """Make a key that may follow the record key, and keep it beside any others; the present one stays."""
        return _build_record_key(self._stage(_name_record(organisation)))

    def promote_record_key(self, organisation: OrganisationId, public: bytes) -> None:
        """Put the staged key with this public key in the place of the record key."""
        self._promote(_name_record(organisation), public)

    def stage_author_key(self, organisation: OrganisationId, person: PersonId) -> AuthorKey:
        """Make a key that may follow the one held for a person, and keep it beside any others."""
        return AuthorKey.from_seed(self._stage(_name_author(organisation, person)))

    def promote_author_key(self, organisation: OrganisationId, person: PersonId, public: bytes) -> None:
        """Do for a person what `promote_record_key` does for the record."""
        name = _name_author(organisation, person)
        self._promote(name, public)
        self._authors.pop(name, None)

    def _stage(self, name: str) -> bytes:
        self._made += 1
        seed = self._derive(f"staged {self._made}", name)
        self._staged.setdefault(name, []).append(seed)
        return seed

    def _promote(self, name: str, public: bytes) -> None:
        for seed in self._staged.get(name, ()):
            if AuthorKey.from_seed(seed).public == public:
                self._current[name] = seed
                del self._staged[name]
                return


def _build_record_key(seed: bytes) -> RecordKey:
    unnamed = RecordKey.from_seed("", seed)
    return RecordKey(unnamed.public.hex()[:16], unnamed.private)


def _name_record(organisation: OrganisationId) -> str:
    return f"{organisation}/record"


def _name_author(organisation: OrganisationId, person: PersonId | None) -> str:
    return f"{organisation}/author:{person or ''}"


class MemoryCheckpointLock:
    """Implements CheckpointLock."""

    def __init__(self) -> None:
        """Begin with nothing signed."""
        self._checkpoints: dict[str, LockedCheckpoint] = {}
        self._lock = threading.Lock()

    def load(self, origin: str) -> LockedCheckpoint | None:
        """Return the newest signed checkpoint of a log."""
        return self._checkpoints.get(origin)

    def replace(self, origin: str, old: LockedCheckpoint | None, new: LockedCheckpoint) -> None:
        """Put `new` in the place of `old`, or raise StaleReadError when something else stands there."""
        with self._lock:
            if self._checkpoints.get(origin) != old:
                raise StaleReadError("Another process signed a checkpoint first.", remedy="Load again and go on.")
            self._checkpoints[origin] = new


class MemoryTileStore:
    """Implements TileStore."""

    def __init__(self) -> None:
        """Begin with an empty log."""
        self.tiles: dict[Tile, bytes] = {}
        self._checkpoint: bytes | None = None

    def put_tile(self, tile: Tile, data: bytes) -> None:
        """Publish a tile; publishing other bytes under the same name is refused."""
        if self.tiles.setdefault(tile, data) != data:
            raise TileError("tile.changed", f"{tile.path} is published already with other content.")

    def get_tile(self, tile: Tile) -> bytes:
        """Return a tile. Raises: TileError when it is not there."""
        data = self.tiles.get(tile)
        if data is None:
            raise TileError("tile.missing", f"{tile.path} is missing from the log.")
        return data

    def put_checkpoint(self, note: bytes) -> None:
        """Publish the checkpoint, unless a newer one stands there."""
        published = None if self._checkpoint is None else parse_note_unverified(self._checkpoint)
        if supersedes(parse_note_unverified(note), published):
            self._checkpoint = note

    def find_checkpoint(self) -> bytes | None:
        """Return the published checkpoint."""
        return self._checkpoint
