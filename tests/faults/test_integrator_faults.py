"""The integrator when a write fails in either way, when what it stands on is another, and when time stands still.

After every step the published log is checked by the definition of its tree, and by our auditor, against what was
acknowledged: nothing lost, nothing twice, nothing moved.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest
from pysqlite3 import dbapi2 as sqlite3

from alteram.core.acts import InterestDeclared
from alteram.core.kernel.identifiers import StreamId
from alteram.core.tlog import build_range_root, parse_note_unverified
from alteram.core.tlog.merkle import build_consistency_proof, verify_consistency
from alteram.core.vault import build_decoy_leaf
from alteram.operations.integrate import Integrated, Integrator, LogError
from alteram.operations.organisation import Organisation
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
