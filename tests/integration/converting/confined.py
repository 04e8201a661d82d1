"""Whether programs can be confined here; told once, for every test that runs one."""

from functools import cache

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
