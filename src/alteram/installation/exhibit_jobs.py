"""Lodging large files, recordings and parts as long work: whoever does so sees how far it is, and what became of it.

What is kept of it here is sealed under the matter's key (`operations/exhibits/waiting.py`). A job that fails says why,
and can be begun again while the file waits in the store; one that the rules refuse gives back what was written, and
the file need not be sent again.
"""

import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from alteram.core.acts import ExhibitDerived, ExhibitLodged
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.exhibits import find_lodging
from alteram.installation.asking import Asking
from alteram.installation.background import LongWork, Tell, ask_for, find_own_work, find_work
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.installation.organisations import get_organisation, read_now
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.incoming import ReceivedFile
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.parts import STEPS, lodge_excerpt
from alteram.operations.exhibits.uploads import Upload, drop_upload, list_uploads, receive_upload
from alteram.operations.exhibits.waiting import (
    ArrivedFile,
    WaitingExhibit,
    open_excerpt,
    open_waiting,
    receive_waiting,
    seal_excerpt,
    seal_waiting,
)
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError
from alteram.operations.questions import UnknownMatterError

_KIND: Final = "lodging"
_EXCERPT: Final = "excerpt"
#: Reading what arrived, looking at it, recording it.
_PARTS: Final = 3
#: What became of it is told for so long.
_KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LodgingJob:
    """How far it is; once it ended, the entry it led to, or why there is none. `of`: an excerpt of that exhibit."""

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
    back: str = ""
    of: str = ""


def lodge_later(asking: Asking, stream: StreamId, waiting: WaitingExhibit, *, back: str = "") -> str:
    """Have it lodged, and return the name of the job; `back` names where its page leads in the end.

    Raises: BusyError (of `background`); then nothing is kept.
    """
    sealed = b64encode(seal_waiting(asking.organisation, stream, waiting)).decode()
    given = {"stream": stream, "person": waiting.person, "exhibit": waiting.act.exhibit, "sealed": sealed}
    given |= {"upload": waiting.file.upload, "back": back}
    return _ask_for(asking, _KIND, given, _PARTS)


def lodge_excerpt_later(asking: Asking, entered: Entered, act: ExhibitDerived) -> str:
    """Have an excerpt lodged, and return the name of the job; the act says which pieces of which exhibit it is.

    Raises: BusyError (of `background`); then nothing is kept.
    """
    sealed = b64encode(seal_excerpt(asking.organisation, entered.stream, act)).decode()
    given = {"stream": entered.stream, "person": entered.person, "exhibit": act.exhibit, "of": act.of, "sealed": sealed}
    return _ask_for(asking, _EXCERPT, given, STEPS)


def _ask_for(asking: Asking, kind: str, given: dict[str, str], parts: int) -> str:
    LongWork.objects.filter(organisation=asking.name, kind=kind, ended_at__lt=read_now() - _KEPT).delete()
    name = secrets.token_hex(16)
    ask_for(asking.name, kind, name, given, parts=parts)
    return name


def find_job(asking: Asking, stream: StreamId, person: PersonId, name: str) -> LodgingJob | None:
    """Return somebody's own job in a matter; None for any other name."""
    work = find_own_work(asking.name, stream, person, name)
    if work is None or work.kind not in {_KIND, _EXCERPT}:
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
        work.given.get("back", ""),
        work.given.get("of", ""),
    )


def find_waiting(asking: Asking, stream: StreamId, person: PersonId, name: str) -> WaitingExhibit | None:
    """Return what somebody's own job was to lodge, once it was not lodged. Raises: StoreError."""
    job, work = find_job(asking, stream, person, name), find_work(asking.name, _KIND, name)
    if job is None or work is None or job.is_under_way or job.seq is not None:
        return None
    return open_waiting(asking.organisation, stream, b64decode(work.given["sealed"]))


def find_waiting_excerpt(asking: Asking, stream: StreamId, person: PersonId, name: str) -> ExhibitDerived | None:
    """Return the excerpt that somebody's own job was to lodge, once it was not lodged. Raises: StoreError."""
    job, work = find_job(asking, stream, person, name), find_work(asking.name, _EXCERPT, name)
    if job is None or work is None or job.is_under_way or job.seq is not None:
        return None
    return open_excerpt(asking.organisation, stream, b64decode(work.given["sealed"]))


