"""Keep a log up to date until told to stop: integrate at an interval, ask witnesses in a thread of its own.

Receipts wait for the integrator and for nobody else: a slow witness costs its own signature, not the next checkpoint.
Several processes may run this on one organisation; the lock lets one at a time sign (see `integrate`).
A LogError of either thread stops both, because a log that cannot be signed rightly must not be signed at all.
A store or a disk that cannot be used just now stops neither: it is told and tried again, after a pause that grows.
What was acknowledged waits in the store meanwhile, in order.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from alteram.core.tlog import Note, parse_note_unverified
from alteram.operations.integrate import BATCH, Integrated, Integrator
from alteram.operations.ports import Ports, StaleReadError, StoreUnavailableError

#: The first and the longest pause, in seconds, before something that cannot be used is tried again.
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Interruption:
    """What keeps the log from being brought up to date, and after how many seconds that is tried again.

    `error` is None once it has gone on.
    """

    error: StoreUnavailableError | OSError | None = None
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What was done until it stopped: checkpoints signed, leaves put in, and the size of the log then."""

    checkpoints: int
    added: int
    size: int


def run_log(
    integrator: Integrator,
    ports: Ports,
    *,
    interval: float,
    stop: threading.Event,
    tell: Callable[[Interruption], None] = lambda _: None,
) -> Ran:
    """Integrate every `interval` seconds until `stop` is set, and once more then; `tell` hears what interrupts it.

    Raises: LogError; StoreError where a store cannot be used safely, or not the last time either.
    """
    witnesses = _WitnessThread(integrator, ports, interval, stop)
    witnesses.start()
    try:
        ran = _Running(integrator, interval, stop, witnesses.awake, tell).run()
    finally:
        stop.set()
        witnesses.awake.set()
        witnesses.join()
    if witnesses.failed is not None:
        raise witnesses.failed
    return ran


@dataclass(slots=True)
class _Running:
    integrator: Integrator
    interval: float
    stop: threading.Event
    awake: threading.Event
    tell: Callable[[Interruption], None]
    ran: Ran = field(default_factory=lambda: Ran(0, 0, 0))
    _pause: float = 0.0

    def run(self) -> Ran:
        """Integrate until told to stop."""
        last = False
        while True:
            began = time.monotonic()
            try:
                more = self._integrate()
            except (StoreUnavailableError, OSError) as error:
                if last:
                    raise
                last = self._wait_out(error)
                continue
            if last and not more:
                return self.ran
            # What was acknowledged before it was told to stop is put in as well.
            passed = time.monotonic() - began
            last = self.stop.wait(0 if more or last else max(0.0, self.interval - passed)) or last

    def _integrate(self) -> bool:
        """Integrate once; return whether more waits than one run takes."""
        done = _run_once(self.integrator)
        if self._pause:
            self._pause = 0.0
            self.tell(Interruption())
        if done is None:
            return False
        new = 1 if done.added else 0
        self.ran = Ran(self.ran.checkpoints + new, self.ran.added + done.added, done.size)
        if new:
            self.awake.set()
        return done.added == BATCH

    def _wait_out(self, error: StoreUnavailableError | OSError) -> bool:
        """Wait twice as long as the last time; return whether it was told to stop meanwhile."""
        self._pause = min(LONGEST_PAUSE, 2 * self._pause) or SHORTEST_PAUSE
        self.tell(Interruption(error, self._pause))
        return self.stop.wait(self._pause)


def _run_once(integrator: Integrator) -> Integrated | None:
    """Integrate once; None when another process was giving places at the same moment."""
    try:
        return integrator.run()
    except StaleReadError:
        return None


@dataclass(slots=True)
class _WitnessThread:
    """Asks the witnesses whenever something new was published, and again while one of them has not signed."""

    integrator: Integrator
    ports: Ports
    interval: float
    stop: threading.Event
    awake: threading.Event = field(default_factory=threading.Event)
    failed: BaseException | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="witnesses")
        self._thread.start()

    def join(self) -> None:
        """Return once the last round of asking is over."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while True:
                stopping = self.stop.is_set()
                # What cannot be used just now is told by the one who integrates, and waited for here.
                with suppress(StoreUnavailableError, OSError):
                    if self._is_wanting():
                        self.integrator.cosign()
                if stopping:
                    return
                self.awake.wait(self.interval)
                self.awake.clear()
        except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked for
            self.failed = error
            self.stop.set()

    def _is_wanting(self) -> bool:
        published = self.ports.tiles.find_checkpoint()
        return published is not None and not _is_signed_by_all(parse_note_unverified(published), self.ports)


def _is_signed_by_all(note: Note, ports: Ports) -> bool:
    signed = {(line.name, line.key_id) for line in note.lines}
    return all((one.key.name, one.key.key_id) in signed for one in ports.policy.witnesses)
