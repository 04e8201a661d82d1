"""When something is due for somebody: times only, for a calendar that strangers may come to read."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import encode_instant
from alteram.operations.lists import Cursor, find_my_matters
from alteram.operations.organisation import Organisation

_MOST = 200
_PAGE = 50


@dataclass(frozen=True, slots=True)
class DueTime:
    """A time at which something is due; `mark` stays the same for as long as it does, and tells nothing of what."""

    at: datetime
    mark: str


def find_due_times(organisation: Organisation, person: PersonId, *, salt: str) -> tuple[DueTime, ...]:
    """Return when something that waits on `person` is due, the earliest first, at most two hundred of them.

    `salt` goes into the marks, so that nobody finds a matter's name by trying names.
    """
    due: list[DueTime] = []
    after: Cursor | None = None
    while len(due) < _MOST:
        page = find_my_matters(organisation, person, "waits", after=after, limit=_PAGE)
        rows = [(one.row.next_due_at, one.row.stream) for one in page.matters]
        due.extend(DueTime(at, _mark(salt, stream, at)) for at, stream in rows if at is not None)
        after = page.after
        # What has no due time comes last: there is nothing to be found after it.
        if after is None or after.place[0] is None:
            break
    return tuple(due[:_MOST])


def _mark(salt: str, stream: str, at: datetime) -> str:
    return sha256(f"{salt}\n{stream}\n{encode_instant(at)}".encode()).hexdigest()[:32]
