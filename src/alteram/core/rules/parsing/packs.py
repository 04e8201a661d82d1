"""A pack as people write it: a published standard, its clauses in our own words, its demands with source and status."""

from collections.abc import Callable
from typing import TypeAlias

from alteram.core.kernel.documents import Node, read_day, read_identifier, read_mapping, read_sequence, read_text
from alteram.core.rules.parsing.demands import read_demands
from alteram.core.rules.parsing.items import check_name, names_of, read_items
from alteram.core.rules.rulebook import Clause, Pack

PackLoader: TypeAlias = Callable[[str], Pack]

_REQUIRED = ("pack", "title", "version", "as_of", "jurisdiction", "clauses", "requirements")


def parse_pack(root: Node) -> Pack:
    """Return the pack that a document states. Raises: DocumentError, which names file, line, field and remedy."""
    fields = read_mapping(root, required=_REQUIRED, optional=("notes",))
    pack = read_identifier(fields["pack"])
    clauses = read_items(fields, "clauses", Clause)
    demands = read_demands(fields, pack=pack)
    for demand in demands:
        check_name(demand.field("clause"), demand.value.clause, names_of(clauses), "clause")
    return Pack(
        id=pack,
        title=read_text(fields["title"], longest=300),
        version=read_text(fields["version"], longest=64),
        as_of=read_day(fields["as_of"]).isoformat(),
        jurisdiction=read_text(fields["jurisdiction"], longest=64),
        clauses=tuple(item.value for item in clauses),
        demands=tuple(item.value for item in demands),
        notes=read_sequence(fields["notes"], read_text) if "notes" in fields else (),
    )
