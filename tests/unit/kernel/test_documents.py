"""Documents people wrote: each reader says file, line and field of what is wrong, and what to do about it."""

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest

from alteram.core.kernel.documents import (
    DocumentError,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    fail,
    read_any_mapping,
    read_boolean,
    read_choice,
    read_day,
    read_identifier,
    read_integer,
    read_local_time,
    read_mapping,
    read_sequence,
    read_text,
)

PLACE = Place("rules.yaml", 12, 5, "calendar.name")


def scalar(text: str) -> Scalar:
    return Scalar(PLACE, text)


def mapping(**fields: str) -> Mapping:
    return Mapping(
        PLACE, tuple((name, Scalar(Place("rules.yaml", 13, 9, name), text)) for name, text in fields.items())
    )


def colour(node: Node) -> str:
    return read_choice(node, ("red", "green"))


def small(node: Node) -> int:
    return read_integer(node, least=1, most=10)


def name_and_title(node: Node) -> object:
    return read_mapping(node, required=("name",), optional=("title",))


GOOD: list[tuple[Callable[[Node], object], Node, object]] = [
    (read_text, scalar(" Ka pai. "), "Ka pai."),
    (read_identifier, scalar("m05"), "m05"),
    (small, scalar("1"), 1),
    (small, scalar("10"), 10),
    (lambda node: read_integer(node, least=-5), scalar("-5"), -5),
    (read_integer, scalar("0"), 0),
    (read_boolean, scalar("true"), True),
    (read_boolean, scalar("false"), False),
    (colour, scalar("red"), "red"),
    (read_day, scalar("2024-02-29"), date(2024, 2, 29)),
    (read_local_time, scalar("2025-08-11T20:00"), datetime(2025, 8, 11, 20)),  # noqa: DTZ001 - a wall-clock time
    (lambda node: read_sequence(node, small), Sequence(PLACE, (scalar("3"), scalar("4"))), (3, 4)),
    (lambda node: read_sequence(node, small), Sequence(PLACE, ()), ()),
]


@pytest.mark.parametrize(("read", "node", "value"), GOOD)
def test_node_is_read_as_what_it_says(read: Callable[[Node], object], node: Node, value: object) -> None:
    assert read(node) == value


BAD: list[tuple[Callable[[Node], object], Node, str]] = [
    (read_text, scalar("  "), "must not be empty"),
    (read_text, Sequence(PLACE, ()), "must be text"),
    (read_text, mapping(a="b"), "must be text"),
    (read_text, scalar("x" * 20_001), "longer than 20000 characters"),
    (read_identifier, scalar("M05"), "Use 1 to 64"),
    (read_identifier, scalar("a" * 65), "longer than 64"),
    (small, scalar("0"), "from 1 to 10"),
    (small, scalar("11"), "from 1 to 10"),
    (small, scalar("07"), "must be a whole number"),
    (small, scalar("7.0"), "must be a whole number"),
    (small, scalar("1_0"), "must be a whole number"),
    (small, scalar("٣"), "must be a whole number"),
    (small, scalar("0x7"), "must be a whole number"),
    (small, scalar("9" * 18), "must be a whole number"),
    (small, scalar("9" * 21), "longer than 20"),
    (read_boolean, scalar("yes"), "must be true or false"),
    (read_boolean, scalar("True"), "must be true or false"),
    (read_boolean, scalar("truely"), "longer than 5"),
    (colour, scalar("gren"), "Did you mean 'green'?"),
    (colour, scalar("mauve"), "Use one of red, green"),
    (read_day, scalar("2025-02-29"), "no such day"),
    (read_day, scalar("11-08-2025"), "Write it as 2025-08-11"),
    (read_day, scalar("2025-8-11"), "Write it as 2025-08-11"),
    (read_day, scalar("٢٠٢٥-08-11"), "Write it as 2025-08-11"),
    (read_local_time, scalar("2025-08-11"), "Write it as 2025-08-11T20:00"),
    (read_local_time, scalar("2025-08-11T20:00Z"), "Write it as 2025-08-11T20:00"),
    (read_local_time, scalar("2025-08-11T24:00"), "no such time"),
    (lambda node: read_sequence(node, small), scalar("3"), "on a line of its own after a hyphen"),
    (lambda node: read_sequence(node, small), Sequence(PLACE, (scalar("3"), scalar("x"))), "must be a whole number"),
    (read_any_mapping, scalar("x"), "must be a mapping"),
    (name_and_title, scalar("x"), "must be a mapping"),
    (name_and_title, mapping(title="x"), "'name' is missing. Add name."),
]


@pytest.mark.parametrize(("read", "node", "says"), BAD)
def test_node_that_is_something_else_is_refused_with_its_place(
    read: Callable[[Node], object], node: Node, says: str
) -> None:
    with pytest.raises(DocumentError, match=re.escape(says)) as caught:
        read(node)
    assert str(caught.value).startswith("rules.yaml:12:5: calendar.name: ")


@pytest.mark.parametrize(("field", "says"), [("titel", "Did you mean 'title'?"), ("colour", "Known: name, title.")])
def test_unknown_field_is_refused_at_its_own_place(field: str, says: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(says)) as caught:
        name_and_title(mapping(**{"name": "x", field: "y"}))
    assert str(caught.value).startswith(f"rules.yaml:13:9: {field}: unknown field {field!r}.")


def test_mapping_gives_its_fields_in_the_order_written() -> None:
    assert list(read_any_mapping(mapping(b="1", a="2"))) == ["b", "a"]
    assert [*read_mapping(mapping(title="1", name="2"), required=("name",), optional=("title",))] == ["title", "name"]


def test_place_without_a_field_is_the_document_itself() -> None:
    with pytest.raises(DocumentError, match=r"rules\.yaml:1:1: the document: is empty\. Write something\."):
        fail(Scalar(Place("rules.yaml", 1, 1), ""), "is empty.", "Write something.")
