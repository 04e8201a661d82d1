"""How long the proceedings stood still between two events: clocks that burden nobody's rights stop meanwhile."""

from datetime import datetime, timedelta

from alteram.core.acts import ProceedingsPaused, ProceedingsResumed
from alteram.core.kernel.instants import When
from alteram.core.rules.view import View

#: What a requirement must declare to ask `without_pauses`.
PAUSING = (ProceedingsPaused, ProceedingsResumed)


def without_pauses(view: View, start: When, end: When) -> tuple[When, tuple[str, ...]]:
    """Return `end` moved earlier by the time the proceedings stood still after `start`, and the working of that.

    A pause counts where its times are known; one that was never resumed lasts until the end it was given, or to `end`.
    """
    if start.last is None or end.first is None:
        return end, ()
    total = sum((_length(pause, start.last, end.first) for pause in _pauses(view)), timedelta())
    if not total:
        return end, ()
    moved = When(end.first - total, None if end.last is None else end.last - total)
    return moved, (f"the proceedings were paused for {total}, which is not counted",)


def _pauses(view: View) -> list[tuple[datetime, datetime | None]]:
    resumed = {one.act.pause: one.when.first for one in view.supporting(ProceedingsResumed)}
    return [
        (one.when.last, resumed.get(one.seq) or one.act.until)
        for one in view.supporting(ProceedingsPaused)
        if one.when.last is not None
    ]


def _length(pause: tuple[datetime, datetime | None], start: datetime, end: datetime) -> timedelta:
    begun, over = pause
    return max(timedelta(), min(over or end, end) - max(begun, start))
