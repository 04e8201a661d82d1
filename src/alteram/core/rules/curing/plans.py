"""What a plan says: for one requirement, and for everything together."""

from dataclasses import dataclass, field
from datetime import datetime

from alteram.core.acts import RulingMade
from alteram.core.rules.curing.costs import Cost
from alteram.core.rules.curing.lasting import Lasting
from alteram.core.rules.curing.steps import Step
from alteram.core.rules.findings import Finding, Result
from alteram.core.rules.rulebook import Demand


class PlanError(Exception):
    """A series that the rules allowed when it was sought is refused when it is replayed (a bug)."""


@dataclass(frozen=True, slots=True)
class CurePlan:
    """The least-cost lawful series that mends one requirement, what it then comes to, and until when it is open.

    `promised` is what it comes to after the steps; `is_lifted` says that what it complains of then no longer stands.
    `incurable` says why where there are no steps. `is_least` is False where the search ended at its bound, and cheaper
    series may exist. `begins` are requirements that have nothing to say now and would be open after it.
    Where somebody rules in it that this very requirement is met, `unruled` is the cheapest in which nobody rules, else
    in which nobody rules on this requirement, or why there is none.
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
    unruled: "CurePlan | None" = None

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
    """What would mend each requirement, and one series that mends all that can be mended together.

    `is_least`: no cheaper series mends all of it, of those that the search knows; False: it was found by joining the
    plans, each of them least, and a cheaper whole may exist. `left` are requirements that it does not mend.
    """

    now: datetime
    plans: tuple[CurePlan, ...]
    combined: tuple[CombinedStep, ...]
    cost: Cost
    left: tuple[str, ...]
    is_least: bool = True

    def get(self, demand_id: str) -> CurePlan:
        """Return the plan of one requirement. Raises: KeyError where it needs none."""
        for plan in self.plans:
            if plan.demand.id == demand_id:
                return plan
        raise KeyError(demand_id)
