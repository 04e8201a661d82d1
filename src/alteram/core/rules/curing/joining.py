"""One series for everything: the plans joined, and, where the search comes to an end, the cheapest there is.

Joining takes at each turn the plan that mends most for what it adds to the cost: what it mends on the way is not mended
again, and what is done already is not done twice. Each plan in it is least for something; the whole need not be. So the
same search that found the plans then looks for a cheaper whole, following nothing that costs as much as the joined one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts
from alteram.core.rules.assess import Assessment, assess, examine
from alteram.core.rules.curing.costs import reckon_cost
from alteram.core.rules.curing.plans import CombinedStep, CurePlan, PlanError
from alteram.core.rules.curing.searching import Node, Search, is_mended
from alteram.core.rules.curing.series import PACE, replay
from alteram.core.rules.curing.steps import Step, names_any, try_step
from alteram.core.rules.rulebook import Demand, Pack, Rulebook

#: How many rulings the search for a cheaper whole may ask for, and how many steps the whole may have.
_RULINGS: Final = 2000
_STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class Joined:
    """One series for all that can be mended together; `is_least` where no cheaper one is known to the search."""

    steps: tuple[CombinedStep, ...] = ()
    is_least: bool = True


@dataclass(frozen=True, slots=True)
class _Turn:
    """How the matter stands after some of the plans."""

    facts: Facts
    now: datetime
    steps: tuple[Step, ...] = ()
    mended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joiner:
    """What plans are joined in: how the matter stands, under which rules, and who shall not be named."""

    facts: Facts
    rulebook: Rulebook
    now: datetime
    packs: tuple[Pack, ...] = ()
    avoid: frozenset[PersonId] = frozenset()

    def join(self, plans: Iterable[CurePlan]) -> Joined:
        """Return one series that mends all that `plans` mend, as far as they go together."""
        known = [plan for plan in plans if plan.steps and not names_any(plan.steps, self.avoid)]
        joined = self._join_greedily(known)
        if not joined.steps:
            return Joined()
        goals = [plan for plan in known if plan.demand.id in joined.mended]
        cheaper, is_least = self._search(goals, joined.steps)
        return Joined(self._tell(cheaper, [plan.demand for plan in goals]), is_least)

    def _join_greedily(self, plans: list[CurePlan]) -> _Turn:
        turn = _Turn(self.facts, self.now)
        open_ones = {plan.demand.id: plan.demand for plan in plans}
        while open_ones:
            best = self._choose(turn, plans, open_ones)
            if best is None:
                break
            for name in best.mended[len(turn.mended) :]:
                del open_ones[name]
            turn = best
        return turn

    def _choose(self, turn: _Turn, plans: list[CurePlan], open_ones: dict[str, Demand]) -> _Turn | None:
        best: tuple[float, _Turn] | None = None
        before = assess(turn.facts, self.rulebook, turn.now, packs=self.packs)
        for steps in dict.fromkeys(plan.steps for plan in plans if plan.demand.id in open_ones):
            outcome = replay(turn.facts, self.rulebook, steps, turn.now, done=turn.steps)
            if isinstance(outcome, Refused) or not outcome[1]:
                continue
            after, played = outcome
            at = played[-1].at + PACE
            found = assess(after, self.rulebook, at, packs=self.packs)
            mended = tuple(name for name in open_ones if is_mended(found.get(name)))
            if not mended or find_spoilt(before, found):
                continue
            whole = (*turn.steps, *played)
            rate = (reckon_cost(whole, self.now).total - reckon_cost(turn.steps, self.now).total) / len(mended)
            if best is None or rate < best[0]:
                best = (rate, _Turn(after, at, whole, (*turn.mended, *mended)))
        return None if best is None else best[1]

    def _search(self, goals: list[CurePlan], joined: tuple[Step, ...]) -> tuple[tuple[Step, ...], bool]:
        """Return the cheapest series for all goals; the joined one, and False, where the search ends at its bound.

        The dearest goal comes first: the whole costs no less than it, and where it costs as much, nothing is sought.
        """
        at_most = reckon_cost(joined, self.now).total
        dearest = sorted(goals, key=lambda plan: -plan.cost.total)
        if all(plan.is_least for plan in goals) and dearest[0].cost.total >= at_most:
            return joined, True
        series = tuple(dict.fromkeys(plan.steps for plan in dearest))
        search = Search(self.rulebook, self.now, series, _RULINGS, at_most=at_most, longest=_STEPS)
        before = assess(self.facts, self.rulebook, self.now, packs=self.packs)
        spoils_no = spoils_nothing(before, self.rulebook, self.packs)
        demands = tuple(plan.demand for plan in dearest)
        node = search.run(
            demands, self.facts, self.now, lambda node: spoils_no(node) and not names_any(node.steps, self.avoid)
        )
        return (joined if node is None else node.steps), not search.is_cut

    def _tell(self, steps: tuple[Step, ...], demands: list[Demand]) -> tuple[CombinedStep, ...]:
        """Return the steps, each with what is mended from it on."""
        facts, mended = self.facts, list[set[str]]()
        for step in steps:
            done = try_step(facts, self.rulebook, step)
            if isinstance(done, Refused):
                raise PlanError(done.because)
            facts, at = done.facts, step.at + PACE
            mended.append({one.id for one in demands if is_mended(examine(one, facts, self.rulebook, at))})
        first = {one.id: _find_first(one.id, mended) for one in demands}
        return tuple(
            CombinedStep(step, tuple(name for name, number in first.items() if number == at))
            for at, step in enumerate(steps)
        )


def _find_first(name: str, mended: list[set[str]]) -> int | None:
    """Return after which step a requirement is mended for good."""
    open_still = [number for number, names in enumerate(mended) if name not in names]
    first = open_still[-1] + 1 if open_still else 0
    return first if first < len(mended) else None


def spoils_nothing(before: Assessment, rulebook: Rulebook, packs: tuple[Pack, ...]) -> Callable[[Node], bool]:
    """Return what tells whether nothing fails that did not fail `before`."""
    return lambda node: not find_spoilt(before, assess(node.facts, rulebook, node.now, packs=packs))


def find_spoilt(before: Assessment, after: Assessment) -> list[str]:
    """Return which requirements fail now and did not before."""
    return [
        now.demand.id
        for was, now in zip(before.requirements, after.requirements, strict=True)
        if now.finding.result == "FAIL" and was.finding.result != "FAIL"
    ]
