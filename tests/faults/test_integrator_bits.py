"""The integrator when one bit is another than was acknowledged, in memory or on disk."""

from dataclasses import replace
from typing import Any, cast

import pytest
from pysqlite3 import dbapi2 as sqlite3

from alteram.core.tlog import Tile
from alteram.operations.integrate import Integrator
from alteram.operations.organisation import Organisation
from alteram.operations.ports import Ports
from tests.faults.test_integrator_faults import add, log_of, published_size, refused
from tests.worlds import (
    M1,
    ORGANISATION,
    ORIGIN,
    World,
    check_log,
)


def flip(data: bytes, at: int = 40) -> bytes:
    at = min(at, len(data) - 1)
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


class FlippingStore:
    """A store that hands out one field of one leaf, or of one entry, with a bit changed: memory that failed."""

    def __init__(self, store: object, method: str, seq: int, name: str) -> None:
        self._store, self._method, self._seq, self._name = store, method, seq, name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name != self._method:
            return found
        return lambda *arguments, **options: tuple(map(self._flip, found(*arguments, **options)))

    def _flip(self, one: Any) -> Any:
        if (one.stream, one.seq) != (M1, self._seq):
            return one
        return replace(one, **{self._name: flip(getattr(one, self._name))})


FLIPS = [
    ("leaves", "leaf", "leaf", "leaf"),
    ("leaves", "acknowledged_hash", "leaf", "leaf_hash"),
    ("load", "leaf", "entry", "leaf"),
    ("load", "leaf_hash", "entry", "leaf_hash"),
    ("load", "ciphertext", "entry", "ciphertext"),
    ("load", "wrapped_keys", "entry_key", "wrapped"),
]


@pytest.mark.parametrize(("method", "name"), [one[:2] for one in FLIPS], ids=[f"{a}-{b}" for a, b, *_ in FLIPS])
def test_bit_flipped_in_memory_is_never_signed_and_the_entry_is_named(world: World, method: str, name: str) -> None:
    organisation, acknowledged = log_of(world, 30)
    add(organisation, acknowledged, "A", "B", "C")
    seq = max(seq for _, seq in acknowledged) - 1
    ports: Ports = organisation.ports
    store = cast("Any", FlippingStore(ports.store, method, seq, name))
    integrator = Integrator(Organisation(replace(ports, store=store)), clock_ns=world.tick)
    error = refused(integrator)
    assert error.code == "log.read-back"
    assert "Entry 31 " in error.problem
    assert published_size(organisation) == 30
    assert parse_locked_size(ports) == 30
    assert world.integrator(organisation).run().size == 33
    check_log(ports, acknowledged)


def parse_locked_size(ports: Ports) -> int:
    locked = ports.lock.load(ORIGIN)
    assert locked is not None
    return int(locked.note.text.splitlines()[1])


@pytest.mark.parametrize("warm", [True, False], ids=["same process", "new process"])
@pytest.mark.parametrize(("table", "column"), [one[2:] for one in FLIPS], ids=[f"{a}-{b}" for *_, a, b in FLIPS])
def test_bit_flipped_on_disk_is_never_signed_and_the_entry_is_named(
    sqlite_world: World, table: str, column: str, *, warm: bool
) -> None:
    organisation, acknowledged = log_of(sqlite_world, 30)
    integrator = sqlite_world.integrator(organisation)
    integrator.run()
    add(organisation, acknowledged, "A", "B", "C")
    organisation.ports.store.assign(ORGANISATION, 100)
    seq = max(seq for _, seq in acknowledged) - 1
    raw = sqlite3.connect(str(sqlite_world.folder / "record.db"), isolation_level=None)
    for trigger in ("entry_no_update", "leaf_no_update"):
        raw.execute(f"DROP TRIGGER {trigger}")
    where = f"FROM {table} WHERE stream = 'm1' AND seq = {seq}"
    (before,) = raw.execute(f"SELECT {column} {where}").fetchone()
    raw.execute(f"UPDATE {table} SET {column} = ? WHERE stream = 'm1' AND seq = {seq}", (flip(before),))
    raw.close()
    if not warm:
        integrator = sqlite_world.integrator(sqlite_world.open())
    error = refused(integrator)
    assert error.code == "log.read-back"
    assert "Entry 31 " in error.problem
    assert parse_locked_size(organisation.ports) == published_size(organisation) == 30


@pytest.mark.parametrize("warm", [True, False], ids=["same process", "new process"])
@pytest.mark.parametrize("tile", [Tile(-1, 0, 30), Tile(0, 0, 30)], ids=lambda tile: tile.path)
def test_bit_flipped_in_a_published_file_is_never_signed_over(sqlite_world: World, tile: Tile, *, warm: bool) -> None:
    organisation, acknowledged = log_of(sqlite_world, 30)
    integrator = sqlite_world.integrator(organisation)
    integrator.run()
    path = sqlite_world.folder / "log" / tile.path
    whole = path.read_bytes()
    path.write_bytes(flip(whole, 36))  # in the bundle's entry 0, which is long; in the tile's hash 1
    add(organisation, acknowledged, "A")
    if not warm:
        integrator = sqlite_world.integrator(sqlite_world.open())
    error = refused(integrator)
    assert error.code in {"log.edge", "log.tiles"}
    assert any(named in error.problem for named in ("Entry 0 ", "Entry 1 ", "entries 0 to 30 "))
    assert parse_locked_size(organisation.ports) == 30
    path.write_bytes(whole)
    assert integrator.run().size == 31
    check_log(organisation.ports, acknowledged)


def test_bit_flipped_in_a_tile_of_the_edge_is_noticed_when_a_process_starts(sqlite_world: World) -> None:
    log_of(sqlite_world, 258)
    path = sqlite_world.folder / "log" / Tile(1, 0, 1).path
    path.write_bytes(flip(path.read_bytes(), 5))
    error = refused(sqlite_world.integrator())
    assert error.code == "log.tiles"
    assert "entries 0 to 257 " in error.problem


def test_flipped_frontier_in_memory_is_never_signed(world: World) -> None:
    organisation, acknowledged = log_of(world, 30)
    integrator = world.integrator(organisation)
    integrator.run()
    frontier = integrator._frontier
    assert frontier is not None
    integrator._frontier = replace(frontier, nodes=(flip(frontier.nodes[0], 3), *frontier.nodes[1:]))
    add(organisation, acknowledged, "A")
    assert refused(integrator).code == "log.tiles"
    assert parse_locked_size(organisation.ports) == 30
