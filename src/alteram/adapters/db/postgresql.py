"""PostgreSQL 15 or newer, through psycopg 3."""

import select
from functools import lru_cache
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from alteram.adapters.db import listing
from alteram.adapters.db.store import SqlStore
from alteram.operations.ports import StoreError, StoreUnavailableError

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
_IS_SET_UP = "SELECT 1 FROM pg_trigger WHERE tgname = 'party_listed' AND tgrelid = to_regclass('party')"
#: How long a server that says nothing is waited for, unless the URL says otherwise: seconds, then milliseconds.
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_AWAY = ("The database cannot be reached", "Start it or mend the way to it, then try again.")
_TROUBLES: tuple[tuple[type[Exception], str, str], ...] = (
    (errors.DiskFull, "The database finds no room on its disk", "Make room, then try again."),
    (errors.LockNotAvailable, "The database is locked by somebody else for too long", "Try again in a moment."),
    (errors.QueryCanceled, "The database took too long, and was told to stop", "Try again in a moment."),
    (errors.TooManyConnections, "The database takes no more connections", "Allow more, or close some."),
    (errors.ReadOnlySqlTransaction, "The database takes no writes", "Name the server that does, then try again."),
    (errors.IoError, "The database cannot read or write its files", "Look after its disk, then try again."),
    (psycopg.OperationalError, *_AWAY),
    (psycopg.InterfaceError, *_AWAY),
    (errors.IdleInTransactionSessionTimeout, *_AWAY),
)
_DAMAGE = (errors.DataCorrupted, errors.IndexCorrupted)


def open_postgresql(url: str) -> SqlStore:
    """Return the store in the database that `url` names (libpq form), its tables made where there are none.

    Raises: StoreError.
    """
    patient = _add_patience(url)

    def prepare() -> Any:
        connection = psycopg.connect(patient)
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
            # Defining what stands already would still lock the tables that others are writing to.
            if connection.execute(_IS_SET_UP).fetchone() is None:
                connection.execute(_build_schema().encode())
        return connection

    return SqlStore(prepare, _PostgreSql())


def _add_patience(url: str) -> str:
    try:
        named = conninfo_to_dict(url)
        return make_conninfo(url, **{name: value for name, value in _PATIENCE.items() if name not in named})
    except psycopg.ProgrammingError as error:
        raise StoreError(
            "The address of the database cannot be read.", remedy="Write it as postgresql://HOST/NAME."
        ) from error


def _build_schema() -> str:
    schema = files("alteram.adapters.db").joinpath("schema.sql").read_text()
    # Bytewise, as Python and SQLite sort, whatever the server's language is: pages follow one another by name.
    return (
        schema.format(blob="BYTEA", text='TEXT COLLATE "C"', serial="BIGSERIAL PRIMARY KEY")
        + _TRIGGERS
        + listing.POSTGRESQL
    )


class _PostgreSql:
    conflicts: tuple[type[Exception], ...] = (
        psycopg.errors.UniqueViolation,
        psycopg.errors.SerializationFailure,
        psycopg.errors.DeadlockDetected,
    )

    errors: tuple[type[Exception], ...] = (psycopg.Error,)

    def is_lost(self, connection: Any) -> bool:
        """Return whether the server has gone; it says so when it is stopped, and nobody has to ask it first."""
        return bool(connection.closed) or _has_hung_up(connection)

    def explain(self, error: Exception) -> StoreError | None:
        """Return what to tell of an error that lies with the server, its disk, its locks or the way to it."""
        if isinstance(error, _DAMAGE):
            return StoreError("The database is damaged.", remedy="Restore it from a backup.")
        for kind, trouble, remedy in _TROUBLES:
            if isinstance(error, kind):
                # What libpq says of a server it cannot reach names host and reason, and never anything that was stored.
                why = str(error).partition("\n")[0] if getattr(error, "sqlstate", None) is None else ""
                return StoreUnavailableError(f"{trouble}{f': {why}' if why else ''}.", remedy=remedy)
        return None

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


def _has_hung_up(connection: Any) -> bool:
    """Return whether the server took leave while nothing was asked of it."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    try:
        # It may have said several things before it closed; what is no leave-taking is left to libpq.
        for _ in range(8):
            if not waiting.poll(0):
                break
            connection.pgconn.consume_input()
    except psycopg.Error:
        return True
    return bool(connection.closed)


@lru_cache(maxsize=256)
def _translate(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")
