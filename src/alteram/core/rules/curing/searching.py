"""Search for the least-cost series of acts that mends one requirement: uniform-cost, bounded, the same on any machine.

From how a matter stands, each act that may help is proposed to the engine. What it allows is a way on; what it refuses
is followed as somebody would who reads the refusal: do first what is missing, wait until the earliest lawful time, give
the part to somebody who may. The cheapest way on is always taken first, so that the first series found costs least
among those that the search knows; it does not know acts that neither the rules nor a finding name.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts
from alteram.core.rules.assess import examine
from alteram.core.rules.curing.costs import STEP, reckon_cost
from alteram.core.rules.curing.drafting import draft
from alteram.core.rules.curing.intents import Intent
from alteram.core.rules.curing.remedies import find_givers, find_mends, find_ways_on
from alteram.core.rules.curing.series import PACE, replay
from alteram.core.rules.curing.steps import Done, Step, find_errand, try_step
from alteram.core.rules.findings import Finding
from alteram.core.rules.rulebook import Demand, Rulebook

#: How many rulings one search may ask for, how many steps a series has at most, how deep one errand needs others.
RULINGS: Final = 500
_STEPS: Final = 12
_DEPTH: Final = 6
#: How many drafts of one act that are allowed are followed.
_WIDTH: Final = 2
#: How many different refusals of one act are followed.
_REFUSALS: Final = 2
_LONGEST_WAIT: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Node:
    """How far a series has come; `agenda` are the errands still to do, the next one last.

    `said` is what the requirement said when the errand began, so that errands of which nothing comes lead nowhere.
    """

    facts: Facts
    now: datetime
    steps: tuple[Step, ...] = ()
    agenda: tuple[Intent, ...] = ()
    tried: frozenset[object] = frozenset()
    said: object = None


@dataclass(slots=True)
class Search:
    """One search; `rulings` counts what the engine was asked, `done` are acts it allowed somewhere on the way.

    `refusals` are what it said first of each act, `ends` what the requirement came to after what did not mend it.
    """

    rulebook: Rulebook
    begin: datetime
    series: tuple[tuple[Step, ...], ...] = ()
    bound: int = RULINGS
    rulings: int = 0
    is_cut: bool = False
    refusals: dict[str, Refused] = field(default_factory=dict)
    ends: list[Finding] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    _count: int = 0

    def run(
        self, demand: Demand, facts: Facts, now: datetime, is_lawful_end: Callable[[Facts, datetime], bool]
    ) -> Node | None:
        """Return the cheapest series after which `demand` is mended; None where none is known."""
        queue: list[tuple[int, int, Node]] = []
        seen: set[object] = set()
        self._push(queue, Node(facts, now))
        while queue:
            if self.rulings >= self.bound:
                self.is_cut = True
                return self._find_any(queue, demand, is_lawful_end)
            _, _, node = heapq.heappop(queue)
            if not node.agenda:
                finding = examine(demand, node.facts, self.rulebook, node.now)
                if node.steps and is_mended(finding) and is_lawful_end(node.facts, node.now):
                    return node
                if _says(finding) == node.said or is_mended(finding):
                    # Nothing came of it, or it spoils something else: no way on from here.
                    continue
                node = replace(node, said=_says(finding))
                if node.steps:
                    self.ends.append(finding)
                children = self._begin(demand, finding, node)
            else:
                children = self._follow(node, node.agenda[-1])
            for child in children:
                key = _key(child)
                if key not in seen:
                    seen.add(key)
                    self._push(queue, child)
        return None

    def _find_any(
        self,
        queue: list[tuple[int, int, Node]],
        demand: Demand,
        is_lawful_end: Callable[[Facts, datetime], bool],
    ) -> Node | None:
        """Return the cheapest of the series known by now that mends it, where there is one."""
        for _, _, node in sorted(queue, key=lambda one: one[:2]):
            if node.steps and not node.agenda:
                finding = examine(demand, node.facts, self.rulebook, node.now)
                if is_mended(finding) and is_lawful_end(node.facts, node.now):
                    return node
        return None

    def _push(self, queue: list[tuple[int, int, Node]], node: Node) -> None:
        self._count += 1
        estimate = reckon_cost(node.steps, self.begin).total + STEP * len(node.agenda)
        estimate += max(
            0, (node.now - self.begin).days - (0 if not node.steps else (node.steps[-1].at - self.begin).days)
        )
        heapq.heappush(queue, (estimate, self._count, node))

    def _begin(self, demand: Demand, finding: Finding, node: Node) -> Iterator[Node]:
        """Yield every errand that may mend a finding, and what comes of each series that mended something else."""
        if len(node.steps) >= _STEPS:
            return
        for series in self.series:
            self.rulings += len(series)
            outcome = replay(node.facts, self.rulebook, series, node.now, done=node.steps)
            if not isinstance(outcome, Refused) and outcome[1]:
                facts, played = outcome
                yield replace(node, facts=facts, now=played[-1].at + PACE, steps=(*node.steps, *played))
        for intent in find_mends(demand, finding, node.facts):
            yield replace(node, agenda=(intent,), tried=frozenset())

    def _follow(self, node: Node, intent: Intent) -> Iterator[Node]:
        """Propose the act that is next; yield how the matter goes on where it is allowed, else what may help."""
        if len(node.steps) >= _STEPS:
            return
        done = {find_errand(one) for one in node.steps}
        refusals: dict[tuple[object, ...], Refused] = {}
        allowed, any_draft = 0, False
        for actor, act in draft(intent, node.facts, self.rulebook, node.now):
            any_draft = True
            step = Step(act, actor, node.now)
            if find_errand(step) in done:
                continue
            self.rulings += 1
            outcome = try_step(node.facts, self.rulebook, step)
            if isinstance(outcome, Done):
                allowed += 1
                self.done.add(intent.act)
                steps = (*node.steps, outcome.step)
                yield replace(node, facts=outcome.facts, now=node.now + PACE, steps=steps, agenda=node.agenda[:-1])
                if allowed >= _WIDTH:
                    return
            else:
                refusals.setdefault((outcome.code, outcome.requirement, outcome.missing), outcome)
        if not allowed:
            yield from self._help(node, intent, sorted(refusals.values(), key=_rank)[:_REFUSALS], any_draft)

    def _help(self, node: Node, intent: Intent, refusals: list[Refused], any_draft: bool) -> Iterator[Node]:
        for refused in refusals:
            self.refusals.setdefault(intent.act, refused)
            at = refused.earliest
            if at is not None and node.now < at <= node.now + _LONGEST_WAIT:
                yield replace(node, now=at)
            for first in find_ways_on(refused, intent, node.facts, self.rulebook):
                yield from self._first(node, first)
        if not any_draft or any(one.code == "act.not-yours" for one in refusals):
            for first in find_givers(intent, node.facts, self.rulebook):
                yield from self._first(node, first)

    def _first(self, node: Node, first: Intent) -> Iterator[Node]:
        """Yield that `first` is done before the rest, unless it is under way, or was tried as often as it may be."""
        under_way = {one.key for one in node.agenda}
        if first.key in under_way or len(node.agenda) >= _DEPTH:
            return
        mark = (node.agenda[-1].key, first.key, len(node.steps))
        if mark not in node.tried:
            yield replace(node, agenda=(*node.agenda, first), tried=node.tried | {mark})


def is_mended(finding: Finding) -> bool:
    """Return whether a requirement is met, or what it complained of no longer stands."""
    return finding.result in {"PASS", "RULED"} or (finding.result == "UNKNOWN" and not finding.entries)


def _says(finding: Finding) -> object:
    return (finding.result, finding.because, finding.entries, finding.missing)


def _rank(refused: Refused) -> tuple[int, bool]:
    return len(refused.missing) + len(refused.also), refused.earliest is None


def _key(node: Node) -> object:
    return (
        frozenset((one.actor, one.act) for one in node.steps),
        tuple((one.key, one.about) for one in node.agenda),
        node.now,
    )
