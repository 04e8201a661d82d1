"""Has it been fair so far? A matter assessed for one person, who is told no more than they may know."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

from alteram.core.access.assessed import ToldFinding, tell_assessment
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import NOTHING_YET, Pack, assess
from alteram.core.rules.findings import ORDER, Result
from alteram.core.rules.rulebook import Guarantee
from alteram.operations.entries import Entered, enter
from alteram.operations.organisation import Organisation
from alteram.operations.recent import Recent

_KEPT: Final = 128


@dataclass(frozen=True, slots=True)
class TellableAssessment:
    """Every requirement of the governing rulebook, then of each chosen pack, as one person may be told it."""

    now: datetime
    requirements: tuple[ToldFinding, ...]

    def count(self) -> Mapping[Result, int]:
        """Return how many came to what, the worst first."""
        counted = Counter(one.finding.result for one in self.requirements)
        return {result: counted[result] for result in ORDER}

    def by_guarantee(self) -> tuple[tuple[Guarantee, tuple[ToldFinding, ...]], ...]:
        """Return the requirements under their guarantees: those with the worst result first, and so within each."""
        grouped: dict[Guarantee, list[ToldFinding]] = {}
        for one in self.requirements:
            grouped.setdefault(one.demand.guarantee, []).append(one)
        ranked = [(name, tuple(sorted(found, key=_rank))) for name, found in grouped.items()]
        return tuple(sorted(ranked, key=lambda one: _rank(one[1][0])))


def _rank(one: ToldFinding) -> tuple[int, bool]:
    """Return where a finding stands: of those not known, what the matter has come to comes before the rest."""
    return ORDER.index(one.finding.result), one.finding.because == NOTHING_YET


_Assessed = Recent[tuple[object, ...], TellableAssessment]
_assessed: "WeakKeyDictionary[Organisation, _Assessed]" = WeakKeyDictionary()


def assess_for(
    organisation: Organisation, stream: StreamId, viewer: PersonId, packs: tuple[Pack, ...], *, now: datetime
) -> TellableAssessment:
    """Return a matter's assessment as `viewer` may be told it. Raises: UnknownMatterError where it is not open."""
    return assess_entered(enter(organisation, stream, viewer), packs, now=now)


def assess_entered(entered: Entered, packs: tuple[Pack, ...] = (), *, now: datetime) -> TellableAssessment:
    """Return a matter's assessment as whoever entered it may be told it, worked out at most once in a minute."""
    at = now.replace(second=0, microsecond=0)
    last = entered.facts.matter.last_at
    at = at if last is None or last <= at else now.replace(microsecond=0)
    kept = _assessed.setdefault(entered.organisation, _Assessed(_KEPT))
    chosen = tuple((one.id, one.version) for one in packs)
    key = (entered.stream, entered.heads, entered.reader, chosen, at)
    found = kept.find(key)
    if found is None:
        assessment = assess(entered.facts, entered.rulebook, at, packs=packs)
        told = tell_assessment(assessment, entered.facts, entered.rulebook, entered.reader, packs)
        found = TellableAssessment(at, told)
        kept.put(key, found)
    return found
