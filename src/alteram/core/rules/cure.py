"""What would still mend each failure and settle each unknown; some failures are incurable and are called so."""

from dataclasses import dataclass

from alteram.core.rules.assess import Assessment
from alteram.core.rules.findings import Cure, Result
from alteram.core.rules.rulebook import Demand


@dataclass(frozen=True, slots=True)
class CurePlan:
    """The lawful acts that would mend one requirement; `incurable` says why where nothing would."""

    demand: Demand
    result: Result
    steps: tuple[Cure, ...]
    incurable: str = ""


def cure(assessment: Assessment) -> tuple[CurePlan, ...]:
    """Return a plan for each requirement that came to FAIL, or to UNKNOWN where some act would settle it."""
    return tuple(
        CurePlan(one.demand, one.finding.result, one.finding.cures, one.finding.incurable)
        for one in assessment.requirements
        if one.finding.result == "FAIL" or (one.finding.result == "UNKNOWN" and one.finding.cures)
    )
