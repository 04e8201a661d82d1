"""A small SQLite file kept apart from the record: rolled-back journal, durable, deleted bytes overwritten."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite3


class ApartFile:
    """One connection to a small database of its own; transactions in turn."""

    def __init__(self, path: Path, schema: str) -> None:
        """Open the file at `path`, readable by its owner only, made where there is none."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(str(path), timeout=30, isolation_level=None, check_same_thread=False)
        # A rolled-back journal leaves no write-ahead file in which an old key could linger.
        for pragma in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(schema)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Yield the connection inside a writing transaction."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()

    def find(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, if there is one."""
        with self._lock:
            row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            return row
