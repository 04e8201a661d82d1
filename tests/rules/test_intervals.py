"""Contact and reviews: whether each came in time is what counting the days by hand says."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.told import examine_told

_NAMED_ON = date(2025, 8, 1)
_days = st.integers(1, 40)


def _on(days: int) -> str:
    return (_NAMED_ON + timedelta(days=days)).isoformat()


def _contacts(days: set[int], every: int, now: int) -> str:
    made = "".join(
        f"      - {{at: {_on(day)}T12:00, by: m10, act: contact.made, fields: {{person: m05}}}}\n"
        for day in sorted(days)
    )
    return (
        f"    now: {_on(now)}T13:00\n    events:\n"
        f"      - {{at: {_on(0)}T12:00, by: m09, act: contact-person.named,"
        f" fields: {{person: m10, for_person: m05, every_days: {every}}}}}\n{made}"
    )


@settings(max_examples=60)
@given(st.sets(_days, max_size=6), st.integers(1, 14), st.integers(41, 45))
def test_contact_is_kept_exactly_when_no_two_turns_lie_further_apart_than_promised(
    days: set[int], every: int, now: int
) -> None:
    turns = [0, *sorted(days), now]
    kept = all(later - earlier <= every for earlier, later in pairwise(turns))
    finding = examine_told("contact-kept", _contacts(days, every, now))
    assert finding.result == ("PASS" if kept else "FAIL")


def _reviewed(days: list[int], now: int) -> str:
    """Return a measure whose reviews each set the next day of review five days on."""
    reviews = "".join(
        f"      - {{at: {_on(day)}T12:00, by: m09, act: interim-measure.reviewed,"
        f" fields: {{measure: $i1, outcome: continued, reasons: why, review_by: {_on(day + 5)}T12:00}}}}\n"
        for day in days
    )
    return (
        "    parameters: {longest: {days: 60}, review_within: {days: 5}}\n"
        f"    now: {_on(now)}T12:00\n    events:\n"
        f"      - {{at: {_on(0)}T12:00, by: m09, act: interim-measure.imposed, id: i1, fields:"
        f" {{person: m05, measure: suspension, until: {_on(60)}T12:00, review_by: {_on(5)}T12:00}}}}\n{reviews}"
    )


@settings(max_examples=60)
@given(st.lists(st.integers(1, 8), max_size=5), st.integers(0, 12))
def test_reviews_are_in_time_exactly_when_each_came_by_the_day_the_last_one_set(gaps: list[int], after: int) -> None:
    days = [sum(gaps[: count + 1]) for count in range(len(gaps))]
    now = (days[-1] if days else 0) + after
    in_time = all(gap <= 5 for gap in gaps) and after <= 5
    finding = examine_told("interim-measure", _reviewed(days, now))
    assert finding.result == ("PASS" if in_time else "FAIL")
