"""No adverse outcome without each of the sixteen guarantees, as the packs and the rulebook itself demand them.

An adverse outcome is an act that lays something on somebody, or closes a door to them. At each that the rulebook lets
be, every demand must come to PASS, or to RULED by somebody entitled: of the outcome, where it is asked of outcomes,
else at the decision of everything before. Where the rulebook lets a demand at least as strict stop the very act, the
engine asks just that of it, so that nothing needs to be searched; else every matter in scope is tried, with two
deviations where no demand of this kind stops anything.

What can only follow an outcome (its instrument, its service) and what must be done by a day cannot be refused to
anybody beforehand; there it is asked that the rulebook itself notices: some requirement of its own must come to FAIL.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from alteram.core.acts import (
    AppealDecided,
    AppealRefused,
    DecisionMade,
    GagImposed,
    InterimMeasureImposed,
    MatterClosed,
    MatterDeclined,
    MatterReopened,
    OutcomePublished,
    SanctionImposed,
    SanctionLifted,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import Facts
from alteram.core.rules.assess import examine
from alteram.core.rules.decisions import burdens
from alteram.core.rules.findings import Finding
from alteram.core.rules.proving.adversary import find_bearing
from alteram.core.rules.proving.departures import find_departed_bases, find_own_departures
from alteram.core.rules.proving.exploring import Base, Deviations, Variant
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.proving.strictness import AT_MOST, is_as_strict
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Demand, Rulebook

ADVERSE: Final = (
    DecisionMade, SanctionImposed, SanctionLifted, InterimMeasureImposed, MatterDeclined, AppealDecided, AppealRefused,
    GagImposed, OutcomePublished, MatterClosed, MatterReopened,
)  # fmt: skip
_ON_APPEAL: Final = (AppealDecided, AppealRefused, OutcomePublished, MatterClosed, MatterReopened)
_LONG: Final = timedelta(days=500)


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each adverse outcome that a demand was not met at, and each demand let go by whoever does the outcome."""
    _note_overridden(search)
    yield from find_own_departures(search)
    for normal, variations in search.bases():
        known = frozenset(normal.play.facts.matter.by_type)
        for demand in search.demands:
            yield from islice(_search(search, normal, demand), 1)
            kind, speaks = get_requirement(demand.kind), Watch(normal, demand).speaks
            for base in variations:
                more = frozenset(base.play.facts.matter.by_type) - known
                if more.intersection(kind.anchors if speaks else kind.reads):
                    yield from islice(_search(search, base, demand), 1)
    yield from _find_departed(search)


def _note_overridden(search: Search) -> None:
    """Note each demand of a pack that it is not held to, because the rulebook openly chose another."""
    demands = search.demands
    for one in () if search.focus is not None else search.overridden:
        if not any(is_as_strict(other, one) for other in demands):
            note = phrase(
                "Held to what the rulebook chose, not to “{title}” ({demand}), which it overrides.",
                title=as_own(one.title),
                demand=as_own(one.id),
            )
            search.notes.append(note)


def _find_departed(search: Search) -> Iterator[Violation]:
    """Yield what a pack demands and is not met where a requirement was lawfully departed from.

    Of all that is demanded the matter that keeps to the course is asked; of what is of the same kind as the requirement
    that was departed from, what comes of deviations too.
    """
    let_go = {one.requirement for one in search.rulebook.departures}
    demands = [one for one in search.demands if one.pack or (search.focus is not None and one.id not in let_go)]
    for base, departed in find_departed_bases(search) if demands else ():
        for demand in demands:
            if (demand.kind, demand.protects) == _key(departed):
                yield from islice(_search(search, base, demand, departed=departed), 1)
            else:
                yield from islice(Watch(base, demand).find_breaches(base.play, ()), 1)


def _search(search: Search, base: Base, demand: Demand, *, departed: Demand | None = None) -> Iterator[Violation]:
    """Yield the ways in which a demand may not be met, the shortest first; `departed` stops nothing in this matter."""
    watch = Watch(base, demand, alone=search.focus is not None, departed=departed)
    if not watch.asks:
        return
    yield from watch.find_breaches(base.play, ())
    singles: list[Variant] = []
    for variant in search.explore(base, find_bearing(base, demand), until=watch.until):
        singles.append(variant)
        yield from watch.find_breaches(variant.play, variant.deviations)
    if watch.is_open:
        for variant in search.explore_pairs(base, singles, until=watch.until):
            yield from watch.find_breaches(variant.play, variant.deviations)


def is_adverse(act: Act) -> bool:
    """Return whether an act lays something on somebody or closes a door to them."""
    return isinstance(act, ADVERSE) and burdens(act)


def find_outcomes(played: Play) -> Iterable[Played]:
    """Return the adverse outcomes that a matter came to."""
    return [one for one in played.played if is_adverse(one.event.act)]


def is_unmet(finding: Finding) -> bool:
    """Return whether a demand was reached and is neither met nor ruled on."""
    return finding.result == "FAIL" or (finding.result == "UNKNOWN" and bool(finding.entries))


