"""Where two packs conflict: one name for two demands, or the same question asked with other parameters.

Each pack keeps its own. It does not say which is better: whoever builds on both must choose.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.periods import Period, parse_period
from alteram.core.rules.rulebook import Demand, Pack


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands of which not all can be meant, in the order in which they were given."""

    demands: tuple[Demand, ...]

    @property
    def owners(self) -> tuple[str, ...]:
        """Return whose demands they are, each pack once; the rulebook's own is empty."""
        return tuple(dict.fromkeys(one.pack for one in self.demands))

    @property
    def may_all_hold(self) -> bool:
        """Return whether all of them can stand side by side: none shares its name with another."""
        return len({one.id for one in self.demands}) == len(self.demands)


def find_conflicts(packs: Iterable[Pack]) -> tuple[Conflict, ...]:
    """Return where packs conflict with one another."""
    return find_conflicting([demand for pack in packs for demand in pack.demands])


def find_conflicting(demands: Sequence[Demand]) -> tuple[Conflict, ...]:
    """Return the demands that conflict, gathered: whatever conflicts with one of a group is in that group."""
    groups: list[list[int]] = []
    for place, demand in enumerate(demands):
        touched = [group for group in groups if any(_conflict(demands[one], demand) for one in group)]
        groups = [group for group in groups if group not in touched]
        groups.append(sorted([place, *(one for group in touched for one in group)]))
    found = sorted(group for group in groups if len(group) > 1)
    return tuple(Conflict(tuple(demands[one] for one in group)) for group in found)


def _conflict(one: Demand, other: Demand) -> bool:
    if one.id == other.id:
        return True
    if not one.pack or not other.pack or one.pack == other.pack:
        return False
    return (one.kind, one.protects) == (other.kind, other.protects) and one.parameters != other.parameters


def find_periods(demand: Demand) -> tuple[tuple[str, Period], ...]:
    """Return the periods among the parameters of a demand, each with the name of its parameter."""
    found: list[tuple[str, Period]] = []
    for name, raw in demand.parameters.items():
        value = msgspec.json.decode(raw)
        if isinstance(value, dict):
            try:
                found.append((name, parse_period(value)))
            except MalformedError:
                continue
    return tuple(found)


def tell_parameters(demand: Demand) -> str:
    """Return the parameters of a demand in words, as its file states them: `at_least 5 working days`."""
    return ", ".join(_tell_each(demand))


def _tell_each(demand: Demand) -> Iterator[str]:
    periods = dict(find_periods(demand))
    for name, raw in demand.parameters.items():
        yield f"{name} {periods[name] if name in periods else bytes(raw).decode()}"
