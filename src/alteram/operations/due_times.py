"""When something is due for somebody: times only, for a calendar that strangers may come to read."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import encode_instant
from alteram.operations.lists import Cursor, find_my_matters
from alteram.operations.organisation import Organisation

_MOST = 200
_PAGE, _PAGES = 50, 10


@dataclass(frozen=True, slots=True)
class DueTime:
    """A time at which something is due; `mark` stays the same for as long as it does, and tells nothing of what."""

    at: datetime
    mark: str


def find_due_times(organisation: Organisation, person: PersonId, *, salt: str) -> tuple[DueTime, ...]:
    """Return when something is due from `person`, the earliest first, at most two hundred of them.

    What waits on them is looked into before what is merely open, and no more than so many matters of both.

    `salt` goes into the marks, so that nobody finds a matter's name by trying names.
    """
    due: list[DueTime] = []
    after: Cursor | None = None
    for _ in range(_PAGES):
        page = find_my_matters(organisation, person, "open", after=after, limit=_PAGE)
        rows = [(one.due_at, one.row.stream) for one in page.matters]
        due.extend(DueTime(at, _mark(salt, stream, at)) for at, stream in rows if at is not None)
        after = page.after
        if after is None:
            break
    return tuple(sorted(due, key=lambda one: one.at)[:_MOST])


def _mark(salt: str, stream: str, at: datetime) -> str:
    return sha256(f"{salt}\n{stream}\n{encode_instant(at)}".encode()).hexdigest()[:32]
