"""Acts to and from their canonical JSON fields. Each accepted spelling is the one we would write.

>>> from alteram.core.acts import SubmissionsClosed
>>> encode_fields(SubmissionsClosed(side="respondent"))
{'side': 'respondent'}
>>> parse_act("submissions.closed/1", {"side": "respondent"})
SubmissionsClosed(side='respondent')
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from alteram.core.acts.catalogue import find_spec, get_spec
from alteram.core.acts.fields import HIDDEN, Act
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import MalformedError

A = TypeVar("A", bound=Act)

_encoder = msgspec.json.Encoder(order="deterministic")


class MalformedActError(MalformedError):
    """The fields of an act are not what the catalogue says they are."""


def encode_fields(act: Act) -> dict[str, Json]:
    """Return the fields of `act` by name, those that hold their default left out."""
    spec = get_spec(type(act))
    builtins: dict[str, Json] = msgspec.to_builtins(act)
    return {
        field.name: builtins[field.name]
        for field in spec.fields
        if field.required or getattr(act, field.name) != field.default
    }


def parse_act(tag: str, fields: Mapping[str, Json]) -> Act:
    """Return the act with `tag` (with its version) whose fields are `fields`.

    Raises: MalformedActError when there is no such act, a field is unknown, missing or mistyped,
    or a value is not in its one spelling (instants in whole seconds with `Z`, defaults left out).
    """
    spec = find_spec(tag)
    if spec is None or spec.tag != tag:
        raise MalformedActError(f"There is no act {tag!r}.", remedy="See the catalogue of acts.")
    act = convert_fields(spec.type, fields)
    if _encoder.encode(encode_fields(act)) != _encoder.encode(fields):
        raise MalformedActError(f"A field of {tag} is not in its canonical spelling.")
    return act


def convert_fields(kind: type[A], fields: Mapping[str, Json]) -> A:
    """Return an act of `kind` from fields that may be spelled in more than one way (forms, rulebook examples).

    Raises: MalformedActError when a field is unknown, missing or mistyped.
    """
    try:
        act = msgspec.convert(dict(fields), kind)
    except (msgspec.ValidationError, OverflowError) as error:
        raise MalformedActError(f"{get_spec(kind).name}: {error}.") from error
    return normalise(act)


def normalise(act: A) -> A:
    """Return `act` with every instant in whole seconds.

    Raises: MalformedActError for an instant that is not in UTC, so that one instant has one spelling.
    """
    changes: dict[str, Any] = {}
    for name in act.__struct_fields__:
        value = getattr(act, name)
        if isinstance(value, datetime):
            if value.utcoffset() != timedelta(0):
                raise MalformedActError(f"{name} must be an instant in UTC.", remedy="Write it with a Z at the end.")
            if value.microsecond:
                changes[name] = value.replace(microsecond=0)
    return msgspec.structs.replace(act, **changes) if changes else act


def build_structural(act: A) -> A:
    """Return what the rules may see of `act`: structural fields as they are, confidential prose as `HIDDEN`."""
    changes: dict[str, Any] = {}
    for name in _confidential_names(type(act)):
        value = getattr(act, name)
        if isinstance(value, str):
            changes[name] = HIDDEN
        elif value:
            changes[name] = (HIDDEN,) * len(value)
    return msgspec.structs.replace(act, **changes) if changes else act


_confidential: dict[type[Act], tuple[str, ...]] = {}


def _confidential_names(kind: type[Act]) -> tuple[str, ...]:
    names = _confidential.get(kind)
    if names is None:
        names = _confidential[kind] = tuple(field.name for field in get_spec(kind).fields if field.confidential)
    return names
