"""Acts of every kind, made at random from their types: one spelling for each, and nothing but our error otherwise."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alteram.core.acts import HIDDEN, MalformedActError, all_specs, build_structural, encode_fields, get_spec, parse_act
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported, encode_reported, parse_reported
from alteram.core.kernel.canonical import encode_canonical, parse_canonical
from alteram.core.kernel.errors import MalformedError
from tests.act_strategies import acts, standings

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text().map(lambda text: f"m01{text}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(acts())
def test_every_act_has_one_spelling_and_is_read_back_from_it(act: Act) -> None:
    tag, data = get_spec(type(act)).tag, encode_canonical(encode_fields(act))
    fields: Any = parse_canonical(data)
    assert parse_act(tag, fields) == act
    assert encode_canonical(encode_fields(parse_act(tag, fields))) == data


@given(acts())
def test_field_that_holds_its_default_is_never_written(act: Act) -> None:
    written = encode_fields(act)
    for field in get_spec(type(act)).fields:
        assert (field.name in written) is (field.required or getattr(act, field.name) != field.default)


@given(acts(), st.data())
def test_act_with_one_field_changed_is_refused_with_our_error_or_has_one_spelling(
    act: Act, data: st.DataObject
) -> None:
    spec = get_spec(type(act))
    fields: dict[str, Any] = {**encode_fields(act)}
    names = [field.name for field in spec.fields]
    fields[data.draw(st.sampled_from([*names, "another"]))] = data.draw(json_values)
    try:
        parsed = parse_act(spec.tag, fields)
    except MalformedActError:
        return
    assert encode_canonical(encode_fields(parsed)) == encode_canonical(fields)


@given(st.sampled_from(all_specs()), st.dictionaries(st.text(), json_values, max_size=4))
def test_nothing_but_our_error_comes_out_of_any_fields(spec: Any, fields: dict[str, Any]) -> None:
    with suppress(MalformedActError):
        parse_act(spec.tag, fields)


@given(acts())
def test_what_the_rules_see_holds_no_prose(act: Act) -> None:
    seen = build_structural(act)
    for field in get_spec(type(act)).fields:
        before, after = getattr(act, field.name), getattr(seen, field.name)
        if not field.confidential:
            assert after == before
        elif isinstance(before, str):
            assert after is HIDDEN
        else:
            assert after == (before and (HIDDEN,) * len(before))


@given(standings())
def test_every_standing_has_one_spelling_and_is_read_back_from_it(reported: Reported) -> None:
    data = encode_canonical(encode_reported(reported))
    assert parse_reported(parse_canonical(data)) == reported


@given(standings(), st.sampled_from(Reported.__struct_fields__), json_values)
def test_standing_with_one_field_changed_is_refused_with_our_error_or_has_one_spelling(
    reported: Reported, name: str, value: Any
) -> None:
    fields: Any = encode_reported(reported)
    fields[name] = value
    try:
        parsed = parse_reported(fields)
    except MalformedError:
        return
    assert encode_canonical(encode_reported(parsed)) == encode_canonical(fields)
