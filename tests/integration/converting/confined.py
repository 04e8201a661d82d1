"""Whether programs can be confined here, told once for every test that runs one; and what of them runs still."""

from contextlib import suppress
from functools import cache
from pathlib import Path

from alteram.adapters.confining.sandbox import Sandbox
from alteram.operations.evidence_ports import ConfinementError
from tests.needs import cannot_run


@cache
def _find_problem() -> str:
    try:
        Sandbox().confinement()
    except ConfinementError as error:
        return error.problem
    return ""


def need_confinement() -> None:
    """Skip where no program can be confined, and so none is run."""
    if problem := _find_problem():
        cannot_run(problem.rstrip("."), "sudo apt-get install bubblewrap, and allow user namespaces")


def find_running(marker: str) -> list[str]:
    """Return the processes of this machine, by number, that were begun with a word of their own in their command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended in between
            if marker.encode() in (process / "cmdline").read_bytes():
                found.append(process.name)
    return found
