"""What a changed requirement means for whoever it protects: asked or not, of how much, and which acts wait for it."""

from collections.abc import Iterator
from typing import Any

import msgspec

from alteram.core.acts.catalogue import Role
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.periods import parse_period
from alteram.core.kernel.phrases import as_act, as_own, as_word, join, phrase
from alteram.core.rules.amendments.asking import find_effect
from alteram.core.rules.amendments.effects import Effect, Meaning
from alteram.core.rules.requirements import parse_parameters
from alteram.core.rules.rulebook import Demand, DepartureRule


def compare_demands(old: Demand | None, new: Demand | None) -> Iterator[Meaning]:
    """Yield what it means that a requirement was added (no `old`), removed (no `new`) or changed."""
    if old is None or new is None:
        yield from _come_or_gone(old, new)
        return
    if old.kind != new.kind:
        told = phrase("{title} is now asked in another way.", title=as_own(new.title))
        yield _mean("changes", new, told)
        return
    if old.protects != new.protects:
        yield from (*_come_or_gone(old, None), *_come_or_gone(None, new))
        return
    yield from _compare_parameters(old, new)
    yield from _compare_gates(old, new)
    yield from _compare_rulers(old, new)


def compare_departures(
    old: DepartureRule | None, new: DepartureRule | None, protects: tuple[Role, ...]
) -> Iterator[Meaning]:
    """Yield what it means for whom a requirement protects that it may, or may no longer, be departed from."""
    rule = new or old
    if rule is None:
        return
    before, after = (frozenset(() if one is None else one.by) for one in (old, new))
    for people, effect in ((after - before, "shrinks"), (before - after, "grows")):
        if people:
            who, what = join(phrase(" or "), map(as_word, sorted(people))), as_word(rule.requirement)
            told = (
                phrase("{who} may now let {what} be departed from.", who=who, what=what)
                if effect == "shrinks"
                else phrase("{who} may no longer let {what} be departed from.", who=who, what=what)
            )
            sign: Effect = "shrinks" if effect == "shrinks" else "grows"
            yield Meaning(sign, protects, "departure", rule.requirement, told, rule.clause)


def _mean(effect: Effect, demand: Demand, told: str) -> Meaning:
    return Meaning(effect, (demand.protects,), "demand", demand.id, told, demand.clause)


def _come_or_gone(old: Demand | None, new: Demand | None) -> Iterator[Meaning]:
    if new is not None:
        yield _mean("grows", new, phrase("It is now required: {title}.", title=as_own(new.title)))
    if old is not None:
        yield _mean("shrinks", old, phrase("It is no longer required: {title}.", title=as_own(old.title)))


def _compare_parameters(old: Demand, new: Demand) -> Iterator[Meaning]:
    before, after = _read(old), _read(new)
    for name, value in after.items():
        if value != before[name]:
            told = phrase(
                "{title}: {name} was {old} and is {new}.",
                title=as_own(new.title),
                name=as_word(name),
                old=tell_value(before[name]),
                new=tell_value(value),
            )
            yield _mean(find_effect(name, before[name], value), new, told)


def _read(demand: Demand) -> dict[str, Any]:
    """Return every parameter, those that hold their default too."""
    read: dict[str, Any] = msgspec.to_builtins(parse_parameters(demand))
    return {
        name: {unit: count for unit, count in one.items() if count is not None} if isinstance(one, dict) else one
        for name, one in read.items()
    }


def tell_value(value: Any) -> object:
    """Return a builtin value of a parameter as a phrase can hold it."""
    match value:
        case bool():
            return phrase("yes") if value else phrase("no")
        case dict():
            return _tell_size(value)
        case None | []:
            return phrase("nothing")
        case list():
            return join(", ", [as_word(str(one)) for one in value])
        case _:
            return as_word(value) if isinstance(value, str) else value


def _tell_size(value: dict[str, Any]) -> object:
    if "numerator" in value:
        more = phrase("more than") if value.get("more_than") else phrase("at least")
        share = f"{value['numerator']}/{value['denominator']}"
        return phrase("{more} {share} of {base}", more=more, share=share, base=as_word(value["of"]))
    try:
        return parse_period(value)
    except MalformedError:
        return as_own(", ".join(f"{name} {one}" for name, one in value.items()))


def _compare_gates(old: Demand, new: Demand) -> Iterator[Meaning]:
    for act in new.gates:
        if act not in old.gates:
            told = phrase("{act} now waits until it is so: {title}.", act=as_act(act), title=as_own(new.title))
            yield _mean("grows", new, told)
    for act in old.gates:
        if act not in new.gates:
            told = phrase("{act} no longer waits until it is so: {title}.", act=as_act(act), title=as_own(new.title))
            yield _mean("shrinks", new, told)


def _compare_rulers(old: Demand, new: Demand) -> Iterator[Meaning]:
    title = as_own(new.title)
    for role in new.ruled_by:
        if role not in old.ruled_by:
            told = phrase("{role} may now rule whether it is so: {title}.", role=as_word(role), title=title)
            yield _mean("shrinks", new, told)
    for role in old.ruled_by:
        if role not in new.ruled_by:
            told = phrase("{role} may no longer rule whether it is so: {title}.", role=as_word(role), title=title)
            yield _mean("grows", new, told)
