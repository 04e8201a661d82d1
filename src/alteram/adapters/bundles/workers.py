"""Asks the programs in which hostile files are read and typst prints: each confined, bounded, and ended in time.

Files go over as open descriptors, so that no name of a sender ever reaches a program. It sees those, the folders that
its job names, and our own programs (`adapters.confining`); without bubblewrap nothing runs.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, Protocol

from alteram.adapters.confining.interpreter import find_interpreter, find_settings, run_module
from alteram.adapters.confining.sandbox import Sandbox
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import Phrase, phrase
from alteram.operations.evidence_ports import ConfinementError, Ended, Job, Limits

#: What a worker may answer beside what it writes into files.
MAX_ANSWER: Final = 64 << 20
#: Addresses beyond its memory: of programs and fonts, and of what it is given, which it may map twice.
_MAPPED: Final = 8 << 30
_MAPPINGS: Final = 2
#: A worker is one process with a few threads.
_PROCESSES: Final = 16
_FILES: Final = 10_000
_REMEDY: Final = phrase("Leave out the file that breaks it, or put it beside as it is.")
_PROGRAMS: Final = Sandbox()


class BundleError(AlteramError):
    """A bundle, a redaction or the check of one could not be made."""


class WorkerEndedError(BundleError):
    """A worker ended before it answered: it took too long, too much memory, or what it read broke it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a worker may use: seconds of computing, twice that by the clock, bytes of memory and of a written file.

    `written` is what all that it writes may come to; None, no more than one file.
    """

    seconds: int = 60
    memory: int = 2 << 30
    file_size: int = 0
    written: int | None = None


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
    with TemporaryDirectory(prefix="worker-") as own:
        try:
            ended = _PROGRAMS.run(build_job(work, job, Path(own), files=files, bounds=bounds or Bounds()))
        except ConfinementError as error:
            raise BundleError(error.problem, remedy=error.remedy) from error
    answer = _parse(ended)
    if "error" in answer:
        raise BundleError(as_told(str(answer["error"])), remedy=as_told(str(answer.get("remedy", ""))))
    return answer


def as_told(text: str) -> Phrase:
    """Return what a worker told as the phrase that it was there: on its way out only the text of it is left.

    It has no places to fill in, and whatever else a worker may write is shown as it stands.
    """
    return text if isinstance(text, Phrase) else phrase(text)


def build_job(work: str, job: Mapping[str, Any], own: Path, *, files: Sequence[BinaryIO], bounds: Bounds) -> Job:
    """Return what is run for a piece of work; `own` is an empty folder, which it needs for nothing."""
    read = [*map(Path, job.get("fonts", ()))]
    read += [Path(page["picture"]).parent for page in job.get("pages", ()) if isinstance(page, dict)]
    written = [Path(job["folder"])] if "folder" in job else []
    written += [Path(job["picture"]).parent] if "picture" in job else []
    given = sum(os.fstat(one.fileno()).st_size for one in files)
    return Job(
        command=run_module("alteram.adapters.bundles.worker"),
        folder=own,
        reads={},
        limits=Limits(
            seconds=2 * bounds.seconds,
            cpu_seconds=bounds.seconds,
            memory=bounds.memory,
            address_space=bounds.memory + _MAPPED + _MAPPINGS * given,
            # Private memory and not addresses: files that are mapped to be read cost none that anybody misses.
            private=bounds.memory,
            answer=MAX_ANSWER,
            file_size=bounds.file_size,
            written=bounds.file_size if bounds.written is None else bounds.written,
            files=_FILES,
            processes=_PROCESSES,
        ),
        asked=json.dumps({"work": work, "job": job}).encode(),
        shows=[*find_interpreter(), *read],
        settings=find_settings(),
        writes=written,
        files=files,
    )


def _parse(ended: Ended) -> dict[str, Any]:
    """Return what a worker answered. Raises: WorkerEndedError; for nonsense too: a file may have taken it over."""
    if ended.how == "time":
        raise WorkerEndedError(phrase("It took longer than it may."), remedy=_REMEDY)
    answer = None
    if ended.how == "done":
        try:
            answer = json.loads(ended.answer)
        except (ValueError, RecursionError):
            answer = None
    if not isinstance(answer, dict):
        raise WorkerEndedError(phrase("It took more time or memory than it may, or broke the program."), remedy=_REMEDY)
    return answer
