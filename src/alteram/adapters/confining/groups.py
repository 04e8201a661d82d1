"""What the kernel is told of a program before it is confined: how many processes, how much memory, and to end it first.

The kernel's own bound on processes does not hold for the superuser's, in a user namespace neither; a control group's
does, and bounds memory of all of them together as well. Anybody else is bounded by the first, and is seldom let make
the second. Where no group can be made, only the watching bounds what is together.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

#: Where the groups that count processes stand: version 1, then version 2.
_PLACES: Final = (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup"))
#: Should memory end all the same, what reads a lodged file is ended before the server is. A group that lets nobody in,
#: as in some containers, is as none: the watching bounds it.
_ENTER: Final = (
    "{ echo 1000 > /proc/self/oom_score_adj; } 2> /dev/null;"
    ' if [ -n "$1" ]; then { echo 0 > "$1"; } 2> /dev/null; fi; shift; exec "$@"'
)


@contextmanager
def enter_group(processes: int, memory: int) -> Iterator[Sequence[str]]:
    """Yield the words to put before a command, so that it and all it starts take no more than this, where it can be."""
    group = _make(processes, memory) if os.geteuid() == 0 else None
    try:
        yield ("/bin/sh", "-c", _ENTER, "sh", "" if group is None else str(group / "cgroup.procs"))
    finally:
        if group is not None:
            with suppress(OSError):  # a process is still ending in it: an empty group is left, which costs nothing
                group.rmdir()


def _make(processes: int, memory: int) -> Path | None:
    for place in _PLACES:
        group = place / f"alteram-{secrets.token_hex(8)}"
        try:
            group.mkdir()
        except OSError:  # no such groups here, or not for us
            continue
        try:
            (group / "pids.max").write_text(str(processes))
        except OSError:  # groups here count no processes
            group.rmdir()
            continue
        with suppress(OSError):  # groups of version 1 count one thing each; what is watched is bounded anyway
            (group / "memory.max").write_text(str(memory))
        return group
    return None
