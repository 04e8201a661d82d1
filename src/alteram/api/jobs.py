"""Long work: asked for with `Prefer: respond-async` (RFC 7240), it is done while the caller does something else.

The answer is 202 with where to ask how far it is. What is kept of it is what was asked for, and what it came to.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Router, Schema

from alteram.api.calling import BearerToken, MatterName, Org, get_calling
from alteram.api.once import answer, answer_once
from alteram.api.problems import ProblemError, not_found
from alteram.installation.answers import Caller
from alteram.installation.background import BusyError, Work, find_own_work

router = Router(tags=["jobs"], auth=BearerToken("read"))
_LATER: Final = "respond-async"
Kind: TypeAlias = Literal["bundle", "copies", "excerpt", "lodging", "names"]
State: TypeAlias = Literal["under-way", "done", "refused", "broke-off"]
JobName = Annotated[str, Path(pattern="^[0-9a-f]{32,64}$", max_length=64, description="The job's name.")]
Prefer: TypeAlias = Annotated[
    str | None,
    Header(
        alias="Prefer",
        description="With `respond-async`, it is done later: the answer is 202 and a job, which `show_job` tells of.",
    ),
]


class JobServed(Schema):
    """What became of serving one person: the entry, or why there is none."""

    person: str
    entry: int | None
    because: str | None


class JobPlace(Schema):
    """A place where a protected person may be named: in an exhibit, or (none) in what the bundle adds.

    `what`: on a page, in the name of its file, inside what the file says of itself, in the words of its entry, or in
    its gist; `unread` says that the file could not all be read.
    """

    exhibit: str | None
    page: int
    certain: bool
    what: Literal["page", "name", "inside", "words", "gist", "unread"]


class Job(Schema):
    """Work that the asker asked for: how far it is (`done` of `parts`, 0 of 0 where that cannot be said).

    Once it is done: the entry that records it, whom it was served on, or where names may stand (`count` of them, the
    first of which are in `places`). Refused or broken off: why, and what helps.
    """

    job: str
    kind: Kind
    state: State
    done: int
    parts: int
    asked_at: datetime
    ended_at: datetime | None
    entry: int | None = None
    served: tuple[JobServed, ...] = ()
    count: int | None = None
    places: tuple[JobPlace, ...] = ()
    because: str | None = None
    remedy: str | None = None


def wants_later(request: HttpRequest) -> bool:
    """Return whether a caller prefers not to wait."""
    preferences = request.headers.get("Prefer", "").split(",")
    return any(one.partition(";")[0].strip().lower() == _LATER for one in preferences)


def answer_later(request: HttpRequest, matter: str, work: Work) -> HttpResponse:
    """Return where a job that was asked for is told of."""
    response = answer(tell_job(work), 202)
    response["Location"] = f"/api/v1/{get_calling(request).asking.name}/matters/{matter}/jobs/{work.key}"
    if wants_later(request):
        response["Preference-Applied"] = _LATER
    return response


def answer_job(request: HttpRequest, matter: str, name: str) -> HttpResponse:
    """Return where a job of this name, which the asker has just asked for, is told of."""
    calling = get_calling(request)
    work = find_own_work(calling.asking.name, matter, calling.person, name)
    if work is None:
        raise LookupError(name)
    return answer_later(request, matter, work)


def answer_now_or_later(
    request: HttpRequest, caller: Caller, do: Callable[[], HttpResponse], do_later: Callable[[], HttpResponse]
) -> HttpResponse:
    """Do it now or later, once, as the caller prefers. Raises: ProblemError, also where enough work waits already."""
    try:
        return answer_once(request, caller, do_later if wants_later(request) else do)
    except BusyError as error:
        raise ProblemError(409, "full", f"{error.problem} {error.remedy}") from error


@router.get("/{org}/matters/{matter}/jobs/{job}", response=Job, operation_id="show_job", summary="How far a job is")
def show_job(request: HttpRequest, org: Org, matter: MatterName, job: JobName) -> Job:
    """Tell how far a job of the asker's own is, and what it came to. It is kept at least until the next of its kind."""
    del org
    calling = get_calling(request)
    entered = calling.enter(matter)
    work = find_own_work(calling.asking.name, entered.stream, entered.person, job)
    if work is None or work.kind not in get_args(Kind):
        raise not_found()
    return tell_job(work)


def tell_job(work: Work) -> Job:
    """Return a job in its shape."""
    told: dict[str, Any] = work.outcome or {}
    because, remedy = told.get("because") or told.get("problem") or told.get("refused"), told.get("remedy")
    state: State = "done"
    if work.is_under_way:
        state, told, because = "under-way", {}, None
    elif work.has_failed or remedy is not None:
        state = "broke-off"
    elif because is not None:
        state = "refused"
    return Job(
        job=work.key,
        kind=work.kind,  # type: ignore[arg-type]  # looked at by who asks, and by the shape
        state=state,
        done=work.done,
        parts=work.parts,
        asked_at=work.asked_at,
        ended_at=work.ended_at,
        entry=told.get("seq"),
        served=tuple(_tell_served(one) for one in told.get("served", ())),
        count=told.get("count"),
        places=tuple(
            JobPlace(exhibit=exhibit or None, page=page, certain=certain, what=what)
            for exhibit, page, certain, what in told.get("places", ())
        ),
        because=because,
        remedy=remedy,
    )


def _tell_served(one: dict[str, Any]) -> JobServed:
    return JobServed(person=one["person"], entry=one.get("seq"), because=one.get("refused"))
