"""A step of a cure: one act by one person at one time, and how it is performed in imagination.

The engine that rules on live acts rules on it. In a matter that only tells a history it is asked what the rules would
say if the matter were decided here and the history were its record; nothing is recorded anywhere.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Final

from alteram.core.acts import build_structural, get_spec
from alteram.core.acts.fields import Act
from alteram.core.acts.shapes import find_shapes
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts, build_live_event
from alteram.core.rules.decide import decide
from alteram.core.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Step:
    """One act, complete but for its texts; `capacity` is the part in which it is done, `seq` the entry it would be."""

    act: Act
    actor: PersonId
    at: datetime
    capacity: str = ""
    seq: int = -1

    @property
    def name(self) -> str:
        """Return the act by name."""
        return get_spec(type(self.act)).name

    @property
    def is_organisational(self) -> bool:
        """Return whether it is done in the organisation's own stream."""
        return get_spec(type(self.act)).stream == "organisation"


@dataclass(frozen=True, slots=True)
class Done:
    """A step that the rules let be, with the facts after it."""

    step: Step
    facts: Facts


def try_step(facts: Facts, rulebook: Rulebook, step: Step) -> Done | Refused:
    """Perform a step in imagination; return what the rules refuse instead."""
    organisation = Facts(facts.organisation, facts.organisation)
    stream = organisation if step.is_organisational else facts
    seq = stream.matter.head_seq + 1
    event = build_live_event(build_structural(step.act), seq=seq, actor=step.actor, at=step.at)
    ruling = decide(stream, rulebook, event, step.at, imagined=True)
    if isinstance(ruling, Refused):
        return ruling
    after = stream.with_event(event)
    told = replace(facts, organisation=after.organisation) if step.is_organisational else after
    return Done(replace(step, capacity=ruling.capacity, seq=seq), told)


def perform_steps(facts: Facts, rulebook: Rulebook, steps: Iterable[Step]) -> Facts | Refused:
    """Perform steps one after the other; return the facts after them, or the first refusal."""
    for step in steps:
        done = try_step(facts, rulebook, step)
        if isinstance(done, Refused):
            return done
        facts = done.facts
    return facts


#: Fields in which somebody free is named: who it is makes no other errand of the act.
FREELY_CHOSEN: Final = {
    "case-manager.assigned": "person",
    "investigator.appointed": "person",
    "contact-person.named": "person",
    "office.filled": "person",
    "mediator.chosen": "mediator",
    "appeal-panel.formed": "members",
    "adverse-act.reasoned": "signed_off_by",
    "organisation-act.agreed": "person",
}


def find_errand(step: Step) -> tuple[object, ...]:
    """Return what makes two steps the same errand: the act, whom and what it is about, else who does it."""
    chosen = FREELY_CHOSEN.get(step.name)
    names = [name for name in _subject_fields(type(step.act)) if name != chosen]
    about = tuple(value for name in names if (value := getattr(step.act, name)) not in {None, ()})
    return (step.name, *about) if about or chosen else (step.name, step.actor)


def find_people(act: Act, *, alone: bool = False) -> tuple[PersonId, ...]:
    """Return whom an act names; `alone` leaves out lists of people, such as who was invited."""
    named: list[PersonId] = []
    for name in _person_fields(type(act)):
        value = getattr(act, name)
        if isinstance(value, tuple):
            named += () if alone else value
        elif value is not None:
            named.append(value)
    return tuple(dict.fromkeys(named))


def names_any(steps: Iterable[Step], people: Collection[PersonId]) -> bool:
    """Return whether one of `people` does an act of a series, or is named in it."""
    return any(person in people for one in steps for person in (one.actor, *find_people(one.act)))


@cache
def _subject_fields(kind: type[Act]) -> tuple[str, ...]:
    shapes = find_shapes(get_spec(kind))
    return tuple(name for name, shape in shapes.items() if shape.kind in {"person", "entry", "identifier"})


@cache
def _person_fields(kind: type[Act]) -> tuple[str, ...]:
    return tuple(name for name, shape in find_shapes(get_spec(kind)).items() if shape.kind == "person")
