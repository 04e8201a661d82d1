"""Assess a matter: every requirement of the rulebook and of the chosen packs, from the record alone.

The same facts and the same rulebook give the same assessment on anybody's machine. It does not judge content, and it
never turns silence into PASS: a requirement of which nothing has happened yet is UNKNOWN, and says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from alteram.core.acts import RulingMade, find_spec
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.phrases import join, phrase
from alteram.core.matters import AnyEvent, Event, Facts, StreamFacts
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.findings import Finding, failed, unknown, worst
from alteram.core.rules.requirements import Parameters, Requirement, get_requirement, parse_parameters
from alteram.core.rules.rulebook import Demand, Pack, Rulebook
from alteram.core.rules.standing import find_undone
from alteram.core.rules.view import View

#: What UNKNOWN says of a requirement that was never reached.
NOTHING_YET: Final = phrase("Nothing has happened yet that this requirement speaks of.")


@dataclass(frozen=True, slots=True)
class Assessed:
    """One requirement with what it comes to."""

    demand: Demand
    finding: Finding


@dataclass(frozen=True, slots=True)
class Assessment:
    """Every requirement of a rulebook and its packs, in their order, as of `now`."""

    rulebook: str
    now: datetime
    requirements: tuple[Assessed, ...]

    def get(self, demand_id: str) -> Finding:
        """Return the finding of one requirement. Raises: KeyError when the assessment has no such requirement."""
        for one in self.requirements:
            if one.demand.id == demand_id:
                return one.finding
        raise KeyError(demand_id)


def assess(facts: Facts, rulebook: Rulebook, now: datetime, *, packs: Iterable[Pack] = ()) -> Assessment:
    """Return what every requirement of `rulebook`, then of each further pack, comes to at `now`."""
    demands = (*rulebook.demands, *(demand for pack in packs for demand in pack.demands))
    return Assessment(
        rulebook.id, now, tuple(Assessed(demand, examine(demand, facts, rulebook, now)) for demand in demands)
    )


def examine(demand: Demand, facts: Facts, rulebook: Rulebook, now: datetime, *, at: AnyEvent | None = None) -> Finding:
    """Return what one demand comes to: at the one event `at`, or at all its anchors that still stand."""
    kind = get_requirement(demand.kind)
    parameters = parse_parameters(demand)
    view = View(facts, rulebook, demand, kind.reads, now, protected=find_role_holders(facts, rulebook, demand.protects))
    anchors = _anchors(kind, parameters, facts, at)
    if not anchors:
        return unknown(NOTHING_YET)
    findings = [_ruled(view, kind, anchor, _check(view, kind, parameters, anchor)) for anchor in anchors]
    # A finding without entries says that the demand does not speak of that event (see `findings.silent`).
    finding = worst([one for one in findings if one.entries] or findings)
    return finding if at is not None else _doubted(finding, kind, facts.matter)


def _check(view: View, kind: Requirement[Parameters], parameters: Parameters, anchor: AnyEvent) -> Finding:
    """Ask the predicate. A day that the adopted calendar does not cover leaves it open; nothing is reckoned beyond."""
    try:
        return kind.check(view, parameters, anchor)
    except CalendarError as error:
        return unknown(join(" ", filter(None, (error.problem, error.remedy))), entries=(anchor.seq,))


def _doubted(finding: Finding, kind: Requirement[Parameters], matter: StreamFacts) -> Finding:
    """Return `finding`; no PASS where an entry that may have said otherwise was shredded: silence never turns green."""
    lost = [one.seq for one in matter.withheld if one.tag is None or _may_read(kind, one.tag)]
    if finding.result != "PASS" or not lost:
        return finding
    which = (
        phrase("Entry {number}", number=lost[0])
        if len(lost) == 1
        else phrase("Entries {numbers}", numbers=join(", ", map(str, lost)))
    )
    because = phrase(
        "{because} But what was destroyed may have said otherwise: {which}.", because=finding.because, which=which
    )
    return replace(finding, result="UNKNOWN", because=because, entries=(*finding.entries, *lost))


def _may_read(kind: Requirement[Parameters], tag: str) -> bool:
    spec = find_spec(tag)
    return spec is None or spec.type in kind.reads


def _anchors(
    kind: Requirement[Parameters], parameters: Parameters, facts: Facts, at: AnyEvent | None
) -> list[AnyEvent]:
    if at is not None:
        return [at] if type(at.act) in kind.anchors and kind.applies(parameters, at) else []
    undone = find_undone(facts)
    return [
        event
        for event in facts.matter.all(*kind.anchors)
        if event.seq not in undone and kind.applies(parameters, event)
    ]


def _ruled(view: View, kind: Requirement[Parameters], anchor: AnyEvent, finding: Finding) -> Finding:
    """Let a reasoned ruling by somebody entitled take the place of a FAIL or UNKNOWN that may be ruled on."""
    if not kind.may_be_ruled or finding.result not in {"FAIL", "UNKNOWN"}:
        return finding
    rulings = [one for one in _rulings(view) if one.actor not in finding.concerns and _speaks_of(one, anchor, finding)]
    if not rulings:
        return finding
    ruling = rulings[-1]
    entries = (*finding.entries, ruling.seq)
    if ruling.act.met:
        return Finding("RULED", phrase("A reasoned ruling says that this is met."), entries, finding.working)
    return failed(phrase("A reasoned ruling says that this is not met."), entries=entries, cures=finding.cures)


def _speaks_of(ruling: Event[RulingMade], anchor: AnyEvent, finding: Finding) -> bool:
    """Return whether a ruling covers what was found at `anchor`.

    It does when it names the anchor, when it names everything else the finding rests on (so that a question can be
    ruled on before the act it would bar), or when it comes later and names nothing.
    """
    about = frozenset(ruling.act.about)
    rest = frozenset(finding.entries) - {anchor.seq}
    return anchor.seq in about or (bool(rest) and rest <= about) or (not about and ruling.seq > anchor.seq)


def _rulings(view: View) -> list[Event[RulingMade]]:
    entitled = frozenset(
        person for role in view.demand.ruled_by for person in find_role_holders(view.facts, view.rulebook, role)
    )
    return [
        event
        for event in view.facts.matter.all(RulingMade)
        if event.act.requirement == view.demand.id and event.actor in entitled and event.supports(view.protected)
    ]
