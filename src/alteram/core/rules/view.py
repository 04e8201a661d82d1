"""What a requirement may look at: the facts, through its declared footprint, and the rulebook's parameters.

Reading a kind of act that the requirement did not declare is a bug and raises at once, so a footprint never lies.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from alteram.core.acts.catalogue import Role
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Thing
from alteram.core.kernel.calendars import Calendar
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.rules.capacities import find_procedure, find_role_holders
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.rulebook import Demand, Procedure, Rulebook

A = TypeVar("A", bound=Act)


class FootprintError(Exception):
    """A requirement read a kind of act outside its declared footprint (a bug)."""


@dataclass(frozen=True, slots=True)
class View:
    """What one demand sees. `protected` are the people whom it protects; `now` is the time of asking."""

    facts: Facts
    rulebook: Rulebook
    demand: Demand
    reads: frozenset[type[Act]]
    now: datetime
    protected: frozenset[PersonId] = field(default=frozenset())

    @property
    def calendar(self) -> Calendar:
        """Return the calendar that the adopted rulebook carries."""
        return self.rulebook.calendar

    @property
    def procedure(self) -> Procedure | None:
        """Return the procedure the matter was accepted for, else the rulebook's first."""
        return find_procedure(self.facts, self.rulebook)

    def all(self, *kinds: type[A]) -> tuple[Event[A], ...]:
        """Return every event of these kinds, alleged ones included, in order."""
        self._declared(kinds)
        return self.facts.matter.all(*kinds)

    def of_organisation(self, *kinds: type[A]) -> tuple[Event[A], ...]:
        """Return every event of these kinds in the organisation's own stream, in order."""
        self._declared(kinds)
        return self.facts.organisation.all(*kinds)

    def _declared(self, kinds: tuple[type[Act], ...]) -> None:
        if not self.reads.issuperset(kinds):
            undeclared = [kind.__name__ for kind in kinds if kind not in self.reads]
            raise FootprintError(f"{self.demand.kind} reads {undeclared} but does not declare it")

    def supporting(self, *kinds: type[A]) -> tuple[Event[A], ...]:
        """Return those events of these kinds that may support a requirement protecting `protected`."""
        return tuple(event for event in self.all(*kinds) if event.supports(self.protected))

    def alleged(self, *kinds: type[A]) -> tuple[Event[A], ...]:
        """Return those events of these kinds that support nothing yet."""
        return tuple(event for event in self.all(*kinds) if not event.supports(self.protected))

    def find(self, seq: int | None) -> AnyEvent | None:
        """Return the event with this sequence number."""
        return None if seq is None else self.facts.matter.find(seq)

    def holders(self, role: Role) -> frozenset[PersonId]:
        """Return who holds `role` in the matter, by appointment, office or body."""
        return find_role_holders(self.facts, self.rulebook, role)

    def agreed_absent(self, anchor: AnyEvent, thing: Thing) -> bool:
        """Return whether the people protected accept that `thing` did not exist at the reported event `anchor`."""
        return thing in anchor.absent and bool(self.protected.intersection(anchor.absent_agreed_by))

    def nothing_against(self, anchor: AnyEvent, because: str) -> Finding:
        """Return what it means that nothing speaks against `anchor`: PASS for a live act, which would have shown it.

        At a reported event it is UNKNOWN: what nobody told us is not shown to be absent.
        """
        if anchor.live:
            return passed(because, entries=(anchor.seq,), uncontradicted=True)
        return unknown(
            phrase("{because} But this was only reported afterwards.", because=because), entries=(anchor.seq,)
        )

    def weigh(self, anchor: AnyEvent, finding: Finding) -> Finding:
        """Return `finding` as far as `anchor` carries it: what is only asserted proves nothing, for or against.

        A PASS needs an anchor that may support, a FAIL one that is established; else the answer is UNKNOWN.
        """
        carried = anchor.supports(self.protected) if finding.result == "PASS" else anchor.established
        if carried or finding.result not in {"PASS", "FAIL"}:
            return finding
        because = phrase("{because} But that this took place is only asserted.", because=finding.because)
        return replace(finding, result="UNKNOWN", because=because, incurable="")

    def missing(
        self,
        anchor: AnyEvent,
        because: str,
        *,
        thing: Thing | None = None,
        alleged: Iterable[AnyEvent] = (),
        acts: Iterable[str] = (),
        earliest: datetime | None = None,
        cures: Iterable[Cure] = (),
        incurable: str = "",
        working: Iterable[str] = (),
    ) -> Finding:
        """Return what it means that something needed at `anchor` is not there.

        In a live act absence is FAIL. At a reported event it is FAIL where the people protected agree that it was
        absent, else UNKNOWN. What is only alleged to exist leaves it UNKNOWN too.
        """
        claims = tuple(alleged)
        entries = (anchor.seq, *(event.seq for event in claims))
        if (anchor.live and not claims) or (thing is not None and self.agreed_absent(anchor, thing)):
            return failed(
                because,
                entries=entries,
                missing=acts,
                earliest=earliest,
                cures=cures,
                incurable=incurable,
                working=working,
            )
        told = (
            phrase("{because} It is asserted, but neither agreed nor found.", because=because)
            if claims
            else phrase("{because} The record does not show it.", because=because)
        )
        return unknown(told, entries=entries, missing=acts, earliest=earliest, cures=cures, working=working)
