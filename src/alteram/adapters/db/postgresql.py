"""PostgreSQL 15 or newer, through psycopg 3."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import psycopg

from alteram.adapters.db.store import SqlStore

_TRIGGERS = """
CREATE OR REPLACE FUNCTION alteram_pending() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO pending (org, stream, seq, leaf, leaf_hash)
    VALUES (NEW.org, NEW.stream, NEW.seq, NEW.leaf, NEW.leaf_hash);
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION alteram_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'the record is never changed';
END $$;
CREATE OR REPLACE TRIGGER entry_pending AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION alteram_pending();
CREATE OR REPLACE TRIGGER entry_refuse BEFORE UPDATE OR DELETE ON entry
    FOR EACH ROW EXECUTE FUNCTION alteram_refuse();
CREATE OR REPLACE TRIGGER entry_refuse_truncate BEFORE TRUNCATE ON entry EXECUTE FUNCTION alteram_refuse();
CREATE OR REPLACE TRIGGER leaf_refuse BEFORE UPDATE OR DELETE ON leaf FOR EACH ROW EXECUTE FUNCTION alteram_refuse();
CREATE OR REPLACE TRIGGER leaf_refuse_truncate BEFORE TRUNCATE ON leaf EXECUTE FUNCTION alteram_refuse();
CREATE OR REPLACE TRIGGER checkpoint_note_refuse BEFORE DELETE ON checkpoint_note
    FOR EACH ROW EXECUTE FUNCTION alteram_refuse();
CREATE OR REPLACE TRIGGER checkpoint_note_refuse_truncate BEFORE TRUNCATE ON checkpoint_note
    EXECUTE FUNCTION alteram_refuse();
"""
_SETUP_LOCK = 7_266_335
_SEQUENCE_LOCK = 7_266_336
_BEGINNINGS_LOCK = 7_266_337
#: The last thing that setting up makes, all in one transaction: where it stands, everything does.
_IS_SET_UP = (
    "SELECT 1 FROM pg_trigger WHERE tgname = 'checkpoint_note_refuse_truncate'"
    " AND tgrelid = to_regclass('checkpoint_note')"
)


def open_postgresql(url: str) -> SqlStore:
    """Return the store in the database that `url` names (libpq form), its tables made where there are none."""

    def prepare() -> Any:
        connection = psycopg.connect(url)
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
            # Defining what stands already would still lock the tables that others are writing to.
            if connection.execute(_IS_SET_UP).fetchone() is None:
                connection.execute(_build_schema().encode())
        return connection

    return SqlStore(prepare, _PostgreSql())


def _build_schema() -> str:
    schema = files("alteram.adapters.db").joinpath("schema.sql").read_text()
    # Bytewise, as Python and SQLite sort, whatever the server's language is: pages follow one another by name.
    return schema.format(blob="BYTEA", text='TEXT COLLATE "C"', serial="BIGSERIAL PRIMARY KEY") + _TRIGGERS


class _PostgreSql:
    conflicts: tuple[type[Exception], ...] = (
        psycopg.errors.UniqueViolation,
        psycopg.errors.SerializationFailure,
        psycopg.errors.DeadlockDetected,
    )

    def is_lost(self, connection: Any) -> bool:
        return bool(connection.closed)

    def sql(self, statement: str) -> str:
        return _translate(statement)

    read_lock = " FOR SHARE"

    def begin(self, connection: Any) -> None:
        """Nothing to do: psycopg sends BEGIN with the first statement. READ COMMITTED sees what locks waited for."""

    def lock_sequence(self, connection: Any, organisation: str) -> None:
        connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_SEQUENCE_LOCK, organisation))

    def lock_beginnings(self, connection: Any, organisation: str) -> None:
        connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_BEGINNINGS_LOCK, organisation))

    def purge(self, connection: Any) -> None:
        """Reclaim the rows that held the old wrapping. What its write-ahead log keeps opens nothing any more."""
        connection.autocommit = True
        try:
            connection.execute("VACUUM entry_key")
        finally:
            connection.autocommit = False


@lru_cache(maxsize=256)
def _translate(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")
