"""A database that cannot be used: it is said in plain words, nothing is half done, and it is used again by itself."""

import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pysqlite3 import dbapi2 as sqlite3

from alteram.adapters.db import SqlStore, open_sqlite
from alteram.adapters.db.postgresql import open_postgresql
from alteram.adapters.db.session import Session
from alteram.adapters.files.apart import ApartFile
from alteram.operations.ports import StoreError, StoreUnavailableError
from tests.contract.places import M1, M2, ORG, build_append, fill
from tests.patience import HANGS
from tests.postgresql import Server, find_bundled_server, find_debian_server, serve


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL of its own, to be stopped."""
    with serve(find_debian_server() or find_bundled_server()) as one:
        yield one


@pytest.fixture
def store(server: Server) -> Iterator[SqlStore]:
    with server.fresh_database() as url:
        one = open_postgresql(url)
        fill(one, M1, 2)
        yield one
        one.close()


def sequence(store: SqlStore) -> list[int]:
    return [one.seq for one in store.load(ORG, M1)]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_server_that_was_stopped_and_started_is_used_again_by_itself(
    server: Server, store: SqlStore, how: signal.Signals
) -> None:
    server.stop(how)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError, match="cannot be reached") as told:
            store.append(ORG, [build_append(M1, 2)])
        assert "Start it" in told.value.remedy
        with pytest.raises(StoreUnavailableError):
            sequence(store)
    server.start()
    store.append(ORG, [build_append(M1, 2)])
    assert sequence(store) == [0, 1, 2]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_first_use_after_a_restart_that_nobody_noticed_works(
    server: Server, store: SqlStore, how: signal.Signals
) -> None:
    server.stop(how)
    server.start()
    assert sequence(store) == [0, 1]
    server.stop(how)
    server.start()
    store.append(ORG, [build_append(M1, 2)])
    assert sequence(store) == [0, 1, 2]


def test_server_that_goes_away_within_a_transaction_leaves_nothing_of_it(
    server: Server, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = store._insert_entries

    def insert_and_stop(*arguments: Any) -> None:
        insert(*arguments)
        server.stop()

    monkeypatch.setattr(store, "_insert_entries", insert_and_stop)
    with pytest.raises(StoreUnavailableError):
        store.append(ORG, [build_append(M1, 2)])
    monkeypatch.undo()
    server.start()
    assert sequence(store) == [0, 1]
    store.append(ORG, [build_append(M1, 2)])


def test_server_that_goes_away_at_the_commit_leaves_open_whether_it_was_kept(
    server: Server, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Session._commit

    def stop_first(session: Session) -> None:
        server.stop()
        commit(session)

    monkeypatch.setattr(Session, "_commit", stop_first)
    with pytest.raises(StoreUnavailableError, match="is not known") as told:
        store.append(ORG, [build_append(M1, 2)])
    assert "Look whether it is there" in told.value.remedy
    monkeypatch.undo()
    server.start()
    assert sequence(store) == [0, 1]


def test_every_thread_goes_on_after_a_restart(server: Server, store: SqlStore) -> None:
    told: list[bool] = []

    def read() -> None:
        told.append(store.size(ORG) == 0)

    server.stop()
    server.start()
    threads = [threading.Thread(target=read) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(HANGS)
    assert told == [True] * 8


def test_server_that_is_away_from_the_beginning_is_told(server: Server) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        open_postgresql(f"{server.url('postgres')} port=1")


def test_address_that_cannot_be_read_is_told_without_repeating_it() -> None:
    with pytest.raises(StoreError, match="address of the database") as told:
        open_postgresql("host=somewhere secret")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("SET default_transaction_read_only = on", "takes no writes"),
        ("SET lock_timeout = 50", "locked by somebody else"),
        ("SET statement_timeout = 50", "took too long"),
    ],
)
def test_postgresql_that_does_not_write_is_told_and_used_again(
    server: Server, store: SqlStore, statement: str, problem: str
) -> None:
    store._connection.execute(statement)
    store._connection.commit()
    with psycopg.connect(str(store._connection.info.dsn)) as other:
        other.execute("SELECT * FROM head FOR UPDATE")
        with pytest.raises(StoreUnavailableError, match=problem):
            store.append(ORG, [build_append(M1, 2)])
    store._connection.execute("RESET ALL")
    store._connection.commit()
    store.append(ORG, [build_append(M1, 2)])
    assert sequence(store) == [0, 1, 2]


def test_what_only_a_mistake_brings_about_is_not_told_as_trouble(server: Server, store: SqlStore) -> None:
    with pytest.raises(psycopg.ProgrammingError):
        store._rows("SELECT nothing FROM nowhere")
    assert sequence(store) == [0, 1]


# -- SQLite


@pytest.fixture
def file(tmp_path: Path) -> Iterator[SqlStore]:
    one = open_sqlite(tmp_path / "record.db", wait_seconds=0.05)
    fill(one, M1, 2)
    yield one
    one.close()


@pytest.fixture
def other(tmp_path: Path, file: SqlStore) -> Iterator[Any]:
    with closing(sqlite3.connect(str(tmp_path / "record.db"), isolation_level=None)) as one:
        yield one


def test_sqlite_that_is_locked_too_long_is_told_and_used_again(file: SqlStore, other: Any) -> None:
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="is locked by somebody") as told:
        file.append(ORG, [build_append(M1, 2)])
    assert "try again" in told.value.remedy
    assert sequence(file) == [0, 1]
    other.execute("ROLLBACK")
    file.append(ORG, [build_append(M1, 2)])
    assert sequence(file) == [0, 1, 2]


def test_sqlite_that_finds_no_room_is_told_and_used_again(file: SqlStore) -> None:
    pages = file._rows("PRAGMA page_count")[0][0]
    file._rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailableError, match="no room") as told:
        fill(file, M2, 500)
    assert "Make room" in told.value.remedy
    kept = len(list(file.load(ORG, M2)))
    assert kept == file._rows("SELECT COUNT(*) FROM entry WHERE stream = 'm2'")[0][0]
    file._rows("PRAGMA max_page_count = 1000000")
    file.append(ORG, [build_append(M2, kept)])
    assert len(list(file.load(ORG, M2))) == kept + 1


def test_sqlite_that_takes_no_writes_is_told(file: SqlStore) -> None:
    file._rows("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailableError, match="cannot be written to"):
        file.append(ORG, [build_append(M1, 2)])
    assert sequence(file) == [0, 1]


def test_sqlite_in_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be opened"):
        open_sqlite(tmp_path / "nowhere" / "record.db")


def test_sqlite_that_is_damaged_is_told_and_not_waited_for(file: SqlStore, tmp_path: Path) -> None:
    file.close()
    path = tmp_path / "record.db"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="is damaged") as told:
        list(open_sqlite(path).load(ORG, M1))
    assert not isinstance(told.value, StoreUnavailableError)


def test_mistake_in_a_statement_is_not_told_as_trouble(file: SqlStore) -> None:
    with pytest.raises(sqlite3.OperationalError):
        file._rows("SELECT nothing FROM nowhere")


# -- the small files beside it


def test_key_file_that_is_locked_too_long_is_told_and_used_again(tmp_path: Path) -> None:
    path, schema = tmp_path / "streams.db", "CREATE TABLE IF NOT EXISTS one (it TEXT)"
    with closing(ApartFile(path, schema, wait_seconds=0.05)) as file:
        with closing(sqlite3.connect(str(path), isolation_level=None)) as other:
            # Who reads keeps the one who writes from ending: it fails at the commit.
            other.execute("BEGIN")
            other.execute("SELECT * FROM one").fetchall()
            with pytest.raises(StoreUnavailableError, match="is locked by somebody"), file.transaction() as connection:
                connection.execute("INSERT INTO one VALUES ('a')")
        with file.transaction() as connection:
            connection.execute("INSERT INTO one VALUES ('b')")
        assert file.find("SELECT group_concat(it) FROM one") == ("b",)


def test_key_file_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "streams.db"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 40)
    with pytest.raises(StoreError, match="is no file of ours"):
        ApartFile(path, "CREATE TABLE IF NOT EXISTS one (it TEXT)")
