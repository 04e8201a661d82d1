"""`alteram log run`: keep the log up to date, and have it witnessed, until told to stop."""

import queue
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from alteram.adapters.witness import WitnessReport
from alteram.bootstrap import open_folder
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop, tell_problem
from alteram.cli.working import HOME, Home, tell_witnesses
from alteram.operations.integrate import Integrator, LogError
from alteram.operations.running import Interruption, Ran, run_log


def run(
    interval: Annotated[float, typer.Option(min=0.01, max=3600, help="Seconds between two checkpoints.")] = 1.0,
    fill_to: Annotated[
        int, typer.Option(min=0, max=4096, help="Fill each batch with decoys, so that its size tells nothing.")
    ] = 0,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Put what is recorded into the log, and have it witnessed, until SIGTERM or Ctrl-C. Several may run at once.

    A database that goes away is told and waited for; what was acknowledged is put in once it is back.

    Example: alteram log run --interval 1
    """
    with reporting(as_json=as_json):
        try:
            ran = _run(home, interval, fill_to)
        except LogError as error:
            value: Value = {"stopped": error.code, "problem": error.problem, "remedy": error.remedy}
            show(value, [f"Stopped: {error.problem} ({error.code})", error.remedy], as_json=as_json)
            stop(NO)
    value = {"stopped": "told to", "checkpoints": ran.checkpoints, "added": ran.added, "size": ran.size}
    line = f"Stopped as told: {ran.added} entries in {ran.checkpoints} checkpoints; the log holds {ran.size}."
    show(value, [line], as_json=as_json)


def _run(home: Home, interval: float, fill_to: int) -> Ran:
    with _told_to_stop() as told:
        opened = open_folder(home, tell=_Changes())
        try:
            ports = opened.organisation.ports
            # On standard error, so that JSON stays JSON.
            sys.stderr.write(f"Keeping the log {ports.origin} up to date; SIGTERM or Ctrl-C ends it.\n")
            sys.stderr.flush()
            integrator = Integrator(opened.organisation, fill_to=fill_to)
            return run_log(integrator, ports, interval=interval, stop=told, tell=_tell_interruption)
        finally:
            opened.close()


def _tell_interruption(one: Interruption) -> None:
    """Say what keeps the log from being brought up to date, and when it goes on again; on standard error."""
    if one.error is None:
        line = "It goes on: the log is brought up to date again."
    else:
        line = f"{tell_problem(one.error)} Trying again in {one.pause:g} seconds; what was recorded waits."
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Yield what is set when the process is asked to end; what it is doing then is finished first.

    A signal may come while the main thread holds the lock within that very event; setting it from the handler would
    wait for ever. A queue that is made for handlers passes the signal on to a thread that sets it.
    """
    told, asked = threading.Event(), queue.SimpleQueue[bool]()

    def listen() -> None:
        if asked.get():
            told.set()

    listening = threading.Thread(target=listen, name="signals")
    listening.start()
    before = {one: signal.signal(one, lambda *_: asked.put(True)) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        asked.put(False)
        listening.join()


class _Changes:
    """Tells what became of asking the witnesses when it is not what it was the time before."""

    def __init__(self) -> None:
        self._before: dict[str, str] = {}

    def __call__(self, report: WitnessReport) -> None:
        now = {one.witness: one.kind for one in report.outcomes}
        if now != self._before:
            self._before = dict(now)
            tell_witnesses(report)
