"""Enter a history: matters that only tell what is said to have happened elsewhere, as reported events."""

from datetime import datetime

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import History
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform_many
from alteram.operations.recording import Proposal


class HistoryError(AlteramError):
    """A history cannot be entered."""


def enter_history(
    organisation: Organisation, history: History, actor: PersonId, *, now: datetime | None = None
) -> tuple[int, ...]:
    """Enter every matter of `history` as told by `actor`; return how many entries each matter got, by name.

    The people and offices of the history are taken as those of this organisation. Raises: HistoryError when a matter of
    one of these names exists, with nothing entered of it.
    """
    for stream in history.matters:
        if organisation.state(stream, fresh=True).head is not None:
            raise HistoryError(f"There is a matter {stream} already.", remedy="Enter the history elsewhere.")
    beginnings = [(stream, events[:1]) for stream, events in history.matters.items()]
    told = [(stream, events[1:]) for stream, events in history.matters.items()]
    proposals = [
        Proposal(stream, event.act, actor, event.reported)
        for stream, events in (*beginnings, *told)
        for event in events
    ]
    for done in perform_many(organisation, proposals, now=now):
        if isinstance(done.ruling, Refused):
            raise HistoryError(f"{done.ruling.because} ({done.ruling.code})")
    return tuple(len(events) for _, events in sorted(history.matters.items()))
