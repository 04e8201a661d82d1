"""No adverse outcome without each of the sixteen guarantees, as the packs and the rulebook itself demand them.

An adverse outcome is an act that lays something on somebody, or closes a door to them. At each that the rulebook let
be, every demand that speaks of it or of what came before must come to PASS, or to RULED by somebody entitled.
What can only follow the outcome (its instrument, its service) is not asked here: see `silence`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from alteram.core.acts import (
    AppealDecided,
    AppealRefused,
    DecisionMade,
    GagImposed,
    InterimMeasureImposed,
    MatterDeclined,
    SanctionImposed,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.matters import Facts
from alteram.core.rules.assess import NOTHING_YET, examine
from alteram.core.rules.decisions import burdens
from alteram.core.rules.findings import Finding
from alteram.core.rules.proving.adversary import find_deviations
from alteram.core.rules.proving.deviating import Deviation
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Demand

ADVERSE: Final = (
    DecisionMade, SanctionImposed, InterimMeasureImposed, MatterDeclined, AppealDecided, AppealRefused, GagImposed,
)  # fmt: skip


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each adverse outcome that a demand was not met at."""
    for procedure in search.procedures:
        base = search.base(procedure)
        watch = Watch(base, search.demands)
        yield from (_tell(one, base.play, ()) for one in watch.find_breaches(base.play))
        for variant in search.explore(base, tuple(dict.fromkeys(find_deviations(base)))):
            yield from (_tell(one, variant.play, variant.deviations) for one in watch.find_breaches(variant.play))


def _tell(breach: "Breach", played: Play, deviations: tuple[Deviation, ...]) -> Violation:
    return Violation(
        breach.finding.because,
        about=get_spec(type(breach.outcome.event.act)).name,
        clause=breach.demand.clause,
        demand=breach.demand,
        deviations=deviations,
        play=played,
        at=breach.outcome,
        entries=breach.finding.entries,
    )


@dataclass(frozen=True, slots=True)
class Breach:
    """A demand that an adverse outcome did not meet, and the outcome."""

    demand: Demand
    finding: Finding
    outcome: Played


def is_adverse(act: Act) -> bool:
    """Return whether an act lays something on somebody or closes a door to them."""
    return isinstance(act, ADVERSE) and burdens(act)


class Watch:
    """What is asked of each matter: the demands, less those that speak only of what follows an outcome."""

    def __init__(self, base: Base, demands: tuple[Demand, ...]) -> None:
        """Work out what the matter that keeps to the course comes to, to compare others with."""
        self.base = base
        self.demands = demands
        self._normal = {one.step: self._read(self.base.play, one) for one in find_outcomes(self.base.play)}
        self._following = frozenset(self._find_following())

    def find_breaches(self, played: Play) -> Iterator[Breach]:
        """Yield each demand that an adverse outcome in this matter did not meet."""
        for outcome in find_outcomes(played):
            after, normal = outcome.after, self._normal.get(outcome.step)
            for number, demand in enumerate(self.demands):
                if number in self._following or demand.guarantee == "timeliness":
                    continue
                if normal is not None and normal.is_same(after, demand):
                    finding = normal.findings[number]
                else:
                    finding = examine(demand, after, played.setting.rulebook, outcome.event.recorded_at)
                if is_unmet(finding):
                    yield Breach(demand, finding, outcome)

    def _read(self, played: Play, outcome: Played) -> "_Normal":
        return _Normal(
            outcome.after,
            tuple(
                examine(one, outcome.after, played.setting.rulebook, outcome.event.recorded_at) for one in self.demands
            ),
        )

    def _find_following(self) -> Iterator[int]:
        """Yield the demands that are met only by what follows an outcome, as in the matter that keeps to the course."""
        for number, demand in enumerate(self.demands):
            if any(is_unmet(normal.findings[number]) for normal in self._normal.values()):
                ended = examine(demand, self.base.play.facts, self.base.setting.rulebook, self.base.play.now)
                if not is_unmet(ended):
                    yield number


@dataclass(frozen=True, slots=True)
class _Normal:
    """What the demands came to at an outcome of the matter that keeps to the course."""

    after: Facts
    findings: tuple[Finding, ...]

    def is_same(self, after: Facts, demand: Demand) -> bool:
        """Return whether another matter holds the same of all that a demand reads."""
        reads = get_requirement(demand.kind).reads
        return (
            after.organisation is self.after.organisation
            and all(after.matter.by_type.get(kind, ()) == self.after.matter.by_type.get(kind, ()) for kind in reads)
            and after.holdings == self.after.holdings
        )


def find_outcomes(played: Play) -> Iterable[Played]:
    """Return the adverse outcomes that a matter came to."""
    return [one for one in played.played if is_adverse(one.event.act)]


def is_unmet(finding: Finding) -> bool:
    """Return whether a demand was reached and is neither met nor ruled on."""
    if finding.result == "FAIL":
        return True
    return finding.result == "UNKNOWN" and bool(finding.entries) and finding.because != NOTHING_YET
