"""Lodging large files and recordings as long work: whoever sent one sees how far it is, and what became of it.

What is kept of it here is sealed under the matter's key (`operations/exhibits/waiting.py`). A job that fails says why,
and can be begun again while the file waits in the store.
"""

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.background import LongWork, Tell, ask_for, find_work
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.installation.organisations import get_organisation, read_now
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.stored import find_lodging
from alteram.operations.exhibits.waiting import WaitingExhibit, open_waiting, receive_waiting, seal_waiting

_KIND: Final = "lodging"
#: Reading what arrived, looking at it, recording it.
_PARTS: Final = 3
#: What became of it is told for so long.
_KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LodgingJob:
    """How far it is; once it ended, the entry it led to, or why there is none."""

    name: str
    exhibit: str
    done: int
    parts: int
    is_under_way: bool
    has_failed: bool
    seq: int | None = None
    because: str = ""
    remedy: str = ""
    is_refused: bool = False


def lodge_later(asking: Asking, stream: StreamId, waiting: WaitingExhibit) -> str:
    """Have it lodged, and return the name of the job. Raises: BusyError (of `background`); then nothing is kept."""
    LongWork.objects.filter(organisation=asking.name, kind=_KIND, ended_at__lt=read_now() - _KEPT).delete()
    sealed = b64encode(seal_waiting(asking.organisation, stream, waiting)).decode()
    given = {"stream": stream, "person": waiting.person, "exhibit": waiting.act.exhibit, "sealed": sealed}
    name = secrets.token_hex(16)
    ask_for(asking.name, _KIND, name, given, parts=_PARTS)
    return name


def find_job(asking: Asking, stream: StreamId, person: PersonId, name: str) -> LodgingJob | None:
    """Return somebody's own job in a matter; None for any other name."""
    work = find_work(asking.name, _KIND, name)
    if work is None or (work.given["stream"], work.given["person"]) != (stream, person):
        return None
    told = work.outcome or {}
    return LodgingJob(
        name,
        work.given["exhibit"],
        work.done,
        work.parts,
        work.is_under_way,
        work.has_failed or "remedy" in told,
        told.get("seq"),
        told.get("because", ""),
        told.get("remedy", ""),
        "code" in told,
    )


def try_again(asking: Asking, stream: StreamId, person: PersonId, name: str) -> str | None:
    """Begin a job that failed again, and return its new name; None where it did not fail. Raises: BusyError."""
    job, work = find_job(asking, stream, person, name), find_work(asking.name, _KIND, name)
    if job is None or work is None or not job.has_failed:
        return None
    again = secrets.token_hex(16)
    ask_for(asking.name, _KIND, again, work.given, parts=_PARTS)
    LongWork.objects.filter(organisation=asking.name, kind=_KIND, key=name).delete()
    return again


def run_lodging(organisation: str, given: Any, tell: Tell) -> Any:
    """Look at the file and lodge it, and tell how far it is. See `background`."""
    opened, stream = get_organisation(organisation).organisation, StreamId(given["stream"])
    try:
        waiting = open_waiting(opened, stream, b64decode(given["sealed"]))
        received = receive_waiting(opened, stream, waiting.sealed)
        known = find_lodging(opened.facts(stream, fresh=True), waiting.act.exhibit)
        if known is not None and (known.actor, known.act.digest) == (waiting.person, received.digest_hex):
            return {"seq": known.seq}  # it was lodged just before the process was stopped
        tell(1, _PARTS, None)
        act = waiting.act
        prepared = prepare(
            opened, stream, received, find_evidence_tools(), kind=act.kind, file_name=act.file_name or ""
        )
        tell(2, _PARTS, None)
        done = lodge_exhibit(opened, stream, act, waiting.person, prepared)
    except AlteramError as error:
        return {"because": error.problem, "remedy": error.remedy}
    if isinstance(done.ruling, Refused):
        return {"code": done.ruling.code, "because": done.ruling.because}
    tell(_PARTS, _PARTS, None)
    return {"seq": done.seq}
