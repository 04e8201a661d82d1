"""Periods between events whose times are known only so far, against trying every time they may have happened at."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period, earliest_after, last_within
from alteram.core.rules.measuring import measure_at_least, measure_within

_CALENDAR = load_rulebook("caucus").calendar
_FIRST = datetime(2025, 3, 28, tzinfo=UTC)
_STEP = timedelta(hours=5)

_periods = st.one_of(
    st.integers(0, 40).map(lambda count: Period(hours=count)),
    st.integers(0, 6).map(lambda count: Period(days=count)),
    st.integers(0, 6).map(lambda count: Period(clear_days=count)),
    st.integers(0, 4).map(lambda count: Period(working_days=count)),
)


@st.composite
def _spans(draw: st.DrawFn) -> tuple[When, list[datetime]]:
    """Return a span of time, and instants at both of its ends and between them."""
    begin = draw(st.integers(0, 60))
    length = draw(st.integers(0, 8))
    instants = [_FIRST + _STEP * place for place in range(begin, begin + length + 1)]
    return When(instants[0], instants[-1]), instants


def _all_agree(starts: list[datetime], ends: list[datetime], kept: Callable[[datetime, datetime], bool]) -> bool | None:
    """Return the one answer that holds whenever it happened; None where the answers differ."""
    answers = {kept(start, end) for start in starts for end in ends}
    return answers.pop() if len(answers) == 1 else None


@given(_spans(), _spans(), _periods)
def test_at_least_is_answered_exactly_where_every_possible_time_agrees(
    start: tuple[When, list[datetime]], end: tuple[When, list[datetime]], period: Period
) -> None:
    expected = _all_agree(start[1], end[1], lambda one, other: other >= earliest_after(one, period, _CALENDAR).end)
    assert measure_at_least(start[0], period, end[0], _CALENDAR).kept is expected


@given(_spans(), _spans(), _periods)
def test_within_is_answered_exactly_where_every_possible_time_agrees(
    start: tuple[When, list[datetime]], end: tuple[When, list[datetime]], period: Period
) -> None:
    expected = _all_agree(start[1], end[1], lambda one, other: other <= last_within(one, period, _CALENDAR).end)
    assert measure_within(start[0], period, end[0], _CALENDAR).kept is expected


@given(_spans(), _periods)
def test_unknown_start_is_never_answered(end: tuple[When, list[datetime]], period: Period) -> None:
    assert measure_at_least(When(), period, end[0], _CALENDAR).kept is None
    assert measure_within(When(), period, end[0], _CALENDAR).kept is None


def test_what_has_not_come_is_late_only_after_the_last_second() -> None:
    start = When.exactly(datetime(2025, 8, 1, tzinfo=UTC))
    last = last_within(datetime(2025, 8, 1, tzinfo=UTC), Period(days=7), _CALENDAR).end
    assert measure_within(start, Period(days=7), When(last), _CALENDAR).kept is None
    assert measure_within(start, Period(days=7), When(last + timedelta(seconds=1)), _CALENDAR).kept is False


def test_time_outside_the_calendar_is_not_known_and_says_so() -> None:
    long_ago = When.exactly(datetime(1950, 1, 1, tzinfo=UTC))
    measured = measure_at_least(long_ago, Period(days=1), When.exactly(_FIRST), _CALENDAR)
    assert measured.kept is None
    assert "outside the calendar" in measured.working[0]
