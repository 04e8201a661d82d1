"""Keys in files of their own: the root key, stream keys wrapped under it, and signing keys wrapped under it.

Stream keys stand alone in their file, because destroying one destroys what it opens; signing keys stand in another.
"""

import hmac
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from alteram.adapters.files.apart import ApartFile
from alteram.adapters.files.aside import make_names_durable, written_aside
from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.tlog import COSIGNATURE_MLDSA44, ED25519, SignerKey
from alteram.core.vault import AuthorKey, RecordKey, unwrap_stream_key, wrap_stream_key
from alteram.operations.ports import Entropy, StoreError
from alteram.operations.recent import Recent

_STREAMS = """CREATE TABLE IF NOT EXISTS stream_key (
    org TEXT, stream TEXT, wrapped BLOB NOT NULL, PRIMARY KEY (org, stream)
);
CREATE TABLE IF NOT EXISTS staged_key (org TEXT, stream TEXT, wrapped BLOB NOT NULL);"""
_SIGNERS = """CREATE TABLE IF NOT EXISTS signer (org TEXT, name TEXT, wrapped BLOB, PRIMARY KEY (org, name));
CREATE TABLE IF NOT EXISTS staged_signer (org TEXT NOT NULL, name TEXT NOT NULL, wrapped BLOB NOT NULL);"""
_RECORD = "record"
#: How many keys of people are kept at hand.
_KEPT = 1024


def read_root_key(path: Path, entropy: Entropy) -> bytes:
    """Return the 32 bytes of the root key in the file at `path`, made (owner only) where there is none."""
    if not path.exists():
        with written_aside(path, entropy(32), mode=0o600) as aside, suppress(FileExistsError):
            os.link(aside, path)  # whoever comes second takes the key of whoever was first
        make_names_durable(path.parent)
    key = path.read_bytes()
    if len(key) != 32:
        raise StoreError(
            phrase("The root key is not 32 bytes."), remedy=phrase("Restore the root key from its own backup.")
        )
    return key


class FileKeyStore:
    """Stream keys. Old keys are overwritten, not only unlinked. Safe to share between threads."""

    def __init__(self, path: Path, root_key: bytes, entropy: Entropy) -> None:
        """Open the key file at `path`."""
        self._file = ApartFile(path, _STREAMS)
        self._root_key = root_key
        self._entropy = entropy

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def get_stream_key(self, organisation: OrganisationId, stream: StreamId) -> bytes:
        """Return a stream's key. Raises: StoreError when it was destroyed or never made."""
        row = self._file.find("SELECT wrapped FROM stream_key WHERE org = ? AND stream = ?", organisation, stream)
        if row is None:
            raise StoreError(
                phrase("There is no key for {stream}.", stream=stream),
                remedy=phrase("Restore the key file from its own backup."),
            )
        return unwrap_stream_key(row[0], self._root_key, organisation, stream)

    def create_stream_key(self, organisation: OrganisationId, stream: StreamId) -> bytes:
        """Return the stream's key, making one where there is none."""
        key = self._entropy(32)
        wrapped = wrap_stream_key(key, self._root_key, organisation, stream, self._entropy)
        with self._file.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO stream_key VALUES (?, ?, ?)", (organisation, stream, wrapped))
        return self.get_stream_key(organisation, stream)

    def stage_stream_key(self, organisation: OrganisationId, stream: StreamId, key: bytes) -> None:
        """Keep a key that may take the place of a stream's, beside any others."""
        wrapped = wrap_stream_key(key, self._root_key, organisation, stream, self._entropy)
        with self._file.transaction() as connection:
            connection.execute("INSERT INTO staged_key VALUES (?, ?, ?)", (organisation, stream, wrapped))

    def find_staged_keys(self, organisation: OrganisationId, stream: StreamId) -> tuple[bytes, ...]:
        """Return the keys that are staged for a stream."""
        with self._file.transaction() as connection:
            return tuple(key for key, _ in self._staged(connection, organisation, stream))

    def promote_stream_key(self, organisation: OrganisationId, stream: StreamId, key: bytes) -> None:
        """Put `key` in the place of the stream's, where it is staged; the old one is overwritten."""
        with self._file.transaction() as connection:
            for staged, wrapped in self._staged(connection, organisation, stream):
                if hmac.compare_digest(staged, key):
                    statement = "UPDATE stream_key SET wrapped = ? WHERE org = ? AND stream = ?"
                    connection.execute(statement, (wrapped, organisation, stream))
                    connection.execute("DELETE FROM staged_key WHERE org = ? AND stream = ?", (organisation, stream))
                    return

    def _staged(self, connection: Any, organisation: OrganisationId, stream: StreamId) -> list[tuple[bytes, bytes]]:
        statement = "SELECT wrapped FROM staged_key WHERE org = ? AND stream = ?"
        rows = connection.execute(statement, (organisation, stream)).fetchall()
        return [(unwrap_stream_key(row[0], self._root_key, organisation, stream), row[0]) for row in rows]


