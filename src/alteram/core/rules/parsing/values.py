"""A node read as the type that a field declares: text, counts, days, instants, people, references, lists, structures.

Instants are written as local wall-clock time and become UTC through the organisation's calendar. `$n1` stands for the
sequence number of the event with that identifier. People may be written as `everyone`, `everyone but m05, m07`, and in
lists as `m01..m09`. It checks shapes; what a value means is checked by whoever asked for it.
"""

import re
import typing
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union

import msgspec
from msgspec import Struct
from msgspec.structs import fields as struct_fields

from alteram.core.kernel.calendars import Calendar, CalendarError
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.documents import (
    Node,
    Scalar,
    fail,
    read_boolean,
    read_choice,
    read_day,
    read_identifier,
    read_integer,
    read_local_time,
    read_mapping,
    read_sequence,
    read_text,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import encode_instant
from alteram.core.kernel.phrases import as_own, phrase

S = TypeVar("S", bound=Struct)

_RANGE = re.compile(r"([a-z]+)([0-9]{1,4})\.\.\1([0-9]{1,4})")
_EVERYONE = "everyone"
_LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What the values of a document may speak of: a calendar for local times, the members, and events by identifier."""

    calendar: Calendar | None = None
    members: tuple[PersonId, ...] = ()
    events: MappingOf[str, int] = field(default_factory=dict)


def read_struct(node: Node, kind: type[S], scope: Scope) -> S:
    """Return the structure of type `kind` that a mapping spells. Raises: DocumentError when it does not."""
    try:
        return msgspec.convert(_read_fields(node, kind, scope), kind)
    except (msgspec.ValidationError, OverflowError) as error:
        fail(node, f"{error}.")


def read_value(node: Node, hint: Any, scope: Scope) -> Json:
    """Return the JSON value that `node` spells, where a field of the type `hint` stands."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return read_value(node, arguments[0], scope)
    if origin in {Union, UnionType}:
        return read_value(node, next(one for one in arguments if one is not NoneType), scope)
    if origin is Literal:
        return read_choice(node, arguments)
    if origin is tuple:
        return _read_many(node, arguments[0], scope)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _read_fields(node, hint, scope)
    return _read_scalar(node, hint, scope)


def read_people(node: Node, scope: Scope) -> tuple[PersonId, ...]:
    """Return people: a list with ranges, one person, or `everyone`, perhaps `but` some."""
    if isinstance(node, Scalar) and node.value.startswith(_EVERYONE):
        return _everyone(node, scope)
    listed = (read_range(node),) if isinstance(node, Scalar) else read_sequence(node, read_range)
    people = [person for part in listed for person in part]
    if len(set(people)) != len(people):
        fail(node, phrase("somebody is named twice."), phrase("Name each person once."))
    return tuple(people)


def read_range(node: Node) -> tuple[PersonId, ...]:
    """Return one person, or those of a range such as `m01..m09`."""
    text = read_text(node, longest=200)
    found = _RANGE.fullmatch(text)
    if found is None:
        return (PersonId(read_identifier(node)),)
    first, last = int(found[2]), int(found[3])
    if len(found[2]) != len(found[3]) or first > last:
        fail(
            node,
            phrase("not a range of people."),
            phrase("Write it as m01..m09, both ends with the same number of digits."),
        )
    return tuple(PersonId(f"{found[1]}{number:0{len(found[2])}}") for number in range(first, last + 1))


def read_moment(node: Node, scope: Scope) -> datetime:
    """Return the instant of a local wall-clock time."""
    return read_instant_of(node, read_local_time(node), scope)


def read_instant_of(node: Node, local: datetime, scope: Scope) -> datetime:
    """Return the instant of the wall-clock time `local`, which `node` states; one that the clocks skipped is none."""
    calendar = need_calendar(node, scope)
    try:
        at = calendar.instant_of(local)
    except CalendarError as error:
        fail(node, error.problem, error.remedy)
    if calendar.local_time(at) != local:
        fail(
            node,
            phrase("there was no such time: the clocks were put forward over it."),
            phrase("Write what the clocks showed."),
        )
    return at


def need_calendar(node: Node, scope: Scope) -> Calendar:
    """Return the calendar, where local times may be written."""
    if scope.calendar is None:
        fail(node, phrase("a time cannot be written here."), phrase("Write a period."))
    return scope.calendar


def _everyone(node: Scalar, scope: Scope) -> tuple[PersonId, ...]:
    rest = read_text(node).removeprefix(_EVERYONE)
    if not rest:
        return scope.members
    names = [name.strip() for name in rest.removeprefix(" but ").split(",")]
    if not rest.startswith(" but ") or not set(names) <= set(scope.members):
        fail(node, phrase("not a way to name people."), phrase("Write `everyone but m05, m07`, with members only."))
    return tuple(person for person in scope.members if person not in names)


def _read_fields(node: Node, kind: type[Struct], scope: Scope) -> dict[str, Json]:
    hints = typing.get_type_hints(kind, include_extras=True)
    specs = struct_fields(kind)
    read = read_mapping(
        node,
        required=(one.encode_name for one in specs if one.required),
        optional=(one.encode_name for one in specs if not one.required),
    )
    return {
        one.encode_name: read_value(read[one.encode_name], hints[one.name], scope)
        for one in specs
        if one.encode_name in read
    }


def _read_many(node: Node, hint: Any, scope: Scope) -> list[Json]:
    if _plain(hint) is PersonId:
        return list(read_people(node, scope))
    return list(read_sequence(node, lambda item: read_value(item, hint, scope)))


def _plain(hint: Any) -> Any:
    return typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint


def _read_scalar(node: Node, hint: Any, scope: Scope) -> Json:
    if hint is bool:
        return read_boolean(node)
    if hint is int:
        return read_reference(node, scope)
    if hint is datetime:
        return encode_instant(read_moment(node, scope))
    if hint is date:
        return read_day(node).isoformat()
    if hint is PersonId:
        return read_identifier(node)
    return read_text(node, longest=_LONGEST_TEXT)


def read_reference(node: Node, scope: Scope) -> int:
    """Return a whole number, or the sequence number of the event that `$n1` names."""
    if not isinstance(node, Scalar) or not node.value.startswith("$"):
        return read_integer(node, most=1_000_000)
    name = node.value.removeprefix("$")
    if name not in scope.events:
        fail(
            node,
            phrase("no event has the identifier {name}.", name=as_own(repr(name))),
            phrase("Give the event `id:` and name it here after a $."),
        )
    return scope.events[name]
