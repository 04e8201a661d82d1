"""What changed between two versions of a rulebook: each part of it by name, before and after.

It compares what the rules are made of. It does not say whether a change is fair, nor which matters it touches: a matter
keeps the version under which it was accepted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from alteram.core.rules.rulebook import Rulebook

#: The parts of a rulebook, in the order in which they are told.
Part: TypeAlias = Literal[
    "clause",
    "act",
    "demand",
    "procedure",
    "sanction",
    "breach",
    "office",
    "body",
    "departure",
    "second_key",
    "pack",
]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was added (`old` is None), removed (`new` is None) or changed."""

    part: Part
    name: str
    old: Struct | None
    new: Struct | None


def find_differences(old: Rulebook, new: Rulebook) -> tuple[Difference, ...]:
    """Return what differs, part by part; in each first in the new order, then what is gone."""
    return tuple(one for part, find in _PARTS for one in _compare(part, find(old), find(new)))


def has_moved(old: Rulebook, new: Rulebook) -> bool:
    """Return whether title, jurisdiction or calendar differ, which no part tells."""
    return (old.title, old.jurisdiction, old.calendar) != (new.title, new.jurisdiction, new.calendar)


def _compare(part: Part, old: dict[str, Struct], new: dict[str, Struct]) -> Iterable[Difference]:
    for name, value in new.items():
        if old.get(name) != value:
            yield Difference(part, name, old.get(name), value)
    for name, value in old.items():
        if name not in new:
            yield Difference(part, name, value, None)


def _by(name: str, items: Iterable[Struct]) -> dict[str, Struct]:
    return {str(getattr(one, name)): one for one in items}


def _second_keys(rulebook: Rulebook) -> dict[str, Struct]:
    return {} if rulebook.second_key is msgspec.UNSET else _by("act", rulebook.second_key)


_PARTS: Final[tuple[tuple[Part, Callable[[Rulebook], dict[str, Any]]], ...]] = (
    ("clause", lambda one: _by("id", one.clauses)),
    ("act", lambda one: _by("act", one.acts)),
    ("demand", lambda one: {f"{demand.pack}/{demand.id}".lstrip("/"): demand for demand in one.demands}),
    ("procedure", lambda one: _by("id", one.procedures)),
    ("sanction", lambda one: _by("id", one.sanctions)),
    ("breach", lambda one: _by("id", one.breaches)),
    ("office", lambda one: _by("id", one.offices)),
    ("body", lambda one: _by("id", one.bodies)),
    ("departure", lambda one: _by("requirement", one.departures)),
    ("second_key", _second_keys),
    ("pack", lambda one: _by("id", one.builds_on)),
)
