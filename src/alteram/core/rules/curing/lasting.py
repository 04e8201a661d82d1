"""Until when a cure is open: it is replayed as if begun later and later, until it no longer mends.

What time itself brings about is seen, such as the end of a window; what people may do meanwhile is not foreseen, except
a meeting that was called: once its hour has come, it is too late to call it again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from alteram.core.acts import MeetingCalled
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts
from alteram.core.rules.assess import Assessed, examine
from alteram.core.rules.curing.searching import is_mended
from alteram.core.rules.curing.series import PACE
from alteram.core.rules.curing.series import replay as play_again
from alteram.core.rules.curing.steps import Step
from alteram.core.rules.findings import Finding
from alteram.core.rules.rulebook import Demand, Rulebook

#: How far ahead it is looked, and how exactly the end is told.
HORIZON: Final = timedelta(days=365)
_EXACT: Final = timedelta(minutes=1)
_FIRST: Final = timedelta(hours=1)
#: How many days later what a step names is tried, where the day that follows from a later beginning does not do.
_SPARE: Final = (0, 1, 2, 3, 4, 6, 9, 14, 21)


@dataclass(frozen=True, slots=True)
class Lasting:
    """`until` is the last time at which a cure can be begun; None: it is open as far ahead as was looked."""

    until: datetime | None = None
    meeting: str = ""


def find_last_time(facts: Facts, rulebook: Rulebook, goal: Assessed, steps: tuple[Step, ...], now: datetime) -> Lasting:
    """Return until when `steps`, begun later than `now`, would still mend a requirement."""
    demand, finding = goal.demand, goal.finding

    spare = _SPARE if any(isinstance(one.act, MeetingCalled) for one in steps) else _SPARE[:1]

    def holds(at: datetime) -> bool:
        return any(_mends(facts, rulebook, demand, _call_later(steps, days), at) for days in spare)

    meeting = _find_meeting(facts, finding, now)
    if holds(now + HORIZON):
        return meeting or Lasting()
    last = _narrow(holds, now)
    return meeting if meeting is not None and meeting.until is not None and meeting.until < last else Lasting(last)


def _narrow(holds: Callable[[datetime], bool], now: datetime) -> datetime:
    """Return the last time at which `holds` is so, found by ever longer steps and then by halves."""
    good, bad, gap = now, now + HORIZON, _FIRST
    while now + gap < bad:
        if not holds(now + gap):
            bad = now + gap
            break
        good, gap = now + gap, gap * 2
    while bad - good > _EXACT:
        middle = (good + (bad - good) / 2).replace(second=0, microsecond=0)
        if not good < middle < bad:
            break
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    return good


def _mends(facts: Facts, rulebook: Rulebook, demand: Demand, steps: tuple[Step, ...], at: datetime) -> bool:
    try:
        outcome = play_again(facts, rulebook, steps, at)
        if isinstance(outcome, Refused):
            return False
        after, played = outcome
        return is_mended(examine(demand, after, rulebook, played[-1].at + PACE))
    except CalendarError:
        # Beyond the days that the adopted calendar covers nothing is reckoned.
        return False


def _call_later(steps: tuple[Step, ...], days: int) -> tuple[Step, ...]:
    """Return the steps with meetings called for so many days later."""
    return tuple(_call(one, timedelta(days=days)) for one in steps) if days else steps


def _call(step: Step, by: timedelta) -> Step:
    match step.act:
        case MeetingCalled(at=at) as call:
            return replace(step, act=msgspec.structs.replace(call, at=at + by))
        case _:
            return step


def _find_meeting(facts: Facts, finding: Finding, now: datetime) -> Lasting | None:
    """Return the first meeting ahead that the finding complains of: the call of it is mended before it begins."""
    events = [facts.matter.find(seq) for seq in finding.entries]
    calls = [one.act for one in events if one is not None and isinstance(one.act, MeetingCalled) and one.act.at > now]
    return min((Lasting(one.at, one.meeting) for one in calls), key=lambda one: (one.until, one.meeting), default=None)
