"""Runs programs confined, and ends them, with all that they started, at the first limit they reach.

The kernel bounds each process (address space, computing, size of a file); what the kernel does not bound for all of
them together (memory, processes, bytes and files written, time on the wall) is looked at while they run.
"""

import fcntl
import json
import os
import select
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from alteram.adapters.confining.calls import build_filter
from alteram.adapters.confining.command import REMEDY, SCRATCH, build_command, find_program
from alteram.adapters.confining.groups import enter_group
from alteram.adapters.confining.watching import OWN_PROCESSES, Written, can_watch, find_excess, measure_written
from alteram.core.kernel.phrases import phrase
from alteram.operations.evidence_ports import ConfinementError, Ended, Ending, Job, Limits, TakesBytes

#: Seconds between two looks at what runs; or so many times as long as a look takes, where that is longer.
INTERVAL: Final = 0.05
_SELDOM: Final = 20
_CHUNK: Final = 1 << 20
#: Bytes of complaints that are kept: their end, where programs say what was wrong.
_COMPLAINT: Final = 4_000
_TRIAL: Final = Limits(seconds=20, memory=1 << 28)
#: Seconds that the kernel may take to end what was killed.
_ENDING: Final = 20
#: What bubblewrap answers for a program that a signal ended: 128 and the signal's number.
#: Nobody but the kernel kills one: when memory ends, that of its group or of the machine; or where it takes no notice
#: of being told that its computing time is over.
_BY_SIGNAL: Final[dict[int, Ending]] = {
    128 + signal.SIGXCPU: "time",
    128 + signal.SIGXFSZ: "size",
    128 + signal.SIGKILL: "memory",
}


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
            if not can_watch():
                raise ConfinementError(
                    phrase("What a program starts cannot be watched here, so none is run on a lodged file."),
                    remedy=phrase("Run a kernel that tells which processes another began (CONFIG_PROC_CHILDREN)."),
                )
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
    before = measure_written(job)
    with (
        _seal(job.asked) as asked,
        _seal(build_filter()) as refused,
        enter_group(job.limits.processes + OWN_PROCESSES, job.limits.memory + SCRATCH) as group,
    ):
        told, tells = os.pipe()
        # No environment, no descriptor beside these, a session of its own.
        with subprocess.Popen(
            [*group, *build_command(program, job, told=tells, refused=refused.fileno(), room=before.room)],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(tells, refused.fileno(), *(one.fileno() for one in job.files)),
            env={},
            cwd="/",
            start_new_session=True,
        ) as process:
            os.close(tells)
            first = _find_first(told)
            following = _Following(process, job, before, started)
            try:
                excess = following.follow(take)
            finally:
                _end(process, first)
            status = process.wait()
    how = excess or _BY_SIGNAL.get(status) or ("done" if status == 0 else "failed")
    answer = b"" if excess else b"".join(following.answer)
    complaint = following.complaint.decode("utf-8", "replace")
    return Ended(how, status, answer, complaint, time.monotonic() - started)


def _seal(asked: bytes) -> BinaryIO:
    """Return a file that nobody writes any more; it never touches the disk.

    What is asked can hold a part of a file that is sealed everywhere else, or words that are to be blacked out.
    """
    file = os.fdopen(os.memfd_create("asked", os.MFD_ALLOW_SEALING), "w+b")
    file.write(asked)
    file.seek(0)
    fcntl.fcntl(
        file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
    )
    return file


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


class _Following:
    """Takes what a program says, and looks at what it uses, until it ended or reached a limit."""

    def __init__(self, process: "subprocess.Popen[bytes]", job: Job, before: Written, started: float) -> None:
        self._process, self._job, self._before, self._started = process, job, before, started
        self._looks_at = started + INTERVAL
        self.answer: list[bytes] = []
        self.complaint = b""

    def follow(self, take: TakesBytes | None) -> Ending | None:
        """Return the limit that it reached, if any; what it answers goes to `take`, else is kept."""
        said = 0
        for data, complains in _read(self._process):
            said += len(data)
            if said > self._job.limits.answer:
                return "size"
            if complains:
                self.complaint = (self.complaint + data)[-_COMPLAINT:]
            elif take is not None:
                take(data)
            elif data:
                self.answer.append(data)
            if (excess := self._look()) is not None:
                return excess
        return None

    def _look(self) -> Ending | None:
        now = time.monotonic()
        if now - self._started > self._job.limits.seconds:
            return "time"
        if now < self._looks_at:
            return None
        excess = find_excess(self._process.pid, self._job, self._before)
        after = time.monotonic()
        self._looks_at = after + max(INTERVAL, _SELDOM * (after - now))
        return excess


def _read(process: "subprocess.Popen[bytes]") -> Iterator[tuple[bytes, bool]]:
    """Yield what comes, and whether it is a complaint; nothing, each time that none came for a while; until the end."""
    if process.stdout is None or process.stderr is None:
        return
    ended = os.pidfd_open(process.pid)
    answers, complains = process.stdout.fileno(), process.stderr.fileno()
    try:
        with selectors.DefaultSelector() as open_still:
            for one in (answers, complains, ended):
                open_still.register(one, selectors.EVENT_READ)
            while open_still.get_map():
                ready = [key.fd for key, _ in open_still.select(INTERVAL)]
                for one in ready:
                    data = b"" if one == ended else os.read(one, _CHUNK)
                    if not data:
                        open_still.unregister(one)
                    yield data, one == complains
                if not ready:
                    yield b"", False
    finally:
        os.close(ended)