class Watch:
    """One demand, asked of the outcomes of a matter, or of its end where it is about what follows."""

    def __init__(self, base: Base, demand: Demand, *, alone: bool = False, departed: Demand | None = None) -> None:
        """Work out what it comes to in the matter that keeps to the course; `alone` where no other is searched for.

        `departed` was lawfully departed from, and stops nothing.
        """
        self._alone = alone
        self._departed = departed
        self.demand = demand
        anchors = get_requirement(demand.kind).anchors
        self._asked = anchors if any(kind in ADVERSE for kind in anchors) else (DecisionMade,)
        self._base = base
        self._rulebook = base.setting.rulebook
        self._normal = {one.step: (one.after, self._examine(one)) for one in find_outcomes(base.play)}
        unmet = any(is_unmet(finding) for _, finding in self._normal.values())
        self._later = _is_about_time(demand) or (unmet and not is_unmet(self._examine_end(base.play, demand)))

    @property
    def asks(self) -> bool:
        """Return whether there is anything to search: not where the rulebook asks as much at every outcome."""
        if self._later:
            return not _is_kept(self._rulebook, self.demand)
        return not all(self._is_held(name) for name in self._find_asked())

    def _is_held(self, act: str) -> bool:
        """Return whether a demand at least as strict stops this act: the engine then asks it of the very same facts."""
        gating = (one for one in self._rulebook.find_gating(act) if one is not self._departed)
        return any(is_as_strict(one, self.demand) for one in gating)

    @property
    def until(self) -> str:
        """Return the last step to play: where an appeal or what follows is asked about, the last of the course (empty).

        It is one of two, so that what was played for one demand serves the others.
        """
        outcomes = [one for one in find_outcomes(self._base.play) if not _is_appeal(one)]
        asked = filter(self._is_asked, self._base.play.played)
        if self._later or not outcomes or any(map(_is_appeal, asked)):
            return ""
        return outcomes[-1].step

    @property
    def is_open(self) -> bool:
        """Return whether no demand of this kind (alone: none as strict) stops anything: then pairs are tried."""
        gating = (one for one in self._rulebook.demands if one.gates and one is not self._departed)
        own = [one for one in gating if (one.kind, one.protects) == _key(self.demand)]
        return self.speaks and not any(not self._alone or is_as_strict(one, self.demand) for one in own)

    @property
    def speaks(self) -> bool:
        """Return whether the demand speaks of anything in the matter that keeps to the course."""
        return any(finding.entries for _, finding in self._normal.values())

    def _find_asked(self) -> set[str]:
        anchors = [kind for kind in get_requirement(self.demand.kind).anchors if kind in ADVERSE]
        return {get_spec(kind).name for kind in anchors or (DecisionMade,)}

    def _is_asked(self, one: Played) -> bool:
        """Return whether the demand is asked at an outcome: at its own anchors; of all before, at the decision."""
        return type(one.event.act) in self._asked and is_adverse(one.event.act)

    def find_breaches(self, played: Play, deviations: Deviations) -> Iterator[Violation]:
        """Yield each outcome of this matter that does not meet the demand."""
        if self._later:
            yield from self._find_unnoticed(played, deviations)
            return
        for outcome in filter(self._is_asked, played.played):
            after, finding = self._normal.get(outcome.step, (None, None))
            if after is None or finding is None or not _is_same(self.demand, outcome.after, after):
                finding = self._examine(outcome)
            if is_unmet(finding):
                yield self._tell(finding, outcome, played, deviations)

    def _examine(self, outcome: Played) -> Finding:
        asked_here = type(outcome.event.act) in get_requirement(self.demand.kind).anchors
        return examine(
            self.demand,
            outcome.after,
            self._rulebook,
            outcome.event.recorded_at,
            at=outcome.event if asked_here else None,
        )

    def _find_unnoticed(self, played: Play, deviations: Deviations) -> Iterator[Violation]:
        """Yield that this matter missed the demand in the end, and that nothing of the rulebook shows it."""
        finding = self._examine_end(played, self.demand)
        if not played.played or not is_unmet(finding):
            return
        own = [one for one in self._rulebook.demands if (one.kind, one.protects) == _key(self.demand)]
        if not any(is_unmet(self._examine_end(played, one)) for one in own):
            yield self._tell(finding, played.played[-1], played, deviations)

    def _examine_end(self, played: Play, demand: Demand) -> Finding:
        """Return what a demand comes to long after the end of a matter, when every period is over."""
        return examine(demand, played.facts, self._rulebook, played.now + _LONG)

    def _tell(self, finding: Finding, outcome: Played, played: Play, deviations: Deviations) -> Violation:
        return Violation(
            finding.because,
            about=get_spec(type(outcome.event.act)).name,
            clause=self.demand.clause,
            demand=self.demand,
            deviations=deviations,
            play=played,
            at=outcome,
            entries=finding.entries,
            afterwards=self._later,
        )


def _is_appeal(one: Played) -> bool:
    return isinstance(one.event.act, _ON_APPEAL)


def _is_kept(rulebook: Rulebook, demand: Demand) -> bool:
    """Return whether the rulebook has a demand at least as strict, which comes to FAIL whenever this one does."""
    return any(is_as_strict(one, demand) for one in rulebook.demands)


def _is_about_time(demand: Demand) -> bool:
    """Return whether a demand is about time going by after what it is asked at: no refusal makes anybody quick."""
    if demand.guarantee == "timeliness":
        return True
    anchors = get_requirement(demand.kind).anchors
    outcomes = set(anchors).intersection(ADVERSE) - {MatterClosed}  # After a closing there is only time.
    return bool(AT_MOST.intersection(demand.parameters)) and not outcomes


def _is_same(demand: Demand, one: Facts, other: Facts) -> bool:
    """Return whether two matters hold the same of all that a demand reads."""
    reads = get_requirement(demand.kind).reads
    return (
        one.organisation is other.organisation
        and all(one.matter.by_type.get(kind, ()) == other.matter.by_type.get(kind, ()) for kind in reads)
        and one.holdings == other.holdings
    )


def _key(demand: Demand) -> tuple[str, str]:
    return demand.kind, demand.protects
