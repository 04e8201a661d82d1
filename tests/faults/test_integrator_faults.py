"""The integrator when a write fails in either way, when what it stands on is another, and when time stands still.

After every step the published log is checked by the definition of its tree, and by our auditor, against what was
acknowledged: nothing lost, nothing twice, nothing moved.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from pysqlite3 import dbapi2 as sqlite3

from alteram.core.acts import InterestDeclared
from alteram.core.kernel.identifiers import StreamId
from alteram.core.tlog import Tile, build_range_root, parse_note_unverified
from alteram.core.tlog.merkle import build_consistency_proof, verify_consistency
from alteram.core.vault import build_decoy_leaf
from alteram.operations.integrate import Integrated, Integrator, LogError
from alteram.operations.organisation import Organisation
from alteram.operations.ports import Ports, StoreError
from tests.oracle import mth
from tests.worlds import (
    CUSTODIAN,
    M1,
    ORGANISATION,
    ORIGIN,
    InjectedError,
    Mode,
    World,
    begin_matter,
    check_log,
    do,
    find_checkpoint,
    found_small_body,
    open_world,
    published_leaves,
)

Acknowledged = dict[tuple[StreamId, int], bytes]


def add(organisation: Organisation, acknowledged: Acknowledged, *texts: str) -> None:
    """Perform acts and keep what was acknowledged of them."""
    for text in texts:
        done = do(organisation, M1, InterestDeclared(nature="none", text=text), CUSTODIAN)
        assert done.seq is not None
        assert done.leaf_hash is not None
        acknowledged[M1, done.seq] = done.leaf_hash


def fill(world: World, organisation: Organisation, size: int) -> None:
    """Queue decoys until the log will have `size` leaves."""
    ports = organisation.ports
    waiting = ports.store.count_pending(ORGANISATION) + ports.store.size(ORGANISATION)
    for _ in range(size - waiting):
        ports.store.append_statement(ORGANISATION, build_decoy_leaf(world.entropies[0](32)))


def log_of(world: World, size: int) -> tuple[Organisation, Acknowledged]:
    """Return a small body with a matter whose log has `size` leaves, the last two of them acts."""
    organisation, acknowledged = world.open(), Acknowledged()
    found_small_body(organisation)
    begin_matter(organisation)
    fill(world, organisation, size - 2)
    add(organisation, acknowledged, "The first of two.", "The second of two.")
    integrator = world.integrator(organisation)
    assert integrator.run().size == size
    integrator.cosign()
    check_log(organisation.ports, acknowledged)
    return organisation, acknowledged


def is_tile(level: int, index: int) -> Callable[..., bool]:
    return lambda tile, *_: (tile.level, tile.index) == (level, index)


@dataclass(frozen=True)
class Point:
    """A write of one run that takes the log from 254 to 258 leaves."""

    method: str
    matches: Callable[..., bool] | None = None
    by: str = "run"


POINTS = {
    "assign": Point("store.assign"),
    "lock": Point("lock.replace"),
    "bundle 0": Point("tiles.put_tile", is_tile(-1, 0)),
    "bundle 1": Point("tiles.put_tile", is_tile(-1, 1)),
    "level-0 tile 0": Point("tiles.put_tile", is_tile(0, 0)),
    "level-0 tile 1": Point("tiles.put_tile", is_tile(0, 1)),
    "level-1 tile": Point("tiles.put_tile", is_tile(1, 0)),
    "kept checkpoint": Point("store.put_checkpoint_note"),
    "checkpoint": Point("tiles.put_checkpoint"),
    "kept cosigned checkpoint": Point("store.put_checkpoint_note", by="cosign"),
    "cosigned checkpoint": Point("tiles.put_checkpoint", by="cosign"),
}
#: What a second run comes to while the same write would still fail: it fails again, or it goes on.
SECOND: dict[tuple[str, Mode], str] = {
    **{(point, mode): "fails" for point in POINTS for mode in ("not applied", "applied")},
    ("lock", "applied"): "goes on",  # what was signed is published from the store
    ("checkpoint", "applied"): "goes on",  # it stands where it must
    ("cosigned checkpoint", "applied"): "goes on",  # the witness has nothing to add
}
#: The published size after each of the two.
PUBLISHED: dict[tuple[str, Mode], tuple[int, int]] = {
    **{(point, mode): (254, 254) for point in POINTS for mode in ("not applied", "applied")},
    ("lock", "applied"): (254, 258),
    ("checkpoint", "applied"): (258, 258),
    ("kept cosigned checkpoint", "not applied"): (258, 258),
    ("kept cosigned checkpoint", "applied"): (258, 258),
    ("cosigned checkpoint", "not applied"): (258, 258),
    ("cosigned checkpoint", "applied"): (258, 258),
}


def published_size(organisation: Organisation) -> int:
    checkpoint = find_checkpoint(organisation.ports)
    return 0 if checkpoint is None else checkpoint.size


def check_kept(organisation: Organisation, *sizes: int) -> None:
    """Check that the checkpoints of these sizes are kept, and the published one with all its signatures."""
    store, published = organisation.ports.store, organisation.ports.tiles.find_checkpoint()
    assert published is not None
    newest = parse_note_unverified(published)
    kept = {size: store.checkpoint_at(ORGANISATION, ORIGIN, size) for size in sizes}
    assert None not in kept.values()
    assert kept[max(sizes)] == newest
    witnessed = store.first_checkpoint_covering(ORGANISATION, ORIGIN, max(sizes) - 1, witnessed=True)
    assert witnessed == newest


def places(organisation: Organisation, acknowledged: Acknowledged) -> dict[tuple[StreamId, int], int | None]:
    store = organisation.ports.store
    return {(stream, seq): store.find_index(ORGANISATION, stream, seq) for stream, seq in acknowledged}


@pytest.fixture(scope="module")
def written_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Acknowledged]:
    """A log of 254 leaves in files, to be copied: writing it takes a second where the disk is slow."""
    folder = tmp_path_factory.mktemp("log-254")
    with open_world("sqlite", folder, seed="written once") as world:
        return folder, log_of(world, 254)[1]


@pytest.fixture(params=["memory", "sqlite"])
def at_254(
    request: pytest.FixtureRequest, tmp_path: Path, written_once: tuple[Path, Acknowledged]
) -> Iterator[tuple[World, Organisation, Acknowledged]]:
    """A world whose log has 254 leaves."""
    folder, acknowledged = written_once
    with open_world(request.param, tmp_path / "copy") as world:
        if world.kind == "memory":
            yield world, *log_of(world, 254)
        else:
            shutil.copytree(folder, world.folder)
            world.seed, world.signed_at_ns = "copied", world.signed_at_ns + 1_000_000_000_000
            yield world, world.open(), dict(acknowledged)


@pytest.mark.parametrize("restarted", [False, True], ids=["same process", "new process"])
@pytest.mark.parametrize(("name", "mode"), list(SECOND), ids=[f"{name}, {mode}" for name, mode in SECOND])
def test_write_that_fails_twice_loses_doubles_and_moves_nothing(
    at_254: tuple[World, Organisation, Acknowledged], name: str, mode: Mode, *, restarted: bool
) -> None:
    world, organisation, acknowledged = at_254
    integrator = world.integrator(organisation)
    first_places = places(organisation, acknowledged)
    integrator.run()
    add(organisation, acknowledged, "A", "B", "C", "D")
    point = POINTS[name]
    if point.by == "cosign":
        integrator.run()
    world.faults.arm(point.method, mode, times=2, matches=point.matches)
    go = integrator.cosign if point.by == "cosign" else integrator.run
    with pytest.raises(InjectedError):
        go()
    check_log(organisation.ports, acknowledged)
    assert published_size(organisation) == PUBLISHED[name, mode][0]
    if restarted:
        organisation = world.open()
        integrator = world.integrator(organisation)
        go = integrator.cosign if point.by == "cosign" else integrator.run
    if SECOND[name, mode] == "fails":
        with pytest.raises(InjectedError):
            go()
    else:
        go()
    check_log(organisation.ports, acknowledged)
    assert published_size(organisation) == PUBLISHED[name, mode][1]
    world.faults.disarm()
    assert integrator.run().size == 258
    integrator.cosign()
    check_log(organisation.ports, acknowledged)
    check_kept(organisation, 254, 258)
    second_places = places(organisation, acknowledged)
    assert {key: second_places[key] for key in first_places} == first_places
    assert sorted(filter(None, second_places.values())) == [252, 253, 254, 255, 256, 257]
    add(organisation, acknowledged, "D", "Another.")  # the same again, and a different one
    assert integrator.run() == Integrated(2, 260)
    check_log(organisation.ports, acknowledged)
    assert {key: places(organisation, acknowledged)[key] for key in second_places} == second_places


def test_checkpoint_published_before_any_were_kept_is_kept_at_the_next_start(
    tmp_path: Path, written_once: tuple[Path, Acknowledged]
) -> None:
    shutil.copytree(written_once[0], tmp_path / "copy")
    connection = sqlite3.connect(str(tmp_path / "copy" / "record.db"), isolation_level=None)
    connection.executescript("DROP TRIGGER checkpoint_note_no_delete; DELETE FROM checkpoint_note;")
    connection.close()
    with open_world("sqlite", tmp_path / "copy", seed="written once") as world:
        organisation = world.open()
        assert organisation.ports.store.checkpoint_at(ORGANISATION, ORIGIN, 254) is None
        world.integrator(organisation).run()
        check_kept(organisation, 254)


# -- what it stands on is another


@dataclass
class Saved:
    """A copy of one of the places, as a backup is."""

    world: World
    name: str
    files: dict[Path, bytes]

    @classmethod
    def take(cls, world: World, name: str) -> "Saved":
        world.close()
        root = world.folder / name
        found = [root] if root.is_file() else [path for path in root.rglob("*") if path.is_file()]
        return cls(world, name, {path: path.read_bytes() for path in found})

    def restore(self) -> None:
        self.world.close()
        root = self.world.folder / self.name
        for path in [root] if root.is_file() else [one for one in root.rglob("*") if one.is_file()]:
            path.unlink()
        for path, data in self.files.items():
            path.write_bytes(data)


def refused(integrator: Integrator) -> LogError:
    with pytest.raises(LogError) as caught:
        integrator.run()
    return caught.value


@pytest.fixture
def grown(sqlite_world: World) -> Callable[[str], tuple[Organisation, Acknowledged]]:
    """Return a function that restores one place as it was at 30 leaves, when the log had 30 of 34 or more."""

    def restore(name: str) -> tuple[Organisation, Acknowledged]:
        organisation, acknowledged = log_of(sqlite_world, 30)
        saved = Saved.take(sqlite_world, name)
        organisation = sqlite_world.open()
        add(organisation, acknowledged, "A", "B", "C", "D")
        integrator = sqlite_world.integrator(organisation)
        integrator.run()
        integrator.cosign()
        saved.restore()
        return sqlite_world.open(), acknowledged

    return restore


def test_store_older_than_what_was_signed_is_refused(
    sqlite_world: World, grown: Callable[[str], tuple[Organisation, Acknowledged]]
) -> None:
    organisation, _ = grown("record.db")
    integrator = sqlite_world.integrator(organisation)
    assert refused(integrator).code == "log.rollback"
    add(organisation, {}, *"abcdefgh")  # more than was lost: the size alone would not tell
    assert refused(integrator).code == "log.rollback"
    assert refused(sqlite_world.integrator(organisation)).code == "log.rollback"
    # Somebody gives places by other means, so that the sizes agree or exceed: the entries at the edge still differ.
    organisation.ports.store.assign(ORGANISATION, 4)
    assert refused(sqlite_world.integrator(organisation)).code == "log.edge"
    organisation.ports.store.assign(ORGANISATION, 100)
    assert refused(sqlite_world.integrator(organisation)).code == "log.edge"
    assert published_size(organisation) == 34


def test_tiles_older_than_what_was_signed_are_written_again(
    sqlite_world: World, grown: Callable[[str], tuple[Organisation, Acknowledged]]
) -> None:
    organisation, acknowledged = grown("log")
    assert published_size(organisation) == 30
    assert sqlite_world.integrator(organisation).run().size == 34
    assert published_size(organisation) == 34
    check_log(organisation.ports, acknowledged)


def test_lock_behind_what_is_published_is_refused(
    sqlite_world: World, grown: Callable[[str], tuple[Organisation, Acknowledged]]
) -> None:
    organisation, _ = grown("apart/checkpoint.db")
    assert refused(sqlite_world.integrator(organisation)).code == "log.fork"


def test_lock_that_is_lost_is_refused(
    sqlite_world: World, grown: Callable[[str], tuple[Organisation, Acknowledged]]
) -> None:
    grown("log")
    sqlite_world.close()
    (sqlite_world.folder / "apart" / "checkpoint.db").unlink()
    assert refused(sqlite_world.integrator()).code == "log.lock"


def test_lock_ahead_of_what_is_published_is_made_good(world: World) -> None:
    organisation, acknowledged = log_of(world, 30)
    integrator = world.integrator(organisation)
    for text in "AB":
        add(organisation, acknowledged, text)
        world.faults.arm("tiles.put_checkpoint", "not applied")
        with pytest.raises(InjectedError):
            integrator.run()
        assert published_size(organisation) == 30
        world.faults.disarm()
    # Nothing new is signed before what was signed is published.
    assert integrator.run().size == 32
    check_log(organisation.ports, acknowledged)


def test_store_and_lock_rolled_back_together_are_refused_by_what_a_witness_saw(
    sqlite_world: World, grown: Callable[[str], tuple[Organisation, Acknowledged]]
) -> None:
    organisation, acknowledged = log_of(sqlite_world, 30)
    saved = [Saved.take(sqlite_world, name) for name in ("record.db", "apart/checkpoint.db", "log")]
    organisation = sqlite_world.open()
    add(organisation, acknowledged, "A", "B")
    integrator = sqlite_world.integrator(organisation)
    integrator.run()
    integrator.cosign()
    for one in saved:
        one.restore()
    organisation = sqlite_world.open()
    add(organisation, {}, "C")
    integrator = sqlite_world.integrator(organisation)
    integrator.run()
    with pytest.raises(LogError) as caught:
        integrator.cosign()
    assert caught.value.code == "log.ahead"


def test_of_two_integrators_on_one_store_one_signs_and_both_go_on(world: World) -> None:
    organisation, acknowledged = log_of(world, 254)
    one, other = world.integrator(organisation), world.integrator(world.open())
    one.run()
    other.run()
    add(organisation, acknowledged, "A", "B", "C", "D")
    lock = organisation.ports.lock
    raced: list[Integrated] = []

    class Racing:
        """The other signs after this one has read everything back, just before the lock."""

        def load(self, origin: str) -> Any:
            return lock.load(origin)

        def replace(self, *arguments: Any) -> None:
            if not raced:
                raced.append(other.run())
            lock.replace(*arguments)

    one = Integrator(Organisation(replace(organisation.ports, lock=cast("Any", Racing()))), clock_ns=world.tick)
    assert one.run().added == 0
    assert raced == [Integrated(4, 258)]
    check_log(organisation.ports, acknowledged)
    add(organisation, acknowledged, "E")
    assert one.run() == Integrated(1, 259)
    add(organisation, acknowledged, "F")
    assert other.run() == Integrated(1, 260)
    check_log(organisation.ports, acknowledged)


def test_each_published_checkpoint_continues_the_one_before(world: World) -> None:
    organisation, acknowledged = log_of(world, 30)
    integrators = [world.integrator(organisation), world.integrator(world.open())]
    before = find_checkpoint(organisation.ports)
    for number in range(6):
        add(organisation, acknowledged, *("x" * (number + 1)))
        integrators[number % 2].run()
        after = find_checkpoint(organisation.ports)
        assert before is not None
        assert after is not None
        proof = build_consistency_proof(
            before.size, after.size, build_range_root(after.size, organisation.ports.tiles.get_tile)
        )
        verify_consistency(size1=before.size, root1=before.root, size2=after.size, root2=after.root, proof=proof)
        before = after
    check_log(organisation.ports, acknowledged)


# -- one bit is another, in memory or on disk


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
        return lambda *arguments: tuple(map(self._flip, found(*arguments)))

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


# -- time, and sizes


@pytest.mark.parametrize("by", [0, -1, -1_000_000_000])
def test_nothing_is_signed_while_time_does_not_advance(world: World, by: int) -> None:
    organisation, acknowledged = log_of(world, 30)
    add(organisation, acknowledged, "A")
    integrator = Integrator(organisation, clock_ns=lambda: world.signed_at_ns + by)
    assert refused(integrator).code == "log.time"
    assert refused(integrator).code == "log.time"
    assert parse_locked_size(organisation.ports) == published_size(organisation) == 30
    world.signed_at_ns += 10_000_000_000
    assert integrator.run().size == 31
    check_log(organisation.ports, acknowledged)


def test_clock_that_jumps_ahead_signs_and_then_waits_for_time_to_catch_up(world: World) -> None:
    organisation, acknowledged = log_of(world, 30)
    times = iter([world.signed_at_ns + 3_600_000_000_000, world.tick()])
    integrator = Integrator(organisation, clock_ns=lambda: next(times))
    add(organisation, acknowledged, "A")
    assert integrator.run().size == 31
    add(organisation, acknowledged, "B")
    assert refused(integrator).code == "log.time"
    check_log(organisation.ports, acknowledged)


def test_nothing_new_needs_no_time_and_signs_nothing(world: World) -> None:
    organisation, _ = log_of(world, 30)
    before = organisation.ports.lock.load(ORIGIN)
    integrator = Integrator(organisation, clock_ns=lambda: 0)
    assert integrator.run() == Integrated(0, 30)
    assert organisation.ports.lock.load(ORIGIN) == before


def check_size(world: World, size: int, *, restarted: bool) -> None:
    organisation = world.open()
    fill(world, organisation, size)
    integrator = world.integrator(organisation)
    while integrator.run().size < size:
        if restarted:
            integrator = world.integrator(organisation)
    checkpoint = find_checkpoint(organisation.ports)
    assert checkpoint is not None
    assert checkpoint.size == size
    leaves = published_leaves(organisation.ports)
    assert checkpoint.root == mth(leaves)
    assert [one.leaf for one in organisation.ports.store.leaves(ORGANISATION, 0, size)] == leaves
    assert world.integrator(organisation).run() == Integrated(0, size)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257])
def test_log_of_a_size_where_the_tree_changes_shape_is_whole(world: World, size: int) -> None:
    check_size(world, size, restarted=True)


@pytest.mark.campaign
@pytest.mark.parametrize("size", [65535, 65536, 65537])
def test_log_around_a_full_tile_of_level_one_is_whole(tmp_path: Path, size: int) -> None:
    with open_world("memory", tmp_path) as world:
        check_size(world, size, restarted=False)


@pytest.mark.parametrize("before", [1, 2, 254, 255, 256, 257])
@pytest.mark.parametrize("added", [1, 2, 3, 256, 257])
def test_log_grows_over_every_edge_by_any_number(tmp_path: Path, before: int, added: int) -> None:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        integrators = [world.integrator(organisation), world.integrator(organisation)]
        for number, size in zip(count(), (before, before + added, before + added + 1), strict=False):
            fill(world, organisation, size)
            assert integrators[number % 2].run().size == size
            checkpoint = find_checkpoint(organisation.ports)
            assert checkpoint is not None
            assert checkpoint.root == mth(published_leaves(organisation.ports))


def test_decoys_fill_a_batch_only_when_something_waits(world: World) -> None:
    organisation, acknowledged = log_of(world, 30)
    integrator = world.integrator(organisation, fill_to=8)
    assert integrator.run() == Integrated(0, 30)
    add(organisation, acknowledged, "A", "B")
    assert integrator.run() == Integrated(8, 38)
    check_log(organisation.ports, acknowledged)


def test_unknown_key_store_is_an_error_that_names_the_stream(world: World) -> None:
    organisation = world.open()
    with pytest.raises(StoreError, match="m9"):
        organisation.stream_key(StreamId("m9"))
