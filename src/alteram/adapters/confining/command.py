"""The command line that confines a program: bubblewrap around prlimit around the program.

The program sees the system's programs read-only, its own empty folder at `/out`, at `/in` what it was given, and the
folders that its job names where they are. It sees no other file, no other process, no network (not this machine's
either), no environment, no terminal. It has another user's number, no privileges, and cannot make namespaces of its
own. There is no second, weaker way: a machine without bubblewrap converts nothing, and says so.
"""

import os
import resource
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from alteram.core.kernel.phrases import phrase
from alteram.operations.evidence_ports import ConfinementError, Job

PROGRAM: Final = "bwrap"
REMEDY: Final = phrase("Install bubblewrap (apt-get install bubblewrap), and let it make user namespaces.")
#: Where a program finds what it is given, and its own folder.
GIVEN: Final = "/in"
OWN: Final = "/out"
#: Nobody: a user and a group that own nothing.
NOBODY: Final = "65534"
#: Memory that may be written as files, in bytes: what programs keep beside their answers.
SCRATCH: Final = 256 << 20
SHARED_MEMORY: Final = 16 << 20
DESCRIPTORS: Final = 256
#: Seconds of computing between the warning and the end.
GRACE: Final = 2
#: Threads count as processes: libraries that would begin one for each of a large machine's processors begin one.
_ONE_BY_ONE: Final = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "2"}
#: What a program may read of the system's settings: fonts and where programs stand; no names, no passwords.
_SETTINGS: Final = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/var/cache/fontconfig",
)
_LINKED: Final = ("bin", "lib", "lib32", "lib64", "sbin")


def find_program() -> str:
    """Return where bubblewrap is. Raises: ConfinementError when it is nowhere."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise ConfinementError(
            phrase("No program is run on a lodged file, because bubblewrap is missing."), remedy=REMEDY
        )
    return found


def build_command(program: str, job: Job, *, told: int, refused: int, room: int) -> list[str]:
    """Return the whole command line for a job; bubblewrap tells the number of its first process at `told`.

    At `refused` it finds the filter of calls; no file is longer than `room`, what a disk has left for it.
    """
    return [
        program,
        *("--info-fd", str(told)),
        *(("--seccomp", str(refused)) if os.fstat(refused).st_size else ()),
        *_isolate(),
        *_show(job),
        *_settle(job),
        "--",
        *_bound(job, room),
        "--",
        *job.command,
    ]


def _isolate() -> Iterator[str]:
    yield from ("--unshare-user", "--disable-userns", "--unshare-ipc", "--unshare-pid", "--unshare-net")
    yield from ("--unshare-uts", "--unshare-cgroup-try", "--hostname", "confined")
    yield from ("--uid", NOBODY, "--gid", NOBODY, "--cap-drop", "ALL")
    yield from ("--die-with-parent", "--new-session", "--clearenv")


def _show(job: Job) -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in _LINKED:
        if (place := Path("/", name)).is_symlink():
            yield from ("--symlink", str(place.readlink()), f"/{name}")
        elif place.is_dir():
            yield from ("--ro-bind", f"/{name}", f"/{name}")
    for setting in _SETTINGS:
        yield from ("--ro-bind-try", setting, setting)
    # The settings of the machine stand there, and the superuser's number may write them without any privilege: where
    # an installation runs as the superuser, a program would reach out by them. Read-only, nobody does.
    yield from ("--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev")
    yield from ("--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm", "--remount-ro", "/dev")  # noqa: S108 - its own
    yield from ("--size", str(SCRATCH), "--tmpfs", "/tmp")  # noqa: S108 - its own, and gone with it
    for folder in _outermost(job.shows):
        yield from ("--ro-bind", str(folder), str(folder))
    for name, source in job.reads.items():
        yield from ("--ro-bind", str(source.resolve()), f"{GIVEN}/{name}")
    for folder in job.writes:
        yield from ("--bind", str(folder), str(folder))
    yield from ("--bind", str(job.folder.resolve()), OWN, "--chdir", OWN, "--remount-ro", "/")


def _outermost(folders: Sequence[Path]) -> Iterator[Path]:
    # What the system shows already is not shown again, nor a folder inside another.
    wanted = sorted({folder for folder in folders if not folder.is_relative_to("/usr")})
    yield from (one for one in wanted if not any(one != other and one.is_relative_to(other) for other in wanted))


def _settle(job: Job) -> Iterator[str]:
    settings = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108 - its own
    for name, value in {**settings, **_ONE_BY_ONE, **(job.settings or {})}.items():
        yield from ("--setenv", name, value)


def _bound(job: Job, room: int) -> Iterator[str]:
    limits = job.limits
    yield "prlimit"
    yield f"--as={limits.address_space}"
    yield from () if limits.private is None else (f"--data={limits.private}",)
    yield f"--cpu={limits.cpu_seconds}:{limits.cpu_seconds + GRACE}"
    yield f"--fsize={min(limits.file_size, room)}"
    yield f"--nproc={limits.processes}"
    # What is handed over open stands under a number already, below those that are given out next.
    opened = max([DESCRIPTORS, *(one.fileno() + DESCRIPTORS for one in job.files)])
    yield f"--nofile={min(opened, resource.getrlimit(resource.RLIMIT_NOFILE)[1])}"
    yield from ("--core=0", "--memlock=65536")
