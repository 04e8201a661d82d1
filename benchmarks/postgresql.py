"""Performing acts on PostgreSQL, beside its own bare durable commit; nothing where no server is installed."""

import psycopg

from alteram.adapters.db import SqlStore
from alteram.bootstrap import Opened
from benchmarks.acts import ROUNDS, acting, bulk, entry_bytes, one_act
from benchmarks.figures import Row, Work, time_in_turn
from benchmarks.scenes import organisation
from tests.postgresql import find_bundled_server, find_debian_server, serve


def measure() -> list[Row]:
    programs = find_debian_server() or find_bundled_server()
    if programs is None:
        print("There is no PostgreSQL server: sudo apt-get install postgresql")
        return []
    with serve(programs) as server, server.fresh_database() as url, organisation(url) as opened:
        act, commit, store = acting(opened), bare_commit(opened, url), opened.organisation.ports.store
        assert isinstance(store, SqlStore)
        before = store.statements
        taken, bare = time_in_turn(ROUNDS, act, commit)
        statements = (store.statements - before) / ROUNDS
        return [*one_act(taken, bare, statements, " on PostgreSQL"), bulk(opened, " on PostgreSQL")]


def bare_commit(opened: Opened, url: str) -> Work:
    connection, data = psycopg.connect(url), entry_bytes(opened)
    connection.execute("CREATE TABLE bare (id BIGSERIAL PRIMARY KEY, data BYTEA)")
    connection.commit()

    def commit() -> None:
        connection.execute("INSERT INTO bare (data) VALUES (%s)", (data,))
        connection.commit()

    return commit
