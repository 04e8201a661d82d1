"""When an entry was recorded, as far as signed checkpoints show it (docs/spec/record.md, R7.9).

From below: by the checkpoint that the entry says it has seen. From above: by the smallest checkpoint that holds it. The
times are those of witnesses where enough of them for the policy cosigned; else the log's own, which nobody confirms.
It does not judge an entry's own time: an organisation may enter today what happened years ago.

>>> TimeBounds(Bound(100, ("w",), witnessed=True), Bound(160, ("w",), witnessed=True)).gap
60
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from alteram.core.kernel.instants import encode_instant
from alteram.core.tlog import Checkpoint, Policy, find_cosignatures
from alteram.core.tlog.note import VerifiedSignature

#: How far an organisation's clock may be from its witnesses' before a reader is told.
TOLERANCE_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Bound:
    """A time (POSIX seconds) and the keys that say so: witnesses, or where `witnessed` is false the log alone."""

    at: int
    by: tuple[str, ...]
    witnessed: bool

    @property
    def who(self) -> str:
        """Return who says so, in words."""
        return ", ".join(self.by) if self.witnessed else "the log alone"


@dataclass(frozen=True, slots=True)
class TimeBounds:
    """Between which times something was recorded; None where nothing shows it."""

    not_before: Bound | None = None
    not_after: Bound | None = None

    @property
    def gap(self) -> int | None:
        """Return how many seconds lie between the bounds, where there are both; 0 where clocks disagree so far."""
        if self.not_before is None or self.not_after is None:
            return None
        return max(0, self.not_after.at - self.not_before.at)

    def bear_out(self, at: datetime) -> bool:
        """Return whether a time lies between the bounds, give or take what clocks may differ."""
        said = int(at.timestamp())
        early = self.not_before is not None and said < self.not_before.at - TOLERANCE_SECONDS
        late = self.not_after is not None and said > self.not_after.at + TOLERANCE_SECONDS
        return not early and not late

    def __str__(self) -> str:
        """Return the bounds in words."""
        match self.not_before, self.not_after:
            case Bound() as first, Bound() as last:
                return f"between {encode_seconds(first.at)} and {encode_seconds(last.at)}"
            case Bound() as first, None:
                return f"after {encode_seconds(first.at)}"
            case None, Bound() as last:
                return f"before {encode_seconds(last.at)}"
            case _:
                return "at a time that nothing shows"


@dataclass(frozen=True, slots=True)
class EntryTimes:
    """An entry's number, the time it gives itself (None: withheld), and the bounds of when it was recorded."""

    number: int
    at: datetime | None
    bounds: TimeBounds

    @property
    def borne_out(self) -> bool:
        """Return whether the bounds bear out the time the entry gives itself; true where it gives none."""
        return self.at is None or self.bounds.bear_out(self.at)


@dataclass(frozen=True, slots=True)
class DatedCheckpoint:
    """A verified checkpoint with the first and the last of the times at which it was signed.

    An entry that has seen it is no older than the first, and an entry in it no younger than the last, as long as one of
    those who signed it tells the truth.
    """

    size: int
    root: bytes
    first: Bound | None
    last: Bound | None


def date_checkpoint(checkpoint: Checkpoint, signatures: Iterable[VerifiedSignature], policy: Policy) -> DatedCheckpoint:
    """Return a checkpoint with the times that its verified signatures give it."""
    signatures = tuple(signatures)
    logs = {one.key for one in policy.logs}
    cosigned = [one for one in find_cosignatures(signatures, policy) if one.timestamp]
    said = cosigned or [one for one in signatures if one.timestamp and one.key in logs]
    if not said:
        return DatedCheckpoint(checkpoint.size, checkpoint.root, None, None)
    by, times = tuple(sorted({one.key.name for one in said})), [one.timestamp for one in said]
    first, last = (Bound(at, by, witnessed=bool(cosigned)) for at in (min(times), max(times)))
    return DatedCheckpoint(checkpoint.size, checkpoint.root, first, last)


class Checkpoints:
    """The verified checkpoints of an export, which bound its entries."""

    def __init__(self, older: Sequence[DatedCheckpoint], own: DatedCheckpoint) -> None:
        """`older` are in order of size; `own` is the export's, which holds every entry of it."""
        self._by_size = {one.size: one for one in older}
        dated = [one for one in (*older, own) if one.last is not None]
        self._dated = dated
        self._witnessed = [one for one in dated if one.last is not None and one.last.witnessed]
        self._shared: dict[tuple[Bound | None, Bound | None], TimeBounds] = {}

    def find_root(self, size: int) -> bytes | None:
        """Return the root of the log at this size, where the export holds the checkpoint."""
        found = self._by_size.get(size)
        return None if found is None else found.root

    def bound(self, index: int, seen_size: int | None) -> TimeBounds:
        """Return the bounds of the entry at `index` that has seen the checkpoint of `seen_size`."""
        seen = None if seen_size is None else self._by_size.get(seen_size)
        cover = _find_cover(self._witnessed, index) or _find_cover(self._dated, index)
        first, last = None if seen is None else seen.first, None if cover is None else cover.last
        # Many entries share their bounds; one object for each pair keeps memory down.
        return self._shared.setdefault((first, last), TimeBounds(first, last))


def _find_cover(checkpoints: Sequence[DatedCheckpoint], index: int) -> DatedCheckpoint | None:
    place = bisect_right(checkpoints, index, key=lambda one: one.size)
    return checkpoints[place] if place < len(checkpoints) else None


def tell_times_not_borne_out(stream: str, entries: Iterable[EntryTimes]) -> str | None:
    """Return a note on the entries of a stream that give themselves a time outside their bounds, where there are any.

    It is no failure: clocks are wrong, histories are entered late, and demonstrations are played at made-up times.
    """
    outside = [one for one in entries if not one.borne_out]
    if not outside:
        return None
    first = outside[0]
    said = "" if first.at is None else encode_instant(first.at)
    count = "" if len(outside) == 1 else f" {len(outside)} entries of {stream} give such times."
    return f"Entry {first.number} of {stream} says {said}; the log saw it {first.bounds}.{count}"


def encode_seconds(seconds: int) -> str:
    """Return POSIX seconds as an instant, or as they are where no calendar reaches."""
    try:
        return encode_instant(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, ValueError, OSError):
        return str(seconds)
