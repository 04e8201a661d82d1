"""Starts the processes in which hostile files are read and typst prints: bounded, without network, and ended in time.

Files go over as open descriptors, so that no name of a sender ever reaches a program.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, Protocol

from alteram.core.kernel.errors import AlteramError

#: What a worker may answer beside what it writes into files.
MAX_ANSWER: Final = 64 << 20


class BundleError(AlteramError):
    """A bundle, a redaction or the check of one could not be made."""


class WorkerEndedError(BundleError):
    """A worker ended before it answered: it took too long, too much memory, or what it read broke it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a worker may use: seconds of computing, twice that by the clock, bytes of memory and of a written file."""

    seconds: int = 60
    memory: int = 2 << 30
    file_size: int = 0


class AsksWorkers(Protocol):
    """Asks a worker, as `ask_worker` does."""

    def __call__(
        self, work: str, job: Mapping[str, Any], *, files: Sequence[BinaryIO] = (), bounds: Bounds | None = None
    ) -> dict[str, Any]:
        """Return what a worker answers."""
        ...


def ask_worker(
    work: str, job: Mapping[str, Any], *, files: Sequence[BinaryIO] = (), bounds: Bounds | None = None
) -> dict[str, Any]:
    """Return what a worker answers. In its job it finds `files` by their descriptors, which the caller put there.

    Raises: WorkerEndedError; BundleError with what the worker says is wrong.
    """
    limits = bounds or Bounds()
    asked = {
        "work": work,
        "seconds": limits.seconds,
        "memory": limits.memory,
        "file_size": limits.file_size,
        "job": job,
    }
    with TemporaryDirectory(prefix="bundle-") as empty:
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "alteram.adapters.bundles.worker"],
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=2 * limits.seconds,
                check=False,
                cwd=empty,
                env=_bare_environment(),
                pass_fds=[one.fileno() for one in files],
            )
        except subprocess.TimeoutExpired as error:
            raise WorkerEndedError("It took longer than it may.", remedy=_REMEDY) from error
    if ended.returncode != 0 or not ended.stdout or len(ended.stdout) > MAX_ANSWER:
        raise WorkerEndedError("It took more time or memory than it may, or broke the program.", remedy=_REMEDY)
    answer: dict[str, Any] = json.loads(ended.stdout)
    if "error" in answer:
        raise BundleError(str(answer["error"]), remedy=str(answer.get("remedy", "")))
    return answer


_REMEDY: Final = "Leave out the file that breaks it, or put it beside as it is."


def _bare_environment() -> dict[str, str]:
    # Nothing of the server's settings, its keys among them, is for a process that reads a stranger's file.
    return {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one), "LANG": "C.UTF-8", "PATH": os.defpath}
