"""The board of contested propositions: who asserts, denies or declines, on what evidence, found or open.

It reads structure only: who, when, in which exhibit, from which character to which. What the words are, and whether
they say so, people judge: an assertion counts once somebody else than who marked it confirmed it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from alteram.core.acts import (
    AssertionConfirmed,
    AssertionMarked,
    AssertionsTied,
    PropositionEvidenced,
    PropositionFound,
    PropositionStated,
)
from alteram.core.disclosure.wordings import Shared, Span
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Event, Facts
from alteram.core.rules.exhibits import live_acts
from alteram.core.rules.reliance import find_rested_on

State: TypeAlias = Literal["confirmed", "unconfirmed", "rejected"]
#: How a proposition stands (design: standing), and two that are not yet any of these.
Standing: TypeAlias = Literal["asserted", "denied", "contested", "found", "open"]
_COUNTING: Final = ("asserts", "denies")


@dataclass(frozen=True, slots=True)
class Assertion:
    """Words of an exhibit marked as somebody's. `tied` are the others that are the same quotation, worded otherwise."""

    marked: Event[AssertionMarked]
    state: State
    tied: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return its name in the matter."""
        return self.marked.act.assertion

    @property
    def span(self) -> Span:
        """Return where its words stand in the text of the exhibit."""
        return Span(self.marked.act.first, self.marked.act.until)

    @property
    def who(self) -> tuple[PersonId | None, str]:
        """Return who says it: somebody of the matter, or a label."""
        return self.marked.act.person, self.marked.act.speaker or ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was last found of a proposition: `so`, `not-so`, or that it stays `open`; and the exhibits it rests on."""

    outcome: Literal["so", "not-so", "open"]
    seq: int
    at: datetime
    by: PersonId | None
    exhibits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One proposition: its assertions in the order of their marking, the exhibits for and against, what was found."""

    stated: Event[PropositionStated]
    assertions: tuple[Assertion, ...]
    evidence: tuple[Event[PropositionEvidenced], ...]
    finding: Finding | None

    @property
    def name(self) -> str:
        """Return its name in the matter."""
        return self.stated.act.proposition

    @property
    def standing(self) -> Standing:
        """Return how it stands: as it was found, else by what was confirmed of it."""
        if self.finding is not None and self.finding.outcome != "open":
            return "found"
        said = {one.marked.act.stance for one in self.assertions if one.state == "confirmed"}.intersection(_COUNTING)
        if len(said) == len(_COUNTING):
            return "contested"
        return "asserted" if "asserts" in said else "denied" if said else "open"


@dataclass(frozen=True, slots=True)
class Board:
    """All that is disputed, and what was marked without saying of which proposition."""

    rows: tuple[Row, ...]
    loose: tuple[Assertion, ...]

    @property
    def assertions(self) -> tuple[Assertion, ...]:
        """Return every assertion on the board."""
        return (*(one for row in self.rows for one in row.assertions), *self.loose)

    def find_speakers(self) -> tuple[tuple[PersonId | None, str], ...]:
        """Return who says something, in the order in which they first do: the columns of the board."""
        ordered = sorted(self.assertions, key=lambda one: one.marked.seq)
        return tuple(dict.fromkeys(one.who for one in ordered if one.state != "rejected"))


def build_board(facts: Facts) -> Board:
    """Return the board of a matter."""
    tied = _find_tied(one.act.assertions for one in live_acts(facts, AssertionsTied))
    said = {one.act.assertion: one.act.agreed for one in live_acts(facts, AssertionConfirmed)}
    marked = [
        Assertion(one, _find_state(said.get(one.act.assertion)), tied.get(one.act.assertion, ()))
        for one in live_acts(facts, AssertionMarked)
    ]
    found = {
        one.act.proposition: Finding(
            one.act.outcome, one.seq, one.recorded_at, one.actor, find_rested_on(facts.matter, one)
        )
        for one in live_acts(facts, PropositionFound)
    }
    rows = tuple(
        Row(
            one,
            tuple(each for each in marked if each.marked.act.proposition == one.act.proposition),
            tuple(
                each for each in live_acts(facts, PropositionEvidenced) if each.act.proposition == one.act.proposition
            ),
            found.get(one.act.proposition),
        )
        for one in live_acts(facts, PropositionStated)
    )
    return Board(rows, tuple(one for one in marked if one.marked.act.proposition is None))


def count_sources(assertions: Iterable[Assertion], shared: Iterable[Shared]) -> int:
    """Return on how many sources assertions rest: two that are tied, or stand word for word in both, are one."""
    kept = {one.name: one for one in assertions if one.state != "rejected"}
    groups: dict[str, str] = {name: name for name in kept}

    def find(name: str) -> str:
        while groups[name] != name:
            groups[name] = name = groups[groups[name]]
        return name

    for same in _find_same(kept, shared):
        for name in same:
            groups[find(name)] = find(same[0])
    return len({find(name) for name in kept})


def _find_same(kept: Mapping[str, Assertion], shared: Iterable[Shared]) -> Iterator[list[str]]:
    """Yield assertions that come from one source: tied, somebody's in one exhibit, or in copies of one sentence."""
    by_source: dict[tuple[str, PersonId | None, str], list[str]] = {}
    by_exhibit: dict[str, list[Assertion]] = {}
    for name, one in kept.items():
        yield [name, *(other for other in one.tied if other in kept)]
        by_source.setdefault((one.marked.act.exhibit, *one.who), []).append(name)
        by_exhibit.setdefault(one.marked.act.exhibit, []).append(one)
    yield from by_source.values()
    for copy in shared:
        standing = [one for exhibit in copy.places.keys() & by_exhibit for one in by_exhibit[exhibit]]
        copied = [one for one in standing if copy.places[one.marked.act.exhibit].touches(one.span)]
        if len({one.marked.act.exhibit for one in copied}) > 1:
            yield [one.name for one in copied]


def _find_state(agreed: bool | None) -> State:
    return "unconfirmed" if agreed is None else "confirmed" if agreed else "rejected"


def _find_tied(ties: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return for each assertion the others that it is tied to, directly or through others."""
    groups: list[set[str]] = []
    for tie in ties:
        joined = set(tie)
        apart = []
        for group in groups:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined]
    return {name: tuple(sorted(group - {name})) for group in groups for name in group}
