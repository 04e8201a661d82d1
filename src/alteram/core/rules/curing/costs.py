"""What a cure costs those who carry it out: one figure, defined here and nowhere else (docs: explanation/cures).

A person who must act, or is named or invited, counts once however often; a day of delay counts whether somebody waits
or a meeting is called for later; each act is a step. It does not say who bears the cost, or whether it is worth it.

>>> Cost(people=2, days=10, steps=3).total
17
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alteram.core.acts import MeetingCalled, NoticeServed, ProceedingsPaused
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.curing.steps import Step, find_people

#: What one of each weighs.
PERSON: Final = 2
DAY: Final = 1
STEP: Final = 1
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cost:
    """How many people are burdened, how many days it takes, and in how many steps."""

    people: int = 0
    days: int = 0
    steps: int = 0

    @property
    def total(self) -> int:
        """Return the one figure by which series of acts are compared."""
        return PERSON * self.people + DAY * self.days + STEP * self.steps


def reckon_cost(steps: Iterable[Step], begin: datetime) -> Cost:
    """Return what a series of acts costs that begins at `begin`."""
    done = tuple(steps)
    people: set[PersonId] = {one.actor for one in done}
    for one in done:
        people.update(find_people(one.act))
    ends = [begin, *(at for one in done for at in (one.at, *_find_later(one.act)))]
    return Cost(len(people), -(-(max(ends) - begin) // _DAY), len(done))


def reckon_least(steps: Iterable[Step], begin: datetime, now: datetime, errands: int) -> int:
    """Return what a series costs at the least that goes on from `now` with so many errands, each a step at least."""
    cost = reckon_cost(steps, begin)
    days = max(cost.days, -(-(now - begin) // _DAY)) if errands else cost.days
    return Cost(cost.people, days, cost.steps + errands).total


def _find_later(act: Act) -> Iterator[datetime]:
    """Yield the times until which everybody waits because of an act."""
    match act:
        case MeetingCalled(at=at):
            yield at
        case NoticeServed(respond_by=respond_by, hearing_at=hearing_at):
            yield from (one for one in (respond_by, hearing_at) if one is not None)
        case ProceedingsPaused(until=datetime() as until):
            yield until
        case _:
            return
