"""Where an entry stands in the log, who vouches for that, and between which times it was recorded."""

from collections.abc import Iterator
from dataclasses import dataclass

from alteram.core.record.bounds import DatedCheckpoint, TimeBounds
from alteram.core.tlog import TlogProof
from alteram.operations.entries import Entered
from alteram.operations.ports import StoreError
from alteram.operations.questions import TimelineEntry
from alteram.operations.receipts import find_receipt
from alteram.operations.time_bounds import KeptCheckpoints, find_published_size

_UNBOUNDED = TimeBounds()


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness that cosigned, and where it can be reached (empty: the policy does not say)."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class EntryProof:
    """An entry's place in the log; all else is None while no checkpoint that holds it verifies."""

    index: int | None
    origin: str
    size: int | None = None
    """The size of the checkpoint that bounds it from above: the smallest that witnesses cosigned, if any did."""
    witnesses: tuple[Cosigner, ...] = ()
    bounds: TimeBounds = _UNBOUNDED


def find_proof(entered: Entered, entry: TimelineEntry) -> EntryProof:
    """Return where an entry stands in the log."""
    ports = entered.organisation.ports
    index = ports.store.find_index(ports.organisation, entered.stream, entry.seq)
    if index is None:
        return EntryProof(None, ports.origin)
    kept = KeptCheckpoints(ports)
    cover = kept.find_cover(index, find_published_size(entered.organisation))
    if cover is None:
        return EntryProof(index, ports.origin)
    return EntryProof(
        index=index,
        origin=ports.origin,
        size=cover.size,
        witnesses=tuple(_find_witnesses(entered, cover)),
        bounds=TimeBounds(kept.find_first(entry.claims.get("seen")), cover.last),
    )


def _find_witnesses(entered: Entered, cover: DatedCheckpoint) -> Iterator[Cosigner]:
    if cover.last is not None and cover.last.witnessed:
        for one in entered.organisation.ports.policy.witnesses:
            if one.key.name in cover.last.by:
                yield Cosigner(one.name, one.url or "")


def get_receipt(entered: Entered, seq: int) -> TlogProof:
    """Return an entry's receipt. Raises: StoreError where it is not in the log yet, or its key was destroyed."""
    receipt = find_receipt(entered.organisation, entered.stream, seq)
    if receipt is None:
        raise StoreError("This entry is not in the log yet.", remedy="Try again in a moment.")
    return receipt
