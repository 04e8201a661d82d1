"""What a field of an act may hold, for forms, command lines and messages: a choice, a person, an instant, and so on.

It tells the shape from the field's type; it checks nothing, which is the codec's to do.

>>> from alteram.core.acts import find_spec
>>> find_shapes(find_spec("response.given"))["stance"].choices
('admit', 'deny', 'in-part', 'explain')
"""

import typing
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Literal, TypeAlias, Union

from msgspec import Meta, Struct
from msgspec.structs import fields

from alteram.core.acts.catalogue import ActSpec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import IDENTIFIER_PATTERN, PersonId, StreamId

ShapeKind: TypeAlias = Literal[
    "text", "label", "identifier", "person", "stream", "code", "entry", "number", "yes-no", "instant", "day", "choice",
    "parts",
]  # fmt: skip
#: The shapes that are told by the type alone.
_PLAIN: dict[object, ShapeKind] = {
    bool: "yes-no",
    datetime: "instant",
    date: "day",
    int: "number",
    str: "label",
    PersonId: "person",
    StreamId: "stream",
}
_LAST_ENTRY = 99_999_999


@dataclass(frozen=True, slots=True)
class Part:
    """One field of what a field holds several of, such as the breach of an allegation."""

    name: str
    shape: "Shape"
    required: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field holds; `many` says several of it. `choices` of a choice, `parts` of what has fields of its own."""

    kind: ShapeKind
    many: bool = False
    choices: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


def find_shapes(spec: ActSpec) -> dict[str, Shape]:
    """Return the shape of each field of an act, by its name, in their order."""
    return dict(_shapes(spec.type))


@cache
def _shapes(kind: type[Act]) -> tuple[tuple[str, Shape], ...]:
    return tuple((part.name, part.shape) for part in _parts(kind))


def _parts(kind: type[Struct]) -> tuple[Part, ...]:
    hints = typing.get_type_hints(kind, include_extras=True)
    return tuple(Part(field.name, _shape(hints[field.name]), field.required) for field in fields(kind))


def _shape(hint: object) -> Shape:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:])
    if origin in {Union, UnionType}:
        (one,) = (argument for argument in arguments if argument is not NoneType)
        return _shape(one)
    if origin is tuple:
        item = _shape(arguments[0])
        return Shape(item.kind, True, item.choices, item.parts)
    if origin is Literal:
        return Shape("choice", choices=arguments)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return Shape("parts", parts=_parts(hint))
    return Shape(_PLAIN[hint])


def _annotated(inner: object, annotations: tuple[object, ...]) -> Shape:
    metas = [one for one in annotations if isinstance(one, Meta)]
    if inner is str and any((one.extra or {}).get("confidential") for one in metas):
        return Shape("text")
    patterns = [one.pattern for one in metas if one.pattern]
    if inner is str and patterns:
        return Shape("identifier" if IDENTIFIER_PATTERN in patterns else "code")
    if inner is int and any(one.le == _LAST_ENTRY for one in metas):
        return Shape("entry")
    return _shape(inner)
