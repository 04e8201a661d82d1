"""What the processes of a confined program use together, read from the system while they run."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from alteram.operations.evidence_ports import Ending, Job

#: Bubblewrap's two: the one outside that waits, and the first of the namespace. They are not the program's.
OWN_PROCESSES: Final = 2
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_PROCESSES: Final = Path("/proc")


def find_excess(first: int, job: Job) -> Ending | None:
    """Return the limit that a process and all that it started have reached together, if any."""
    family = find_family(first)
    if len(family) > job.limits.processes + OWN_PROCESSES:
        return "processes"
    if sum(map(_measure_memory, family)) > job.limits.memory:
        return "memory"
    return "size" if _has_written_too_much(job) else None


def find_family(first: int) -> frozenset[int]:
    """Return a process and every one that descends from it; those of a namespace all do."""
    children: dict[int, list[int]] = {}
    for process, parent in _list_processes():
        children.setdefault(parent, []).append(process)
    found = {first}
    waiting = [first]
    while waiting:
        new = [one for one in children.get(waiting.pop(), ()) if one not in found]
        found.update(new)
        waiting.extend(new)
    return frozenset(found)


def _list_processes() -> Iterator[tuple[int, int]]:
    for process in _PROCESSES.iterdir():
        if not process.name.isdigit():
            continue
        try:
            stat = (process / "stat").read_bytes()
        except OSError:  # it ended in between
            continue
        # The name of a program stands in brackets and may hold anything; the parent follows its last bracket.
        yield int(process.name), int(stat.rpartition(b")")[2].split()[1])


def _measure_memory(process: int) -> int:
    try:
        return int((_PROCESSES / str(process) / "statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError):  # it ended in between
        return 0


def _has_written_too_much(job: Job) -> bool:
    size = count = 0
    for folder, _, names in os.walk(job.folder):
        for name in names:
            count += 1
            try:
                size += Path(folder, name).lstat().st_blocks * 512
            except OSError:  # it was taken away in between
                continue
            if count > job.limits.files or size > job.limits.written:
                return True
        count += 1
    return count > job.limits.files + 1
