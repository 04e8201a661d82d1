"""What a proof searches: the scope that was chosen, the matters played so far, and what was found unfair."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from alteram.core.rules.proving.casting import NO_COLLISION, Collision, build_cast
from alteram.core.rules.proving.course import Step, build_course
from alteram.core.rules.proving.course.variations import VARIATIONS
from alteram.core.rules.proving.deviating import Deviation
from alteram.core.rules.proving.exploring import Base, Deviations, Tally, Variant, build_base, combine, explore
from alteram.core.rules.proving.playing import Play, Played, Setting
from alteram.core.rules.proving.remembering import Memory
from alteram.core.rules.rulebook import Demand, Pack, Procedure, Rulebook, Sanction

#: The rank of pairs with which every two deviations are tried.
ALL_PAIRS: Final = 6


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a proof looks: how many deviations at once (1 or 2), and after how many matters it ends.

    `bound` is for the whole proof, of all properties together; what it ends is not covered, and never proved. `pairs`
    says which pairs are in scope: up to what rank, see `exploring.combine` (2: two omissions, or an omission and
    something more).
    """

    deviations: int = 2
    bound: int = 50_000
    pairs: int = 2


@dataclass(frozen=True, slots=True)
class Violation:
    """How a property fails: what is wrong, at which act, after which deviations, under which clause.

    `play` is the matter, from its beginning; None where the text of the rulebook alone shows it. `demand` is what was
    not met, where a demand says so. `about` names what it is about, such as a stage or a sanction.
    """

    because: str
    about: str = ""
    clause: str = ""
    demand: Demand | None = None
    deviations: tuple[Deviation, ...] = ()
    play: Play | None = None
    at: Played | None = None
    entries: tuple[int, ...] = ()
    collision: Collision = NO_COLLISION
    afterwards: bool = False
    """Whether it is about what nobody can be refused beforehand: the rulebook has to notice it, not to stop it."""


@dataclass(slots=True)
class Search:
    """A rulebook under proof, with the packs it is held to."""

    rulebook: Rulebook
    packs: tuple[Pack, ...] = ()
    scope: Scope = field(default_factory=Scope)
    focus: Demand | None = None
    """Only what bears on this demand is searched, where one is named."""
    notes: list[str] = field(default_factory=list)
    """What a property lets be because a cited source fixes it."""
    tally: Tally = field(default_factory=Tally)
    begun: set[str] = field(default_factory=set)
    """The procedures, by identifier, of which any matter was played."""
    _bases: dict[tuple[Collision, str, str], Base] = field(default_factory=dict)

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """Return the procedures that differ in more than their names and titles; the others go the same way."""
        seen: dict[object, Procedure] = {}
        for one in self.rulebook.procedures:
            seen.setdefault((one.stages, one.decided_by, one.appeal_to), one)
        return tuple(seen.values())

    @property
    def first_sanction(self) -> Sanction | None:
        """Return the gravest sanction that needs none before it: the most that one matter can come to."""
        free = [one for one in self.rulebook.sanctions if not one.after]
        return max(free, key=lambda one: one.rung) if free else None

    @property
    def demands(self) -> tuple[Demand, ...]:
        """Return what matters are held to: the rulebook's own demands, and each of its packs', each once."""
        if self.focus is not None:
            return (self.focus,)
        overridden = self.overridden
        given = (one for pack in self.packs for one in pack.demands if one not in overridden)
        known = {(one.kind, one.protects, _spell(one)): one for one in given}
        # The rulebook's own words last, so that they are what is told where both ask the same.
        own = sorted(self.rulebook.demands, key=lambda one: not one.pack)
        known.update({(one.kind, one.protects, _spell(one)): one for one in own})
        return tuple(known.values())

    @property
    def overridden(self) -> tuple[Demand, ...]:
        """Return what the packs that the rulebook builds on demand, and the rulebook openly chose against."""
        chosen = {(one.pack, one.id) for one in self.rulebook.demands}
        built_on = {one.id for one in self.rulebook.builds_on}
        packs = [one for one in self.packs if one.id in built_on]
        return tuple(one for pack in packs for one in pack.demands if (pack.id, one.id) not in chosen)

    def bases(self) -> Iterator[tuple[Base, tuple[Base, ...]]]:
        """Yield for each procedure the matter that keeps to the course, and those that go each other way."""
        for procedure in self.procedures:
            normal = self.base(procedure)
            yield normal, tuple(self.vary(normal, name, change) for name, change in VARIATIONS.items())

    def vary(self, normal: Base, name: str, change: Callable[[tuple[Step, ...]], tuple[Step, ...]]) -> Base:
        """Return a matter of the same setting that goes another way."""
        key = (NO_COLLISION, normal.setting.procedure.id, name)
        if key not in self._bases:
            self._bases[key] = self.play(normal.setting, change(normal.course))
        return self._bases[key]

    def base(
        self, procedure: Procedure, *, collision: Collision = NO_COLLISION, sanction: Sanction | None = None
    ) -> Base:
        """Return the matter that keeps to the course, with a collision, for a sanction (else the gravest first one)."""
        chosen = sanction or self.first_sanction
        key = (collision, procedure.id, chosen.id if chosen is not None else "")
        if key not in self._bases:
            cast = build_cast(self.rulebook, collision)
            course = build_course(self.rulebook, cast)
            self._bases[key] = self.play(Setting(self.rulebook, cast, procedure, chosen, Memory()), course)
        return self._bases[key]

    def play(self, setting: Setting, course: tuple[Step, ...]) -> Base:
        """Return the matter that keeps to another course."""
        self.tally.begin()
        self.begun.add(setting.procedure.id)
        base = build_base(setting, course)
        self.tally.count(base.play)
        return base

    def explore(
        self, base: Base, deviations: Iterable[Deviation], *, at_once: bool = False, until: str = ""
    ) -> Iterator[Variant]:
        """Yield the matter with each single deviation; see `exploring.explore`."""
        if self.scope.deviations:
            sets = ((one,) for one in deviations)
            yield from explore(base, sets, tally=self.tally, at_once=at_once, until=until)

    def explore_sets(self, base: Base, sets: Iterable[Deviations]) -> Iterator[Variant]:
        """Yield the matter with each of these sets of two deviations, where two at once are in scope."""
        if self.scope.deviations > 1:
            yield from explore(base, sets, tally=self.tally)

    def explore_pairs(self, base: Base, variants: Iterable[Variant], *, until: str = "") -> Iterator[Variant]:
        """Yield the matter with each two of the deviations that the rulebook let be, up to the bound for pairs."""
        if self.scope.deviations > 1:
            pairs = combine(variants, rank=self.scope.pairs)
            yield from explore(base, pairs, tally=self.tally, until=until)


def _spell(demand: Demand) -> tuple[tuple[str, bytes], ...]:
    return tuple(sorted((name, bytes(value)) for name, value in demand.parameters.items()))
