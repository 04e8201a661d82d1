"""Add to testdata/acts/ what today's catalogue of acts has and the files have not; nothing there is ever changed.

python -m tools.make_act_vectors          add
python -m tools.make_act_vectors --check  say what would be added, and end with 1

Each line of `v1.json` is one case: an act's tag, the form, and its fields in canonical JSON, byte for byte.
`smallest` gives required fields only, `fullest` every field, `choice-…` one option of one field.
Each line of `meaning.json` says what v1 promised of an act: what a field left out means, and which are confidential.
`reported.json` holds the standing of reported events.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from alteram.core.acts import ActSpec, all_specs
from alteram.core.acts.reported import Reported
from alteram.core.kernel.canonical import encode_canonical

TARGET = Path(__file__).parents[1] / "testdata" / "acts"


def build_cases() -> Iterator[dict[str, Any]]:
    """Yield the cases of every act of the catalogue, as it is today."""
    for spec in all_specs():
        fields = _fields(spec.type)
        smallest = {field.encode_name: _example(field.type) for field in fields if field.required}
        fullest = {field.encode_name: _example(field.type, field.default) for field in fields}
        yield {"tag": spec.tag, "form": "smallest", "fields": smallest}
        yield {"tag": spec.tag, "form": "fullest", "fields": fullest}
        for field in fields:
            for option in _options(field.type):
                if option != field.default:
                    form = f"choice-{field.encode_name}-{option}"
                    yield {"tag": spec.tag, "form": form, "fields": {**smallest, field.encode_name: option}}


def build_meanings() -> Iterator[dict[str, Any]]:
    """Yield what each act's fields mean when they are left out, and which are confidential."""
    for spec in all_specs():
        yield {"tag": spec.tag, "defaults": _defaults(spec), "confidential": _confidential(spec)}


def build_standings() -> Iterator[dict[str, Any]]:
    """Yield standings of reported events: one field at a time, all of them, each thing that can be absent."""
    fields = _fields(Reported)
    yield {}
    yield {field.encode_name: _example(field.type, field.default) for field in fields}
    for field in fields:
        yield {field.encode_name: _example(field.type, field.default)}
    things = next(field.type for field in fields if field.name == "absent")
    if isinstance(things, inspect.VarTupleType):
        yield from ({"absent": [option]} for option in _options(things.item_type))


def find_additions(name: str) -> list[bytes]:
    """Return the lines that today's code would add to a file."""
    built = {"v1.json": build_cases, "meaning.json": build_meanings, "reported.json": build_standings}[name]()
    kept = set(read_lines(name))
    return [line for line in dict.fromkeys(encode_canonical(one) for one in built) if line not in kept]


def read_lines(name: str) -> list[bytes]:
    """Return the cases of a file, each in the bytes that stand there."""
    path = TARGET / name
    lines = path.read_bytes().splitlines()[1:-1] if path.exists() else []
    return [line.removesuffix(b",") for line in lines]


def _defaults(spec: ActSpec) -> dict[str, Any]:
    return {field.name: msgspec.to_builtins(field.default) for field in spec.fields if not field.required}


def _confidential(spec: ActSpec) -> list[str]:
    return [field.name for field in spec.fields if field.confidential]


def _fields(kind: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    described = inspect.type_info(kind)
    return described.fields if isinstance(described, inspect.StructType) else ()


def _example(described: inspect.Type, default: object = msgspec.NODEFAULT) -> Any:  # noqa: PLR0911 - a table of types
    """Return a value of a type that is not `default`."""
    match described:
        case inspect.Metadata(type=inner):
            return _example(inner, default)
        case inspect.UnionType(types=types):
            return _example(next(one for one in types if not isinstance(one, inspect.NoneType)), default)
        case inspect.LiteralType(values=values):
            return next(value for value in values if value != default)
        case inspect.BoolType():
            return default is not True
        case inspect.IntType():
            return 7
        case inspect.StrType(pattern=pattern):
            return "b" * 64 if pattern and "64" in pattern and "a-f" in pattern else _text(pattern)
        case inspect.DateTimeType():
            return "2025-08-11T08:00:00Z"
        case inspect.DateType():
            return "2025-08-11"
        case inspect.VarTupleType(item_type=item):
            return [_example(item)]
        case inspect.StructType(fields=fields):
            return {field.encode_name: _example(field.type, field.default) for field in fields}
        case _:
            raise TypeError(f"No example of {described}: say here what one is.")


def _text(pattern: str | None) -> str:
    return 'Ka pai: “é”, "x", \\ and a line\nbreak' if pattern is None else "abcd-0123-efgh-4567"


def _options(described: inspect.Type) -> tuple[Any, ...]:
    match described:
        case inspect.Metadata(type=inner):
            return _options(inner)
        case inspect.UnionType(types=types):
            return tuple(option for one in types for option in _options(one))
        case inspect.LiteralType(values=values):
            return tuple(values)
        case _:
            return ()


def main() -> int:
    """Add what is missing, or say what would be added."""
    added = 0
    for name in ("v1.json", "meaning.json", "reported.json"):
        new = find_additions(name)
        added += len(new)
        if "--check" in sys.argv[1:]:
            print("\n".join(f"{name}: {line.decode()}" for line in new))
        elif new:
            TARGET.mkdir(parents=True, exist_ok=True)
            (TARGET / name).write_bytes(b"[\n" + b",\n".join([*read_lines(name), *new]) + b"\n]\n")
    return 1 if added and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    raise SystemExit(main())
