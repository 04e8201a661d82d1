"""Plan how to mend what an assessment found: for each requirement by itself, and all of it together.

Each plan is replayed through the engine that rules on live acts before it is given; what it promises is what the
assessment says after its steps. Who carries it out decides: a ruling may turn out otherwise, a text must be written.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from alteram.core.acts import RulingMade
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts
from alteram.core.rules.assess import Assessed, Assessment, assess
from alteram.core.rules.curing.costs import Cost, reckon_cost
from alteram.core.rules.curing.explaining import explain_incurable
from alteram.core.rules.curing.lasting import Lasting, find_last_time
from alteram.core.rules.curing.searching import RULINGS, Search, is_mended
from alteram.core.rules.curing.series import PACE, replay
from alteram.core.rules.curing.steps import Step, find_errand, find_people, perform_steps
from alteram.core.rules.findings import Finding, Result
from alteram.core.rules.rulebook import Demand, Pack, Rulebook

#: How many rulings a search may ask for before what mended another requirement is known.
_FIRST: Final = 150
#: How many series that mended something are tried on what is left.
_KNOWN: Final = 8


class PlanError(Exception):
    """A series that the rules allowed when it was sought is refused when it is replayed (a bug)."""


@dataclass(frozen=True, slots=True)
class CurePlan:
    """The least-cost lawful series that mends one requirement, what it then comes to, and until when it is open.

    `promised` is what it comes to after the steps; `is_lifted` says that what it complains of then no longer stands.
    `incurable` says why where there are no steps. `is_least` is False where the search ended at its bound, and cheaper
    series may exist. `begins` are requirements that have nothing to say now and would be open after it.
    """

    demand: Demand
    finding: Finding
    steps: tuple[Step, ...] = ()
    cost: Cost = field(default_factory=Cost)
    promised: Result = "UNKNOWN"
    is_lifted: bool = False
    lasting: Lasting = field(default_factory=Lasting)
    is_least: bool = True
    begins: tuple[str, ...] = ()
    incurable: str = ""

    @property
    def result(self) -> Result:
        """Return what the requirement comes to now."""
        return self.finding.result

    @property
    def rests_on_ruling(self) -> bool:
        """Return whether the promise holds only if somebody rules that it is met."""
        return any(isinstance(one.act, RulingMade) and one.act.met for one in self.steps)


@dataclass(frozen=True, slots=True)
class CombinedStep:
    """A step of the plan for everything, with the requirements that are mended once it is done."""

    step: Step
    mends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cures:
    """What would mend each requirement, and one series that mends all that can be mended together."""

    now: datetime
    plans: tuple[CurePlan, ...]
    combined: tuple[CombinedStep, ...]
    cost: Cost
    left: tuple[str, ...]

    def get(self, demand_id: str) -> CurePlan:
        """Return the plan of one requirement. Raises: KeyError where it needs none."""
        for plan in self.plans:
            if plan.demand.id == demand_id:
                return plan
        raise KeyError(demand_id)


def plan_cures(
    facts: Facts,
    rulebook: Rulebook,
    now: datetime,
    *,
    packs: Iterable[Pack] = (),
    only: Collection[str] | None = None,
    avoid: Collection[PersonId] = (),
) -> Cures:
    """Return what would mend each requirement that failed, and settle each that is open, from `now` on.

    With `only`, of the requirements with these identifiers; what is done together names nobody of `avoid`. It is
    bounded, and the same on any machine.
    """
    planner = _Planner(facts, rulebook, now, tuple(packs))
    goals = [one for one in planner.assessment.requirements if _needs_mending(one)]
    goals = [one for one in goals if only is None or one.demand.id in only]
    plans = planner.plan_each(goals)
    combined = planner.combine([plan for plan in plans if not _names(plan.steps, avoid)])
    steps = tuple(one.step for one in combined)
    mended = {name for one in combined for name in one.mends}
    left = tuple(one.demand.id for one in plans if one.demand.id not in mended)
    return Cures(now, plans, combined, reckon_cost(steps, now), left)


def _names(steps: Iterable[Step], people: Collection[PersonId]) -> bool:
    return any(person in people for one in steps for person in (one.actor, *find_people(one.act)))


def _needs_mending(one: Assessed) -> bool:
    return one.finding.result == "FAIL" or (one.finding.result == "UNKNOWN" and bool(one.finding.entries))


class _Planner:
    """Plans under way: what was found for one requirement is tried on the next."""

    def __init__(self, facts: Facts, rulebook: Rulebook, now: datetime, packs: tuple[Pack, ...]) -> None:
        last = facts.matter.last_at
        self.facts, self.rulebook, self.packs = facts, rulebook, packs
        self.now = now if last is None or last <= now else last
        self.assessment = assess(facts, rulebook, now, packs=packs)
        self.series: dict[tuple[tuple[object, ...], ...], tuple[Step, ...]] = {}
        self.used: Counter[tuple[tuple[object, ...], ...]] = Counter()
        self.lasting: dict[tuple[Step, ...], Lasting] = {}

    def plan_each(self, goals: list[Assessed]) -> tuple[CurePlan, ...]:
        """Return a plan for each requirement; what the first round did not find is sought again with what it found."""
        found: dict[str, CurePlan] = {}
        for bound in (_FIRST, RULINGS):
            for goal in goals:
                known = found.get(goal.demand.id)
                if known is None or (not known.is_least):
                    found[goal.demand.id] = self._plan(goal, bound)
        return tuple(found[goal.demand.id] for goal in goals)

    def _plan(self, goal: Assessed, bound: int) -> CurePlan:
        search = Search(self.rulebook, self.now, series=self._known(), bound=bound)
        before = self.assessment
        node = search.run(goal.demand, self.facts, self.now, lambda facts, at: not self._spoils(before, facts, at))
        if node is None:
            because = explain_incurable(goal.finding, search)
            return CurePlan(goal.demand, goal.finding, is_least=not search.is_cut, incurable=because)
        self._keep(node.steps)
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

    def combine(self, plans: list[CurePlan]) -> tuple[CombinedStep, ...]:
        """Return one series that mends all that plans mend: at each turn the plan that mends most for its cost."""
        facts, now, steps = self.facts, self.now, tuple[Step, ...]()
        told: list[CombinedStep] = []
        open_ones = {plan.demand.id: plan.demand for plan in plans if plan.steps}
        while open_ones:
            best = self._choose(facts, now, steps, plans, open_ones)
            if best is None:
                break
            facts, played, mended = best
            told += [CombinedStep(one, ()) for one in played[:-1]]
            told.append(CombinedStep(played[-1], tuple(mended)))
            steps, now = (*steps, *played), played[-1].at + PACE
            for name in mended:
                del open_ones[name]
        return tuple(told)

    def _choose(
        self,
        facts: Facts,
        now: datetime,
        done: tuple[Step, ...],
        plans: list[CurePlan],
        open_ones: dict[str, Demand],
    ) -> tuple[Facts, tuple[Step, ...], list[str]] | None:
        best: tuple[float, tuple[Facts, tuple[Step, ...], list[str]]] | None = None
        before = assess(facts, self.rulebook, now, packs=self.packs)
        for steps in dict.fromkeys(plan.steps for plan in plans if plan.demand.id in open_ones):
            outcome = replay(facts, self.rulebook, steps, now, done=done)
            if isinstance(outcome, Refused) or not outcome[1]:
                continue
            after, played = outcome
            at = played[-1].at + PACE
            found = assess(after, self.rulebook, at, packs=self.packs)
            mended = [name for name in open_ones if is_mended(found.get(name))]
            if not mended or _find_spoilt(before, found):
                continue
            rate = reckon_cost((*done, *played), self.now).total - reckon_cost(done, self.now).total
            if best is None or rate / len(mended) < best[0]:
                best = (rate / len(mended), (after, played, mended))
        return None if best is None else best[1]

    def _spoils(self, before: Assessment, facts: Facts, at: datetime) -> bool:
        """Return whether something fails after a series that did not before."""
        return bool(_find_spoilt(before, assess(facts, self.rulebook, at, packs=self.packs)))

    def _keep(self, steps: tuple[Step, ...]) -> None:
        errands = tuple(find_errand(one) for one in steps)
        self.series.setdefault(errands, steps)
        self.used[errands] += 1

    def _known(self) -> tuple[tuple[Step, ...], ...]:
        """Return the series that mended most requirements so far, the longest first among those that mended as many."""
        ranked = sorted(self.series, key=lambda errands: (-self.used[errands], -len(errands)))
        return tuple(self.series[errands] for errands in ranked[:_KNOWN])


def _find_spoilt(before: Assessment, after: Assessment) -> list[str]:
    return [
        now.demand.id
        for was, now in zip(before.requirements, after.requirements, strict=True)
        if now.finding.result == "FAIL" and was.finding.result != "FAIL"
    ]
