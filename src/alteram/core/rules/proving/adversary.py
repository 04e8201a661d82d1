"""The adversary's moves: what goes wrong in real disputes, and every way of saying or doing less than the course does.

The moves that add something were written from real disputes (design: things that go wrong in real life); those that
take away or change follow from the acts themselves.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Final

import msgspec

from alteram.core.acts import (
    Act,
    AllegationsStated,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.deviating import (
    Alter,
    By,
    Delay,
    Deviation,
    Insert,
    Move,
    Omit,
    OmitAll,
    find_alterations,
)
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Played
from alteram.core.rules.proving.strictness import AT_MOST
from alteram.core.rules.proving.wrongs import find_wrongs
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Demand

#: Steps that belong after the respondent's case is closed, and the earlier ones they may be taken before.
_DELIBERATING: Final = (
    "others-considered", "guilt-put", "guilt-voted", "penalty-put", "penalty-voted", "decision-drafted", "decided",
    "imposed", "report-final", "found", "opened", "meeting-called", "sides-left",
)  # fmt: skip
_LATE: Final = ("report-final", "opened", "guilt-put", "decided", "imposed")
_EARLIER: Final = ("respondent-closed", "respondent-heard", "opened", "answered", "notified", "accepted")


def find_deviations(base: Base) -> Iterator[Deviation]:
    """Yield every single deviation from a matter that keeps to the course."""
    taken = [step.name for step in base.course if base.find_act(step.name) is not None]
    people = find_people(base)
    for name in taken:
        yield Omit(name)
        act = base.find_act(name)
        if act is not None:
            yield from find_alterations(name, act, people)
    yield from _find_moves(taken)
    yield from find_insertions(base)


def find_bearing(base: Base, demand: Demand) -> Iterator[Deviation]:
    """Yield the deviations that bear on a demand: they change an act that it reads, or when one is done.

    Beside single steps, all that tell it of one thing are left out together: by kind of act, and by person.
    """
    reads = get_requirement(demand.kind).reads
    steps = {one.step: one for one in base.play.played if type(one.event.act) in reads}
    waited = {one.step for one, next_one in pairwise(base.play.played) if _is_apart(one, next_one)}
    for deviation in find_deviations(base):
        if _find_kind(base, deviation) in reads or (isinstance(deviation, Omit) and deviation.step in waited):
            yield deviation
    yield from _find_groups(steps)
    yield from _postpone(base, steps)
    yield from _find_old_conduct(base, demand)
    for period in find_beyond(demand):
        yield from (Delay(name, period) for name in _find_last(base, reads))


def _is_apart(one: Played, next_one: Played) -> bool:
    """Return whether time was waited for between two acts: without the first the later ones may come sooner."""
    return next_one.event.recorded_at - one.event.recorded_at > timedelta(days=1)


def _find_kind(base: Base, deviation: Deviation) -> type[Act] | None:
    match deviation:
        case Insert(act=act):
            return type(act)
        case OmitAll():
            return None
        case Omit(step=step) | Alter(step=step) | By(step=step) | Move(step=step) | Delay(step=step):
            found = base.find_act(step)
            return None if found is None else type(found)


def _find_groups(steps: dict[str, Played]) -> Iterator[OmitAll]:
    groups: dict[object, list[str]] = {}
    for name, one in steps.items():
        groups.setdefault(type(one.event.act), []).append(name)
        for person in {one.event.actor, getattr(one.event.act, "person", None), getattr(one.event.act, "to", None)}:
            if person is not None:
                groups.setdefault(person, []).append(name)
    yield from (OmitAll(tuple(names)) for names in groups.values() if len(names) > 1)


def _postpone(base: Base, steps: dict[str, Played]) -> Iterator[Move]:
    """Yield each step that a demand reads, taken late: at the last moment before each step that it should help."""
    order = {step.name: number for number, step in enumerate(base.course)}
    for name in steps:
        yield from (Move(name, late) for late in _LATE if late in order and order[name] + 1 < order[late])


def _find_old_conduct(base: Base, demand: Demand) -> Iterator[Alter]:
    """Yield the charge with conduct from before the rules, and from just beyond each period of the demand."""
    stated = base.find_act("alleged")
    if not isinstance(stated, AllegationsStated) or not stated.allegations:
        return
    begun = base.setting.rulebook.calendar.local_day(base.marks[0].now)
    for back in (timedelta(days=400), *find_beyond(demand)):
        day = begun - back
        charge = msgspec.structs.replace(stated.allegations[0], first_on=day, last_on=day)
        yield Alter("alleged", "allegations", (charge,))
        yield Alter("reported", "last_on", day)


def find_beyond(demand: Demand) -> tuple[timedelta, ...]:
    """Return lengths of time just beyond each period that a demand names."""
    found: list[timedelta] = []
    for name, raw in demand.parameters.items():
        value = msgspec.json.decode(raw)
        if name in AT_MOST and isinstance(value, dict):
            found += [timedelta(days=round(count * _DAYS_OF[unit]) + 4) for unit, count in value.items()]
    return tuple(found)


#: How long each unit of a period is at most, in days.
_DAYS_OF: Final = {
    "hours": 1 / 24, "days": 1, "clear_days": 1, "working_days": 1.6, "weeks": 7, "months": 31, "years": 366,
}  # fmt: skip


def _find_last(base: Base, reads: frozenset[type[Act]]) -> Iterator[str]:
    """Yield the steps of each kind of act that a demand reads, the first of a kind only."""
    seen: set[type[Act]] = set()
    for one in base.play.played:
        kind = type(one.event.act)
        if kind in reads and kind not in seen:
            seen.add(kind)
            yield one.step


def find_people(base: Base) -> tuple[PersonId, ...]:
    """Return one person for each way in which somebody may be the wrong one to act."""
    cast = base.setting.cast
    parts = ("respondent", "complainant", "witness", "companion", "case-manager", "investigator")
    return tuple(dict.fromkeys(cast.find(part) for part in parts))


def find_changes_of_hand(base: Base) -> Iterator[By]:
    """Yield each step taken by one of the sides instead."""
    sides = (base.setting.cast.find("respondent"), base.setting.cast.find("complainant"))
    for step in base.course:
        done = next((one.event.actor for one in base.play.played if one.step == step.name), None)
        yield from (By(step.name, person) for person in sides if done is not None and person != done)


def _find_moves(taken: list[str]) -> Iterator[Move]:
    order = {name: number for number, name in enumerate(taken)}
    for name in _DELIBERATING:
        for before in _EARLIER:
            if name in order and before in order and order[before] < order[name]:
                yield Move(name, before)


def find_insertions(base: Base) -> Iterator[Insert]:
    """Yield each thing more that may be done, at each place; the empty place is after everything."""
    taken = {step.name for step in base.course if base.find_act(step.name) is not None}
    for wrong in find_wrongs(base):
        for place in wrong.places:
            if place in taken or not place:
                yield Insert(f"{wrong.name}-before-{place or 'the-end'}", wrong.act, wrong.by, place)
