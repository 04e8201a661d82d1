"""What a certificate says of a matter, worked out from facts and rules alone: the same facts give the same lines.

It is used twice: to write a certificate, and to repeat it from an export. It looks at no key and at no proof.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from alteram.core.acts import DepartureAuthorised, MeetingAlleged, MeetingRegistered
from alteram.core.certificates.form import SHOWN_FIRST, Departure, Matter, RequirementLine, ResultLine, Rules
from alteram.core.matters import Facts, StreamFacts
from alteram.core.rules import Assessed, Demand, Finding, Pack, Rulebook, assess, encode_rulebook, examine
from alteram.core.rules.results import examine_result
from alteram.core.rules.standards import NamedResult


@dataclass(frozen=True, slots=True)
class Measures:
    """By what a matter is measured: the rulebook, and packs as they are chosen or built on, each with its digest."""

    rulebook: Rulebook
    digest: str
    built_on: tuple[tuple[str, Pack], ...] = ()
    chosen: tuple[tuple[str, Pack], ...] = ()

    @property
    def packs(self) -> tuple[tuple[str, Pack], ...]:
        """Return the packs whose named results are asked for, each once."""
        return tuple(dict((*self.chosen, *self.built_on)).items())

    def describe(self) -> tuple[Rules, ...]:
        """Return the rules as a certificate names them: the rulebook first, then packs by digest."""
        book, chosen = self.rulebook, dict(self.chosen)
        first = Rules(
            digest=self.digest, id=book.id, kind="rulebook", title=book.title, version=book.version, as_of="", text=""
        )
        others = [
            Rules(
                digest=digest,
                id=pack.id,
                kind="pack" if digest in chosen else "built-on",
                text=encode_rulebook(pack).decode(),
                title=pack.title,
                version=pack.version,
                as_of=pack.as_of,
            )
            for digest, pack in sorted(self.packs)
        ]
        return (first, *others)


@dataclass(frozen=True, slots=True)
class Told:
    """What a certificate says of a matter, but for its proofs."""

    matter: Matter
    requirements: tuple[RequirementLine, ...]
    results: tuple[ResultLine, ...]
    departures: tuple[Departure, ...]

    @property
    def entries(self) -> frozenset[int]:
        """Return the entries that it rests on."""
        named = [one.entries for one in self.requirements] + [one.entries for one in self.results]
        return frozenset({*chain.from_iterable(named), *self.matter.alleged, *(one.entry for one in self.departures)})


def tell(facts: Facts, measures: Measures, now: datetime, by_person: frozenset[int]) -> Told:
    """Return what is said of a matter at `now`; `by_person` are entries with a signature only the person could make."""
    telling = _Telling(facts, measures, now, by_person)
    departures = [
        Departure(entry=one.seq, requirement=one.act.requirement)
        for one in facts.matter.all(DepartureAuthorised)
        if one.live and not one.corrected
    ]
    return Told(
        _tell_matter(facts.matter, by_person),
        tuple(sorted(telling.requirements(), key=lambda one: SHOWN_FIRST.index(one.result))),
        tuple(sorted(telling.results(), key=lambda one: SHOWN_FIRST.index(one.result))),
        tuple(departures),
    )


def _tell_matter(matter: StreamFacts, by_person: frozenset[int]) -> Matter:
    registered = {one.act.meeting for one in matter.all(MeetingRegistered) if one.live and not one.corrected}
    alleged = [one for one in matter.all(MeetingAlleged) if one.act.meeting not in registered and not one.corrected]
    return Matter(
        alleged=tuple(one.seq for one in alleged),
        asserted=sum(one.standing in {"asserted", "denied"} for one in matter.every()),
        destroyed=len(matter.withheld),
        entries=matter.head_seq + 1,
        signed=len(by_person),
    )


class _Telling:
    def __init__(self, facts: Facts, measures: Measures, now: datetime, by_person: frozenset[int]) -> None:
        self._facts, self._measures, self._now = facts, measures, now
        self._alone = replace(facts, linked=()) if facts.linked else None
        self._by_person = by_person

    def requirements(self) -> Iterator[RequirementLine]:
        book, packs = self._measures.rulebook, [pack for _, pack in self._measures.chosen]
        owners = [self._measures.digest] * len(book.demands)
        owners += [digest for digest, pack in self._measures.chosen for _ in pack.demands]
        found = assess(self._facts, book, self._now, packs=packs).requirements
        alone = found if self._alone is None else assess(self._alone, book, self._now, packs=packs).requirements
        for by, one, without in zip(owners, found, alone, strict=True):
            yield self._line(by, one, elsewhere=one.finding != without.finding)

    def _line(self, by: str, one: Assessed, *, elsewhere: bool) -> RequirementLine:
        demand, finding = one.demand, one.finding
        entries = () if elsewhere else _order(finding.entries)
        return RequirementLine(
            by=by,
            clause=demand.clause,
            elsewhere=elsewhere,
            entries=entries,
            guarantee=demand.guarantee,
            id=demand.id,
            pack=demand.pack,
            result=finding.result,
            signed=self._count(entries),
            source=demand.source,
            status=demand.status,
            title=demand.title,
            uncontradicted=_is_uncontradicted(finding),
        )

    def results(self) -> Iterator[ResultLine]:
        for by, pack in sorted(self._measures.packs):
            for result in pack.results or ():
                yield self._result(by, pack, result)

    def _result(self, by: str, pack: Pack, result: NamedResult) -> ResultLine:
        book, now = self._measures.rulebook, self._now
        finding = examine_result(result, pack, self._facts, book, now)
        without = finding if self._alone is None else examine_result(result, pack, self._alone, book, now)
        elsewhere = finding != without
        entries = () if elsewhere else _order(finding.entries)
        needed = [one for one in pack.demands if one.id in result.needs]
        return ResultLine(
            by=by,
            clause=result.clause,
            elsewhere=elsewhere,
            entries=entries,
            id=result.id,
            result=finding.result,
            signed=self._count(entries),
            source=result.source,
            status=result.status,
            title=result.title,
            uncontradicted=finding.result == "PASS" and any(map(self._is_uncontradicted, needed)),
        )

    def _is_uncontradicted(self, demand: Demand) -> bool:
        return _is_uncontradicted(examine(demand, self._facts, self._measures.rulebook, self._now))

    def _count(self, entries: Sequence[int]) -> int:
        return len(self._by_person.intersection(entries))


def _order(entries: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(entries)))


def _is_uncontradicted(finding: Finding) -> bool:
    """Return whether a PASS shows nothing but that nothing speaks against it; one that rests on no entry does not."""
    return finding.result == "PASS" and (finding.uncontradicted or not finding.entries)
