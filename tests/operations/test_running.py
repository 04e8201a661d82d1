"""Keeping a log up to date: what interrupts it is told, waited out with a growing pause, and nothing is lost."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from alteram.core.kernel.identifiers import StreamId
from alteram.operations import running
from alteram.operations.integrate import LogError
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreUnavailableError
from alteram.operations.running import LONGEST_PAUSE, SHORTEST_PAUSE, Interruption, run_log
from tests.worlds import COMPLAINANT, World, check_log, do, found_small_body, open_world, report


class Patience(threading.Event):
    """Told to stop by a test; pauses take no time and are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is not None and timeout >= SHORTEST_PAUSE:
            self.pauses.append(timeout)
        return super().wait(0.001)


def run_interrupted(world: World, organisation: Organisation, times: int, error: Callable[[], Exception]) -> Patience:
    """Run the log while the store fails so many times, then until it has gone on."""
    stop, told, left = Patience(), list[Interruption](), [times]

    def fail(*_: object) -> bool:
        if left[0]:
            left[0] -= 1
            raise error()
        return False

    def tell(one: Interruption) -> None:
        told.append(one)
        if one.error is None:
            stop.set()

    world.faults.arm("store.assign", "not applied", matches=fail)
    run_log(world.integrator(organisation), organisation.ports, interval=0.01, stop=stop, tell=tell)
    assert [one.pause for one in told[:-1]] == stop.pauses
    assert told[-1] == Interruption()
    return stop


@pytest.mark.parametrize(
    "error", [lambda: StoreUnavailableError("It is away."), lambda: OSError(28, "No space left on device")]
)
def test_pause_grows_up_to_a_limit_and_everything_is_put_in_afterwards(
    error: Callable[[], Exception], tmp_path: Path
) -> None:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        stop = run_interrupted(world, organisation, 7, error)
        assert stop.pauses == [1, 2, 4, 8, 16, 30, 30]
        assert (stop.pauses[0], stop.pauses[-1]) == (SHORTEST_PAUSE, LONGEST_PAUSE)
        assert organisation.ports.store.count_pending(organisation.ports.organisation) == 0
        check_log(organisation.ports, {})


def test_what_is_not_waited_out_stops_the_log_at_once(tmp_path: Path) -> None:
    def fail(*_: object) -> bool:
        raise LogError("log.fork", "It was forked.")

    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        world.faults.arm("store.assign", "not applied", matches=fail)
        stop = Patience()
        with pytest.raises(LogError):
            run_log(world.integrator(organisation), organisation.ports, interval=0.01, stop=stop)
        assert stop.pauses == []


def test_store_that_is_away_the_last_time_too_is_an_error(tmp_path: Path) -> None:
    def fail(*_: object) -> bool:
        raise StoreUnavailableError("It is away.")

    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        world.faults.arm("store.assign", "not applied", matches=fail)
        stop = Patience()
        with pytest.raises(StoreUnavailableError):
            run_log(
                world.integrator(organisation), organisation.ports, interval=0.01, stop=stop, tell=lambda _: stop.set()
            )
        world.faults.disarm()
        run_log(world.integrator(organisation), organisation.ports, interval=0.01, stop=stop)
        assert organisation.ports.store.count_pending(organisation.ports.organisation) == 0


class Hours(threading.Event):
    """Told to stop after three pauses, in each of which somebody acts; of a clock that is counted."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__()
        self._organisation, self.now = organisation, 0.0
        self.pauses, self.pending = list[float | None](), list[int]()

    def monotonic(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        ports = self._organisation.ports
        self.pauses.append(timeout)
        self.pending.append(ports.store.count_pending(ports.organisation))
        do(self._organisation, StreamId(f"m{len(self.pauses)}"), report(), COMPLAINANT)
        return len(self.pauses) == 3


@pytest.mark.parametrize(("took", "pause"), [(0.25, 0.75), (1.0, 0.0), (9.0, 0.0)])
def test_each_pass_puts_in_all_that_was_there_and_begins_an_interval_after_the_one_before(
    took: float, pause: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        integrator, hours = world.integrator(organisation), Hours(organisation)

        def take_time() -> object:
            hours.now += took
            return integrator.run()

        monkeypatch.setattr(running, "time", hours)
        slow = cast("Any", SimpleNamespace(run=take_time, cosign=integrator.cosign))
        run_log(slow, organisation.ports, interval=1.0, stop=hours)
        assert hours.pauses == [pause] * 3
        assert hours.pending == [0] * 3
        assert organisation.ports.store.count_pending(organisation.ports.organisation) == 0
