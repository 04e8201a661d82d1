"""A small SQLite file kept apart from the record: rolled-back journal, durable, deleted bytes overwritten."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite3

from alteram.core.kernel.phrases import phrase
from alteram.operations.ports import StoreError, StoreUnavailableError

#: What SQLite says when the file cannot be used just now, by primary result code, with what to do about it.
_TROUBLES = {
    sqlite3.SQLITE_BUSY: (
        phrase("is locked by somebody else for too long"),
        phrase("Let the others finish, then try again."),
    ),
    sqlite3.SQLITE_FULL: (phrase("finds no room on its disk"), phrase("Make room, then try again.")),
    sqlite3.SQLITE_IOERR: (phrase("cannot be read or written"), phrase("Look after its disk, then try again.")),
    sqlite3.SQLITE_CANTOPEN: (
        phrase("cannot be opened"),
        phrase("Let the folder be there and be writable, then try again."),
    ),
    sqlite3.SQLITE_READONLY: (
        phrase("cannot be written to"),
        phrase("Let the file and its folder be writable, then try again."),
    ),
}
_DAMAGE = {sqlite3.SQLITE_CORRUPT: phrase("is damaged"), sqlite3.SQLITE_NOTADB: phrase("is no file of ours")}


class ApartFile:
    """One connection to a small database of its own. Safe to share between threads: they take turns."""

    def __init__(self, path: Path, schema: str, *, wait_seconds: float = 30) -> None:
        """Open the file at `path`, readable by its owner only, made where there is none. Raises: StoreError."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._name = path.name
        self._lock = threading.RLock()
        with self._telling():
            self._connection = sqlite3.connect(
                str(path), timeout=wait_seconds, isolation_level=None, check_same_thread=False
            )
            # A rolled-back journal leaves no write-ahead file in which an old key could linger.
            for pragma in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.executescript(schema)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Yield the connection inside a writing transaction. Raises: StoreError."""
        with self._lock, self._telling():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.commit()
            except BaseException:
                self._connection.rollback()
                raise

    def find(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, if there is one. Raises: StoreError."""
        with self._lock, self._telling():
            row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            return row

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Say in our words what SQLite says of a file that cannot be used; a mistake of ours is not caught."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGE:
                raise StoreError(
                    phrase("{name} {trouble}.", name=self._name, trouble=_DAMAGE[code]),
                    remedy=phrase("Restore it from its own backup."),
                ) from error
            if code not in _TROUBLES:
                raise
            trouble, remedy = _TROUBLES[code]
            raise StoreUnavailableError(
                phrase("{name} {trouble}.", name=self._name, trouble=trouble), remedy=remedy
            ) from error
