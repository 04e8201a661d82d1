"""Starts the processes in which hostile files are read and typst prints: confined, bounded, and ended in time.

Files go over as open descriptors, so that no name of a sender ever reaches a program. Bubblewrap confines what runs: it
sees the system's programs and this one, read-only, the folder that its job names, and nothing else: no other file, no
network, no other process. Without bubblewrap nothing runs (docs/adr: files read in a sandbox).
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import alteram
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

    A `folder` that the job names, and that of its `picture`, can be written; `fonts` and pictures of pages are read.

    Raises: WorkerEndedError; BundleError with what the worker says is wrong, or where nothing can be confined.
    """
    limits = bounds or Bounds()
    asked = {
        "work": work,
        "seconds": limits.seconds,
        "memory": limits.memory,
        "file_size": limits.file_size,
        "job": job,
    }
    try:
        ended = subprocess.run(
            [*confine(job), sys.executable, "-s", "-P", "-m", "alteram.adapters.bundles.worker"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=2 * limits.seconds,
            check=False,
            cwd="/",
            env={},
            pass_fds=[one.fileno() for one in files],
        )
    except subprocess.TimeoutExpired as error:
        raise WorkerEndedError("It took longer than it may.", remedy=_REMEDY) from error
    if ended.returncode != 0 and ended.stderr.startswith(b"bwrap: "):
        raise BundleError("Programs cannot be confined here, so none is run on a lodged file.", remedy=_INSTALL)
    if ended.returncode != 0 or not ended.stdout or len(ended.stdout) > MAX_ANSWER:
        raise WorkerEndedError("It took more time or memory than it may, or broke the program.", remedy=_REMEDY)
    answer: dict[str, Any] = json.loads(ended.stdout)
    if "error" in answer:
        raise BundleError(str(answer["error"]), remedy=str(answer.get("remedy", "")))
    return answer


_REMEDY: Final = "Leave out the file that breaks it, or put it beside as it is."


_INSTALL: Final = "Install bubblewrap (apt-get install bubblewrap), and let it make user namespaces."
_NOBODY: Final = "65534"
#: Bytes that may be written beside what is asked for.
_SCRATCH: Final = 256 << 20
_SYSTEM: Final = ("bin", "lib", "lib32", "lib64", "sbin")


def confine(job: Mapping[str, Any]) -> list[str]:
    """Return the command line that confines what follows it. Raises: BundleError where there is no bubblewrap."""
    program = shutil.which("bwrap")
    if program is None:
        raise BundleError("No bundle is made and no redaction, because bubblewrap is missing.", remedy=_INSTALL)
    return [program, *_isolate(), *_show(job), "--remount-ro", "/", "--chdir", "/tmp", "--"]  # noqa: S108 - its own


def _isolate() -> Iterator[str]:
    yield from ("--unshare-user", "--disable-userns", "--unshare-ipc", "--unshare-pid", "--unshare-net")
    yield from ("--unshare-uts", "--unshare-cgroup-try", "--uid", _NOBODY, "--gid", _NOBODY, "--cap-drop", "ALL")
    # Nothing of the server's settings, its keys among them, is for a process that reads a stranger's file.
    yield from ("--die-with-parent", "--new-session", "--clearenv", "--setenv", "PATH", os.defpath)
    yield from ("--setenv", "LANG", "C.UTF-8", "--setenv", "PYTHONPATH", str(_find_package()))


def _show(job: Mapping[str, Any]) -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache")
    for name in _SYSTEM:
        if (place := Path("/", name)).is_symlink():
            yield from ("--symlink", str(place.readlink()), f"/{name}")
        elif place.is_dir():
            yield from ("--ro-bind", f"/{name}", f"/{name}")
    yield from ("--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev")
    yield from ("--size", str(_SCRATCH), "--tmpfs", "/tmp")  # noqa: S108 - its own, and gone with it
    interpreter = (Path(one).resolve() for one in (sys.prefix, sys.base_prefix, sys.exec_prefix))
    read = [*interpreter, Path(sys.prefix), _find_package() / "alteram", *map(Path, job.get("fonts", ()))]
    read += [Path(page["picture"]).parent for page in job.get("pages", ()) if isinstance(page, dict)]
    for folder in dict.fromkeys(read):
        yield from ("--ro-bind", str(folder), str(folder))
    written = [Path(job["folder"])] if "folder" in job else []
    written += [Path(job["picture"]).parent] if "picture" in job else []
    for folder in written:
        yield from ("--bind", str(folder), str(folder))


def _find_package() -> Path:
    return Path(alteram.__file__).resolve().parent.parent
