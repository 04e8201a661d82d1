"""Past matters under other rules: every closed matter replayed under two versions, on as many processors as there are.

A matter is read, opened and replayed in one process, which tells only what came out; nothing that was opened is kept.
What was done before is left out where the caller says so, so that a replay that was cut short goes on. It does not
say who may learn what came out: see `past_matters`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from typing import Final

from alteram.core.acts import HistoryEntered
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, StreamId
from alteram.core.matters import AnyEvent, LinkedMatter, StreamFacts, WithheldEntry, build_holdings, fold_events
from alteram.core.matters.loading import build_event_from_claims
from alteram.core.rules import Rulebook, encode_rulebook, parse_canonical_rulebook
from alteram.core.rules.amendments.replaying import Recorded, Replayed, Slice, replay_matter, slice_replay
from alteram.operations.organisation import Organisation, linked_to

#: How one process opens the organisation for itself; it can be pickled.
Opener = Callable[[], AbstractContextManager[Organisation]]
#: How many matters are handed to a process at once, and how many rows are asked for.
CHUNK: Final = 16
_PAGE: Final = 500
#: As of how many entries a process keeps at hand what was known of the organisation.
_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Progress:
    """What was just done, and how far the whole is: `done` of `total` matters."""

    replayed: tuple[Replayed, ...]
    done: int
    total: int


def find_closed_matters(organisation: Organisation) -> tuple[StreamId, ...]:
    """Return the closed matters of an organisation, by name."""
    store, name = organisation.ports.store, organisation.ports.organisation
    found, after = list[StreamId](), ""
    while rows := store.matters(name, after, _PAGE):
        found += [row.stream for row in rows if row.closed_at is not None]
        after = rows[-1].stream
    return tuple(found)


def replay_matters(
    organisation: Organisation,
    open_again: Opener,
    versions: tuple[Rulebook, Rulebook],
    *,
    done: Collection[StreamId] = (),
    processes: int = 1,
    few: int = 2,
) -> Iterator[Progress]:
    """Yield what would have become of each closed matter, as it is known; matters in `done` are left out.

    With one process, or fewer than `few` matters left, everything happens in this one.

    Raises: StoreError, VaultError, from whichever process it was.
    """
    closed = find_closed_matters(organisation)
    known = frozenset(done)
    left = [one for one in closed if one not in known]
    finished = len(closed) - len(left)
    if not left:
        yield Progress((), finished, len(closed))
    processes = 1 if len(left) < few else min(processes, len(left))
    for replayed in _replay(organisation, open_again, versions, left, processes):
        finished += len(replayed)
        yield Progress(replayed, finished, len(closed))


def _replay(
    organisation: Organisation,
    open_again: Opener,
    versions: tuple[Rulebook, Rulebook],
    streams: Sequence[StreamId],
    processes: int,
) -> Iterator[tuple[Replayed, ...]]:
    chunks = _split(streams)
    if processes < 2:
        desk = _Desk(organisation, versions)
        yield from (tuple(map(desk.replay, chunk)) for chunk in chunks)
        return
    old, new = map(encode_rulebook, versions)
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(open_again, old, new)
    )
    try:
        yield from _hand_out(pool, chunks, processes)
    finally:
        # Whoever stops listening waits for what is being done, and for nothing else.
        pool.shutdown(cancel_futures=True)


def _hand_out(
    pool: ProcessPoolExecutor, chunks: Iterator[tuple[StreamId, ...]], processes: int
) -> Iterator[tuple[Replayed, ...]]:
    """Keep every process busy, and no more waiting than that: a long list is not handed out all at once."""
    waiting: set[Future[tuple[Replayed, ...]]] = {
        pool.submit(_replay_chunk, one) for one in islice(chunks, 2 * processes)
    }
    while waiting:
        ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        waiting |= {pool.submit(_replay_chunk, one) for one in islice(chunks, len(ready))}
        yield from (one.result() for one in ready)


def _split(streams: Iterable[StreamId]) -> Iterator[tuple[StreamId, ...]]:
    rest = iter(streams)
    while chunk := tuple(islice(rest, CHUNK)):
        yield chunk


# -- in each process

_open: list["_Desk"] = []
_stack = ExitStack()


def _begin(open_again: Opener, old: bytes, new: bytes) -> None:
    organisation = _stack.enter_context(open_again())
    _open.append(_Desk(organisation, (parse_canonical_rulebook(old), parse_canonical_rulebook(new))))


def _replay_chunk(streams: tuple[StreamId, ...]) -> tuple[Replayed, ...]:
    return tuple(map(_open[0].replay, streams))


@dataclass(slots=True)
class _Desk:
    """One process's view of an organisation: its own stream is read once, and known as it was at any entry."""

    organisation: Organisation
    versions: tuple[Rulebook, Rulebook]
    _touched: Slice | None = None
    _own: list[AnyEvent | WithheldEntry] = field(default_factory=list)
    _known: dict[int, StreamFacts] = field(default_factory=dict)

    def replay(self, stream: StreamId) -> Replayed:
        """Return what would have become of a matter."""
        if self._touched is None:
            self._touched = slice_replay(*self.versions)
            self._own = [one.event for one in read_recorded(self.organisation, ORGANISATION_STREAM)]
        if self._touched.is_empty:
            return Replayed(stream)
        recorded = read_recorded(self.organisation, stream)
        linked = self._find_linked(stream, recorded)
        return replay_matter(stream, recorded, self._find_organisation, linked, self.versions, self._touched)

    def _find_organisation(self, seq: int) -> StreamFacts:
        found = self._known.get(seq)
        if found is None:
            events = (one for one in self._own if one.seq <= seq)
            if len(self._known) == _KEPT:
                self._known.clear()
            found = self._known[seq] = fold_events(StreamFacts.empty(ORGANISATION_STREAM), events)
        return found

    def _find_linked(self, stream: StreamId, recorded: Sequence[Recorded]) -> tuple[LinkedMatter, ...]:
        events = (one.event for one in recorded)
        matter = fold_events(StreamFacts.empty(stream), events)
        return tuple(
            LinkedMatter(other, build_holdings(self.organisation.state(other).facts)) for other in linked_to(matter)
        )


def read_recorded(organisation: Organisation, stream: StreamId) -> tuple[Recorded, ...]:
    """Return a stream's entries as they were recorded. Raises: StoreError, VaultError."""
    recorded, as_stated, seen = list[Recorded](), False, -1
    for stored in organisation.ports.store.load(organisation.ports.organisation, stream):
        opened = organisation.open(stored)
        claims = {} if opened is None else opened.presentation.claims
        event = build_event_from_claims(stored.seq, claims, as_stated=as_stated)
        as_stated = as_stated or (not isinstance(event, WithheldEntry) and isinstance(event.act, HistoryEntered))
        seen = max(seen, _find_read(claims.get("reads")))
        recorded.append(Recorded(event, seen))
    return tuple(recorded)


def _find_read(reads: Json) -> int:
    """Return how much of the organisation's stream a ruling read; -1 where it does not say."""
    for one in reads if isinstance(reads, Sequence) else ():
        match one:
            case [str() as name, int() as seq] if name == ORGANISATION_STREAM:
                return seq
            case _:
                continue
    return -1
