"""Performing acts: one at a time beside a bare durable commit of the same bytes, in bulk, and in a large store."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from alteram.adapters.db.sqlite import connect
from alteram.bootstrap import Opened
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform, perform_many
from benchmarks.scenes import begin, fill, filling, organisation

ROUNDS = 200
BULK = 2048
MILLION = 1_000_000


def measure() -> list[dict[str, Any]]:
    found = one_act()
    found += bulk()
    found += growth()
    return found


def one_act() -> list[dict[str, Any]]:
    with organisation() as opened:
        stream = begin(opened, "matter")
        fill(opened, stream, 195)
        proposals = iter(filling(stream, 3 * ROUNDS, 195))

        def act() -> None:
            one = next(proposals)
            assert perform(opened.organisation, one.stream, one.act, one.actor)

        for _ in range(20):
            act()
        statements = opened.organisation.ports.store.statements  # type: ignore[attr-defined] # SqlStore counts them
        cpu, walls, bare = [], [], []
        commit = bare_commit(opened)
        for _ in range(ROUNDS):
            # Turn and turn about, so that whatever else the disk does falls on both.
            began = time.perf_counter()
            commit()
            bare.append(time.perf_counter() - began)
            began, began_cpu = time.perf_counter(), time.process_time()
            act()
            walls.append(time.perf_counter() - began)
            cpu.append(time.process_time() - began_cpu)
        each = (opened.organisation.ports.store.statements - statements) / ROUNDS  # type: ignore[attr-defined] # as above
    ratio = statistics.median(walls) / statistics.median(bare)
    return [
        row("one act, durable, in a matter of 200: CPU", statistics.median(cpu) * 1e3, "ms", 2.0),
        row("one act: statements", each, "", 6.0),
        row("one act: syncs, one in many for checkpoints of the WAL", syncs(), "", 1.05),
        row("one act beside a bare durable commit of the same bytes", ratio, "x", 6.0),
        row("  (bare commit, median)", statistics.median(bare) * 1e3, "ms", None),
    ]


def bare_commit(opened: Opened) -> Callable[[], None]:
    """One durable commit of one row as large as an entry, in a database set up the same way, on the same disk."""
    path = opened.folder / "bare.db"
    connection = connect(path)
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, data BLOB)")
    row_of = connect(opened.folder / "record.db").execute(
        "SELECT AVG(LENGTH(e.ciphertext) + LENGTH(k.wrapped)) FROM entry e JOIN entry_key k USING (org, stream, seq)"
    )
    data = bytes(int(row_of.fetchone()[0]) + 200)

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO entry (data) VALUES (?)", (data,))
        connection.commit()

    return commit


def syncs() -> float:
    """Syncs for each act, counted by strace in a child; nan where strace is not here."""
    if shutil.which("strace") is None:
        return float("nan")
    counts = []
    for acts in (0, 100):
        with tempfile.NamedTemporaryFile(mode="r") as log:
            command = [
                "strace",
                "-f",
                "-qq",
                "-o",
                log.name,
                "-e",
                "trace=fsync,fdatasync",
                sys.executable,
                "-m",
                "benchmarks.acts",
            ]
            subprocess.run([*command, str(acts)], check=True, stdout=subprocess.DEVNULL)
            counts.append(len(log.read().splitlines()))
    return (counts[1] - counts[0]) / 100


def perform_some(acts: int) -> None:
    with organisation() as opened:
        stream = begin(opened, "matter")
        for one in filling(stream, acts):
            assert perform(opened.organisation, one.stream, one.act, one.actor)


def bulk() -> list[dict[str, Any]]:
    rates = []
    with organisation() as opened:
        for number in range(3):
            stream = begin(opened, f"matter-{number}")
            proposals = filling(stream, BULK)
            began = time.process_time()
            assert all(perform_many(opened.organisation, proposals))
            rates.append(BULK / (time.process_time() - began))
    return [
        row("bulk entry, 256 to a transaction, on one core", statistics.median(rates), "acts/s", 2000.0, least=True)
    ]


def growth() -> list[dict[str, Any]]:
    """The same act in a matter of 200, in a store of a thousand entries and in one of a million."""
    with organisation() as opened:
        stream = begin(opened, "matter")
        fill(opened, stream, 195)
        small = median_act(opened, "early")
        swell(opened)
        large = median_act(opened, "late")
    return [
        row("the millionth act beside the thousandth: CPU", large[0] / small[0], "x", 1.2),
        row("the millionth act beside the thousandth: wall", large[1] / small[1], "x", None),
    ]


def median_act(opened: Opened, name: str) -> tuple[float, float]:
    fresh = Opened(Organisation(opened.organisation.ports), opened.integrator, opened.folder, opened.close)
    stream = begin(fresh, name)
    fill(fresh, stream, 195)
    cpu, walls = [], []
    for one in filling(stream, ROUNDS, 195):
        began, began_cpu = time.perf_counter(), time.process_time()
        assert perform(fresh.organisation, one.stream, one.act, one.actor)
        walls.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
    return statistics.median(cpu), statistics.median(walls)


def swell(opened: Opened) -> None:
    """Copy the rows of a matter of 200 under other names until the store holds a million entries."""
    connection = connect(opened.folder / "record.db")
    copies = MILLION // 200
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TEMP TABLE copy (name TEXT)")
    connection.executemany("INSERT INTO copy VALUES (?)", ((f"copy-{number:05d}",) for number in range(copies)))
    for table, columns in (
        ("head", "seq, leaf_hash, at"),
        ("entry", "seq, leaf, leaf_hash, ciphertext, at"),
        ("entry_key", "seq, wrapped"),
        ("matter", "procedure_id, stage, opened_at, last_at, last_seq, closed_at, next_due_at, next_owner"),
    ):
        connection.execute(
            f"INSERT INTO {table} (org, stream, {columns})"  # noqa: S608 - fixed names
            f" SELECT org, copy.name, {columns} FROM {table}, copy WHERE stream = 'matter' ORDER BY copy.name"
        )
    connection.commit()
    connection.close()


def row(name: str, figure: float, unit: str, target: float | None, *, least: bool = False) -> dict[str, Any]:
    met = None if target is None else figure >= target if least else figure <= target
    return {"name": name, "figure": figure, "unit": unit, "target": target, "least": least, "met": met}


if __name__ == "__main__":
    perform_some(int(sys.argv[1]))
