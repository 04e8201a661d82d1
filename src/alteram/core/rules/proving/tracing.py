"""A matter that notes what is read of it, by kind of act.

Every way of reading a `StreamFacts` is here: what can be told by kind of act is noted as such, and all else as "read as
a whole". So whatever reads a matter, rules or drafts, is noted whether or not it says what it reads.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias, TypeVar

from alteram.core.acts import HistoryEntered
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import StreamId
from alteram.core.matters import AnyEvent, Event, StreamFacts, WithheldEntry, changes_standing

A = TypeVar("A", bound=Act)
T = TypeVar("T")
#: All the acts of one kind that a matter holds.
Bucket: TypeAlias = tuple[AnyEvent, ...]
NOTHING: Final[Bucket] = ()


@dataclass(slots=True)
class Notes:
    """What was read: the acts of each kind as they were when reading began, and which entries were sought in vain.

    `whole` says that something was read that cannot be told so.
    """

    kinds: dict[type[Act], Bucket] = field(default_factory=dict)
    absent: dict[int, None] = field(default_factory=dict)
    whole: bool = False
    groups: dict[int, tuple[type[Act], ...]] = field(default_factory=dict)
    """Kinds that were noted together, by where they are stored: they need not be looked at again."""


@dataclass(slots=True)
class Shared:
    """Events, and the buckets that hold them, each stored once for all matters: the same ones are the same object."""

    _events: dict[AnyEvent, AnyEvent] = field(default_factory=dict)
    _by_seq: dict[int, list[AnyEvent]] = field(default_factory=dict)
    _buckets: dict[tuple[int, int], Bucket] = field(default_factory=dict)
    _pinned: dict[int, Bucket] = field(default_factory=dict)

    def share(self, event: AnyEvent) -> AnyEvent:
        """Return the event that is the same as this one and was stored first."""
        known = self._events.get(event)
        if known is None:
            known = self._events[event] = event
            self._by_seq.setdefault(event.seq, []).append(event)
        return known

    def find(self, matter: StreamFacts, seq: int) -> AnyEvent | None:
        """Return an event of a matter by its number."""
        for event in self._by_seq.get(seq, ()):
            if any(one is event for one in matter.by_type.get(type(event.act), NOTHING)):
                return event
        return matter.find(seq)  # One that stands otherwise since, or none.

    def enter(self, matter: StreamFacts, event: AnyEvent) -> StreamFacts:
        """Return what is known once `event`, which is stored here, has happened."""
        if changes_standing(event):
            return matter.with_event(event)
        before = matter.by_type.get(type(event.act), NOTHING)
        known = self._buckets.get((id(before), id(event)))
        if known is None:
            self._pinned[id(before)] = before
            known = self._buckets[id(before), id(event)] = (*before, event)
        return matter.with_last(known)

    def pin(self, buckets: Iterable[Bucket]) -> tuple[int, ...]:
        """Return where these buckets are stored, and keep them, so that nothing else is ever stored there."""
        places = tuple(map(id, buckets))
        self._pinned.update(zip(places, buckets, strict=True))
        return places


class Traced(StreamFacts):
    """What a matter holds, noting what is read. Only what it held at first is noted, not what is added since."""

    __slots__ = ("_before", "_inner", "_notes", "_shared")

    _inner: StreamFacts
    _notes: Notes
    _shared: Shared
    _before: datetime | None

    def __init__(self, inner: StreamFacts, notes: Notes, shared: Shared, before: datetime | None = None) -> None:
        """Note what is read of `inner`. Of the last act only that it was not after `before` is told, where given."""
        object.__setattr__(self, "_inner", inner)
        object.__setattr__(self, "_notes", notes)
        object.__setattr__(self, "_shared", shared)
        object.__setattr__(self, "_before", before)

    def as_seen_at(self, now: datetime) -> "Traced":
        """Return it as the rules see it at `now`, after the last act: when just that was is not told, nor noted."""
        return Traced(self._inner, self._notes, self._shared, now)

    @property
    def inner(self) -> StreamFacts:
        """Return what it holds, noting nothing."""
        return self._inner

    def noting_in(self, notes: Notes) -> "Traced":
        """Return the same, noting elsewhere what is read."""
        return Traced(self._inner, notes, self._shared, self._before)

    def note(self, kinds: tuple[type[Act], ...], absent: tuple[int, ...] = (), *, whole: bool = False) -> None:
        """Note what was read elsewhere for what is asked here."""
        notes = self._notes
        if id(kinds) not in notes.groups:
            notes.groups[id(kinds)] = kinds
            self._note(kinds)
        if absent:
            notes.absent.update(dict.fromkeys(absent))
        if whole:
            notes.whole = True

    def all(self, *kinds: type[A]) -> tuple[Event[A], ...]:
        """Return the events of these kinds, and note that."""
        known = self._notes.kinds
        for kind in kinds:
            if kind not in known:
                known[kind] = self._inner.by_type.get(kind, NOTHING)
        return self._inner.all(*kinds)

    def work_out(self, reads: tuple[type[Act], ...], build: Callable[[StreamFacts, tuple[type[Act], ...]], T]) -> T:
        """Return what `build` makes of the events of these kinds, which is all that it reads, and note that."""
        self.note(reads)
        return self._inner.work_out(reads, build)

    def find(self, seq: int) -> AnyEvent | None:
        """Return an event; noted are all of its kind, or that there is none."""
        found = self._shared.find(self._inner, seq)
        if found is None:
            self._notes.absent[seq] = None
        else:
            self._note((type(found.act),))
        return found

    def with_event(self, event: AnyEvent) -> "Traced":
        """Return it with one event more, noting in the same place."""
        if changes_standing(event):
            self._notes.whole = True
        self._note((type(event.act),))
        return Traced(self._shared.enter(self._inner, event), self._notes, self._shared, event.recorded_at)

    def _note(self, kinds: tuple[type[Act], ...]) -> None:
        known, held = self._notes.kinds, self._inner.by_type
        for kind in kinds:
            if kind not in known:
                known[kind] = held.get(kind, NOTHING)

    def _open(self) -> StreamFacts:
        self._notes.whole = True
        return self._inner

    def every(self) -> tuple[AnyEvent, ...]:
        """Return every event: read as a whole."""
        return self._open().every()

    def with_last(self, events: tuple[AnyEvent, ...]) -> StreamFacts:
        """Return it with other events of one kind: read as a whole."""
        return self._open().with_last(events)

    def _key(self) -> tuple[object, ...]:
        return self._open()._key()

    @property
    def stream(self) -> StreamId:
        """Return which stream it is, which is the same in every matter that is played."""
        return self._inner.stream

    @property
    def is_history(self) -> bool:
        """Return whether it only tells a history."""
        self._note((HistoryEntered,))
        return self._inner.is_history

    @property
    def last_at(self) -> datetime | None:
        """Return when the last act was; once it is enough that it was not later, the latest that can have been."""
        return self._open().last_at if self._before is None else self._before

    @property
    def head_seq(self) -> int:
        """Return the last entry: read as a whole."""
        return self._open().head_seq

    @property
    def by_type(self) -> Mapping[type[Act], Bucket]:
        """Return everything: read as a whole."""
        return self._open().by_type

    @property
    def withheld(self) -> tuple[WithheldEntry, ...]:
        """Return what is withheld: nothing, in every matter that is remembered."""
        return self._inner.withheld

    @property
    def gone(self) -> tuple[AnyEvent, ...]:
        """Return what was found not to have happened: nothing, in every matter that is remembered."""
        return self._inner.gone
