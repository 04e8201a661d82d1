"""An event: what the rules may see of one entry.

It decides whether an event is *established* for somebody or only *alleged*. It does not decide what follows from that.
A live act is recorded. A reported event is established only for a party who agreed to it, or once it was found;
it is alleged otherwise, and what is alleged supports nothing but may defeat (design: reported events are no back door).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Literal, TypeAlias, TypeVar

from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported, Thing
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When

A_co = TypeVar("A_co", bound=Act, covariant=True)

Standing: TypeAlias = Literal["recorded", "agreed", "found", "asserted", "denied"]


@dataclass(frozen=True, slots=True)
class Event(Generic[A_co]):
    """One entry as the rules see it: `act` holds structural fields only, `when` is when it happened.

    `seq` is its place in its stream, `recorded_at` when it was recorded; for a live act `when` is that instant.
    `actor` is who did it, or is said to have: for a reported event that is seldom the one who entered it.
    """

    seq: int
    act: A_co
    actor: PersonId | None
    recorded_at: datetime
    when: When
    live: bool
    asserted_by: tuple[PersonId, ...] = ()
    denied_by: tuple[PersonId, ...] = ()
    agreed_by: tuple[PersonId, ...] = ()
    absent: tuple[Thing, ...] = ()
    absent_agreed_by: tuple[PersonId, ...] = ()
    found: bool = False
    corrected: bool = False

    @property
    def standing(self) -> Standing:
        """Return how the event stands, all told."""
        if self.live:
            return "recorded"
        if self.found:
            return "found"
        if self.agreed_by and not self.denied_by:
            return "agreed"
        return "denied" if self.denied_by else "asserted"

    def supports(self, protected: frozenset[PersonId]) -> bool:
        """Return whether the event may support a requirement that protects these people.

        Recorded and found events do, unless corrected; a reported one only when one of them agreed and none denied.
        """
        if self.corrected:
            return False
        if self.live or self.found:
            return True
        return bool(protected.intersection(self.agreed_by)) and not protected.intersection(self.denied_by)

    def before(self, other: "Event[Act]") -> bool | None:
        """Return whether this came before `other`; None when what is known does not say.

        Live acts stand in the order of their stream, also within one second; else the times decide.
        """
        if self.live and other.live:
            return self.seq < other.seq
        return self.when.before(other.when)

    @property
    def established(self) -> bool:
        """Return whether the event may defeat for certain: recorded, found, or agreed and not denied.

        Who tells of what somebody else did agrees with themselves only: that establishes nothing against the other.
        """
        if self.live or self.found:
            return True
        telling = () if self.actor in self.asserted_by else self.asserted_by
        return bool(set(self.agreed_by).difference(telling)) and not self.denied_by


AnyEvent: TypeAlias = Event[Act]


def build_live_event(act: Act, *, seq: int, actor: PersonId | None, at: datetime) -> AnyEvent:
    """Return the event of an act proposed now. `act` must already be structural."""
    return Event(seq=seq, act=act, actor=actor, recorded_at=at, when=When.exactly(at), live=True)


def build_reported_event(
    act: Act, reported: Reported, *, seq: int, actor: PersonId | None, at: datetime, as_stated: bool
) -> AnyEvent:
    """Return the event of a reported act. `act` must already be structural.

    `as_stated` is true in a matter that only tells a history: the agreement it states is taken as stated.
    Elsewhere an event is agreed only by those who recorded their own agreement; the one who reports it asserts it.
    """
    own = () if actor is None else (actor,)
    return Event(
        seq=seq,
        act=act,
        actor=reported.by,
        recorded_at=at,
        when=_when(reported, at),
        live=False,
        asserted_by=(reported.asserted_by or own) if as_stated else tuple(dict.fromkeys((*own, *reported.asserted_by))),
        denied_by=reported.denied_by,
        agreed_by=reported.agreed_by if as_stated else own if own and own[0] in reported.agreed_by else (),
        absent=reported.absent,
        absent_agreed_by=reported.absent_agreed_by if as_stated else (),
    )


def _when(reported: Reported, at: datetime) -> When:
    """Return when a reported event can have been: not after it was recorded; a time that cannot be is not known."""
    first = reported.first if reported.first is None or reported.first <= at else None
    return When(first, reported.last if reported.last is None or reported.last <= at else at)


def with_standing(event: AnyEvent, *, agreed_by: PersonId | None = None, denied_by: PersonId | None = None) -> AnyEvent:
    """Return `event` after somebody agreed to it or denied it; the later word of the same person counts."""
    return replace(
        event,
        agreed_by=_add(_remove(event.agreed_by, denied_by), agreed_by),
        denied_by=_add(_remove(event.denied_by, agreed_by), denied_by),
    )


def without_agreement(event: AnyEvent, person: PersonId | None) -> AnyEvent:
    """Return `event` after `person` took back that they agreed to it."""
    return replace(event, agreed_by=_remove(event.agreed_by, person))


def _add(people: tuple[PersonId, ...], person: PersonId | None) -> tuple[PersonId, ...]:
    return people if person is None or person in people else (*people, person)


def _remove(people: tuple[PersonId, ...], person: PersonId | None) -> tuple[PersonId, ...]:
    return tuple(one for one in people if one != person)
