"""The lists of a rulebook, each thing with the node that states it, so that a fault can be shown where it stands."""

from dataclasses import dataclass

from msgspec import Struct

from alteram.core.acts.catalogue import Role
from alteram.core.kernel.documents import Node
from alteram.core.rules.parsing.demands import read_demands
from alteram.core.rules.parsing.items import Item, read_items
from alteram.core.rules.rulebook import Body, Breach, Clause, Demand, DepartureRule, Office, Procedure, Sanction

REQUIRED = ("rulebook", "title", "version", "jurisdiction", "calendar", "clauses", "bodies", "procedures")
OPTIONAL = (
    "builds_on",
    "overrides",
    "offices",
    "breaches",
    "sanctions",
    "acts",
    "requirements",
    "departures",
    "second_key",
)


class StatedActRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule for several acts: who may do them, in which stages (none named: in any)."""

    acts: tuple[str, ...]
    by: tuple[Role, ...]
    stages: tuple[str, ...] = ()
    clause: str = ""


class StatedSecondKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Several acts of the organisation that nobody does alone, and the roles whose holders may agree to them."""

    acts: tuple[str, ...]
    by: tuple[Role, ...]
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a rulebook lists."""

    clauses: tuple[Item[Clause], ...]
    offices: tuple[Item[Office], ...]
    bodies: tuple[Item[Body], ...]
    breaches: tuple[Item[Breach], ...]
    sanctions: tuple[Item[Sanction], ...]
    procedures: tuple[Item[Procedure], ...]
    acts: tuple[Item[StatedActRule], ...]
    demands: tuple[Item[Demand], ...]
    departures: tuple[Item[DepartureRule], ...]
    second_key: tuple[Item[StatedSecondKey], ...]


def read_parts(fields: dict[str, Node]) -> Parts:
    """Return the lists of a rulebook, each thing well formed; what they refer to is checked elsewhere."""
    return Parts(
        clauses=read_items(fields, "clauses", Clause),
        offices=read_items(fields, "offices", Office),
        bodies=read_items(fields, "bodies", Body),
        breaches=read_items(fields, "breaches", Breach),
        sanctions=read_items(fields, "sanctions", Sanction),
        procedures=read_items(fields, "procedures", Procedure),
        acts=read_items(fields, "acts", StatedActRule),
        demands=read_demands(fields),
        departures=read_items(fields, "departures", DepartureRule),
        second_key=read_items(fields, "second_key", StatedSecondKey),
    )
