"""What the drafts of a cure are made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Event, Facts
from alteram.core.rules.capacities import find_body_members, find_procedure, find_stood_down_now
from alteram.core.rules.curing.intents import Intent
from alteram.core.rules.curing.people import find_concerned
from alteram.core.rules.rulebook import Body, Rulebook

A = TypeVar("A", bound=Act)
#: What stands in a draft where people write.
TEXT: Final = "text"
#: Days from now that are tried, one after the other, where an act names a time: the first the rules let be is kept.
DAYS: Final = (1, 3, 6, 8, 11, 12, 14, 15, 16, 21, 22, 28, 31, 35, 42)


@dataclass(frozen=True, slots=True)
class Desk:
    """An intent with how the matter stands."""

    intent: Intent
    facts: Facts
    rulebook: Rulebook
    now: datetime

    def about(self, *kinds: type[A]) -> list[Event[A]]:
        """Return the entries of these kinds that the intent is about; all of these kinds where it names none."""
        known = list(self.facts.matter.all(*kinds))
        meant = [one for one in known if one.seq in self.intent.about]
        return meant or known

    @property
    def body(self) -> Body | None:
        """Return the body that decides."""
        procedure = find_procedure(self.facts, self.rulebook)
        return None if procedure is None else self.rulebook.find_body(procedure.decided_by)

    @property
    def appeal_body(self) -> Body | None:
        """Return the body that hears appeals."""
        procedure = find_procedure(self.facts, self.rulebook)
        return None if procedure is None else self.rulebook.find_body(procedure.appeal_to)

    @property
    def sitting(self) -> tuple[PersonId, ...]:
        """Return who sits in the body that decides and has not stood down."""
        if self.body is None:
            return ()
        return tuple(sorted(find_body_members(self.facts, self.body) - find_stood_down_now(self.facts, "decider")))

    @property
    def concerned(self) -> frozenset[PersonId]:
        """Return whose own cause it is."""
        return find_concerned(self.facts)

    def later(self) -> Iterator[datetime]:
        """Yield times to try, the earliest first."""
        earliest = self.intent.earliest
        if earliest is not None and earliest > self.now:
            # It was reckoned from what was done too late; done now, it runs from now, with the day that began.
            begun = [one.when.first for seq in self.intent.about if (one := self.facts.matter.find(seq)) is not None]
            since = max((at for at in begun if at is not None), default=self.now)
            yield from (earliest, earliest + max(timedelta(), self.now - since) + timedelta(days=1))
        for days in DAYS:
            yield self.now + timedelta(days=days)
