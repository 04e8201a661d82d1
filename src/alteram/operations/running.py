"""Keep a log up to date until told to stop: integrate at an interval, ask witnesses in a thread of its own.

Receipts wait for the integrator and for nobody else: a slow witness costs its own signature, not the next checkpoint.
Several processes may run this on one organisation; the lock lets one at a time sign (see `integrate`).
A LogError of either thread stops both, because a log that cannot be signed rightly must not be signed at all.
"""

import threading
import time
from dataclasses import dataclass, field

from alteram.core.tlog import Note, parse_note_unverified
from alteram.operations.integrate import BATCH, Integrated, Integrator
from alteram.operations.ports import Ports, StaleReadError


@dataclass(frozen=True, slots=True)
class Ran:
    """What was done until it stopped: checkpoints signed, leaves put in, and the size of the log then."""

    checkpoints: int
    added: int
    size: int


def run_log(integrator: Integrator, ports: Ports, *, interval: float, stop: threading.Event) -> Ran:
    """Integrate every `interval` seconds until `stop` is set, and once more then. Raises: LogError, StoreError."""
    witnesses = _WitnessThread(integrator, ports, interval, stop)
    witnesses.start()
    try:
        ran = _integrate(integrator, interval, stop, witnesses.awake)
    finally:
        stop.set()
        witnesses.awake.set()
        witnesses.join()
    if witnesses.failed is not None:
        raise witnesses.failed
    return ran


def _integrate(integrator: Integrator, interval: float, stop: threading.Event, awake: threading.Event) -> Ran:
    ran, last = Ran(0, 0, 0), False
    while True:
        began, done = time.monotonic(), _run_once(integrator)
        if done is not None and done.added:
            ran = Ran(ran.checkpoints + 1, ran.added + done.added, done.size)
            awake.set()
        elif done is not None:
            ran = Ran(ran.checkpoints, ran.added, done.size)
        more = done is not None and done.added == BATCH
        if last and not more:
            return ran
        # What was acknowledged before it was told to stop is put in as well.
        last = stop.wait(0 if more or last else max(0.0, interval - (time.monotonic() - began))) or last


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