def find_free_uploads(asking: Asking, entered: Entered) -> tuple[Upload, ...]:
    """Return somebody's own uploads in a matter, but for those that some work has taken."""
    under_way = LongWork.objects.filter(organisation=asking.name, given__stream=entered.stream, ended_at=None)
    taken = {given.get("upload") for given in under_way.values_list("given", flat=True)}
    return tuple(one for one in list_uploads(entered) if one.name not in taken)


def try_again(asking: Asking, stream: StreamId, person: PersonId, name: str) -> str | None:
    """Begin a job that failed again, and return its new name; None where it did not fail. Raises: BusyError."""
    job, work = find_job(asking, stream, person, name), find_own_work(asking.name, stream, person, name)
    if job is None or work is None or not job.has_failed:
        return None
    again = _ask_for(asking, work.kind, work.given, work.parts)
    LongWork.objects.filter(organisation=asking.name, kind=work.kind, key=name).delete()
    return again


def run_lodging(organisation: str, given: Any, tell: Tell) -> Any:
    """Look at the file and lodge it, and tell how far it is. See `background`."""
    opened, stream = get_organisation(organisation).organisation, StreamId(given["stream"])
    try:
        waiting = open_waiting(opened, stream, b64decode(given["sealed"]))
        known = find_lodging(opened.facts(stream, fresh=True), waiting.act.exhibit)
        is_own = known is not None and known.actor == waiting.person
        try:
            received = _receive(opened, stream, waiting.file)
        except UnknownMatterError:
            if known is None or not is_own:
                raise
            return {"seq": known.seq}  # as below; the upload was deleted, too
        if known is not None and is_own and known.act.digest == received.digest_hex:
            _drop_upload(opened, stream, waiting.file)
            return {"seq": known.seq}  # it was lodged just before the process was stopped
        tell(1, _PARTS, None)
        act = waiting.act
        prepared = prepare(
            opened, stream, received, find_evidence_tools(), kind=act.kind, file_name=act.file_name or ""
        )
        tell(2, _PARTS, None)
        done = lodge_exhibit(opened, stream, act, waiting.person, prepared, keeps_original=not waiting.file.upload)
    except AlteramError as error:
        return {"because": error.problem, "remedy": error.remedy}
    if isinstance(done.ruling, Refused):
        return {"code": done.ruling.code, "because": done.ruling.because}
    tell(_PARTS, _PARTS, {"seq": done.seq})
    _drop_upload(opened, stream, waiting.file)
    return {"seq": done.seq}


def run_excerpt(organisation: str, given: Any, tell: Tell) -> Any:
    """Cut a part out, prove it and lodge it, and tell how far that is. See `background`."""
    opened, stream = get_organisation(organisation).organisation, StreamId(given["stream"])
    try:
        entered = enter(opened, stream, PersonId(given["person"]))
        act = open_excerpt(opened, stream, b64decode(given["sealed"]))
        first, until = act.first or 0, act.until or 0
        known = find_lodging(entered.facts, act.exhibit)
        if known is not None and known.actor == entered.person and _tell_part(known.act) == (act.of, first, until):
            return {"seq": known.seq}  # it was lodged just before the process was stopped
        done = lodge_excerpt(
            entered, find_evidence_tools(), act, first, until, now=read_now().replace(microsecond=0),
            tell=lambda steps: tell(steps, STEPS, None),
        )  # fmt: skip
    except AlteramError as error:
        return {"because": error.problem, "remedy": error.remedy}
    ruling = done if isinstance(done, Refused) else done.ruling
    if isinstance(ruling, Refused):
        return {"code": ruling.code, "because": ruling.because}
    tell(STEPS, STEPS, None)
    return {"seq": None if isinstance(done, Refused) else done.seq}


def _tell_part(act: ExhibitLodged | ExhibitDerived) -> tuple[str, int | None, int | None] | None:
    return (act.of, act.first, act.until) if isinstance(act, ExhibitDerived) else None


def _receive(organisation: Organisation, stream: StreamId, file: ArrivedFile) -> ReceivedFile:
    if file.sealed is not None:
        return receive_waiting(organisation, stream, file.sealed)
    return receive_upload(enter(organisation, stream, file.person), file.upload)


def _drop_upload(organisation: Organisation, stream: StreamId, file: ArrivedFile) -> None:
    """Delete the upload that was lodged; where that fails, it is swept away in time."""
    if file.upload:
        with suppress(UnknownMatterError, StoreError):
            drop_upload(enter(organisation, stream, file.person), file.upload)
