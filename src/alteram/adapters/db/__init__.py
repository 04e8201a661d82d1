"""The record in a database: SQLite for one machine, PostgreSQL for more."""

from alteram.adapters.db.sqlite import open_sqlite
from alteram.adapters.db.store import SqlStore

__all__ = ["SqlStore", "open_sqlite"]
