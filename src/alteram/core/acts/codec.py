"""Acts to and from their canonical JSON fields. Each accepted spelling is the one we would write.

>>> from alteram.core.acts import SubmissionsClosed
>>> encode_fields(SubmissionsClosed(side="respondent"))
{'side': 'respondent'}
>>> parse_act("submissions.closed/1", {"side": "respondent"})
SubmissionsClosed(side='respondent')
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from alteram.core.acts.catalogue import find_spec, get_spec
from alteram.core.acts.fields import FIRST_YEAR, HIDDEN, LAST_YEAR, Act
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.phrases import as_own, phrase

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
    a value is not in its one spelling (instants in whole seconds with `Z`, defaults left out),
    or a text cannot be written in UTF-8.
    """
    spec = find_spec(tag)
    if spec is None or spec.tag != tag:
        raise MalformedActError(
            phrase("There is no act {tag}.", tag=as_own(repr(tag))), remedy=phrase("See the catalogue of acts.")
        )
    act = convert_fields(spec.type, fields)
    try:
        same = _encoder.encode(encode_fields(act)) == _encoder.encode(fields)
    except UnicodeEncodeError as error:
        raise MalformedActError(
            phrase("A text of {name} holds something that is no character.", name=as_own(tag))
        ) from error
    if not same:
        raise MalformedActError(phrase("A field of {tag} is not in its canonical spelling.", tag=as_own(tag)))
    return act


def convert_fields(kind: type[A], fields: Mapping[str, Json]) -> A:
    """Return an act of `kind` from fields that may be spelled in more than one way (forms, rulebook examples).

    Raises: MalformedActError when a field is unknown, missing or mistyped.
    """
    try:
        act = msgspec.convert(dict(fields), kind)
    except (msgspec.ValidationError, OverflowError) as error:
        raise MalformedActError(f"{get_spec(kind).name}: {error}.") from error
    except UnicodeEncodeError as error:  # in the name of a field
        raise MalformedActError(
            phrase("A field of {name} holds something that is no character.", name=as_own(get_spec(kind).name))
        ) from error
    return normalise(act)


def normalise(act: A) -> A:
    """Return `act` with every instant in whole seconds.

    Raises: MalformedActError for an instant that is not in UTC, so that one instant has one spelling, and for a day or
    an instant so far off that nothing can be reckoned from it.
    """
    changes: dict[str, Any] = {}
    for name in act.__struct_fields__:
        value = getattr(act, name)
        if isinstance(value, date):
            _check_year(name, value)
        elif type(value) is tuple and value and isinstance(value[0], Struct):
            for item in value:
                _check_days(item)
        if isinstance(value, datetime):
            if value.utcoffset() != timedelta(0):
                raise MalformedActError(
                    phrase("{name} must be an instant in UTC.", name=as_own(name)),
                    remedy=phrase("Write it with a Z at the end."),
                )
            if value.microsecond:
                changes[name] = value.replace(microsecond=0)
    return msgspec.structs.replace(act, **changes) if changes else act


def _check_days(part: Struct) -> None:
    """Check the days that a part of an act holds. Raises: MalformedActError as `normalise`."""
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if isinstance(value, date):
            _check_year(name, value)


def _check_year(name: str, value: date) -> None:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise MalformedActError(
            phrase(
                "{name} must lie in the years {first} to {last}.",
                name=as_own(name),
                first=FIRST_YEAR,
                last=LAST_YEAR,
            ),
            remedy=phrase("Check the year."),
        )


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
