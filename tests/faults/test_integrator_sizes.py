"""The integrator and time, and logs of the sizes at which the tree changes shape."""

from itertools import count
from pathlib import Path

import pytest

from alteram.core.kernel.identifiers import StreamId
from alteram.operations.integrate import Integrated, Integrator
from alteram.operations.ports import StoreError
from tests.faults.test_integrator_bits import parse_locked_size
from tests.faults.test_integrator_faults import add, fill, log_of, published_size, refused
from tests.oracle import mth
from tests.worlds import (
    ORGANISATION,
    ORIGIN,
    World,
    check_log,
    find_checkpoint,
    open_world,
    published_leaves,
)


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
