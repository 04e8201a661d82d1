"""Between which times an entry was recorded, from the checkpoints of an export (record R7.9)."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime

from conformance.receipts import Head
from conformance.trust import Key, Trust

#: How far clocks may differ before a reader is told, in seconds.
TOLERANCE = 300


@dataclass(frozen=True)
class Bound:
    """A time, and who says so; `witnessed` is false where it is the log alone."""

    time: int
    by: tuple[str, ...]
    witnessed: bool


@dataclass(frozen=True)
class Dated:
    """A verified checkpoint, with the earliest and the latest time at which it was signed."""

    head: Head
    earliest: Bound | None = None
    latest: Bound | None = None


@dataclass(frozen=True)
class Times:
    """An entry's number, the time it gives itself, and its bounds."""

    number: int
    at: datetime | None
    not_before: Bound | None
    not_after: Bound | None

    @property
    def borne_out(self) -> bool:
        """Return whether the entry's own time lies within its bounds, give or take what clocks may differ."""
        if self.at is None:
            return True
        at = int(self.at.timestamp())
        too_early = self.not_before is not None and at + TOLERANCE < self.not_before.time
        too_late = self.not_after is not None and at - TOLERANCE > self.not_after.time
        return not (too_early or too_late)

    @property
    def gap(self) -> int | None:
        """Return the seconds between the bounds, where there are both."""
        if self.not_before is None or self.not_after is None:
            return None
        return max(0, self.not_after.time - self.not_before.time)


def date_head(head: Head, signed: list[tuple[Key, int]], trust: Trust) -> Dated:
    """Return a checkpoint with the times of its signatures."""
    witnessed, told = trust.find_times(signed)
    if not told:
        return Dated(head)
    by = tuple(sorted({key.name for key, _ in told}))
    earliest, latest = min(time for _, time in told), max(time for _, time in told)
    return Dated(head, Bound(earliest, by, witnessed), Bound(latest, by, witnessed))


def find_latest(checkpoints: list[Dated], index: int) -> Bound | None:
    """Return by when the leaf at `index` was in the log; the checkpoints are in order of size, the file's own last."""
    first = bisect_right(checkpoints, index, key=lambda one: one.head.size)
    found = [one.latest for one in checkpoints[first:] if one.latest is not None]
    return next((one for one in found if one.witnessed), found[0] if found else None)


def tell_times(stream: str, times: list[Times]) -> list[str]:
    """Return lines for a reader: the widest gap, and whether entries give a time outside their bounds."""
    lines = []
    gaps = [(one.gap, one) for one in times if one.gap is not None]
    if gaps:
        gap, widest = max(gaps, key=lambda one: one[0])
        lines.append(
            f"  times: {len(gaps)} of {len(times)} entries bounded on both sides,"
            f" at widest by {gap} s: entry {widest.number}, {_tell(widest)}"
        )
    elif times:
        lines.append(f"  times: no entry bounded on both sides; the last, {_tell(times[-1]) or 'by nothing'}")
    outside = [one for one in times if not one.borne_out]
    if outside:
        first = outside[0]
        lines.append(
            f"  {len(outside)} entries of {stream} give a time outside their bounds, first entry {first.number}:"
            f" it says {first.at:%Y-%m-%dT%H:%M:%SZ}, the log saw it {_tell(first)}"
        )
    return lines


def _tell(times: Times) -> str:
    told = []
    if times.not_before is not None:
        told.append(f"not before {tell_time(times.not_before.time)} ({_who(times.not_before)})")
    if times.not_after is not None:
        told.append(f"not after {tell_time(times.not_after.time)} ({_who(times.not_after)})")
    return ", ".join(told)


def _who(bound: Bound) -> str:
    return ", ".join(bound.by) if bound.witnessed else "the log alone"


def tell_time(seconds: int) -> str:
    """Return POSIX seconds as an instant, or as they are where no calendar reaches."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return str(seconds)
