"""Starts the processes in which hostile files are read and typst prints: confined, bounded, and ended in time.

Files go over as open descriptors, so that no name of a sender ever reaches a program. Bubblewrap confines what runs: it
sees the system's programs and this one, read-only, the folder that its job names, and nothing else: no other file, no
network, no other process. Without bubblewrap nothing runs (docs/adr: files read in a sandbox).
"""

import json
import os
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, Protocol

import alteram
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import Phrase, phrase

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
    command = [*confine(job), sys.executable, "-s", "-P", "-m", "alteram.adapters.bundles.worker"]
    status, said, complaint = _run(command, json.dumps(asked).encode(), files, 2 * limits.seconds)
    if status != 0 and complaint.startswith(b"bwrap: "):
        raise BundleError(phrase("Programs cannot be confined here, so none is run on a lodged file."), remedy=_INSTALL)
    if status != 0:
        raise _tell_broken()
    answer = _parse(said)
    if "error" in answer:
        raise BundleError(as_told(str(answer["error"])), remedy=as_told(str(answer.get("remedy", ""))))
    return answer


def as_told(text: str) -> Phrase:
    """Return what a worker told as the phrase that it was there: on its way out only the text of it is left.

    It has no places to fill in, and whatever else a worker may write is shown as it stands.
    """
    return text if isinstance(text, Phrase) else phrase(text)


def _parse(said: bytes) -> dict[str, Any]:
    """Return what a worker answered. Raises: WorkerEndedError for nonsense: a file may have taken it over."""
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise _tell_broken() from error
    if not isinstance(answer, dict):
        raise _tell_broken()
    return answer


def _run(command: Sequence[str], asked: bytes, files: Sequence[BinaryIO], seconds: float) -> tuple[int, bytes, bytes]:
    """Return how a worker ended, and what it said on both its outputs. Raises: WorkerEndedError."""
    # What is asked can hold words that are to be blacked out: it never touches the disk.
    with (
        os.fdopen(os.memfd_create("asked"), "w+b") as given,
        subprocess.Popen(
            command,
            stdin=_fill(given, asked),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            env={},
            pass_fds=[one.fileno() for one in files],
        ) as process,
    ):
        until = time.monotonic() + seconds
        try:
            said, complaint = _listen([one for one in (process.stdout, process.stderr) if one is not None], until)
            return process.wait(max(0.0, until - time.monotonic())), said, complaint
        except subprocess.TimeoutExpired as error:
            raise _tell_late() from error
        finally:
            process.kill()  # what bubblewrap started ends with it; of what has ended nothing is left to end


def _fill(given: BinaryIO, data: bytes) -> BinaryIO:
    given.write(data)
    given.seek(0)
    return given


def _listen(outputs: Sequence[IO[bytes]], until: float) -> list[bytes]:
    """Return all that comes out, until it ends. Raises: WorkerEndedError when it is late, or where it is too much."""
    said = {one.fileno(): bytearray() for one in outputs}
    with selectors.DefaultSelector() as open_still:
        for one in said:
            open_still.register(one, selectors.EVENT_READ)
        while open_still.get_map():
            left = until - time.monotonic()
            if left <= 0:
                raise _tell_late()
            for key, _ in open_still.select(left):
                data = os.read(key.fd, _CHUNK)
                said[key.fd] += data
                if not data:
                    open_still.unregister(key.fd)
                if len(said[key.fd]) > MAX_ANSWER:
                    raise _tell_broken()
    return [bytes(one) for one in said.values()]


def _tell_late() -> WorkerEndedError:
    return WorkerEndedError(phrase("It took longer than it may."), remedy=_REMEDY)


def _tell_broken() -> WorkerEndedError:
    return WorkerEndedError(phrase("It took more time or memory than it may, or broke the program."), remedy=_REMEDY)


_CHUNK: Final = 1 << 20
_REMEDY: Final = phrase("Leave out the file that breaks it, or put it beside as it is.")


_INSTALL: Final = phrase("Install bubblewrap (apt-get install bubblewrap), and let it make user namespaces.")
_NOBODY: Final = "65534"
#: Bytes that may be written beside what is asked for.
_SCRATCH: Final = 256 << 20
_SYSTEM: Final = ("bin", "lib", "lib32", "lib64", "sbin")


def confine(job: Mapping[str, Any]) -> list[str]:
    """Return the command line that confines what follows it. Raises: BundleError where there is no bubblewrap."""
    program = shutil.which("bwrap")
    if program is None:
        raise BundleError(phrase("No bundle is made and no redaction, because bubblewrap is missing."), remedy=_INSTALL)
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
