"""Whether one demand asks at least as much as another: same kind, same people, and no parameter that asks for less.

It compares parameters only where it is certain; where it cannot tell, it says no, and the matter is searched instead.
"""

from typing import Any, Final

import msgspec

from alteram.core.rules.requirements import parse_parameters
from alteram.core.rules.rulebook import Demand

#: Periods and counts by which a demand asks for more when they are smaller; by all others when they are larger.
AT_MOST: Final = frozenset({"within", "at_most", "longest", "idle", "review_within"})
UNITS: Final = ("hours", "days", "clear_days", "working_days", "weeks", "months", "years")

#: Parameters that ask for something more when they are true.
_ASKING: Final = frozenset(
    {"particulars", "worst_sanction", "jeopardy", "presumption", "companion", "external_routes", "outsiders"}
)


def is_as_strict(one: Demand, other: Demand) -> bool:
    """Return whether whatever meets `one` meets `other` for certain."""
    if (one.kind, one.protects) != (other.kind, other.protects) or not set(one.ruled_by) <= set(other.ruled_by):
        return False
    mine, theirs = _read(one), _read(other)
    return all(_asks_as_much(name, mine[name], theirs[name]) for name in mine)


def _read(demand: Demand) -> dict[str, Any]:
    """Return every parameter of a demand, those that hold their default too."""
    read: dict[str, Any] = msgspec.to_builtins(parse_parameters(demand))
    return read


def _asks_as_much(name: str, mine: Any, theirs: Any) -> bool:
    if mine == theirs:
        return True
    if name in _ASKING:
        return bool(mine)
    match mine, theirs:
        case dict(), dict() if len(mine) == 1 and mine.keys() == theirs.keys() and set(mine) <= set(UNITS):
            unit = next(iter(mine))
            return bool(mine[unit] <= theirs[unit] if name in AT_MOST else mine[unit] >= theirs[unit])
        case list(), list() if name in {"excluded", "items"}:
            return set(mine) >= set(theirs)
        case _:
            return False
