"""What the processes of a confined program use together, read from the system while they run."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from alteram.operations.evidence_ports import Ending, Job

#: Bubblewrap's two: the one outside that waits, and the first of the namespace. They are not the program's.
OWN_PROCESSES: Final = 2
_PROCESSES: Final = Path("/proc")
_MACHINE: Final = Path("/proc/meminfo")
#: What is memory and nothing else: files that are mapped to be read cost none that anybody misses.
_HELD: Final = (b"RssAnon:", b"RssShmem:", b"VmSwap:")
#: Of its memory, what part the machine keeps free of confined programs, and so of all of them together.
_SPARED: Final = 16
#: Of what a disk has left when a program starts, what part is left when it ends.
_LEFT: Final = 8


class Written(NamedTuple):
    """The bytes and files in the places that a program may write, and the bytes their disk has left."""

    size: int
    files: int
    free: int

    @property
    def room(self) -> int:
        """How many bytes may be written, so that the disk is not full for everybody else."""
        return self.free - self.free // _LEFT


def can_watch() -> bool:
    """Return whether the system tells which processes another began: without that, nothing is bounded together."""
    return (_PROCESSES / "thread-self" / "children").exists()


def find_excess(first: int, job: Job, before: Written) -> Ending | None:
    """Return the limit that a process and all that it started have reached together, if any.

    `before` is what `measure_written` found as it began.
    """
    family = find_family(first)
    if len(family) > job.limits.processes + OWN_PROCESSES:
        return "processes"
    memory = sum(map(_measure_memory, family))
    if memory > job.limits.memory or _is_missed(memory):
        return "memory"
    return "size" if _has_written_too_much(measure_written(job), before, job) else None


def find_family(first: int) -> frozenset[int]:
    """Return a process and every one that descends from it; those of a namespace all do."""
    found: set[int] = set()
    waiting = [first]
    while waiting:
        process = waiting.pop()
        if process not in found:
            found.add(process)
            waiting.extend(_list_children(process))
    return frozenset(found)


def _list_children(process: int) -> Iterator[int]:
    try:
        for thread in (_PROCESSES / str(process) / "task").iterdir():
            yield from map(int, (thread / "children").read_bytes().split())
    except OSError:  # it ended in between
        return


def _measure_memory(process: int) -> int:
    try:
        told = (_PROCESSES / str(process) / "status").read_bytes()
    except OSError:  # it ended in between
        return 0
    return _sum_kibibytes(told, _HELD)


def _sum_kibibytes(told: bytes, wanted: tuple[bytes, ...]) -> int:
    """Return the sum, in bytes, of the lines that begin so in what the system tells."""
    return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith(wanted)) << 10


def _is_missed(memory: int) -> bool:
    """Tell whether the machine has little left, and less than this program holds.

    Each program is watched by whoever started it, which knows of no other: what is left is what they share. The largest
    end first.
    """
    told = _MACHINE.read_bytes()
    spared = _sum_kibibytes(told, (b"MemTotal:",)) // _SPARED
    return _sum_kibibytes(told, (b"MemAvailable:",)) < min(spared, memory)


def measure_written(job: Job) -> Written:
    """Return what stands now where a program may write."""
    places = [job.folder, *job.writes]
    size = sum(os.fstat(one.fileno()).st_blocks * 512 for one in job.files)
    count = 0
    for place in places:
        for folder, folders, names in os.walk(place):
            count += len(folders) + len(names)
            size += sum(_measure_file(Path(folder, name)) for name in names)
    disks = [*map(os.statvfs, places), *(os.fstatvfs(one.fileno()) for one in job.files)]
    return Written(size, count, min(one.f_bavail * one.f_frsize for one in disks))


def _measure_file(file: Path) -> int:
    try:
        return file.lstat().st_blocks * 512
    except OSError:  # it was taken away in between
        return 0


def _has_written_too_much(now: Written, before: Written, job: Job) -> bool:
    # A file without a name is in no folder: only the disk tells of it.
    return (
        now.size - before.size > job.limits.written
        or now.files - before.files > job.limits.files
        or now.free < before.free - before.room
    )
