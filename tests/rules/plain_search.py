"""The search for cures without anything clever: uniform cost, every complaint gone into, in every order.

It knows the same acts as `alteram.core.rules.curing.searching`, and nothing of what that leaves out; it is slow.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts
from alteram.core.rules import assess
from alteram.core.rules.assess import examine
from alteram.core.rules.curing.costs import reckon_cost
from alteram.core.rules.curing.drafting import draft
from alteram.core.rules.curing.intents import Intent
from alteram.core.rules.curing.joining import find_spoilt
from alteram.core.rules.curing.remedies import find_givers, find_mends, find_ways_on
from alteram.core.rules.curing.searching import is_mended
from alteram.core.rules.curing.series import PACE
from alteram.core.rules.curing.steps import Done, Step, find_errand, try_step
from alteram.core.rules.rulebook import Demand, Rulebook

STEPS, DEPTH, WIDTH, REFUSALS = 12, 6, 2, 2


class TooLongError(Exception):
    """It did not come to an end within its bound."""


@dataclass(frozen=True)
class Way:
    facts: Facts
    now: datetime
    steps: tuple[Step, ...] = ()
    agenda: tuple[Intent, ...] = ()
    tried: frozenset[object] = frozenset()


def find_least_cost(
    demands: tuple[Demand, ...], facts: Facts, rulebook: Rulebook, now: datetime, *, bound: int
) -> int | None:
    """Return what the cheapest series costs that mends all demands and spoils none; None: there is none.

    Raises: TooLongError after `bound` ways.
    """
    before = assess(facts, rulebook, now)
    queue: list[tuple[int, int, Way]] = [(0, 0, Way(facts, now))]
    count, seen = 0, set[object]()
    while queue:
        if count > bound:
            raise TooLongError
        cost, _, way = heapq.heappop(queue)
        if not way.agenda:
            open_ones = [one for one in demands if not is_mended(examine(one, way.facts, rulebook, way.now))]
            if way.steps and not open_ones and not find_spoilt(before, assess(way.facts, rulebook, way.now)):
                return cost
            children = _begin(open_ones, way, rulebook)
        else:
            children = _follow(way, rulebook)
        for child in children:
            key = (frozenset((one.actor, one.act) for one in child.steps), child.agenda, child.now, child.tried)
            if key not in seen:
                seen.add(key)
                count += 1
                heapq.heappush(queue, (reckon_cost(child.steps, now).total, count, child))
    return None


def _begin(open_ones: list[Demand], way: Way, rulebook: Rulebook) -> Iterator[Way]:
    for demand in open_ones if len(way.steps) < STEPS else ():
        for intent in find_mends(demand, examine(demand, way.facts, rulebook, way.now), way.facts):
            yield replace(way, agenda=(intent,), tried=frozenset())


def _follow(way: Way, rulebook: Rulebook) -> Iterator[Way]:
    intent = way.agenda[-1]
    done = {find_errand(one) for one in way.steps}
    refusals: dict[object, Refused] = {}
    allowed, drafted = 0, False
    for actor, act in draft(intent, way.facts, rulebook, way.now) if len(way.steps) < STEPS else ():
        drafted = True
        step = Step(act, actor, way.now)
        if find_errand(step) in done or allowed == WIDTH:
            continue
        outcome = try_step(way.facts, rulebook, step)
        if isinstance(outcome, Done):
            allowed += 1
            steps = (*way.steps, outcome.step)
            yield replace(way, facts=outcome.facts, now=way.now + PACE, steps=steps, agenda=way.agenda[:-1])
        else:
            refusals.setdefault((outcome.code, outcome.requirement, outcome.missing), outcome)
    if not allowed and len(way.steps) < STEPS:
        ranked = sorted(refusals.values(), key=lambda one: (len(one.missing) + len(one.also), one.earliest is None))
        yield from _help(way, intent, ranked[:REFUSALS], rulebook, drafted=drafted)


def _help(way: Way, intent: Intent, refusals: list[Refused], rulebook: Rulebook, *, drafted: bool) -> Iterator[Way]:
    for refused in refusals:
        if refused.earliest is not None and way.now < refused.earliest:
            yield replace(way, now=refused.earliest)
        for one in (refused, *refused.also):
            for first in find_ways_on(one, intent, way.facts, rulebook):
                yield from _first(way, first)
    if not drafted or any(one.code == "act.not-yours" for one in refusals):
        for first in find_givers(intent, way.facts, rulebook):
            yield from _first(way, first)


def _first(way: Way, first: Intent) -> Iterator[Way]:
    mark = (way.agenda[-1].key, first.key, len(way.steps))
    if first.key not in {one.key for one in way.agenda} and len(way.agenda) < DEPTH and mark not in way.tried:
        yield replace(way, agenda=(*way.agenda, first), tried=way.tried | {mark})
