"""Canonical JSON: one spelling for each value, whatever is tried."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.kernel.canonical import MAX_DEPTH, MAX_INTEGER, encode_canonical, parse_canonical
from alteram.core.kernel.errors import MalformedError

values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4)
    ),
)


@given(values)
def test_value_is_read_back_from_its_one_spelling(value: Any) -> None:
    data = encode_canonical(value)
    assert parse_canonical(data) == value
    assert encode_canonical(parse_canonical(data)) == data


@given(values)
def test_spelling_is_that_of_the_standard_library_told_to_be_terse(value: Any) -> None:
    """RFC 8785 for what has no floats: sorted keys, no white space, least escaping (the library escapes DEL alike)."""
    expected = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    assert encode_canonical(value) == expected


@given(st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()))
def test_every_accepted_spelling_is_the_one_we_would_write(data: bytes) -> None:
    try:
        value = parse_canonical(data)
    except MalformedError:
        return
    assert encode_canonical(value) == data


REFUSED = [
    b"",
    b" 1",
    b"1 ",
    b"1\n",
    b'{"a": 1}',
    b'{"b":1,"a":1}',
    b'{"a":1,"a":1}',
    b'{"a":1,"a":2}',
    '{"é":1}'.encode(),
    b"1.0",
    b"1e3",
    b"-0",
    b"01",
    b"+1",
    b"0.5",
    b"NaN",
    b"Infinity",
    b"9007199254740992",
    b"-9007199254740992",
    b"123456789012345678901234567890",
    b'"\\ud800"',
    b'"\\u0041"',
    b'"\\/"',
    b'"\\u000A"',
    b'"\xff"',
    b'"\xed\xa0\x80"',
    b'"a\nb"',
    b"tru",
    b"[1,]",
    b"{'a':1}",
    b"\xef\xbb\xbf1",
    b"[" * 32 + b"]" * 32,
    b"[" * 100_000,
    b'{"a":' * 32 + b"1" + b"}" * 32,
]


@pytest.mark.parametrize("data", REFUSED, ids=lambda data: repr(data[:30]))
def test_other_spelling_is_refused_with_our_error(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_canonical(data)


ACCEPTED = [
    b"0",
    b"-1",
    b"9007199254740991",
    b"-9007199254740991",
    b'""',
    '"é\u2028"'.encode(),
    b'"\\n\\u0000\\""',
    b'{"A":1,"a":1}',
    b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
]


@pytest.mark.parametrize("data", ACCEPTED, ids=lambda data: repr(data[:30]))
def test_spelling_at_the_limit_is_accepted(data: bytes) -> None:
    assert encode_canonical(parse_canonical(data)) == data


def nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = wrap(value)
    return value


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}, lambda inner: (inner,)])
def test_nesting_is_bounded(wrap: Callable[[Any], Any]) -> None:
    encode_canonical(nested(MAX_DEPTH, wrap))
    with pytest.raises(MalformedError, match="deeper"):
        encode_canonical(nested(MAX_DEPTH + 1, wrap))


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        b"x",
        {1: 1},
        {"é": 1},
        {"a": {1}},
        "\ud800",
        ["\udfff"],
        {"\ud800": 1},
        2**53,
        -(2**53),
        object(),
    ],
)
def test_value_without_a_spelling_is_refused_with_our_error(value: Any) -> None:
    with pytest.raises(MalformedError):
        encode_canonical(value)


def test_size_is_looked_at_before_anything_else() -> None:
    assert parse_canonical(b'"ab"', max_size=4) == "ab"
    with pytest.raises(MalformedError, match="5 bytes is over the limit of 4"):
        parse_canonical(b"]]]]]", max_size=4)
