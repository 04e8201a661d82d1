"""Explore what may come of a matter when people deviate from its course.

Facts only accumulate, so a deviated matter is played on from where it first differs. What each single deviation comes
to is kept: the same matter is never played twice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from alteram.core.acts.fields import Act
from alteram.core.rules.proving.course import Step
from alteram.core.rules.proving.deviating import Alter, By, Delay, Deviation, Insert, Move, Omit, OmitAll, deviate
from alteram.core.rules.proving.playing import Mark, Play, Setting, begin, play, resume

Deviations: TypeAlias = tuple[Deviation, ...]
_RULED: Final = "ruled-"
_ABSENT: Final[tuple[object, ...]] = (None, (), False)


def has_time() -> bool:
    """Return whether there is time to go on: always, where nobody set a limit."""
    return True


class OutOfTimeError(Exception):
    """The time, or the number of matters, of a search is over. It ends that of a property, and never reaches others."""


@dataclass(slots=True)
class Tally:
    """How much was explored: matters played and rulings asked of the engine; `cut` says that a bound ended it.

    `has_time` is asked before each matter and after it, so that one that was begun is played to its end. `bound` is how
    many matters are played at most, of all properties together; None: no limit.
    """

    plays: int = 0
    rulings: int = 0
    remembered: int = 0
    cut: bool = False
    has_time: Callable[[], bool] = has_time
    bound: int | None = None

    def begin(self) -> None:
        """Raise OutOfTimeError where there is no time to play another matter, or none more is to be played."""
        if not self.has_time() or (self.bound is not None and self.plays >= self.bound):
            raise OutOfTimeError

    def count(self, played: Play) -> None:
        """Count a matter that was played. Raises: OutOfTimeError where that took the last of the time."""
        self.plays += 1
        self.rulings += played.rulings
        self.remembered += played.remembered
        if not self.has_time():
            raise OutOfTimeError


@dataclass(frozen=True, slots=True)
class Base:
    """A matter that keeps to the course, with how it stood before each step and what deviations of it came to."""

    setting: Setting
    course: tuple[Step, ...]
    play: Play
    known: dict[tuple[Deviations, bool, str], Play] = field(default_factory=dict)
    ruled: frozenset[str] = field(init=False)
    """The requirements that were ruled on along the course."""
    slots: Mapping[str, int] = field(init=False)
    """Where on the course each step begins."""

    def __post_init__(self) -> None:
        """Work out what every deviation of it asks for."""
        ruled = frozenset(one.step.removeprefix(_RULED) for one in self.play.played if one.step.startswith(_RULED))
        object.__setattr__(self, "ruled", ruled)
        slots = {step.name: mark.slot for step, mark in zip(self.course, self.play.marks, strict=True)}
        object.__setattr__(self, "slots", slots)

    @property
    def marks(self) -> list[Mark]:
        """Return how it stood before each step."""
        return self.play.marks

    def find_act(self, step: str) -> Act | None:
        """Return the act that a step came to; None where it was not taken."""
        return next((one.event.act for one in self.play.played if one.step == step), None)


@dataclass(frozen=True, slots=True)
class Variant:
    """A matter with its deviations."""

    deviations: Deviations
    play: Play


def build_base(setting: Setting, course: tuple[Step, ...]) -> Base:
    """Return the matter that keeps to the course."""
    return Base(setting, course, play(begin(setting), course, marked=True))


def explore(
    base: Base, sets: Iterable[Deviations], *, tally: Tally, at_once: bool = False, until: str = ""
) -> Iterator[Variant]:
    """Yield the matter with each set of deviations.

    `until` names the last step that is played, where nothing is asked of what comes after. Raises: OutOfTimeError
    where one would be played beyond the time or the bound of `tally`.
    """
    for chosen in dict.fromkeys(sets):
        key = (chosen, at_once, until)
        known = base.known.get(key)
        if known is None:
            tally.begin()
            known = base.known[key] = vary(base, chosen, at_once=at_once, until=until)
            tally.count(known)
        yield Variant(chosen, known)


def vary(base: Base, deviations: Deviations, *, at_once: bool = False, until: str = "") -> Play:
    """Return the matter with these deviations, played on from where it first differs.

    `at_once` ends it with the last step that deviates, where nothing is asked of what comes after.
    """
    course = base.course
    for deviation in deviations:
        course = deviate(course, deviation)
    if until:
        course = _cut(course, {until})
    if at_once:
        course = _cut(course, {place for one in deviations for place in find_places(one)})
    same = _count_same(base.course, course)
    if same >= len(base.course):
        return base.play
    under_way = resume(base.setting, base.marks[same], may_rule=base.ruled, slots=base.slots)
    return play(under_way, course[same:])


def _cut(course: tuple[Step, ...], places: set[str]) -> tuple[Step, ...]:
    last = max((number for number, step in enumerate(course) if step.name in places), default=len(course) - 1)
    return course[: last + 1]


def _count_same(one: tuple[Step, ...], other: tuple[Step, ...]) -> int:
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left is not right:
            return number
    return min(len(one), len(other))


def find_places(deviation: Deviation) -> tuple[str, ...]:
    """Return the steps that a deviation is about."""
    match deviation:
        case Insert(name=name):
            return (name,)
        case OmitAll(steps=steps):
            return steps
        case Omit(step=name) | Alter(step=name) | By(step=name) | Move(step=name) | Delay(step=name):
            return (name,)


def is_taken(varied: Play, deviation: Deviation) -> bool:
    """Return whether the rulebook let a deviation be."""
    if isinstance(deviation, Omit | OmitAll):
        return True
    return any(one.step in find_places(deviation) for one in varied.played)


def combine(variants: Iterable[Variant], *, rank: int) -> list[tuple[Deviation, Deviation]]:
    """Return each two single deviations that the rulebook let be and that are about different steps, up to a rank.

    It takes two omissions most often to leave somebody without a guarantee: to leave a step out counts nothing, to say
    less 1, to do something more 2, all else 3; a pair counts what both do.
    """
    singles = [one.deviations[0] for one in variants if is_taken(one.play, one.deviations[0])]
    pairs = (
        (one, other)
        for number, one in enumerate(singles)
        for other in singles[number + 1 :]
        if _rank(one) + _rank(other) <= rank and not set(find_places(one)).intersection(find_places(other))
    )
    return sorted(pairs, key=lambda pair: sum(map(_rank, pair)))


def _rank(deviation: Deviation) -> int:
    match deviation:
        case Omit() | OmitAll():
            return 0
        case Alter(value=value) if value in _ABSENT:
            return 1
        case Insert():
            return 2
        case _:
            return 3
