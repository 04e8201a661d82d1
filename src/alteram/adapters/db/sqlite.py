"""SQLite, embedded: WAL, IMMEDIATE transactions, durable at commit, deleted content overwritten."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite3

from alteram.adapters.db import listing
from alteram.adapters.db.store import SqlStore
from alteram.operations.ports import StoreError, StoreUnavailableError

#: Before this version two connections writing and checkpointing in WAL mode could corrupt a database.
SAFE_VERSION = (3, 51, 3)
_TRIGGERS = """
CREATE TRIGGER IF NOT EXISTS entry_pending AFTER INSERT ON entry BEGIN
    INSERT INTO pending (org, stream, seq, leaf, leaf_hash)
    VALUES (NEW.org, NEW.stream, NEW.seq, NEW.leaf, NEW.leaf_hash);
END;
-- INSERT OR REPLACE deletes without asking the triggers on DELETE.
CREATE TRIGGER IF NOT EXISTS entry_no_replace BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE org = NEW.org AND stream = NEW.stream AND seq = NEW.seq) BEGIN
    SELECT RAISE(ABORT, 'entries are never replaced');
END;
CREATE TRIGGER IF NOT EXISTS leaf_no_replace BEFORE INSERT ON leaf
WHEN EXISTS (SELECT 1 FROM leaf WHERE org = NEW.org AND idx = NEW.idx)
    OR EXISTS (SELECT 1 FROM leaf WHERE org = NEW.org AND stream = NEW.stream AND seq = NEW.seq) BEGIN
    SELECT RAISE(ABORT, 'leaves are never replaced');
END;
CREATE TRIGGER IF NOT EXISTS entry_no_update BEFORE UPDATE ON entry BEGIN
    SELECT RAISE(ABORT, 'entries are never changed');
END;
CREATE TRIGGER IF NOT EXISTS entry_no_delete BEFORE DELETE ON entry BEGIN
    SELECT RAISE(ABORT, 'entries are never deleted');
END;
CREATE TRIGGER IF NOT EXISTS leaf_no_update BEFORE UPDATE ON leaf BEGIN
    SELECT RAISE(ABORT, 'leaves are never changed');
END;
CREATE TRIGGER IF NOT EXISTS leaf_no_delete BEFORE DELETE ON leaf BEGIN
    SELECT RAISE(ABORT, 'leaves are never deleted');
END;
CREATE TRIGGER IF NOT EXISTS checkpoint_note_no_delete BEFORE DELETE ON checkpoint_note BEGIN
    SELECT RAISE(ABORT, 'checkpoints are never deleted');
END;
"""


#: What SQLite says when its file cannot be used, by primary result code, with what to do about it.
_TROUBLES = {
    sqlite3.SQLITE_BUSY: ("is locked by somebody else for too long", "Let the others finish, then try again."),
    sqlite3.SQLITE_LOCKED: ("is locked by somebody else for too long", "Let the others finish, then try again."),
    sqlite3.SQLITE_FULL: ("finds no room on its disk", "Make room, then try again."),
    sqlite3.SQLITE_IOERR: ("cannot be read or written", "Look after its disk, then try again."),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Let the folder be there and be writable, then try again."),
    sqlite3.SQLITE_READONLY: ("cannot be written to", "Let the file and its folder be writable, then try again."),
    sqlite3.SQLITE_PERM: ("cannot be written to", "Let the file and its folder be writable, then try again."),
}
_DAMAGE = {
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_NOTADB: "is no database",
}


def connect(path: Path, *, wait_seconds: float = 30) -> Any:
    """Return a connection set up for the record, which waits so long for others who write.

    Raises: StoreError on a version of SQLite that is not safe.
    """
    if sqlite3.sqlite_version_info < SAFE_VERSION:
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} can corrupt a database in WAL mode.",
            remedy="Install pysqlite3 0.6.1 or newer.",
        )
    connection = sqlite3.connect(str(path), timeout=wait_seconds, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def open_sqlite(path: Path, *, wait_seconds: float = 30) -> SqlStore:
    """Return the store in the file at `path`, made where there is none; it waits so long for others who write."""

    def prepare() -> Any:
        connection = connect(path, wait_seconds=wait_seconds)
        schema = files("alteram.adapters.db").joinpath("schema.sql").read_text()
        tables = schema.format(blob="BLOB", text="TEXT", serial="INTEGER PRIMARY KEY AUTOINCREMENT")
        connection.executescript(tables + _TRIGGERS + listing.SQLITE)
        if connection.execute(listing.IS_UNFILLED).fetchone() is not None:
            for statement in listing.FILL:
                connection.execute(statement)
        return connection

    return SqlStore(prepare, _Sqlite(path.name))


class _Sqlite:
    conflicts: tuple[type[Exception], ...] = ()
    errors: tuple[type[Exception], ...] = (sqlite3.Error,)
    read_lock = ""

    def __init__(self, name: str) -> None:
        self._name = name

    def explain(self, error: Exception) -> StoreError | None:
        """Return what to tell of an error that lies in the file, its disk or its lock."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGE:
            return StoreError(f"{self._name} {_DAMAGE[code]}.", remedy="Restore it from a backup.")
        if code in _TROUBLES:
            trouble, remedy = _TROUBLES[code]
            return StoreUnavailableError(f"{self._name} {trouble}.", remedy=remedy)
        return None

    def is_lost(self, connection: Any) -> bool:  # noqa: ARG002 - the Dialect asks for it
        """Return False: there is nobody at the other end who could go away."""
        return False

    def sql(self, statement: str) -> str:
        return statement

    def begin(self, connection: Any) -> None:
        connection.execute("BEGIN IMMEDIATE")

    def lock_sequence(self, connection: Any, organisation: str) -> None:
        """Nothing to do: IMMEDIATE lets one writer in at a time."""

    def lock_beginnings(self, connection: Any, organisation: str) -> None:
        """Nothing to do, for the same reason."""

    def purge(self, connection: Any) -> None:
        """Empty the write-ahead log: old pages linger there otherwise. Deleted rows are overwritten anyway."""
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
