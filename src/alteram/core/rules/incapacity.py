"""How long a party could not take part and had nobody to speak for them: the clocks that burden them stop meanwhile.

It begins when the loss of capacity was recorded and ends when a representative or proxy of theirs was named, or at the
end it was given. Whoever had named somebody before is spoken for. Whether they could in truth not take part is not
asked here: who keeps the matter may name a proxy, so nobody stops a matter for ever by saying so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from alteram.core.acts import CapacityLost, CompanionNamed, ProxyNamed
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent

#: What `find_stops` wants to be given, and what a requirement that asks it must declare.
LACKING: tuple[type[Act], ...] = (CapacityLost, CompanionNamed, ProxyNamed)


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in which a clock stood still; `over` is None for one that has no end yet."""

    began: datetime
    over: datetime | None


def find_stops(events: Iterable[AnyEvent], person: PersonId) -> tuple[Stop, ...]:
    """Return when `person` could not take part and had nobody to speak for them, in order and without overlaps.

    `events` are those of `LACKING` that count, in their order.
    """
    stops: list[Stop] = []
    spoken_for = False
    for event in events:
        at = event.when.last
        if at is None:
            continue
        if _speaks_for(event.act, person):
            spoken_for = True
            stops = [*_ended(stops, at)]
        elif isinstance(event.act, CapacityLost) and event.act.person == person and not spoken_for:
            # The later word on when it ends counts.
            stops = [*_ended(stops, at), Stop(at, event.act.until)]
    return tuple(one for one in stops if one.over is None or one.over > one.began)


def _ended(stops: Iterable[Stop], at: datetime) -> Iterator[Stop]:
    return (Stop(one.began, at if one.over is None else min(one.over, at)) for one in stops)


def _speaks_for(act: Act, person: PersonId) -> bool:
    match act:
        case CompanionNamed(for_person=other, kind="representative") | ProxyNamed(for_person=other):
            return other == person
        case _:
            return False


def measure_stops(stops: Iterable[Stop], start: datetime, end: datetime) -> timedelta:
    """Return how long the clock stood still between `start` and `end`."""
    spans = ((max(one.began, start), end if one.over is None else min(one.over, end)) for one in stops)
    return sum((max(over - began, timedelta()) for began, over in spans), timedelta())


def extend(stops: Iterable[Stop], start: datetime, due: datetime) -> datetime | None:
    """Return `due` moved later by the stops that began before it; None where one of them has no end yet."""
    for one in stops:
        if one.began > due or (one.over is not None and one.over <= start):
            continue
        if one.over is None:
            return None
        due += one.over - max(one.began, start)
    return due
