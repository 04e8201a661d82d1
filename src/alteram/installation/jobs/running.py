"""The round of jobs: each organisation's log is kept by a thread of its own, all else is done in turn, each second."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError, close_old_connections

from alteram.bootstrap import Opened
from alteram.core.kernel.errors import AlteramError
from alteram.installation.jobs.counting import count_quarter
from alteram.installation.jobs.keys import tell_changed_keys
from alteram.installation.jobs.recovering import settle_recoveries
from alteram.installation.jobs.sweeping import sweep_files
from alteram.installation.jobs.telling import (
    forget_told,
    send_account_letters,
    send_mail,
    send_webhooks,
    tell_deadlines,
    tell_recorded,
)
from alteram.installation.machine import note_jobs_seen
from alteram.installation.organisations import find_folders, get_organisation
from alteram.operations.running import run_log

#: Seconds between two rounds, and between two checkpoints.
INTERVAL: Final = 1.0
Job = Callable[[str, Opened], None]
#: What is done for each organisation, and how many seconds apart at least.
ROUNDS: Final[list[tuple[Job, float]]] = [
    (tell_recorded, 0),
    (tell_deadlines, 30),
    (send_mail, 0),
    (send_account_letters, 0),
    (send_webhooks, 0),
    (forget_told, 86_400),
    (sweep_files, 3600),
    (settle_recoveries, 60),
    (tell_changed_keys, 30),
    (count_quarter, 60),
    (note_jobs_seen, 1),
]

_log = logging.getLogger(__name__)


def run_until_told() -> None:
    """Run until a signal tells this process to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_jobs(stop)


def run_jobs(stop: threading.Event) -> None:
    """Run until `stop` is set. An organisation that fails is said so and tried again; the others go on."""
    logs: dict[str, threading.Thread] = {}
    done: dict[tuple[str, Job], float] = {}
    while not stop.is_set():
        close_old_connections()
        for name, _folder in find_folders():
            try:
                opened = get_organisation(name)
                if name not in logs or not logs[name].is_alive():
                    logs[name] = _start_log(name, opened, stop)
            except AlteramError as error:
                _log.warning("organisation %s: %s", name, type(error).__name__)
                continue
            run_round(name, opened, done, at=time.monotonic())
        stop.wait(INTERVAL)
    for thread in logs.values():
        thread.join()


def run_round(name: str, opened: Opened, done: dict[tuple[str, Job], float], *, at: float) -> None:
    """Do each job that is due for an organisation; one that fails is said so, and the others are done all the same."""
    for job, apart in ROUNDS:
        if at - done.get((name, job), float("-inf")) < apart:
            continue
        done[name, job] = at
        try:
            job(name, opened)
        except (AlteramError, DatabaseError) as error:
            _log.warning("organisation %s, %s: %s", name, getattr(job, "__name__", "a job"), type(error).__name__)


def _start_log(name: str, opened: Opened, stop: threading.Event) -> threading.Thread:
    def keep() -> None:
        # A log that fails sets the event it was given: not that of everybody.
        own = threading.Event()
        threading.Thread(target=_pass_on, args=(stop, own), daemon=True).start()
        try:
            run_log(opened.integrator, opened.organisation.ports, interval=INTERVAL, stop=own)
        except AlteramError as error:
            # Said and tried again by the next round; a log that must not be signed stays unsigned.
            _log.error("log of %s: %s %s", name, type(error).__name__, error.problem)

    thread = threading.Thread(target=keep, name=f"log-{name}")
    thread.start()
    return thread


def _pass_on(stop: threading.Event, own: threading.Event) -> None:
    stop.wait()
    own.set()
