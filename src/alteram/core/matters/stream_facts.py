"""What is known of one stream: its events, by kind of act.

A fold over entries. It decides how later entries change how earlier ones stand (agreed, denied, found, corrected),
and nothing else: roles, deadlines and requirements are worked out from the events by those who ask.
Entries whose structural fields were shredded are kept as withheld: known to exist, supporting nothing.

>>> from alteram.core.kernel.identifiers import StreamId
>>> StreamFacts.empty(StreamId("m1")).head_seq
-1
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import TypeAlias, TypeVar, cast

from alteram.core.acts import CorrectionMade, FactAgreed, FactDenied, FactFound, HistoryEntered
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import StreamId
from alteram.core.matters.events import AnyEvent, Event, with_standing

A = TypeVar("A", bound=Act)
T = TypeVar("T")
_Opened: TypeAlias = Callable[[type[Act]], list[AnyEvent]]


@dataclass(frozen=True, slots=True)
class WithheldEntry:
    """An entry that exists but whose structural fields cannot be read; `tag` is its act where that is known."""

    seq: int
    tag: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StreamFacts:
    """The events of one stream up to `head_seq`. Immutable; equal when they hold the same events."""

    stream: StreamId
    by_type: Mapping[type[Act], tuple[AnyEvent, ...]]
    head_seq: int = -1
    last_at: datetime | None = None
    withheld: tuple[WithheldEntry, ...] = ()
    _memo: dict[tuple[object, tuple[type[Act], ...]], object] = field(default_factory=dict, repr=False)

    @classmethod
    def empty(cls, stream: StreamId) -> "StreamFacts":
        """Return what is known of a stream that holds nothing."""
        return cls(stream, {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StreamFacts) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self.stream, self.head_seq, self.last_at, self.withheld, frozenset(self.by_type.items()))

    @property
    def is_history(self) -> bool:
        """Return whether this matter only tells what is said to have happened elsewhere."""
        return HistoryEntered in self.by_type

    def all(self, *kinds: type[A]) -> tuple[Event[A], ...]:
        """Return the events of these kinds of act, in the order of the stream."""
        if len(kinds) == 1:
            return cast("tuple[Event[A], ...]", self.by_type.get(kinds[0], ()))
        return cast("tuple[Event[A], ...]", self.work_out(kinds, _in_order))

    def work_out(self, reads: tuple[type[Act], ...], build: "Callable[[StreamFacts, tuple[type[Act], ...]], T]") -> T:
        """Return what `build` makes of the events of these kinds, and of nothing else.

        It is worked out once, and kept for as long as no event of these kinds is added or stands otherwise.
        """
        key = (build, reads)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = build(self, reads)
        return cast("T", found)

    def every(self) -> tuple[AnyEvent, ...]:
        """Return every event in the order of the stream."""
        return self.all(*self.by_type) if len(self.by_type) != 1 else next(iter(self.by_type.values()))

    def find(self, seq: int) -> AnyEvent | None:
        """Return the event with this sequence number, if it is there and readable."""
        return self.work_out(tuple(self.by_type), _by_seq).get(seq)

    def with_event(self, event: AnyEvent) -> "StreamFacts":
        """Return what is known once `event`, the next of the stream, has happened."""
        return fold_events(self, (event,))


def fold_events(facts: StreamFacts, events: Iterable[AnyEvent | WithheldEntry]) -> StreamFacts:
    """Return `facts` after `events`, which continue the stream in order."""
    by_type: dict[type[Act], list[AnyEvent]] = {}
    withheld = list(facts.withheld)
    head_seq, last_at = facts.head_seq, facts.last_at

    def opened(kind: type[Act]) -> list[AnyEvent]:
        bucket = by_type.get(kind)
        if bucket is None:
            bucket = by_type[kind] = list(facts.by_type.get(kind, ()))
        return bucket

    for event in events:
        head_seq = event.seq
        if isinstance(event, WithheldEntry):
            withheld.append(event)
            continue
        last_at = event.recorded_at
        opened(type(event.act)).append(event)
        if event.live and isinstance(event.act, _STANDING_ACTS):
            _change_standing(event, (facts.by_type.keys() | by_type.keys()), opened)
    frozen = {**facts.by_type, **{kind: tuple(bucket) for kind, bucket in by_type.items()}}
    kept = {key: known for key, known in facts._memo.items() if by_type.keys().isdisjoint(key[1])}
    return StreamFacts(facts.stream, frozen, head_seq, last_at, tuple(withheld), kept)


def _in_order(facts: StreamFacts, kinds: tuple[type[Act], ...]) -> tuple[AnyEvent, ...]:
    return tuple(sorted((event for kind in kinds for event in facts.by_type.get(kind, ())), key=attrgetter("seq")))


def _by_seq(facts: StreamFacts, kinds: tuple[type[Act], ...]) -> dict[int, AnyEvent]:
    return {event.seq: event for kind in kinds for event in facts.by_type[kind]}


_STANDING_ACTS = (FactAgreed, FactDenied, FactFound, CorrectionMade)


def _change_standing(event: AnyEvent, kinds: Iterable[type[Act]], opened: _Opened) -> None:
    act = event.act
    target = act.entry if isinstance(act, CorrectionMade) else cast("FactAgreed", act).event
    for kind in tuple(kinds):
        bucket = opened(kind)
        for place, earlier in enumerate(bucket):
            if earlier.seq == target:
                changed = _changed(earlier, event)
                bucket[place : place + 1] = [] if changed is None else [changed]
                return


def _changed(earlier: AnyEvent, by: AnyEvent) -> AnyEvent | None:
    match by.act:
        case FactAgreed():
            return with_standing(earlier, agreed_by=by.actor)
        case FactDenied():
            return with_standing(earlier, denied_by=by.actor)
        case FactFound(happened=True):
            return with_standing(earlier, found=True)
        case FactFound(happened=False):
            # What was found not to have happened neither supports nor defeats; a live act cannot be found away.
            return earlier if earlier.live else None
        case CorrectionMade():
            return with_standing(earlier, corrected=True)
        case _:
            return earlier
