"""Runs programs confined, and ends them, with all that they started, at the first limit they reach.

The kernel bounds each process (address space, computing, size of a file); what the kernel does not bound for all of
them together (memory, processes, bytes and files written, time on the wall) is looked at while they run.
"""

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from alteram.adapters.converting.confinement import REMEDY, build_command, find_program
from alteram.adapters.converting.groups import bound_processes
from alteram.adapters.converting.watching import OWN_PROCESSES, find_excess
from alteram.core.kernel.phrases import phrase
from alteram.operations.evidence_ports import ConfinementError, Ended, Ending, Job, Limits, TakesBytes

#: Seconds between two looks at what runs.
INTERVAL: Final = 0.05
_CHUNK: Final = 1 << 20
#: Bytes of complaints that are kept: their end, where programs say what was wrong.
_COMPLAINT: Final = 4_000
_TRIAL: Final = Limits(seconds=20, memory=1 << 28)
#: Seconds that the kernel may take to end what was killed.
_ENDING: Final = 20
#: What bubblewrap answers for a program that a signal ended: 128 and the signal's number.
_BY_SIGNAL: Final[dict[int, Ending]] = {128 + signal.SIGXCPU: "time", 128 + signal.SIGXFSZ: "size"}


class Sandbox:
    """Implements ConfinedPrograms by bubblewrap. It never runs a program in any other way."""

    def __init__(self) -> None:
        """Find out at the first run whether programs can be confined."""
        self._program = ""

    def confinement(self) -> str:
        """Return the words for how programs are confined here. Raises: ConfinementError when they cannot be."""
        self._find()
        return "bubblewrap: no network, no other files, no other processes, bounded time, memory and files"

    def run(self, job: Job, take: TakesBytes | None = None) -> Ended:
        """Run a program to its end, or to the first limit it reaches.

        Raises: ConfinementError when it cannot be confined.
        """
        if any(job.folder.iterdir()):
            raise ValueError("a confined program starts with an empty folder")
        return _run(self._find(), job, take)

    def _find(self) -> str:
        if not self._program:
            program = find_program()
            _try(program)
            self._program = program
        return self._program


def _try(program: str) -> None:
    with TemporaryDirectory(prefix="confined-") as folder:
        job = Job(("true",), Path(folder), {}, _TRIAL)
        ended = _run(program, job, None)
    if ended.how != "done":
        why = ended.complaint.strip().splitlines()[-1:] or [f"status {ended.status}"]
        raise ConfinementError(phrase("bubblewrap cannot confine programs here: {why}.", why=why[0]), remedy=REMEDY)


def _run(program: str, job: Job, take: TakesBytes | None) -> Ended:
    started = time.monotonic()
    with (
        _open_memory() as asked,
        _open_memory() as complaints,
        bound_processes(job.limits.processes + OWN_PROCESSES) as group,
    ):
        asked.write(job.asked)
        asked.seek(0)
        told, tells = os.pipe()
        # No environment, no descriptor beside these, a session of its own.
        with subprocess.Popen(
            [*group, *build_command(program, job, tells)],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=complaints,
            pass_fds=(tells,),
            env={},
            cwd="/",
            start_new_session=True,
        ) as process:
            os.close(tells)
            first = _find_first(told)
            try:
                answer, excess = _follow(process, job, take, started)
            finally:
                _end(process, first)
            status = process.wait()
        size = complaints.seek(0, os.SEEK_END)
        complaints.seek(max(0, size - _COMPLAINT))
        complaint = complaints.read(_COMPLAINT).decode("utf-8", "replace")
    how = excess or _BY_SIGNAL.get(status) or ("done" if status == 0 else "failed")
    return Ended(how, status, answer, complaint, time.monotonic() - started)


def _open_memory() -> BinaryIO:
    # What is asked can hold a part of a file that is sealed everywhere else: it never touches the disk.
    return os.fdopen(os.memfd_create("confined"), "w+b")


def _find_first(told: int) -> int | None:
    """Return a handle of the first process of the namespace; None where it ended already, or never began."""
    with os.fdopen(told, "rb") as file:
        words = file.read()
    try:
        return os.pidfd_open(int(json.loads(words)["child-pid"]))
    except (ValueError, KeyError, ProcessLookupError):
        return None


def _end(process: "subprocess.Popen[bytes]", first: int | None) -> None:
    """End all that runs, and return when it has: the first process of a namespace ends after all others."""
    if first is None:
        process.kill()
        return
    try:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(first, signal.SIGKILL)
        select.select([first], [], [], _ENDING)
    finally:
        os.close(first)
        process.kill()


def _follow(
    process: "subprocess.Popen[bytes]", job: Job, take: TakesBytes | None, started: float
) -> tuple[bytes, Ending | None]:
    """Read what a program answers until it ends; return that, and the limit it reached, if any."""
    parts: list[bytes] = []
    taken = 0
    looked = started
    for data in _read(process):
        taken += len(data)
        if take is not None:
            take(data)
        elif data:
            parts.append(data)
        if taken > job.limits.answer:
            return b"", "size"
        now = time.monotonic()
        if now - started > job.limits.seconds:
            return b"", "time"
        if now - looked >= INTERVAL:
            looked = now
            if (excess := find_excess(process.pid, job)) is not None:
                return b"", excess
    return b"".join(parts), None


def _read(process: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    """Yield what comes, or nothing each time that nothing came for a while, until the program ended."""
    if process.stdout is None:
        return
    descriptor = process.stdout.fileno()
    open_still = True
    while open_still:
        ready, _, _ = select.select([descriptor], [], [], INTERVAL)
        data = os.read(descriptor, _CHUNK) if ready else b""
        open_still = bool(data) or not ready
        yield data
    # The answer can end before the program does.
    while process.poll() is None:
        time.sleep(INTERVAL / 10)
        yield b""
