"""A rulebook or pack whose clauses cannot stand together is refused where the first of them stands, with them all."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from alteram.core.kernel.documents import Node, fail
from alteram.core.rules.contradictions import Contradiction, find_contradictions, find_pack_contradictions
from alteram.core.rules.contradictions.ladder import find_circles
from alteram.core.rules.parsing.items import Item
from alteram.core.rules.parsing.rulebook_parts import Parts
from alteram.core.rules.rulebook import Demand, Rulebook


def refuse_circles(parts: Parts) -> None:
    """Raise DocumentError where sanctions come only after one another."""
    for found in find_circles(tuple(one.value for one in parts.sanctions)):
        _refuse(found, parts.sanctions, None)


def refuse_contradictions(rulebook: Rulebook, parts: Parts, root: Node) -> None:
    """Raise DocumentError for the first contradiction of which nothing lawful can come."""
    for found in find_contradictions(rulebook):
        if found.fatal:
            _refuse(found, _find_items(parts, found.part), root)


def refuse_pack_contradictions(demands: tuple[Item[Demand], ...]) -> None:
    """Raise DocumentError for the first demand of a pack that nothing can ever meet."""
    for found in find_pack_contradictions([one.value for one in demands]):
        if found.fatal:
            _refuse(found, demands, None)


def _find_items(parts: Parts, part: str) -> Iterable[Item[Struct]]:
    items: dict[str, tuple[Item[Struct], ...]] = {
        "bodies": parts.bodies,
        "sanctions": parts.sanctions,
        "procedures": parts.procedures,
        "acts": parts.acts,
        "requirements": parts.demands,
        "departures": parts.departures,
    }
    return items[part]


def _refuse(found: Contradiction, items: Iterable[Item[Struct]], root: Node | None) -> None:
    """Raise DocumentError at what a contradiction is about; what a pack states is shown at the whole rulebook."""
    node = next((one.field(found.field) for one in items if found.item in _find_names(one.value)), root)
    if node is not None:
        fail(node, found.tell(), found.remedy)


def _find_names(value: Struct) -> Iterator[str]:
    for name in ("id", "requirement"):
        if hasattr(value, name):
            yield str(getattr(value, name))
    yield from getattr(value, "acts", ())
