"""Demands as people write them: a kind of the library with its parameters, whom it protects, which acts it gates.

- id: notice-of-the-hearing
  title: Ten clear days' notice before the hearing
  guarantee: notice
  requires: {notice-period: {at_least: {clear_days: 10}}}
  gates: [meeting.opened]
  clause: "5.2"
"""

from typing import get_args

import msgspec

from alteram.core.acts import all_specs
from alteram.core.acts.catalogue import ROLES, Role
from alteram.core.kernel.documents import (
    Node,
    Scalar,
    fail,
    read_any_mapping,
    read_choice,
    read_identifier,
    read_mapping,
    read_sequence,
    read_text,
)
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.rules.parsing.items import Item, refuse_twins
from alteram.core.rules.parsing.values import Scope, read_struct
from alteram.core.rules.requirements import all_requirements, get_requirement
from alteram.core.rules.rulebook import Demand, Guarantee
from alteram.core.rules.sources import SOURCES
from alteram.core.rules.standards import SourceStatus

_LONGEST_TITLE = 300


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


def read_demands(fields: dict[str, Node], *, pack: str = "") -> tuple[Item[Demand], ...]:
    """Return the demands of the list `requirements`; those of a `pack` each name their source and its status."""
    if "requirements" not in fields:
        return ()
    demands = read_sequence(fields["requirements"], lambda node: Item(node, _read_demand(node, pack)))
    refuse_twins((item.value.id, item.field("id")) for item in demands)
    return demands


def _read_demand(node: Node, pack: str) -> Demand:
    sourced = ("source", "status")
    fields = read_mapping(
        node,
        required=("id", "title", "guarantee", "requires", *(sourced if pack else ())),
        optional=("protects", "clause", "gates", "ruled_by", "note", "covers", *sourced),
    )
    kind, parameters = _read_requires(fields["requires"])
    return Demand(
        id=read_identifier(fields["id"]),
        title=read_text(fields["title"], longest=_LONGEST_TITLE),
        guarantee=_read_guarantee(fields["guarantee"]),
        kind=kind,
        parameters=parameters,
        protects=read_role(fields["protects"]) if "protects" in fields else "respondent",
        clause=read_text(fields["clause"], longest=64) if "clause" in fields else "",
        gates=_read_gates(fields["gates"]) if "gates" in fields else (),
        ruled_by=_read_ruled_by(fields["ruled_by"], kind) if "ruled_by" in fields else (),
        source=read_text(fields["source"], longest=_LONGEST_TITLE) if "source" in fields else "",
        status=_read_status(fields["status"]) if "status" in fields else "G",
        pack=pack,
        covers=read_covers(fields["covers"]) if "covers" in fields else msgspec.UNSET,
    )


def read_covers(node: Node) -> tuple[str, ...]:
    """Return published requirements by their identifiers, each once. Raises: DocumentError for one that is unknown."""
    covered = read_sequence(node, lambda item: read_choice(item, SOURCES))
    refuse_twins((one, node) for one in covered)
    if not covered:
        fail(node, phrase("covers nothing."), phrase("Name a published requirement, or leave this out."))
    return covered


def _read_requires(node: Node) -> tuple[str, dict[str, msgspec.Raw]]:
    given = list(read_any_mapping(node).items())
    if len(given) != 1:
        fail(
            node,
            phrase("must name exactly one kind of requirement."),
            phrase("Write {notice-period: {at_least: {clear_days: 10}}}."),
        )
    name, parameters = given[0]
    kinds = {one.kind for one in all_requirements()}
    if name not in kinds:
        read_choice(_named(parameters, name), kinds)
    return name, read_parameters(parameters, name)


def _named(node: Node, name: str) -> Node:
    """Return the name of a field as a node of its own, in the place of its value."""
    return Scalar(node.place, name)


def _read_gates(node: Node) -> tuple[str, ...]:
    """Return the gated acts: at those that the kind is asked at, it is asked of them; at others, of all before."""
    gates = read_sequence(node, _read_gate)
    refuse_twins((gate, node) for gate in gates)
    return gates


def _read_gate(node: Node) -> str:
    return read_choice(node, (spec.name for spec in all_specs()))


def _read_ruled_by(node: Node, kind: str) -> tuple[Role, ...]:
    if not get_requirement(kind).may_be_ruled:
        fail(
            node,
            phrase("{kind} is decided from the record; nobody rules on it.", kind=as_own(kind)),
            phrase("Remove ruled_by."),
        )
    return read_sequence(node, read_role)


def _read_guarantee(node: Node) -> Guarantee:
    known: tuple[Guarantee, ...] = get_args(Guarantee)
    found = read_choice(node, known)
    return next(one for one in known if one == found)


def _read_status(node: Node) -> SourceStatus:
    known: tuple[SourceStatus, ...] = get_args(SourceStatus)
    found = read_choice(node, known)
    return next(one for one in known if one == found)
