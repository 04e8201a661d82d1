"""Asks the worker, confined: one task on one file, answered by a typed value, or by why there is none.

The answer is as hostile as the file: it is bounded, parsed into its type, and its pictures are checked before they
are passed on. Nothing of a file is ever parsed in the process that serves.
"""

import json
import tempfile
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from alteram.adapters.confining.interpreter import find_interpreter, find_settings, run_module
from alteram.operations.evidence_ports import (
    ConfinedPrograms,
    ConfinementError,
    Ended,
    Job,
    Limits,
    TakesBytes,
    Unshown,
    WhyUnshown,
)

T = TypeVar("T")

#: What the worker may use: it reads one file of any size, and writes pages.
WORKER: Final = Limits(seconds=90, cpu_seconds=80, memory=1 << 30, address_space=3 << 30, answer=32 << 20)
#: Name under which a program is shown the file.
FILE: Final = "file"
_WHY: Final[dict[str, WhyUnshown]] = {
    "time": "took-too-long",
    "memory": "too-large",
    "size": "too-large",
    "processes": "too-large",
    "failed": "damaged",
}


class Answer(msgspec.Struct, frozen=True):
    """What the worker writes: an answer of the task, or why there is none."""

    found: msgspec.Raw = msgspec.Raw(b"null")
    unshown: Unshown | None = None


def ask(
    programs: ConfinedPrograms,
    task: str,
    kind: type[T],
    *,
    source: Path | None = None,
    folder: Path | None = None,
    limits: Limits = WORKER,
    **arguments: object,
) -> T | Unshown:
    """Return the worker's answer to a task, on the file at `source`, with what it writes put into `folder`."""
    with tempfile.TemporaryDirectory(prefix="reading-") as spare:
        job = Job(
            command=run_module("alteram.adapters.converting.worker", task),
            folder=folder or Path(spare),
            reads={} if source is None else {FILE: source},
            limits=limits,
            asked=json.dumps(arguments).encode(),
            shows=find_interpreter(),
            settings=find_settings(),
        )
        ended = run(programs, job)
    return ended if isinstance(ended, Unshown) else parse_answer(ended, kind)


def run(programs: ConfinedPrograms, job: Job, take: TakesBytes | None = None) -> Ended | Unshown:
    """Return how a program ended; that none is run here, where programs cannot be confined."""
    try:
        return programs.run(job, take)
    except ConfinementError as error:
        return Unshown("program-missing", str(error))


def parse_answer(ended: Ended, kind: type[T]) -> T | Unshown:
    """Return a worker's answer as a value of its type, or why there is none."""
    if ended.how != "done":
        return explain(ended)
    try:
        answer = msgspec.json.decode(ended.answer, type=Answer)
        if answer.unshown is not None:
            return answer.unshown
        return msgspec.json.decode(answer.found, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unshown("damaged", "What reads it answered nonsense.")


def explain(ended: Ended) -> Unshown:
    """Return why a program that did not end well shows nothing."""
    return Unshown(_WHY.get(ended.how, "damaged"), f"The program that reads it ended: {ended.how}.")
