"""The same act in a matter of 200: in a store of a thousand entries, and in one of a million."""

from typing import Any

from alteram.adapters.db.sqlite import connect
from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import StreamId
from alteram.operations.organisation import Organisation
from benchmarks.acts import ROUNDS, acting
from benchmarks.figures import Row, row, time_in_turn
from benchmarks.scenes import begin, fill, organisation

MILLION = 1_000_000
EACH = 200
SOURCE = StreamId("source")
_COPIED = (
    ("head", "seq, leaf_hash, at"),
    ("entry", "seq, leaf, leaf_hash, ciphertext, at"),
    ("entry_key", "seq, wrapped"),
    ("matter", "procedure_id, stage, opened_at, last_at, last_seq, closed_at, next_due_at, next_owner"),
    ("party", "person, role, since_seq, until_seq"),
)


def measure() -> list[Row]:
    with organisation() as small, organisation() as large:
        for opened, entries in ((small, 1000), (large, MILLION)):
            begin(opened, "source")
            fill(opened, SOURCE, EACH - 10)
            swell(opened, entries)
        early, late = time_in_turn(2 * ROUNDS, acting(afresh(small)), acting(afresh(large)))
    return [
        row("the millionth act / the thousandth: CPU", late.cpu / early.cpu, "x", 1.2),
        row("the millionth act / the thousandth: wall", late.wall / early.wall, "x", 1.2),
    ]


def afresh(opened: Opened) -> Opened:
    """Return the same organisation with nothing read yet."""
    return Opened(Organisation(opened.organisation.ports), opened.integrator, opened.folder, opened.close)


def swell(opened: Opened, entries: int) -> None:
    """Copy the rows of one matter under other names until the store holds so many entries; leave no log of it behind.

    Without the checkpoint the first acts afterwards would each search a write-ahead log of gigabytes.
    """
    connection = connect(opened.folder / "record.db")
    connection.execute("PRAGMA synchronous=OFF")
    for number in range(entries // EACH - 1):
        if number % 50 == 0:
            connection.execute("BEGIN IMMEDIATE")
        copy(connection, f"copy-{number:05d}")
        if number % 50 == 49:
            connection.commit()
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert connection.execute("SELECT COUNT(*) FROM entry_key").fetchone()[0] >= entries
    connection.close()


def copy(connection: Any, name: str) -> None:
    for table, columns in _COPIED:
        connection.execute(
            f"INSERT INTO {table} (org, stream, {columns})"  # noqa: S608 - fixed names
            f" SELECT org, ?, {columns} FROM {table} WHERE org = 'bench' AND stream = 'source'",
            (name,),
        )
