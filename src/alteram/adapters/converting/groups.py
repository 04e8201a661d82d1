"""A control group that bounds how many processes a program has, where an installation runs as the superuser.

The kernel's own bound on processes does not hold for the superuser's, in a user namespace neither; a control group's
does. Anybody else is bounded by it and needs none. Where no group can be made, only the watching bounds them.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

#: Where the groups that count processes stand: version 1, then version 2.
_PLACES: Final = (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup"))
_ENTER: Final = 'echo 0 > "$1" && shift && exec "$@"'


@contextmanager
def bound_processes(count: int) -> Iterator[Sequence[str]]:
    """Yield the words to put before a command, so that it and all it starts are at most `count` processes."""
    group = _make(count) if os.geteuid() == 0 else None
    try:
        yield () if group is None else ("/bin/sh", "-c", _ENTER, "sh", str(group / "cgroup.procs"))
    finally:
        if group is not None:
            with suppress(OSError):  # a process is still ending in it: an empty group is left, which costs nothing
                group.rmdir()


def _make(count: int) -> Path | None:
    for place in _PLACES:
        group = place / f"alteram-{secrets.token_hex(8)}"
        try:
            group.mkdir()
        except OSError:  # no such groups here, or not for us
            continue
        try:
            (group / "pids.max").write_text(str(count))
        except OSError:  # groups here count no processes
            group.rmdir()
            continue
        return group
    return None
