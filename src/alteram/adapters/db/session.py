"""One connection that threads share in turn. Once it was lost, the next who asks opens another.

What the driver says when the database cannot be used is said again here as a StoreError, with what to do; here and
nowhere else. What only a mistake of ours can bring about is no such error, and is not caught.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from alteram.operations.ports import StaleReadError, StoreError, StoreUnavailableError


class Dialect(Protocol):
    """What differs between databases."""

    def is_lost(self, connection: Any) -> bool:
        """Return whether the other end has gone away, and the transaction with it."""
        ...

    def sql(self, statement: str) -> str:
        """Return a statement in the database's placeholders."""
        ...

    def begin(self, connection: Any) -> None:
        """Begin a writing transaction."""
        ...

    def lock_sequence(self, connection: Any, organisation: str) -> None:
        """Let one process at a time assign places in an organisation's log."""
        ...

    def lock_beginnings(self, connection: Any, organisation: str) -> None:
        """Let one process at a time begin a stream, or rely on one not having begun: there is no row to lock yet."""
        ...

    def purge(self, connection: Any) -> None:
        """Overwrite what a shredding left behind in the database's own files, as far as the database can."""
        ...

    def explain(self, error: Exception) -> StoreError | None:
        """Return what to tell of an error of the driver that means that the database cannot be used; else None."""
        ...

    @property
    def read_lock(self) -> str:
        """Return what is added to a SELECT so that what it read cannot move before the commit."""
        ...

    @property
    def conflicts(self) -> tuple[type[Exception], ...]:
        """Return the errors that mean that somebody else wrote first."""
        ...

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """Return every error of the driver."""
        ...


class Session:
    """Statements and transactions on a connection of its own. Safe to share between threads: they wait for another."""

    def __init__(self, connect: Callable[[], Any], dialect: Dialect) -> None:
        """Open the connection with `connect`, and again whenever it was lost. Raises: StoreError."""
        self._connect = connect
        self._dialect = dialect
        self._lock = threading.RLock()
        self._connection: Any = None
        self.statements = 0
        with self._telling():
            self._connection = connect()

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._drop()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Say in our words what the driver says of a database that cannot be used."""
        try:
            yield
        except self._dialect.errors as error:
            told = self._dialect.explain(error)
            if told is None:
                raise
            raise told from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Let the block write in one transaction, or nothing of it. Raises: StaleReadError, StoreError."""
        with self._lock, self._telling():
            self._reconnect()
            try:
                self._dialect.begin(self._connection)
                yield
                self._commit()
            except self._dialect.conflicts as error:
                self._roll_back()
                raise StaleReadError("Somebody else wrote first.", remedy="Load again and try again.") from error
            except BaseException:
                self._roll_back()
                raise

    def _commit(self) -> None:
        try:
            self._connection.commit()
        except self._dialect.errors as error:
            if not self._dialect.is_lost(self._connection):
                raise
            raise StoreUnavailableError(
                "The database went away just when it was to keep this; whether it did is not known.",
                remedy="Look whether it is there before you do it again.",
            ) from error

    def _reconnect(self) -> None:
        if self._connection is not None and self._dialect.is_lost(self._connection):
            self._drop()
        if self._connection is None:
            self._connection = self._connect()

    def _roll_back(self) -> None:
        """Undo what was begun; a connection that cannot do even that is of no use any more."""
        try:
            if not self._dialect.is_lost(self._connection):
                self._connection.rollback()
        except self._dialect.errors:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*self._dialect.errors):
                connection.close()

    def _purge(self) -> None:
        with self._lock, self._telling():
            self._reconnect()
            self._dialect.purge(self._connection)

    def _execute(self, statement: str, *values: object) -> Any:
        self.statements += 1
        cursor = self._connection.cursor()
        cursor.execute(self._dialect.sql(statement), values)
        return cursor

    def _execute_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            self.statements += 1
            self._connection.cursor().executemany(self._dialect.sql(statement), rows)

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._telling():
            self._reconnect()
            try:
                rows: list[tuple[Any, ...]] = self._execute(statement, *values).fetchall()
                self._connection.commit()
            except BaseException:
                self._roll_back()
                raise
            return rows
