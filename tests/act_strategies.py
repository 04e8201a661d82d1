"""Any act, and the standing of any reported event, made from its type: a new act is tested without a new line."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from alteram.core.acts import ActSpec, all_specs
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import IDENTIFIER_PATTERN

#: Few people and few identifiers, so that acts drawn at random speak of one another.
PEOPLE = ("chair", "complainant", "m05", "m06", "respondent", "x-1")
IDENTIFIERS = (*PEOPLE, "a1", "caucus", "e.1", "m_1")
_INSTANTS = st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 31, 23, 59, 59), timezones=st.just(UTC))  # noqa: DTZ001 - the zone stands beside
_DAYS = st.dates(date(1000, 1, 1), date(9998, 12, 31))


def acts(*specs: ActSpec) -> st.SearchStrategy[Act]:
    """Return a strategy for an act of these kinds, of any kind without one."""
    return st.sampled_from(specs or all_specs()).flatmap(lambda spec: _structs(spec.type))


def standings() -> st.SearchStrategy[Reported]:
    """Return a strategy for how a reported event stands; it never ends before it begins."""
    return _structs(Reported).map(_in_order)


def values(described: inspect.Type) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - a table of types
    """Return a strategy for the values of a type, as they stand in an act."""
    match described:
        case inspect.Metadata(type=inner):
            return values(inner)
        case inspect.UnionType(types=types):
            return st.one_of(*map(values, types))
        case inspect.NoneType():
            return st.none()
        case inspect.LiteralType(values=options):
            return st.sampled_from(options)
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType(ge=least, le=most):
            return st.one_of(st.integers(0, 5), st.integers(least, most))
        case inspect.StrType():
            return _texts(described)
        case inspect.DateTimeType():
            return _INSTANTS.map(lambda at: at.replace(microsecond=0))
        case inspect.DateType():
            return _DAYS
        case inspect.VarTupleType(item_type=item):
            return st.lists(values(item), max_size=3).map(tuple)
        case inspect.StructType(cls=kind):
            return _structs(kind)
        case _:
            raise TypeError(f"No strategy for {described}: say here how one is made.")


@cache
def _structs(kind: type[Any]) -> st.SearchStrategy[Any]:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return st.builds(kind, **{field.name: _field(field) for field in described.fields})


def _field(field: inspect.Field) -> st.SearchStrategy[Any]:
    """Return a strategy for a field; its default is likely, because most fields are left out."""
    anything = values(field.type)
    return anything if field.required or field.default is msgspec.NODEFAULT else st.just(field.default) | anything


def _texts(described: inspect.StrType) -> st.SearchStrategy[str]:
    if described.pattern == IDENTIFIER_PATTERN:
        return st.sampled_from(IDENTIFIERS)
    if described.pattern is not None:
        return st.from_regex(described.pattern.removesuffix(r"$(?!\n)") + r"\Z")
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=described.min_length or 0, max_size=30)


def _in_order(reported: Reported) -> Reported:
    first, last = reported.first, reported.last
    if first is None or last is None or first <= last:
        return reported
    return msgspec.structs.replace(reported, first=last, last=first)
