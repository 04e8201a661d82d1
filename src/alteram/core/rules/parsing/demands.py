"""Demands as people write them: a kind of the library with its parameters, whom it protects, which acts it gates."""

import msgspec

from alteram.core.acts.catalogue import ROLES, Role
from alteram.core.kernel.documents import Node, read_choice
from alteram.core.rules.parsing.values import Scope, read_struct
from alteram.core.rules.requirements import all_requirements, get_requirement


def read_role(node: Node) -> Role:
    """Return a role."""
    found = read_choice(node, ROLES)
    return next(role for role in ROLES if role == found)


def read_kind(node: Node) -> str:
    """Return the name of a kind of requirement that the library has."""
    return read_choice(node, (one.kind for one in all_requirements()))


def read_parameters(node: Node, kind: str) -> dict[str, msgspec.Raw]:
    """Return the parameters that `kind` takes, those that hold their default left out.

    Raises: DocumentError for a parameter that is unknown, missing or not of its type.
    """
    read = read_struct(node, get_requirement(kind).parameters, Scope())
    given = msgspec.to_builtins(read)
    defaults = {one.encode_name: one.default for one in msgspec.structs.fields(read) if not one.required}
    return {
        name: msgspec.Raw(msgspec.json.encode(value, order="deterministic"))
        for name, value in given.items()
        if name not in defaults or getattr(read, name) != defaults[name]
    }
