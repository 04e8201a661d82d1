"""What a field may hold, told from its type, against what msgspec says of the same type."""

from typing import Any

import pytest
from msgspec import inspect

from alteram.core.acts import ActSpec, all_specs, find_spec
from alteram.core.acts.shapes import Shape, find_shapes


def unwrapped(described: inspect.Type) -> Any:
    """Return the type behind metadata and `| None`."""
    if isinstance(described, inspect.Metadata):
        return unwrapped(described.type)
    if isinstance(described, inspect.UnionType):
        (one,) = (type_ for type_ in described.types if not isinstance(type_, inspect.NoneType))
        return unwrapped(one)
    return described


def shapes(name: str) -> dict[str, Shape]:
    spec = find_spec(name)
    assert spec is not None
    return find_shapes(spec)


@pytest.mark.parametrize("spec", all_specs(), ids=lambda spec: spec.name)
def test_every_field_has_the_shape_of_its_type(spec: ActSpec) -> None:
    told = find_shapes(spec)
    assert list(told) == [field.name for field in spec.fields]
    kinds: dict[object, set[str]] = {
        inspect.BoolType: {"yes-no"},
        inspect.IntType: {"entry", "number"},
        inspect.StrType: {"text", "label", "identifier", "person", "stream", "code"},
        inspect.DateTimeType: {"instant"},
        inspect.DateType: {"day"},
        inspect.LiteralType: {"choice"},
        inspect.StructType: {"parts"},
    }
    described: Any = inspect.type_info(spec.type)
    for field, wire in zip(spec.fields, described.fields, strict=True):
        shape, held = told[field.name], unwrapped(wire.type)
        assert shape.many == field.many == isinstance(held, inspect.VarTupleType)
        item = unwrapped(held.item_type) if shape.many else held
        assert shape.kind in kinds[type(item)]
        assert set(shape.choices) == set(getattr(item, "values", ()))
        assert (shape.kind == "person") == field.names_people
        assert (shape.kind == "text") == field.confidential


def test_the_choices_stand_in_the_order_of_the_catalogue() -> None:
    assert shapes("report.lodged")["identity"].choices == ("named", "protected", "anonymous")


def test_an_entry_is_told_from_a_count() -> None:
    assert (shapes("report.acknowledged")["report"].kind, shapes("vote.taken")["votes_for"].kind) == ("entry", "number")


def test_an_allegation_says_which_of_its_parts_must_be_given() -> None:
    parts = shapes("allegations.stated")["allegations"].parts
    assert [one.name for one in parts if one.required] == ["id", "breach"]
    assert {one.name: one.shape.kind for one in parts}["first_on"] == "day"
