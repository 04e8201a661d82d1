"""Performing acts: one at a time beside a bare durable commit of the same bytes, with where the time goes; in bulk."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial, wraps
from typing import Any

from alteram.adapters.db import SqlStore
from alteram.adapters.db.sqlite import connect
from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import StreamId
from alteram.operations import perform as performing
from alteram.operations import recording
from alteram.operations.perform import perform, perform_many
from benchmarks.figures import Row, Timed, Work, row, time_in_turn, time_work
from benchmarks.scenes import begin, fill, filling, organisation

ROUNDS = 200
BULK = 2048
BULK_ROUNDS = 7
MATTER = StreamId("matter")


def measure() -> list[Row]:
    with organisation() as opened:
        act, commit, store = acting(opened), bare_commit(opened), opened.organisation.ports.store
        assert isinstance(store, SqlStore)
        before = store.statements
        taken, bare = time_in_turn(ROUNDS, act, commit)
        statements = (store.statements - before) / ROUNDS
        found = one_act(taken, bare, statements)
        found.insert(3, row("one act: syncs, one in many for a checkpoint of the WAL", count_syncs(), "", 1.05))
        return [*found, *profile(act), bulk(opened)]


def acting(opened: Opened) -> Work:
    """Return what performs the next act of a warm matter of 200."""
    begin(opened, MATTER)
    fill(opened, MATTER, 200)
    proposals = iter(filling(MATTER, 10 * ROUNDS, 200))

    def act() -> None:
        one = next(proposals)
        assert perform(opened.organisation, one.stream, one.act, one.actor)

    time_work(20, act)
    return act


def one_act(taken: Timed, bare: Timed, statements: float, where: str = "") -> list[Row]:
    return [
        row(f"one act, durable, in a matter of 200{where}: CPU", taken.cpu * 1e3, "ms", 2.0),
        row(f"one act{where} / a bare durable commit of the same bytes", taken.wall / bare.wall, "x", 6.0),
        row(f"one act{where}: statements", statements, "", 6.0),
        row("  (one act, wall)", taken.wall * 1e3, "ms"),
        row("  (the bare commit, wall)", bare.wall * 1e3, "ms"),
    ]


def entry_bytes(opened: Opened) -> bytes:
    """Return as many bytes as an entry of a matter has on the average, with its keys and its hashes."""
    ports = opened.organisation.ports
    sizes = [
        len(one.ciphertext) + len(one.wrapped_keys or b"") + len(one.leaf) + len(one.leaf_hash)
        for one in ports.store.load(ports.organisation, MATTER)
    ]
    return bytes(sum(sizes) // len(sizes) + 100)


def bare_commit(opened: Opened) -> Work:
    """Return one durable commit of one row as large as an entry, in a file set up the same way on the same disk."""
    connection, data = connect(opened.folder / "bare.db"), entry_bytes(opened)
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, data BLOB)")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO entry (data) VALUES (?)", (data,))
        connection.commit()

    return commit


def count_syncs() -> float:
    """Return the syncs of each act, counted by strace in a child; nan where strace is not here."""
    if shutil.which("strace") is None:
        return float("nan")
    counts = []
    for acts in (0, 100):
        with tempfile.NamedTemporaryFile(mode="r") as log:
            trace = ["strace", "-f", "-qq", "-o", log.name, "-e", "trace=fsync,fdatasync"]
            command = [*trace, sys.executable, "-m", "benchmarks.acts", str(acts)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            counts.append(len(log.read().splitlines()))
    return (counts[1] - counts[0]) / 100


def perform_some(acts: int) -> None:
    with organisation() as opened:
        begin(opened, MATTER)
        for one in filling(MATTER, acts):
            assert perform(opened.organisation, one.stream, one.act, one.actor)


#: Where the time of an act goes: what is timed, by its name in the module that calls it.
PARTS: tuple[tuple[str, Any, str], ...] = (
    ("access and rules", performing, "_rule"),
    ("sealing: salts, digests, two signatures, encryption", recording, "seal"),
    ("the row of the matter", recording, "build_matter_row"),
    ("the transaction: statements and the sync", SqlStore, "append"),
)


def profile(act: Work) -> list[Row]:
    """Return where the wall time of an act goes, as shares."""
    spent: dict[str, float] = {}
    with ExitStack() as stack:
        for name, owner, attribute in PARTS:
            stack.enter_context(timed(owner, attribute, partial(add, spent, name)))
        began = time.perf_counter()
        for _ in range(ROUNDS):
            act()
        whole = time.perf_counter() - began
    spent["the rest"] = whole - sum(spent.values())
    return [row(f"  (of one act: {name})", 100 * taken / whole, "%") for name, taken in spent.items()]


def add(spent: dict[str, float], name: str, taken: float) -> None:
    spent[name] = spent.get(name, 0.0) + taken


@contextmanager
def timed(owner: Any, attribute: str, tell: Callable[[float], None]) -> Iterator[None]:
    """Tell how long each call of `owner.attribute` takes, for as long as this lasts."""
    original = getattr(owner, attribute)

    @wraps(original)
    def call(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return original(*arguments, **named)
        finally:
            tell(time.perf_counter() - began)

    setattr(owner, attribute, call)
    try:
        yield
    finally:
        setattr(owner, attribute, original)


def bulk(opened: Opened, where: str = "") -> Row:
    """Return how many acts a second enter a new matter of 2,048, in processor time of this process."""
    streams = iter([begin(opened, f"bulk-{number}") for number in range(BULK_ROUNDS)])

    def enter() -> None:
        assert all(perform_many(opened.organisation, filling(next(streams), BULK)))

    cpu = time_work(BULK_ROUNDS, enter).cpu
    return row(f"bulk entry{where}, 256 to a transaction, on one core", BULK / cpu, "acts/s", 2000.0, least=True)


if __name__ == "__main__":
    perform_some(int(sys.argv[1]))
