"""Search for the least-cost series of acts that mends requirements: A*, bounded, the same on any machine.

From how a matter stands, each act that may help is proposed to the engine. What it allows is a way on; what it refuses
is followed as somebody would who reads the refusal: do first what is missing, wait until the earliest lawful time, give
the part to somebody who may. The cheapest way on is always taken first, reckoned with the least that is still to come:
a step for each errand under way, and the days that it waits. So the first series found costs least among those that the
search knows; it does not know acts that neither the rules nor a finding name.

Where an act is refused for several reasons, each must be answered before it is allowed; so one of them is gone into at
a time, the one that leaves least choice, instead of all of them in every order. An errand is not run twice for the same
words: what came of it once comes of it again. Several requirements are gone into one after the other for the same
reason. `tests/rules/test_curing_plain.py` holds this against a search that does without.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts
from alteram.core.rules.assess import examine
from alteram.core.rules.curing.costs import reckon_least
from alteram.core.rules.curing.drafting import draft
from alteram.core.rules.curing.intents import Intent
from alteram.core.rules.curing.remedies import find_complaints, find_givers, find_mends, find_ways_on
from alteram.core.rules.curing.series import PACE, replay
from alteram.core.rules.curing.steps import Done, Step, find_errand, try_step
from alteram.core.rules.findings import Finding
from alteram.core.rules.rulebook import Demand, Rulebook

#: How many rulings one search may ask for, how many steps a series has at most, how deep one errand needs others.
RULINGS: Final = 4000
STEPS: Final = 12
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

    A series holds no act that `is_barred`, by its name and the requirement that it rules on; what costs `at_most` or
    more is not followed, nor more than `longest` steps. `refusals` are what the engine said first of each act, `ends`
    what the requirement came to after what did not mend it.
    """

    rulebook: Rulebook
    begin: datetime
    series: tuple[tuple[Step, ...], ...] = ()
    bound: int = RULINGS
    is_barred: Callable[[str, str], bool] = lambda _act, _demand: False
    at_most: int | None = None
    longest: int = STEPS
    rulings: int = 0
    is_cut: bool = False
    refusals: dict[str, Refused] = field(default_factory=dict)
    ends: list[Finding] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    _count: int = 0

    def run(
        self, demands: tuple[Demand, ...], facts: Facts, now: datetime, is_lawful_end: Callable[[Node], bool]
    ) -> Node | None:
        """Return the cheapest series after which all of `demands` are mended; None where none is known."""
        queue: list[tuple[int, int, Node]] = []
        seen: set[object] = set()
        self._push(queue, Node(facts, now))
        while queue:
            if self.rulings >= self.bound:
                self.is_cut = True
                return self._find_any(queue, demands, is_lawful_end)
            _, _, node = heapq.heappop(queue)
            if node.agenda:
                children = self._follow(node, node.agenda[-1])
            else:
                first = self._find_open(demands, node)
                if node.steps and first is None and is_lawful_end(node):
                    return node
                if first is None or _says(*first) == node.said:
                    # Nothing came of it, or it spoils something else: no way on from here.
                    continue
                node = replace(node, said=_says(*first))
                if node.steps:
                    self.ends.append(first[1])
                children = self._begin(*first, node)
            for child in children:
                key = _key(child)
                if key not in seen:
                    seen.add(key)
                    self._push(queue, child)
        return None

    def _find_open(self, demands: tuple[Demand, ...], node: Node) -> tuple[Demand, Finding] | None:
        """Return the first requirement that is not mended yet, with what it comes to."""
        for demand in demands:
            finding = examine(demand, node.facts, self.rulebook, node.now)
            if not is_mended(finding):
                return demand, finding
        return None

    def _find_any(
        self,
        queue: list[tuple[int, int, Node]],
        demands: tuple[Demand, ...],
        is_lawful_end: Callable[[Node], bool],
    ) -> Node | None:
        """Return the cheapest of the series known by now that mends them, where there is one."""
        for _, _, node in sorted(queue, key=lambda one: one[:2]):
            is_over = bool(node.steps) and not node.agenda and self._find_open(demands, node) is None
            if is_over and is_lawful_end(node):
                return node
        return None

    def _push(self, queue: list[tuple[int, int, Node]], node: Node) -> None:
        self._count += 1
        estimate = reckon_least(node.steps, self.begin, node.now, len(node.agenda))
        if self.at_most is None or estimate < self.at_most:
            heapq.heappush(queue, (estimate, self._count, node))

    def _begin(self, demand: Demand, finding: Finding, node: Node) -> Iterator[Node]:
        """Yield every errand that may mend a finding, and what comes of each series that mended something else."""
        if len(node.steps) >= self.longest:
            return
        for series in self.series:
            self.rulings += len(series)
            outcome = replay(node.facts, self.rulebook, series, node.now, done=node.steps)
            if not isinstance(outcome, Refused) and outcome[1]:
                facts, played = outcome
                yield replace(node, facts=facts, now=played[-1].at + PACE, steps=(*node.steps, *played))
        for intent in find_mends(demand, finding, node.facts):
            if not self.is_barred(intent.act, intent.demand):
                yield replace(node, agenda=(intent,), tried=frozenset())

    def _follow(self, node: Node, intent: Intent) -> Iterator[Node]:
        """Propose the act that is next; yield how the matter goes on where it is allowed, else what may help."""
        if len(node.steps) >= self.longest:
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
            for said, first in self._choose(node, intent, refused):
                yield from self._first(node, first, said)
        if not any_draft or any(one.code == "act.not-yours" for one in refusals):
            for first in find_givers(intent, node.facts, self.rulebook):
                yield from self._first(node, first, None)

    def _choose(self, node: Node, intent: Intent, refused: Refused) -> list[tuple[object, Intent]]:
        """Return the ways on from one of the complaints of a refusal: the one that leaves least choice.

        All of them must be answered before the act is allowed, so that it is enough to branch on one at a time.
        """
        told = [
            [(_complains(one), first) for first in find_ways_on(one, intent, node.facts, self.rulebook)]
            for one in find_complaints(refused)
        ]
        return min(filter(None, told), key=len, default=[])

    def _first(self, node: Node, first: Intent, said: object) -> Iterator[Node]:
        """Yield that `first` is done before the rest, unless it is under way, or was done because of the same words."""
        under_way = {one.key for one in node.agenda}
        if first.key in under_way or len(node.agenda) >= _DEPTH or self.is_barred(first.act, first.demand):
            return
        mark = (node.agenda[-1].key, first.key, said or len(node.steps))
        if mark not in node.tried:
            yield replace(node, agenda=(*node.agenda, first), tried=node.tried | {mark})


def is_mended(finding: Finding) -> bool:
    """Return whether a requirement is met, or what it complained of no longer stands."""
    return finding.result in {"PASS", "RULED"} or (finding.result == "UNKNOWN" and not finding.entries)


def _says(demand: Demand, finding: Finding) -> object:
    return (demand.id, finding.result, finding.because, finding.entries, finding.missing)


def _complains(refused: Refused) -> object:
    return (refused.code, refused.requirement, refused.because, refused.missing)


def _rank(refused: Refused) -> tuple[int, bool]:
    return len(refused.missing) + len(refused.also), refused.earliest is None


def _key(node: Node) -> object:
    return (
        frozenset((one.actor, one.act) for one in node.steps),
        tuple((one.key, one.about) for one in node.agenda),
        node.now,
    )
