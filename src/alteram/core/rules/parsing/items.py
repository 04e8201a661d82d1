"""Lists of named things in a rulebook: read once, unique by identifier, and found again by those that refer to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

from msgspec import Struct

from alteram.core.kernel.documents import Mapping, Node, fail, read_identifier, read_sequence
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.rules.parsing.values import Scope, read_struct

S = TypeVar("S", bound=Struct)
S_co = TypeVar("S_co", bound=Struct, covariant=True)


@dataclass(frozen=True, slots=True)
class Item(Generic[S_co]):
    """One thing of a list, and the node that states it."""

    node: Node
    value: S_co

    def field(self, name: str) -> Node:
        """Return the node of a field, or that of the whole thing where the field is left out."""
        return find_field(self.node, name) or self.node


def find_field(node: Node, name: str) -> Node | None:
    """Return the node of a field of a mapping, if it is there."""
    return dict(node.fields).get(name) if isinstance(node, Mapping) else None


def read_items(fields: dict[str, Node], name: str, kind: type[S]) -> tuple[Item[S], ...]:
    """Return the things of the list `name`, none where it is left out. Raises: DocumentError for a malformed one."""
    if name not in fields:
        return ()
    items = read_sequence(fields[name], lambda node: Item(node, read_struct(node, kind, Scope())))
    if "id" in kind.__struct_fields__:
        refuse_twins((read_identifier(item.field("id")), item.field("id")) for item in items)
    return items


def refuse_twins(named: Iterable[tuple[str, Node]]) -> None:
    """Raise DocumentError at the second of two things with one name."""
    seen: set[str] = set()
    for name, node in named:
        if name in seen:
            fail(
                node,
                phrase("{name} stands here twice.", name=as_own(repr(name))),
                phrase("Give each its own name, or remove one."),
            )
        seen.add(name)


def check_name(node: Node, name: str, known: Iterable[str], what: str) -> None:
    """Raise DocumentError when `name` is given and is not one of the `known` things, which are called `what`."""
    names = tuple(known)
    if not name or name in names:
        return
    close = get_close_matches(name, names, n=1)
    remedy = (
        phrase("Did you mean {close}?", close=as_own(repr(close[0])))
        if close
        else phrase("Add it, or use one of {names}.", names=join(", ", map(as_own, names)) or phrase("none yet"))
    )
    fail(node, phrase("there is no {what} {name} in this document.", what=what, name=as_own(repr(name))), remedy)


def names_of(items: Iterable[Item[S]]) -> tuple[str, ...]:
    """Return the identifiers of things."""
    return tuple(getattr(item.value, "id", "") for item in items)