class FileSigners:
    """Signing keys, each made when it is first asked for. Safe to share between threads."""

    def __init__(self, path: Path, root_key: bytes, entropy: Entropy) -> None:
        """Open the key file at `path`."""
        self._file = ApartFile(path, _SIGNERS)
        self._root_key = root_key
        self._entropy = entropy
        self._records = Recent[OrganisationId, RecordKey](_KEPT)
        self._authors = Recent[tuple[str, str], AuthorKey](_KEPT)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def record_key(self, organisation: OrganisationId) -> RecordKey:
        """Return the key that signs entries."""
        return self._records.get(organisation, lambda: _build_record_key(self._seed(organisation, _RECORD)))

    def log_keys(self, organisation: OrganisationId, origin: str) -> tuple[SignerKey, ...]:
        """Return the keys that sign checkpoints of the log of this origin: Ed25519, then ML-DSA-44."""
        return (
            SignerKey.from_seed(origin, ED25519, self._seed(organisation, f"log-ed25519:{origin}")),
            SignerKey.from_seed(origin, COSIGNATURE_MLDSA44, self._seed(organisation, f"log-mldsa44:{origin}")),
        )

    def author_key(self, organisation: OrganisationId, person: PersonId | None) -> AuthorKey:
        """Return the key held for a person (None: for whoever has no name)."""
        name = _name_author(person)
        return self._authors.get((organisation, name), lambda: AuthorKey.from_seed(self._seed(organisation, name)))

    def make_author_keys(self, organisation: OrganisationId, people: Iterable[PersonId]) -> None:
        """Make the keys of those for whom none is held, in one transaction: each of its own waits for the disk."""
        self._make(organisation, map(_name_author, people))

    def stage_record_key(self, organisation: OrganisationId) -> RecordKey:
        """Make a key that may follow the record key, and keep it beside any others; the present one stays."""
        return _build_record_key(self._stage(organisation, _RECORD))

    def promote_record_key(self, organisation: OrganisationId, public: bytes) -> None:
        """Put the staged key with this public key in the place of the record key; the old one is overwritten."""
        self._promote(organisation, _RECORD, public)
        self._records.drop(organisation)

    def stage_author_key(self, organisation: OrganisationId, person: PersonId) -> AuthorKey:
        """Make a key that may follow the one held for a person, and keep it beside any others."""
        return AuthorKey.from_seed(self._stage(organisation, _name_author(person)))

    def promote_author_key(self, organisation: OrganisationId, person: PersonId, public: bytes) -> None:
        """Do for a person what `promote_record_key` does for the record."""
        name = _name_author(person)
        self._promote(organisation, name, public)
        self._authors.drop((organisation, name))

    def _stage(self, organisation: OrganisationId, name: str) -> bytes:
        seed = self._entropy(32)
        wrapped = wrap_stream_key(seed, self._root_key, organisation, name, self._entropy)
        with self._file.transaction() as connection:
            connection.execute("INSERT INTO staged_signer VALUES (?, ?, ?)", (organisation, name, wrapped))
        return seed

    def _promote(self, organisation: OrganisationId, name: str, public: bytes) -> None:
        with self._file.transaction() as connection:
            query = "SELECT wrapped FROM staged_signer WHERE org = ? AND name = ?"
            for (wrapped,) in connection.execute(query, (organisation, name)).fetchall():
                seed = unwrap_stream_key(wrapped, self._root_key, organisation, name)
                if AuthorKey.from_seed(seed).public == public:
                    connection.execute("REPLACE INTO signer VALUES (?, ?, ?)", (organisation, name, wrapped))
                    connection.execute("DELETE FROM staged_signer WHERE org = ? AND name = ?", (organisation, name))
                    return

    def _seed(self, organisation: OrganisationId, name: str) -> bytes:
        wrapped = self._find(organisation, name)
        if wrapped is None:
            self._make(organisation, (name,))
            wrapped = self._find(organisation, name)
        if wrapped is None:
            raise StoreError(phrase("The signing key {name} could not be kept.", name=name))
        return unwrap_stream_key(wrapped, self._root_key, organisation, name)

    def _find(self, organisation: OrganisationId, name: str) -> bytes | None:
        row = self._file.find("SELECT wrapped FROM signer WHERE org = ? AND name = ?", organisation, name)
        return None if row is None else row[0]

    def _make(self, organisation: OrganisationId, names: Iterable[str]) -> None:
        rows = [
            (organisation, name, wrap_stream_key(self._entropy(32), self._root_key, organisation, name, self._entropy))
            for name in names
            if self._find(organisation, name) is None
        ]
        if rows:
            with self._file.transaction() as connection:
                connection.executemany("INSERT OR IGNORE INTO signer VALUES (?, ?, ?)", rows)


def _build_record_key(seed: bytes) -> RecordKey:
    unnamed = RecordKey.from_seed("", seed)
    return RecordKey(unnamed.public.hex()[:16], unnamed.private)


def _name_author(person: PersonId | None) -> str:
    return f"author:{person or ''}"
