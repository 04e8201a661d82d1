"""How long the proceedings stood still between two events: clocks that burden nobody's rights stop meanwhile."""

from datetime import datetime, timedelta

from alteram.core.acts import ProceedingsPaused, ProceedingsResumed
from alteram.core.kernel.instants import When
from alteram.core.kernel.phrases import phrase
from alteram.core.rules.view import View

#: What a requirement must declare to ask `without_pauses`.
PAUSING = (ProceedingsPaused, ProceedingsResumed)


def without_pauses(view: View, start: When, end: When) -> tuple[When, tuple[str, ...]]:
    """Return `end` moved earlier by the time the proceedings stood still after `start`, and the working of that.

    A pause counts where its times are known, until it was resumed or the end it was given, or else to `end`. Time in
    which two pauses held counts once.
    """
    if start.last is None or end.first is None:
        return end, ()
    total, counted_to = timedelta(), start.last
    for begun, over in sorted(_pauses(view, end.first)):
        total += max(timedelta(), over - max(begun, counted_to))
        counted_to = max(counted_to, over)
    if not total:
        return end, ()
    moved = When(end.first - total, None if end.last is None else end.last - total)
    return moved, (phrase("the proceedings were paused for {time}, which is not counted", time=total),)


def _pauses(view: View, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return when each pause began and when it was over, at the latest at `end`."""
    resumed = {one.act.pause: one.when.first for one in reversed(view.supporting(ProceedingsResumed))}
    return [
        (one.when.last, min(at for at in (resumed.get(one.seq), one.act.until, end) if at is not None))
        for one in view.supporting(ProceedingsPaused)
        if one.when.last is not None
    ]
