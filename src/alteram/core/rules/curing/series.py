"""Play a series of acts that was found before again, from how a matter stands now.

What is done already is left out, what an act refers to within the series is followed, and the rules are asked anew.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec

from alteram.core.acts import get_spec
from alteram.core.acts.fields import Act
from alteram.core.acts.shapes import find_shapes
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts
from alteram.core.rules.curing.steps import Step, find_errand, try_step
from alteram.core.rules.rulebook import Rulebook

#: How long after one act the next is done.
PACE: Final = timedelta(minutes=5)


def replay(
    facts: Facts, rulebook: Rulebook, series: Iterable[Step], now: datetime, *, done: tuple[Step, ...] = ()
) -> tuple[Facts, tuple[Step, ...]] | Refused:
    """Perform `series` from `now` on, each act as long after the first as before; return the facts and what was done.

    `done` are steps that came before: what is done already is not done again. The first refusal ends it.
    """
    known = {find_errand(one): one.seq for one in done}
    entries: dict[int, int] = {}
    played: list[Step] = []
    begun: datetime | None = None
    for step in series:
        begun = step.at if begun is None else begun
        act = _follow(step.act, entries)
        errand = find_errand(replace(step, act=act))
        if errand in known:
            entries[step.seq] = known[errand]
            continue
        outcome = try_step(
            facts, rulebook, Step(_shift(act, now - begun, step.at), step.actor, now + (step.at - begun))
        )
        if isinstance(outcome, Refused):
            return outcome
        facts = outcome.facts
        if not step.is_organisational:
            entries[step.seq] = outcome.step.seq
        played.append(outcome.step)
    return facts, tuple(played)


def _follow(act: Act, entries: dict[int, int]) -> Act:
    """Return `act` with the entries it names where they are now."""
    changes: dict[str, Any] = {}
    for name in _fields(type(act), "entry"):
        value = getattr(act, name)
        if isinstance(value, tuple):
            changes[name] = tuple(entries.get(one, one) for one in value)
        elif value is not None:
            changes[name] = entries.get(value, value)
    return msgspec.structs.replace(act, **changes) if changes and entries else act


def _shift(act: Act, by: timedelta, at: datetime) -> Act:
    """Return `act` with the times that lay ahead of it as far ahead as before."""
    ahead = {name: getattr(act, name) for name in _fields(type(act), "instant")} if by else {}
    later = {name: value + by for name, value in ahead.items() if isinstance(value, datetime) and value >= at}
    return msgspec.structs.replace(act, **later) if later else act


@cache
def _fields(kind: type[Act], shape: str) -> tuple[str, ...]:
    return tuple(name for name, one in find_shapes(get_spec(kind)).items() if one.kind == shape)
