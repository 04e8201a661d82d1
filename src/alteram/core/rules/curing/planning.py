"""Plan how to mend what an assessment found: for each requirement by itself, and all of it together.

Each plan is replayed through the engine that rules on live acts before it is given; what it promises is what the
assessment says after its steps. Who carries it out decides: a ruling may turn out otherwise, a text must be written.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from alteram.core.acts import RulingMade
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts
from alteram.core.rules.assess import Assessed, assess
from alteram.core.rules.curing.costs import reckon_cost
from alteram.core.rules.curing.explaining import explain_incurable
from alteram.core.rules.curing.joining import Joiner, spoils_nothing
from alteram.core.rules.curing.lasting import Lasting, find_last_time
from alteram.core.rules.curing.plans import CurePlan, Cures, PlanError
from alteram.core.rules.curing.searching import RULINGS, Search
from alteram.core.rules.curing.series import PACE
from alteram.core.rules.curing.steps import Step, find_errand, perform_steps
from alteram.core.rules.rulebook import Pack, Rulebook

#: How many rulings a search may ask for before what mended another requirement is known.
_FIRST: Final = 150
#: How many series that mended something are tried on what is left.
_KNOWN: Final = 8


def plan_cures(
    facts: Facts,
    rulebook: Rulebook,
    now: datetime,
    *,
    packs: Iterable[Pack] = (),
    only: Collection[str] | None = None,
    avoid: Collection[PersonId] = (),
    tell: Callable[[int, int], None] = lambda _done, _parts: None,
) -> Cures:
    """Return what would mend each requirement that failed, and settle each that is open, from `now` on.

    With `only`, of the requirements with these identifiers; what is done together names nobody of `avoid`. `tell` is
    called with how many parts of the work are done, of how many. It is bounded, and the same on any machine.
    """
    planner = _Planner(facts, rulebook, now, tuple(packs))
    goals = [one for one in planner.assessment.requirements if _needs_mending(one)]
    goals = [one for one in goals if only is None or one.demand.id in only]
    plans = planner.plan_each(goals, tell)
    joined = Joiner(facts, rulebook, planner.now, planner.packs, frozenset(avoid)).join(plans)
    steps = tuple(one.step for one in joined.steps)
    mended = {name for one in joined.steps for name in one.mends}
    left = tuple(one.demand.id for one in plans if one.demand.id not in mended)
    return Cures(now, plans, joined.steps, reckon_cost(steps, now), left, joined.is_least)


def _needs_mending(one: Assessed) -> bool:
    return one.finding.result == "FAIL" or (one.finding.result == "UNKNOWN" and bool(one.finding.entries))


class _Planner:
    """Plans under way: what was found for one requirement is tried on the next."""

    def __init__(self, facts: Facts, rulebook: Rulebook, now: datetime, packs: tuple[Pack, ...]) -> None:
        last = facts.matter.last_at
        self.facts, self.rulebook, self.packs = facts, rulebook, packs
        self.now = now if last is None or last <= now else last
        self.assessment = assess(facts, rulebook, now, packs=packs)
        self.is_lawful_end = spoils_nothing(self.assessment, rulebook, packs)
        self.series: dict[tuple[tuple[object, ...], ...], tuple[Step, ...]] = {}
        self.used: Counter[tuple[tuple[object, ...], ...]] = Counter()
        self.lasting: dict[tuple[Step, ...], Lasting] = {}

    def plan_each(self, goals: list[Assessed], tell: Callable[[int, int], None]) -> tuple[CurePlan, ...]:
        """Return a plan for each requirement; what the first round did not find is sought again with what it found."""
        found: dict[str, CurePlan] = {}
        done, parts = 0, 3 * len(goals) + 1
        for bound in (_FIRST, RULINGS):
            for goal in goals:
                known = found.get(goal.demand.id)
                if known is None or not known.is_least:
                    found[goal.demand.id] = self._plan(goal, bound)
                tell(done := done + 1, parts)
        for goal in goals:
            found[goal.demand.id] = self._avoid_ruling(goal, found[goal.demand.id])
            tell(done := done + 1, parts)
        return tuple(found[goal.demand.id] for goal in goals)

    def _plan(self, goal: Assessed, bound: int) -> CurePlan:
        search = Search(self.rulebook, self.now, self._known(), bound)
        plan = self._seek(goal, search)
        if plan.steps:
            self._keep(plan.steps)
        return plan

    def _avoid_ruling(self, goal: Assessed, plan: CurePlan) -> CurePlan:
        """Return a plan that rules on its own requirement with the cheapest series beside it in which nobody rules.

        Where there is none, the cheapest in which nobody rules on this requirement; else why there is none either.
        """
        demand = goal.demand.id
        if not any(_name(one) == ("ruling.made", demand) for one in plan.steps):
            return plan
        other = self._seek(goal, self._search_without(lambda act, _: act == "ruling.made"))
        if not other.steps:
            other = self._seek(goal, self._search_without(lambda act, about: (act, about) == ("ruling.made", demand)))
        return replace(plan, unruled=other)

    def _search_without(self, is_barred: Callable[[str, str], bool]) -> Search:
        known = tuple(one for one in self._known() if not any(is_barred(*_name(step)) for step in one))
        return Search(self.rulebook, self.now, known, is_barred=is_barred)

    def _seek(self, goal: Assessed, search: Search) -> CurePlan:
        node = search.run((goal.demand,), self.facts, self.now, self.is_lawful_end)
        if node is None:
            because = explain_incurable(goal.finding, search)
            return CurePlan(goal.demand, goal.finding, is_least=not search.is_cut, incurable=because)
        return self._promise(goal, node.steps, is_least=not search.is_cut)

    def _promise(self, goal: Assessed, steps: tuple[Step, ...], *, is_least: bool) -> CurePlan:
        """Replay a series and say what it comes to."""
        after = perform_steps(self.facts, self.rulebook, steps)
        if isinstance(after, Refused):
            raise PlanError(after.because)
        found = assess(after, self.rulebook, steps[-1].at + PACE, packs=self.packs)
        begins = tuple(
            one.demand.id
            for was, one in zip(self.assessment.requirements, found.requirements, strict=True)
            if not was.finding.entries and one.finding.entries and one.finding.result == "UNKNOWN"
        )
        finding = found.get(goal.demand.id)
        return CurePlan(
            goal.demand,
            goal.finding,
            steps,
            reckon_cost(steps, self.now),
            finding.result,
            finding.result == "UNKNOWN" and not finding.entries,
            self._last(goal, steps),
            is_least,
            begins,
        )

    def _last(self, goal: Assessed, steps: tuple[Step, ...]) -> Lasting:
        """Return until when a series is open; worked out once for requirements that it mends alike."""
        key = steps
        if key not in self.lasting:
            self.lasting[key] = find_last_time(self.facts, self.rulebook, goal, steps, self.now)
        return self.lasting[key]

    def _keep(self, steps: tuple[Step, ...]) -> None:
        errands = tuple(find_errand(one) for one in steps)
        self.series.setdefault(errands, steps)
        self.used[errands] += 1

    def _known(self) -> tuple[tuple[Step, ...], ...]:
        """Return the series that mended most requirements so far, the longest first among those that mended as many."""
        ranked = sorted(self.series, key=lambda errands: (-self.used[errands], -len(errands)))
        return tuple(self.series[errands] for errands in ranked[:_KNOWN])


def _name(step: Step) -> tuple[str, str]:
    """Return a step's act, and the requirement that it rules on."""
    return step.name, step.act.requirement if isinstance(step.act, RulingMade) else ""
