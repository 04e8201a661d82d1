"""What an adversary may do otherwise than the course: leave a step out, take it as somebody else, say less, come early.

A deviation changes the list of steps or what a step drafts; the engine still rules on each act. Which deviations there
are follows from the shapes of the acts' fields and from who is there; nothing here knows any rule.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

import msgspec

from alteram.core.acts import Act, get_spec
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.course import Desk, Step

#: Fields that tie an act to the rest of its matter: another value there is another act, not a deviation.
_TIES: Final = frozenset({"exhibit", "meeting", "motion", "allegation", "procedure", "digest", "identity", "step"})
_HOUR: Final = timedelta(hours=1)
_ABSENT: Final = (None, ())


@dataclass(frozen=True, slots=True)
class Omit:
    """Leave a step out."""

    step: str


@dataclass(frozen=True, slots=True)
class OmitAll:
    """Leave several steps out, all that tell of one thing."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alter:
    """Take a step with another value in one field of its act."""

    step: str
    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class By:
    """Have somebody else take a step."""

    step: str
    person: PersonId


@dataclass(frozen=True, slots=True)
class Move:
    """Take a step before another one that comes earlier in the course."""

    step: str
    before: str


@dataclass(frozen=True, slots=True)
class Insert:
    """Do something more before a step."""

    name: str
    act: Act
    by: PersonId
    before: str


@dataclass(frozen=True, slots=True)
class Delay:
    """Let time pass before a step."""

    step: str
    period: timedelta


Deviation: TypeAlias = Omit | OmitAll | Alter | By | Move | Insert | Delay


def deviate(course: tuple[Step, ...], deviation: Deviation) -> tuple[Step, ...]:  # noqa: PLR0911 - a table
    """Return the course with one deviation."""
    match deviation:
        case Omit(step=name):
            return tuple(step for step in course if step.name != name)
        case OmitAll(steps=names):
            return tuple(step for step in course if step.name not in names)
        case Alter(step=name):
            return tuple(_alter(step, deviation) if step.name == name else step for step in course)
        case By(step=name, person=person):
            return tuple(replace(step, by=person) if step.name == name else step for step in course)
        case Move(step=name, before=before):
            moved = [replace(step, aside=True) for step in course if step.name == name]
            return tuple(_placed(course, moved, before, without=name))
        case Insert(name=name, act=act, by=person, before=before):
            return tuple(_placed(course, [Step(name, lambda _: (act,), by=person, aside=True)], before))
        case Delay(step=name, period=period):
            return tuple(replace(step, after=step.after + period) if step.name == name else step for step in course)


def _placed(course: Iterable[Step], more: list[Step], before: str, *, without: str = "") -> Iterator[Step]:
    for step in course:
        if step.name == before:
            yield from more
        if step.name != without:
            yield step
    if not before:
        yield from more


def _alter(step: Step, alter: Alter) -> Step:
    def draft(desk: Desk) -> Iterator[Act]:
        for act in step.draft(desk):
            if alter.field in act.__struct_fields__:
                yield msgspec.structs.replace(act, **{alter.field: alter.value})

    return replace(step, draft=draft)


def find_alterations(step: str, act: Act, people: Iterable[PersonId]) -> Iterator[Alter]:
    """Yield each way in which an act can say less, or something else, in one field."""
    spec = get_spec(type(act))
    shapes = find_shapes(spec)
    left_out = {one.name: one.default for one in msgspec.structs.fields(type(act))}
    for field in spec.fields:
        now = getattr(act, field.name)
        if field.name in _TIES:
            continue
        if field.confidential:
            # The rules see only whether a confidential field is there.
            if not field.required and now not in _ABSENT:
                yield Alter(step, field.name, () if isinstance(now, tuple) else None)
            continue
        for value in _find_values(now, shapes[field.name], required=field.required, people=tuple(people)):
            # What is left out holds its default: not every field may be nothing.
            said = left_out[field.name] if value is None and isinstance(left_out[field.name], str | int) else value
            if said != now:
                yield Alter(step, field.name, said)


def _find_values(now: Any, shape: Shape, *, required: bool, people: tuple[PersonId, ...]) -> Iterator[Any]:
    if not required and now not in (None, (), False):
        yield False if isinstance(now, bool) else () if isinstance(now, tuple) else None
    if shape.many:
        yield from _find_lists(now, shape, people)
        return
    match shape.kind:
        case "choice":
            yield from shape.choices
        case "person":
            yield from people
        case "number" if isinstance(now, int):
            yield from (number for number in (now - 1, now + 1, 0) if number >= 0)
        case "yes-no":
            yield from (True, False)
        case "instant" if isinstance(now, datetime):
            yield from (now - timedelta(days=1), now - _HOUR)
        case "day" if isinstance(now, date):
            yield now - timedelta(days=1)
        case _:
            return


def _find_lists(now: tuple[Any, ...], shape: Shape, people: tuple[PersonId, ...]) -> Iterator[Any]:
    """Yield the list without its first and without its last item, and with each person that is not on it."""
    if len(now) > 1:
        yield now[1:]
        yield now[:-1]
    if shape.kind == "person":
        yield from ((*now, one) for one in people if one not in now)
        yield from (tuple(two for two in now if two != one) for one in people if one in now)
