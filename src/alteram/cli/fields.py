"""Fields of an act, and the standing of a reported event, as the command line spells them.

A field is written as its shape asks for: text as it stands or @FILE, several people with commas, a time with its zone.
What cannot be read is answered with what the act takes, so that the next try works.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from alteram.cli.shapes import required_parts, tell_fields, tell_shape
from alteram.core.acts import ActSpec, MalformedActError, convert_fields, get_spec
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import encode_instant, parse_instant

A = TypeVar("A", bound=Act)
_LARGEST = 1 << 20
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def build_act(spec: ActSpec, pairs: Sequence[str], document: str) -> Act:
    """Return the act that was given as `name=value` and as one JSON object (or @FILE).

    Raises: MalformedError that says which field is wrong, and what the act takes.
    """
    given = parse_fields(spec, pairs, document)
    missing = [one.name for one in spec.fields if one.required and one.name not in given]
    if missing:
        raise MalformedError(f"{spec.name} needs {_listed(missing)}.", remedy=_takes(spec))
    try:
        return convert_fields(spec.type, given)
    except MalformedActError as error:
        raise MalformedError(_tell_wrong(spec, error, given), remedy=_takes(spec)) from error


def convert_given(kind: type[A], given: Mapping[str, Json]) -> A:
    """Return an act from what a command was given. Raises: MalformedError that says which of it is wrong."""
    try:
        return convert_fields(kind, given)
    except MalformedActError as error:
        raise _find_wrong(get_spec(kind), error, given) or error from error


def parse_fields(spec: ActSpec, pairs: Sequence[str], document: str) -> dict[str, Json]:
    """Return the fields of an act by name. Raises: MalformedError."""
    fields = _parse_document(document) if document else {}
    shapes = find_shapes(spec)
    _check_names(spec, fields)
    given: dict[str, list[str]] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise MalformedError(f"{pair!r} is not NAME=VALUE.", remedy="Write it as text='What happened'.")
        given.setdefault(name, []).append(value)
    _check_names(spec, given)
    for name, values in given.items():
        fields[name] = _parse_given(spec, name, shapes[name], values)
    return fields


def parse_instants(kind: type[Act], **given: str) -> dict[str, Json]:
    """Return the times of an act that were given, by the names of its fields. Raises: MalformedError."""
    return parse_fields(get_spec(kind), [f"{name}={said}" for name, said in given.items() if said], "")


def _check_names(spec: ActSpec, names: Mapping[str, object]) -> None:
    known = [one.name for one in spec.fields]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1, 0.5)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise MalformedError(f"{spec.name} has no field {name!r}.{meant}", remedy=_takes(spec))


def _takes(spec: ActSpec) -> str:
    return "\n".join([f"It takes, each as -f NAME=VALUE ({spec.help})", *tell_fields(spec)])


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def _tell_wrong(spec: ActSpec, error: MalformedActError, given: Mapping[str, Json]) -> str:
    wrong = _find_wrong(spec, error, given)
    return f"{error.problem} {error.remedy}".rstrip() if wrong is None else wrong.problem


def _find_wrong(spec: ActSpec, error: MalformedActError, given: Mapping[str, Json]) -> MalformedError | None:
    """Return which field does not fit, in our words rather than those of the codec."""
    found = re.search(r"at `\$\.(\w+)", error.problem)
    shapes = find_shapes(spec)
    if found is None or found[1] not in shapes:
        return None
    return _wrong(found[1], json.dumps(given.get(found[1]), ensure_ascii=False)[:80], shapes[found[1]])


def _wrong(name: str, value: str, shape: Shape) -> MalformedError:
    return MalformedError(f"{name} cannot be {value}.", remedy=f"Write {tell_shape(shape)}.")


def _parse_given(spec: ActSpec, name: str, shape: Shape, values: Sequence[str]) -> Json:
    if shape.many:
        return [item for value in values for item in _parse_many(name, shape, value)]
    if len(values) > 1:
        raise MalformedError(f"{name} is given {len(values)} times; {spec.name} takes it once.", remedy="Give it once.")
    return _parse_one(name, shape, values[0])


def _parse_many(name: str, shape: Shape, value: str) -> list[Json]:
    if value.startswith(("[", "{")):
        try:
            items = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise _wrong(name, repr(value), shape) from error
        return items if isinstance(items, list) else [items]
    if shape.kind in {"text", "label"}:
        return [_parse_one(name, shape, value)]
    return [_parse_one(name, shape, item.strip()) for item in value.split(",")]


def _parse_one(name: str, shape: Shape, value: str) -> Json:
    if shape.kind == "text" and value.startswith("@"):
        return _read(Path(value[1:]))
    parse = _PARSERS.get(shape.kind)
    try:
        parsed = value if parse is None else parse(shape, value)
    except (ValueError, KeyError, OverflowError) as error:
        raise _wrong(name, repr(value), shape) from error
    if shape.kind == "choice" and value not in shape.choices:
        raise _wrong(name, repr(value), shape)
    return parsed


def _parse_parts(shape: Shape, value: str) -> Json:
    names = [one.name for one in required_parts(shape)]
    parts = value.split(":")
    if len(parts) != len(names):
        raise ValueError(value)
    return dict(zip(names, parts, strict=True))


def _parse_instant(_: Shape, value: str) -> Json:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(value)
    return encode_instant(at)


def _parse_number(_: Shape, value: str) -> Json:
    return int(value) if value.isascii() and value.isdecimal() else _no_number(value)


def _no_number(value: str) -> Json:
    raise ValueError(value)


_PARSERS: dict[str, Callable[[Shape, str], Json]] = {
    "yes-no": lambda _, value: _YES_NO[value.lower()],
    "entry": _parse_number,
    "number": _parse_number,
    "instant": _parse_instant,
    "day": lambda _, value: date.fromisoformat(value).isoformat(),
    "parts": _parse_parts,
}


def _parse_document(document: str) -> dict[str, Json]:
    if document.startswith("@"):
        document = _read(Path(document[1:]))
    try:
        value = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise MalformedError("The fields are not JSON.", remedy='Write them as {"name": value}.') from error
    if not isinstance(value, dict):
        raise MalformedError("The fields are not a JSON object.", remedy='Write them as {"name": value}.')
    return value


def _read(file: Path) -> str:
    with file.open("rb") as stream:
        raw = stream.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise MalformedError(f"{file} is larger than 1 MiB.", remedy="Give less of it, or lodge it as an exhibit.")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(f"{file} is not text in UTF-8.", remedy="Save it as UTF-8.") from error


def parse_reported(happened: str, by: PersonId | None, agreed: PersonId | None) -> Reported:
    """Return the standing of a reported event. `happened`: a time or a day (UTC), or two with a slash between."""
    first, separator, last = happened.partition("/")
    return Reported(
        first=_parse_bound(first, end=False),
        last=_parse_bound(last if separator else first, end=True),
        by=by,
        agreed_by=() if agreed is None else (agreed,),
    )


def _parse_bound(text: str, *, end: bool) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return parse_instant(encode_instant(at))
        day = datetime.combine(date.fromisoformat(text), time(), UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedError(
            f"{text!r} is neither an instant nor a day.", remedy="Write 2025-08-11, or 2025-08-11T20:00+12:00."
        ) from error
    return day + timedelta(days=1, seconds=-1) if end else day
