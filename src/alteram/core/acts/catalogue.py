"""The catalogue: every act with its tag, its area, who may do it, who may read it, and one line of help.

A tag is never reused; a field is never moved or removed; a new field has a default; anything else is a new tag.

>>> from alteram.core.acts import NoticeServed
>>> get_spec(NoticeServed).tag
'notice.served/1'
"""

import typing
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Literal, TypeAlias, TypeVar, Union

import msgspec
from msgspec import Meta
from msgspec.structs import fields

from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId

#: Parts people play in a matter (design: party), and three that every matter has.
Role: TypeAlias = Literal[
    "reporter",
    "complainant",
    "respondent",
    "witness",
    "companion",
    "representative",
    "case-manager",
    "investigator",
    "decider",
    "chair",
    "scrutineer",
    "appeal-decider",
    "mediator",
    "custodian",
    "contact-person",
    "secretary",
    "spokesperson",
    "member",
    "anyone",
]
#: Who may read an act of a matter once it is recorded; what each means is decided in `access`.
Audience: TypeAlias = Literal["handlers", "reporter-side", "sides", "deciders", "addressee", "parties", "organisation"]
StreamKind: TypeAlias = Literal["matter", "organisation", "register"]

Area: TypeAlias = Literal[
    "intake",
    "triage",
    "charge",
    "mediation",
    "investigation",
    "evidence",
    "meetings",
    "decision",
    "appeal",
    "publicity",
    "people",
    "outside",
    "organisation",
    "upkeep",
]

ROLES: tuple[Role, ...] = typing.get_args(Role)
#: The areas in the order of a matter; then what can happen at any time, and what is done about the record itself.
AREAS: tuple[Area, ...] = typing.get_args(Area)


class UnknownActError(AlteramError):
    """No act has this tag."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of an act: its name, whether it is confidential, whether it must be given, and what it is if it is not.

    `many` tells a field of several from one of a single text or person; `names_people` that it identifies somebody.
    """

    name: str
    confidential: bool
    required: bool
    default: object
    many: bool
    names_people: bool


@dataclass(frozen=True, slots=True)
class ActSpec:
    """What the catalogue says of an act."""

    tag: str
    type: type[Act]
    area: Area
    stream: StreamKind
    by: tuple[Role, ...]
    open_to: Audience
    help: str
    fields: tuple[FieldSpec, ...]

    @property
    def name(self) -> str:
        """Return the tag without its version, as rulebooks write it."""
        return self.tag.partition("/")[0]


_by_tag: dict[str, ActSpec] = {}
_by_name: dict[str, ActSpec] = {}
_by_type: dict[type[Act], ActSpec] = {}

A = TypeVar("A", bound=Act)


def act(
    tag: str,
    *,
    area: Area,
    by: tuple[Role, ...],
    open_to: Audience = "sides",
    stream: StreamKind = "matter",
) -> Callable[[type[A]], type[A]]:
    """Enter an act in the catalogue; the first line of its docstring is its help."""

    def enter(cls: type[A]) -> type[A]:
        name = tag.partition("/")[0]
        if tag in _by_tag or name in _by_name:
            raise UnknownActError(f"{tag} stands in the catalogue twice.")
        summary = (cls.__doc__ or "").strip().partition("\n")[0]
        spec = ActSpec(tag, cls, area, stream, by, open_to, summary, _field_specs(cls))
        _by_tag[tag] = spec
        _by_name[name] = spec
        _by_type[cls] = spec
        # While nobody else runs: msgspec crashes when two threads are the first to read the same kind of struct.
        msgspec.json.Decoder(cls)
        return cls

    return enter


def get_spec(kind: type[Act]) -> ActSpec:
    """Return what the catalogue says of an act type. Raises: KeyError for a type nobody entered (a bug)."""
    return _by_type[kind]


def find_spec(name_or_tag: str) -> ActSpec | None:
    """Return the act with this tag (`notice.served/1`) or name (`notice.served`), if there is one."""
    return _by_tag.get(name_or_tag) or _by_name.get(name_or_tag)


def all_specs() -> tuple[ActSpec, ...]:
    """Return every act, by area in the order of a matter, then in the order of their definition."""
    return tuple(sorted(_by_tag.values(), key=lambda spec: AREAS.index(spec.area)))


def _field_specs(cls: type[Act]) -> tuple[FieldSpec, ...]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(
        FieldSpec(
            field.name,
            any((meta.extra or {}).get("confidential") for meta in _metas(hints[field.name])),
            field.required,
            field.default,
            field.default == () or typing.get_origin(_bare(hints[field.name])) is tuple,
            PersonId in _parts(hints[field.name]),
        )
        for field in fields(cls)
    )


def _metas(hint: object) -> typing.Iterator[Meta]:
    origin = typing.get_origin(hint)
    if origin is Annotated:
        inner, *annotations = typing.get_args(hint)
        yield from (item for item in annotations if isinstance(item, Meta))
        yield from _metas(inner)
    elif origin in {Union, UnionType, tuple}:
        for argument in typing.get_args(hint):
            yield from _metas(argument)


def _bare(hint: object) -> object:
    return typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint


def _parts(hint: object) -> typing.Iterator[object]:
    """Yield every type that stands in a hint, itself included."""
    yield hint
    for argument in typing.get_args(hint):
        if typing.get_origin(hint) is not Literal:
            yield from _parts(argument)


def json_schema(kind: type[Act]) -> dict[str, object]:
    """Return the JSON Schema of an act's fields, for forms and machine clients."""
    return msgspec.json.schema(kind)
