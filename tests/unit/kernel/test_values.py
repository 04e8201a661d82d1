"""Identifiers, instants, times as far as they are known, errors, outcomes: one spelling, and three answers at most."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.kernel.errors import AlteramError, MalformedError
from alteram.core.kernel.identifiers import parse_identifier
from alteram.core.kernel.instants import UNKNOWN_WHEN, When, encode_instant, parse_instant
from alteram.core.kernel.outcomes import Allowed, Departure, Refused

START = datetime(2025, 8, 11, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["a", "0", "m05", "a.b-c_d", "a" * 64, "a--b", "1.0"])
def test_identifier_is_itself(text: str) -> None:
    assert parse_identifier(text) == text


@pytest.mark.parametrize(
    "text", ["", "a" * 65, "A", "-a", "a-", ".a", "a.", "_a", "a_", "a b", "a\n", "\na", "é", "a/b", "a\x00", "٣"]
)
def test_what_is_no_identifier_is_refused_with_what_to_use(text: str) -> None:
    with pytest.raises(MalformedError, match="Use 1 to 64"):
        parse_identifier(text)


@given(st.text(st.sampled_from("aZ0._-\n é"), max_size=6))
def test_identifier_is_what_its_description_says(text: str) -> None:
    inside, ends = "abcdefghijklmnopqrstuvwxyz0123456789._-", "abcdefghijklmnopqrstuvwxyz0123456789"
    right = 1 <= len(text) <= 64 and all(one in inside for one in text) and text[0] in ends and text[-1] in ends
    try:
        assert parse_identifier(text) == text
        assert right
    except MalformedError:
        assert not right


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31, 23, 59, 59), timezones=st.just(UTC)))  # noqa: DTZ001 - the zone stands beside
def test_instant_has_one_spelling_cut_to_the_second(at: datetime) -> None:
    text = encode_instant(at)
    assert parse_instant(text) == at.replace(microsecond=0)
    assert encode_instant(parse_instant(text)) == text


def test_instant_of_another_zone_is_spelled_in_utc() -> None:
    assert encode_instant(START.astimezone(timezone(timedelta(hours=12)))) == "2025-08-11T08:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "2025-08-11T08:00:00",
        "2025-08-11T08:00:00z",
        "2025-08-11 08:00:00Z",
        "2025-08-11T08:00:00.0Z",
        "2025-08-11T08:00:00+00:00",
        "2025-08-11T08:00Z",
        "2025-8-11T08:00:00Z",
        "0999-08-11T08:00:00Z",
        "12025-08-11T08:00:00Z",
        "2025-08-11T08:00:00Z\n",
        "٢٠٢٥-08-11T08:00:00Z",
        "",
    ],
)
def test_other_spelling_of_an_instant_is_refused_with_the_right_one(text: str) -> None:
    with pytest.raises(MalformedError, match="Write it as"):
        parse_instant(text)


@pytest.mark.parametrize(
    "text", ["2025-02-29T08:00:00Z", "2025-08-11T24:00:00Z", "2025-08-11T23:59:60Z", "2025-13-01T00:00:00Z"]
)
def test_instant_that_never_was_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match="No such instant"):
        parse_instant(text)


def test_naive_or_ancient_instant_is_not_spelled() -> None:
    with pytest.raises(MalformedError, match="time zone"):
        encode_instant(START.replace(tzinfo=None))
    with pytest.raises(MalformedError, match="before 1000"):
        encode_instant(START.replace(year=999))


HOURS = st.none() | st.integers(0, 5)
Span: TypeAlias = tuple[int | None, int | None]
whens: st.SearchStrategy[Span] = st.one_of(
    st.tuples(HOURS, HOURS).filter(lambda span: None in span),
    st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda span: (min(span), max(span))),
)


def when(span: Span) -> When:
    first, last = (None if hour is None else START + timedelta(hours=hour) for hour in span)
    return When(first, last)


@given(whens, whens)
def test_before_is_what_all_moments_that_may_be_agree_on(one: Span, other: Span) -> None:
    """Written from the definition: every pair of moments that is not ruled out, far beyond the bounds known."""
    spans = [
        range(-9 if span[0] is None else span[0], (15 if span[1] is None else span[1]) + 1) for span in (one, other)
    ]
    orders = {x < y for x, y in product(*spans)}
    assert when(one).before(when(other)) is (orders.pop() if len(orders) == 1 else None)


@given(whens, whens)
def test_what_is_before_is_never_also_after(one: Span, other: Span) -> None:
    assert not (when(one).before(when(other)) and when(other).before(when(one)))


@given(whens, whens, whens)
def test_before_goes_on_from_one_to_the_next(one: Span, two: Span, three: Span) -> None:
    if when(one).before(when(two)) and when(two).before(when(three)):
        assert when(one).before(when(three)) is True


def test_nothing_is_before_or_after_a_time_that_is_not_known() -> None:
    assert UNKNOWN_WHEN.before(When.exactly(START)) is None
    assert When.exactly(START).before(UNKNOWN_WHEN) is None


def test_error_says_what_is_wrong_and_what_to_do_next() -> None:
    error = AlteramError("It is shut.", remedy="Open it.")
    assert (str(error), error.problem, error.remedy) == ("It is shut. Open it.", "It is shut.", "Open it.")
    assert str(AlteramError("It is shut.")) == "It is shut."


def test_only_a_refusal_is_falsy() -> None:
    assert Allowed()
    assert Departure("1", "r", "chair", 3)
    assert not Refused("x", "1", "No.")
    assert not Refused("x", "1", "No.", also=(Refused("y", "1", "Neither."),))


def test_outcomes_are_values() -> None:
    assert Refused("x", "1", "No.", missing=("notice.served",)) == Refused("x", "1", "No.", missing=("notice.served",))
    assert len({Allowed("chair", "1"), Allowed("chair", "1"), Allowed("chair", "2")}) == 2
    with pytest.raises(AttributeError):
        Allowed().capacity = "chair"  # type: ignore[misc]  # that it cannot be set is what is tested
