"""What is known of one stream: its events, by kind of act.

A fold over entries. It decides how later entries change how earlier ones stand (agreed, denied, found, corrected),
and nothing else: roles, deadlines and requirements are worked out from the events by those who ask.
Entries whose structural fields were shredded are kept as withheld: known to exist, supporting nothing.

>>> from alteram.core.kernel.identifiers import StreamId
>>> StreamFacts.empty(StreamId("m1")).head_seq
-1
"""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import TypeVar, cast

from alteram.core.acts import CorrectionMade, FactAgreed, FactDenied, FactFound, HistoryEntered
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import StreamId
from alteram.core.matters.events import AnyEvent, Event, with_standing, without_agreement

A = TypeVar("A", bound=Act)
T = TypeVar("T")


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
    gone: tuple[AnyEvent, ...] = ()
    """Reported events that were found not to have happened: kept only because a finding can be corrected."""
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
        return (self.stream, self.head_seq, self.last_at, self.withheld, self.gone, frozenset(self.by_type.items()))

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
        if changes_standing(event):
            return fold_events(self, (event,))
        return self.with_last((*self.by_type.get(type(event.act), ()), event))

    def with_last(self, events: tuple[AnyEvent, ...]) -> "StreamFacts":
        """Return what is known once the last of `events` has happened, which are then all of its kind.

        It must be one that changes nothing of others. Whoever has that tuple already shares it between many matters.
        """
        event = events[-1]
        kind = type(event.act)
        # A copy, made at one stroke: another thread may be working something out of the same facts.
        kept = {key: known for key, known in self._memo.copy().items() if kind not in key[1]}
        by_type = {**self.by_type, kind: events}
        return StreamFacts(self.stream, by_type, event.seq, event.recorded_at, self.withheld, self.gone, kept)


def changes_standing(event: AnyEvent) -> bool:
    """Return whether `event` changes how others stand: agrees to one, denies it, finds on it or corrects it."""
    return event.live and isinstance(event.act, _STANDING_ACTS)


def fold_events(facts: StreamFacts, events: Iterable[AnyEvent | WithheldEntry]) -> StreamFacts:
    """Return `facts` after `events`, which continue the stream in order."""
    fold = _Fold(facts)
    withheld = list(facts.withheld)
    head_seq, last_at = facts.head_seq, facts.last_at
    for event in events:
        head_seq = event.seq
        if isinstance(event, WithheldEntry):
            withheld.append(event)
            continue
        last_at = event.recorded_at
        fold.add(event)
    changed = fold.changed
    frozen = {**facts.by_type, **{kind: tuple(bucket) for kind, bucket in changed.items()}}
    # A copy, made at one stroke: another thread may be working something out of the same facts.
    kept = {key: known for key, known in facts._memo.copy().items() if changed.keys().isdisjoint(key[1])}
    return StreamFacts(facts.stream, frozen, head_seq, last_at, tuple(withheld), tuple(fold.gone), kept)


class _Fold:
    """A fold under way: `changed` are the kinds of act that differ from before, `gone` what was found not to be so."""

    def __init__(self, facts: StreamFacts) -> None:
        self._before = facts.by_type
        self.changed: dict[type[Act], list[AnyEvent]] = {}
        self.gone = list(facts.gone)

    def add(self, event: AnyEvent) -> None:
        """Add the next event, after what it changes of earlier ones: nothing says of itself how it stands."""
        if changes_standing(event):
            self._change_standing(event)
        self._opened(type(event.act)).append(event)

    def _opened(self, kind: type[Act]) -> list[AnyEvent]:
        bucket = self.changed.get(kind)
        if bucket is None:
            bucket = self.changed[kind] = list(self._before.get(kind, ()))
        return bucket

    def _known(self, kind: type[Act]) -> Iterable[AnyEvent]:
        return self.changed[kind] if kind in self.changed else self._before.get(kind, ())

    def _bucket_of(self, seq: int) -> list[AnyEvent]:
        """Return the list that holds the event `seq`, to be changed; one that is empty when there is none."""
        for kind in (*self.changed, *self._before):
            if any(one.seq == seq for one in self._known(kind)):
                return self._opened(kind)
        return self.gone if any(one.seq == seq for one in self.gone) else []

    def _change(self, seq: int, change: Callable[[AnyEvent], AnyEvent]) -> AnyEvent | None:
        """Put what `change` makes of the event `seq` in its place, and return it."""
        bucket = self._bucket_of(seq)
        for place, one in enumerate(bucket):
            if one.seq == seq:
                bucket[place] = change(one)
                return bucket[place]
        return None

    def _change_standing(self, by: AnyEvent) -> None:
        match by.act:
            case FactAgreed(event=seq):
                self._change(seq, lambda one: with_standing(one, agreed_by=by.actor))
            case FactDenied(event=seq):
                self._change(seq, lambda one: with_standing(one, denied_by=by.actor))
            case FactFound(event=seq, happened=happened):
                self._change(seq, lambda one: replace(one, found=one.found or happened))
                if not happened:
                    self._sort_out(seq, gone=True)
            case CorrectionMade(entry=seq):
                corrected = self._change(seq, lambda one: replace(one, corrected=True))
                if corrected is not None and corrected.live:
                    self._take_back(corrected)
            case _:
                return

    def _take_back(self, corrected: AnyEvent) -> None:
        """Undo what rested on an act that was corrected and on no other; a denial still counts against."""
        match corrected.act:
            case FactAgreed(event=seq):
                if not any(one.actor == corrected.actor for one in self._standing(FactAgreed, seq)):
                    self._change(seq, lambda one: without_agreement(one, corrected.actor))
            case FactFound(event=seq):
                outcomes = {getattr(one.act, "happened", None) for one in self._standing(FactFound, seq)}
                self._change(seq, lambda one: replace(one, found=True in outcomes))
                self._sort_out(seq, gone=False in outcomes)
            case _:
                return

    def _standing(self, kind: type[Act], seq: int) -> Iterator[AnyEvent]:
        """Yield the acts of this kind about the event `seq` that were done here and not corrected."""
        for one in self._known(kind):
            if one.live and not one.corrected and getattr(one.act, "event", None) == seq:
                yield one

    def _sort_out(self, seq: int, *, gone: bool) -> None:
        """Set aside what was found not to have happened: it neither supports nor defeats. A live act cannot be."""
        bucket = self._bucket_of(seq)
        event = next((one for one in bucket if one.seq == seq), None)
        if event is None or event.live or gone is (bucket is self.gone):
            return
        bucket.remove(event)
        target = self.gone if gone else self._opened(type(event.act))
        insort(target, event, key=attrgetter("seq"))


def _in_order(facts: StreamFacts, kinds: tuple[type[Act], ...]) -> tuple[AnyEvent, ...]:
    return tuple(sorted((event for kind in kinds for event in facts.by_type.get(kind, ())), key=attrgetter("seq")))


def _by_seq(facts: StreamFacts, kinds: tuple[type[Act], ...]) -> dict[int, AnyEvent]:
    return {event.seq: event for kind in kinds for event in facts.by_type[kind]}


_STANDING_ACTS = (FactAgreed, FactDenied, FactFound, CorrectionMade)
