r"""Canonical JSON: one spelling for each value.

Objects with sorted ASCII keys, no white space, UTF-8, integers only (within 2^53), no floats, no duplicate keys:
a subset of RFC 8785 (JCS), so that any language can write the same bytes.

>>> encode_canonical({"b": 1, "a": ["é", None, True]})
b'{"a":["\xc3\xa9",null,true],"b":1}'
>>> parse_canonical(b'{"a":1}')
{'a': 1}
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

import msgspec

from alteram.core.kernel.errors import MalformedError

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 31

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder()


def encode_canonical(value: Json) -> bytes:
    """Return the one spelling of `value`.

    Raises: MalformedError for floats, integers beyond 2^53, non-ASCII keys, lone surrogates, or nesting beyond 31.
    """
    _check(value, MAX_DEPTH)
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, msgspec.MsgspecError, TypeError) as error:
        raise MalformedError(f"Not encodable as canonical JSON: {error}.") from error


def parse_canonical(data: bytes, *, max_size: int = 1 << 20) -> Json:
    """Return the value whose one spelling is `data`.

    Raises: MalformedError when `data` is larger than `max_size` bytes or is not exactly what `encode_canonical` writes.
    """
    if len(data) > max_size:
        raise MalformedError(f"Canonical JSON of {len(data)} bytes is over the limit of {max_size}.")
    try:
        value: Json = _decoder.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedError(f"Not JSON: {error}.") from error
    if encode_canonical(value) != data:
        raise MalformedError("JSON is not in its canonical spelling.")
    return value


def _check(value: object, depth: int) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -MAX_INTEGER <= cast("int", value) <= MAX_INTEGER:
            raise MalformedError("Integer is beyond 2^53 - 1.")
    elif isinstance(value, list | tuple):
        _deep_enough(depth)
        for item in value:
            if type(item) is not str:
                _check(item, depth - 1)
    elif isinstance(value, dict):
        _deep_enough(depth)
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise MalformedError("JSON object keys must be ASCII strings.")
            _check(item, depth - 1)
    elif isinstance(value, str):
        return  # a str of a narrower type
    else:
        raise MalformedError(f"{kind.__name__} has no canonical spelling.")


def _deep_enough(depth: int) -> None:
    if depth < 1:
        raise MalformedError(f"JSON nests deeper than {MAX_DEPTH}.")
