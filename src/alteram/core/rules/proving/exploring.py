"""Explore what may come of a matter when people deviate from its course, up to so many deviations, up to a bound.

Facts only accumulate, so a deviated matter is played on from where it first differs. A deviation that the rulebook
refuses outright is not combined with others that do not bear on why; deviations are combined only where some property
or requirement reads both, since what nothing reads together cannot be unfair together.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from alteram.core.acts.fields import Act
from alteram.core.rules.proving.course import Step
from alteram.core.rules.proving.deviating import Alter, By, Delay, Deviation, Insert, Move, Omit, deviate
from alteram.core.rules.proving.playing import Mark, Play, Setting, begin, play, resume


@dataclass(frozen=True, slots=True)
class Base:
    """A matter that keeps to the course, with how it stood before each step."""

    setting: Setting
    course: tuple[Step, ...]
    play: Play

    @property
    def marks(self) -> list[Mark]:
        """Return how it stood before each step."""
        return self.play.marks

    def find_act(self, step: str) -> Act | None:
        """Return the act that a step came to; None where it was not taken."""
        return next((one.event.act for one in self.play.played if one.step == step), None)

    @property
    def ruled(self) -> frozenset[str]:
        """Return the requirements that were ruled on along the course."""
        return frozenset(one.step.removeprefix(_RULED) for one in self.play.played if one.step.startswith(_RULED))


_RULED: Final = "ruled-"


@dataclass(slots=True)
class Tally:
    """How much was explored: matters played and rulings asked of the engine; `cut` says that a bound ended it."""

    plays: int = 0
    rulings: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """A matter with its deviations."""

    deviations: tuple[Deviation, ...]
    play: Play


def build_base(setting: Setting, course: tuple[Step, ...]) -> Base:
    """Return the matter that keeps to the course."""
    return Base(setting, course, play(begin(setting), course, marked=True))


def vary(base: Base, deviations: tuple[Deviation, ...], *, at_once: bool = False) -> Play:
    """Return the matter with these deviations, played on from where it first differs.

    `at_once` ends it with the last step that deviates, where nothing is asked of what comes after.
    """
    course = base.course
    for deviation in deviations:
        course = deviate(course, deviation)
    if at_once:
        course = _cut(course, {_place(one) for one in deviations})
    same = _count_same(base.course, course)
    if same >= len(base.course):
        return base.play
    under_way = resume(base.setting, base.marks[same], may_rule=base.ruled)
    return play(under_way, course[same:])


def _cut(course: tuple[Step, ...], places: set[object]) -> tuple[Step, ...]:
    last = max((number for number, step in enumerate(course) if step.name in places), default=-1)
    return course[: last + 1]


def _count_same(one: tuple[Step, ...], other: tuple[Step, ...]) -> int:
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left is not right:
            return number
    return min(len(one), len(other))


def explore(
    base: Base,
    deviations: Iterable[Deviation],
    *,
    together: Callable[[Deviation, Deviation], bool],
    most: int,
    bound: int,
    tally: Tally,
    at_once: bool = False,
) -> Iterator[Variant]:
    """Yield the matter with every set of at most `most` deviations that go together, the smallest first.

    It ends after `bound` matters; `tally` then says that it was cut.
    """
    level: list[tuple[Deviation, ...]] = [(one,) for one in deviations]
    singles = [one for (one,) in level]
    for size in range(1, most + 1):
        alive: list[tuple[Deviation, ...]] = []
        for chosen in level:
            if tally.plays >= bound:
                tally.cut = True
                return
            varied = vary(base, chosen, at_once=at_once)
            tally.plays += 1
            tally.rulings += varied.rulings
            yield Variant(chosen, varied)
            if _is_taken(varied, chosen[-1]):
                alive.append(chosen)
        if size < most:
            level = list(_widen(alive, singles, together))


def _widen(
    alive: list[tuple[Deviation, ...]], singles: list[Deviation], together: Callable[[Deviation, Deviation], bool]
) -> Iterator[tuple[Deviation, ...]]:
    order = {one: number for number, one in enumerate(singles)}
    living = {chosen[-1] for chosen in alive}
    for chosen in alive:
        for other in singles[order[chosen[-1]] + 1 :]:
            apart = _place(other) not in {_place(one) for one in chosen}
            if other in living and apart and all(together(one, other) for one in chosen):
                yield (*chosen, other)


def _place(deviation: Deviation) -> object:
    return deviation.name if isinstance(deviation, Insert) else deviation.step


def _is_taken(varied: Play, deviation: Deviation) -> bool:
    """Return whether the rulebook let a deviation be."""
    match deviation:
        case Omit():
            return True
        case Alter(step=name) | By(step=name) | Move(step=name) | Insert(name=name) | Delay(step=name):
            return any(one.step == name for one in varied.played)
