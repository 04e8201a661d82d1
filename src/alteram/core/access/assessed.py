"""What of an assessment its reader may be told: the result always, the reasons only where they close nothing open.

An assessment looks at everything, as a ruling does. A finding whose words name a person whose protected part the reader
may not know, or that comes out otherwise without the linked matters they do not handle, keeps its result and its clause
(design: UNKNOWN is loud); why it is so is left to the custodian to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from alteram.core.access.parts import HANDLERS, KEEPERS
from alteram.core.access.seeing import Reader
from alteram.core.access.telling import CLOSED, find_unknown_elsewhere, names_anybody
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Facts
from alteram.core.rules import Assessment, Pack, Rulebook, assess
from alteram.core.rules.findings import Finding
from alteram.core.rules.rulebook import Demand


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """One requirement with what its reader may be told of it; `is_closed` where the reasons are not open to them."""

    demand: Demand
    finding: Finding
    is_closed: bool = False


def tell_assessment(
    assessment: Assessment, facts: Facts, rulebook: Rulebook, reader: Reader, packs: Iterable[Pack] = ()
) -> tuple[ToldFinding, ...]:
    """Return an assessment of `facts` by `rulebook` and `packs` as `reader` may be told it."""
    keeps = not KEEPERS.isdisjoint(reader.roles)
    unknown = reader.unknown | find_unknown_elsewhere(facts, reader.person, keeps=keeps)
    alone: tuple[Finding, ...] | None = None
    if facts.linked and HANDLERS.isdisjoint(reader.roles):
        without = assess(replace(facts, linked=()), rulebook, assessment.now, packs=packs)
        alone = tuple(one.finding for one in without.requirements)
    return tuple(
        _tell(one.demand, one.finding, unknown, rests_on_linked=alone is not None and alone[place] != one.finding)
        for place, one in enumerate(assessment.requirements)
    )


def _tell(demand: Demand, finding: Finding, unknown: frozenset[PersonId], *, rests_on_linked: bool) -> ToldFinding:
    texts = [finding.because, *finding.working, finding.incurable, *(one.why for one in finding.cures)]
    if not rests_on_linked and not any(names_anybody(text, unknown) for text in texts):
        return ToldFinding(demand, replace(finding, concerns=()))
    cures = tuple(replace(one, why="") for one in finding.cures)
    entries = () if rests_on_linked else finding.entries
    closed = replace(finding, because=CLOSED, working=(), incurable="", cures=cures, entries=entries, concerns=())
    return ToldFinding(demand, closed, is_closed=True)
