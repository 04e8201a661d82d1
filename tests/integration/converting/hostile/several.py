"""Reads many files in one confined process, each in a child of its own: the worker's answers, without its start.

Tests only: `python several.py < jobs`; each job is [number, task, arguments]. The files are at `/in/samples/NUMBER`,
the answers go to `/out/NUMBER-TASK/answer`.
"""

import json
import os
import resource
import select
import signal
import sys
import warnings
from pathlib import Path

from alteram.adapters.converting.worker import TASKS, answer

SECONDS = 15


def read(number: int, task: str, arguments: dict[str, object]) -> None:
    """Answer one job; what goes wrong leaves no answer."""
    out = Path("/out", f"{number}-{task}")
    out.mkdir()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        told = answer(task, arguments, Path("/in/samples", str(number)), out)
        (out / "answer").write_bytes(told)
        os._exit(0)
    handle = os.pidfd_open(child)
    if not select.select([handle], [], [], 2 * SECONDS)[0]:
        os.kill(child, signal.SIGKILL)
    os.close(handle)
    status = os.waitpid(child, 0)[1]
    if status:
        (out / "ended").write_text(str(os.waitstatus_to_exitcode(status)))


def main() -> None:
    """Answer every job."""
    warnings.simplefilter("ignore")
    for module in {one.partition(":")[0] for one in TASKS.values()}:
        __import__(f"alteram.adapters.converting.{module}")
    for name in ("magic", "puremagic", "pypdfium2", "PIL.Image", "pi_heif", "warcio.archiveiterator"):
        __import__(name)
    for number, task, arguments in json.load(sys.stdin):
        read(number, task, arguments)


if __name__ == "__main__":
    main()
