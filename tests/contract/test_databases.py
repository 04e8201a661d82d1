"""What only databases can be held to: refusing changes, durability, being opened by many, cut connections."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pysqlite3 import dbapi2 as sqlite3

from alteram.adapters.db import open_sqlite
from alteram.adapters.db.postgresql import open_postgresql
from alteram.adapters.db.sqlite import SAFE_VERSION, connect
from alteram.core.tlog import ED25519, Checkpoint, SignerKey, encode_checkpoint, sign_note
from alteram.operations.ports import Store, StoreError
from tests.contract.places import M1, M2, ORG, Place, build_append, fill, in_processes, open_database

LOG_KEY = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x01")
CHECKPOINT = encode_checkpoint(Checkpoint("example.org/log", 1, bytes(32)))
CHANGES = [
    "UPDATE entry SET ciphertext = 'x'",
    "UPDATE entry SET at = '2020-01-01T00:00:00Z' WHERE seq = 1",
    "UPDATE entry SET seq = seq",
    "DELETE FROM entry",
    "DELETE FROM entry WHERE seq = 1",
    "UPDATE leaf SET leaf_hash = 'x'",
    "UPDATE leaf SET idx = idx + 10",
    "DELETE FROM leaf",
    "DELETE FROM leaf WHERE idx = 1",
]


@pytest.fixture
def filled(database: Place) -> Store:
    store = database.open()
    fill(store, M1, 3)
    store.assign(ORG, 10)
    return store


def run_beside(database: Place, statement: str) -> None:
    """Run a statement as somebody with the database in his hands would, past the adapter."""
    if database.kind == "sqlite":
        connection: Any = sqlite3.connect(database.location, isolation_level=None)
    else:
        connection = psycopg.connect(database.location, autocommit=True)
    try:
        connection.execute(statement)
    finally:
        connection.close()


@pytest.mark.parametrize("statement", CHANGES)
def test_entries_and_leaves_are_not_changed_by_any_statement(database: Place, filled: Store, statement: str) -> None:
    before = list(filled.load(ORG, M1)), filled.leaves(ORG, 0, 10)
    statement = statement.replace("'x'", "x'00'") if database.kind == "sqlite" else statement
    with pytest.raises((sqlite3.DatabaseError, psycopg.Error), match="never"):
        run_beside(database, statement)
    assert (list(filled.load(ORG, M1)), filled.leaves(ORG, 0, 10)) == before


def test_checkpoints_are_not_deleted_by_any_statement(database: Place) -> None:
    store, note = database.open(), sign_note(CHECKPOINT, [LOG_KEY])
    store.put_checkpoint_note(ORG, note, witnessed=False)
    with pytest.raises((sqlite3.DatabaseError, psycopg.Error), match="never"):
        run_beside(database, "DELETE FROM checkpoint_note")
    assert store.checkpoint_at(ORG, "example.org/log", 1) == note


@pytest.mark.parametrize("table", ["entry", "leaf", "checkpoint_note"])
def test_entries_leaves_and_checkpoints_are_not_truncated(postgresql_url: str, table: str) -> None:
    place = Place("postgresql", postgresql_url)
    fill(place.open(), M1, 2)
    with pytest.raises(psycopg.Error, match="never changed"):
        run_beside(place, f"TRUNCATE {table}")
    assert len(list(place.open().load(ORG, M1))) == 2
    place.close()


@pytest.mark.parametrize("table", ["entry", "leaf"])
def test_entries_and_leaves_are_not_replaced_under_the_same_number(tmp_path: Path, table: str) -> None:
    # INSERT OR REPLACE deletes without firing delete triggers unless recursive triggers are on.
    place = Place("sqlite", str(tmp_path / "record.db"))
    store = place.open()
    fill(store, M1, 2)
    store.assign(ORG, 10)
    before = list(store.load(ORG, M1)), store.leaves(ORG, 0, 10)
    columns = "org, stream, seq, leaf, leaf_hash" + (", ciphertext, at" if table == "entry" else ", idx")
    values = columns.replace("leaf_hash", "x'00'")
    with pytest.raises(sqlite3.DatabaseError, match="never"):
        run_beside(place, f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {values} FROM {table}")
    assert (list(store.load(ORG, M1)), store.leaves(ORG, 0, 10)) == before
    place.close()


def test_an_entry_written_past_the_adapter_waits_for_a_place_too(database: Place, filled: Store) -> None:
    run_beside(
        database,
        "INSERT INTO entry (org, stream, seq, leaf, leaf_hash, ciphertext, at)"
        " SELECT org, stream, 3, leaf, leaf_hash, ciphertext, at FROM entry WHERE seq = 2",
    )
    assert filled.count_pending(ORG) == 1


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)])
def test_sqlite_is_durable_and_overwrites_what_is_deleted(tmp_path: Path, pragma: str, value: object) -> None:
    connection = connect(tmp_path / "record.db")
    assert connection.execute(f"PRAGMA {pragma}").fetchone()[0] == value
    connection.close()


def test_the_version_of_sqlite_in_use_is_one_without_the_defect_of_its_write_ahead_log() -> None:
    assert sqlite3.sqlite_version_info >= (3, 51, 3) == SAFE_VERSION


def test_an_older_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(StoreError, match="can corrupt"):
        open_sqlite(tmp_path / "record.db")
    assert not (tmp_path / "record.db").exists()


def test_shredded_keys_are_in_no_file_of_sqlite(tmp_path: Path) -> None:
    place = Place("sqlite", str(tmp_path / "record.db"))
    store = place.open()
    secret = b"wrapped-key-to-be-destroyed-" * 3
    append = build_append(M1, 0)
    store.append(ORG, [replace(append, entry=replace(append.entry, wrapped_keys=secret))])
    assert any(secret in path.read_bytes() for path in tmp_path.iterdir())
    store.append(ORG, [replace(build_append(M1, 1), rewrapped={0: None})])
    assert not any(secret in path.read_bytes() for path in tmp_path.iterdir())
    place.close()


def test_shredded_keys_are_in_no_row_of_postgresql(postgresql_url: str) -> None:
    place = Place("postgresql", postgresql_url)
    store = place.open()
    fill(store, M1, 2)
    store.append(ORG, [replace(build_append(M1, 2), rewrapped={0: None, 1: b"rewrapped"})])
    with psycopg.connect(postgresql_url) as connection:
        rows = connection.execute("SELECT seq, wrapped FROM entry_key ORDER BY seq").fetchall()
    assert rows == [(1, b"rewrapped"), (2, b"keys")]
    fill(store, M2, 1)  # the store goes on after it tidied up
    place.close()


def test_a_database_opened_first_by_many_processes_at_once_is_set_up_once(database: Place) -> None:
    where = (database.kind, database.location)
    assert in_processes(_open_and_write, [(*where, "m1"), (*where, "m2"), (*where, "m3"), (*where, "m4")]) == [1] * 4
    assert len(database.open().streams(ORG)) == 4


def _open_and_write(kind: str, location: str, stream: str) -> int:
    store = open_database(kind, location)
    try:
        fill(store, type(M1)(stream), 1)
        return len(list(store.load(ORG, type(M1)(stream))))
    finally:
        store.close()


def test_opening_an_empty_postgresql_database_sets_it_up(postgresql_server: Any) -> None:
    postgresql_server.execute("CREATE DATABASE empty_one TEMPLATE template0")
    place = Place("postgresql", postgresql_server.url("empty_one"))
    fill(place.open(), M1, 2)
    assert len(list(place.open().load(ORG, M1))) == 2
    place.close()
    postgresql_server.execute("DROP DATABASE empty_one")


def test_opening_does_not_wait_for_somebody_who_is_writing(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as writer:
        writer.execute("LOCK TABLE entry, pending, matter IN ROW EXCLUSIVE MODE")
        other = open_postgresql(f"{postgresql_url} options='-c lock_timeout=2000'")
        assert other.size(ORG) == 0
        other.close()


def test_a_store_goes_on_after_a_statement_that_failed(database: Place) -> None:
    store = database.open()
    fill(store, M1, 1)
    with pytest.raises((OverflowError, psycopg.Error)):
        store.streams(ORG, limit=2**70 if database.kind == "sqlite" else -1)
    assert store.size(ORG) == 0
    fill(store, M2, 1)


def test_a_connection_that_was_cut_is_opened_again_and_nothing_is_lost(postgresql_url: str) -> None:
    place = Place("postgresql", postgresql_url)
    store = place.open()
    fill(store, M1, 2)
    run_beside(place, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
                      " AND pid <> pg_backend_pid()")  # fmt: skip
    store.append(ORG, [build_append(M1, 2)])
    assert [one.seq for one in store.load(ORG, M1)] == [0, 1, 2]
    place.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 40)
    with pytest.raises(StoreError, match="is no database"):
        open_sqlite(path)
