"""A gathering without the respondent: who was there is counted as by hand, for every mix of people."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.told import examine_told

_MEMBERS = tuple(f"m{number:02}" for number in range(1, 13))
_RESPONDENT = "m05"
_people = st.sets(st.sampled_from((*_MEMBERS, "x01", "x08", "x09")))


def _gather(attended: set[str], invited: set[str]) -> str:
    return (
        "    events:\n"
        "      - {at: 2025-08-12T10:00, by: m01, act: meeting.registered, fields: {meeting: night,"
        f" held_at: 2025-08-11T20:00, attended: [{', '.join(sorted(attended))}],"
        f" invited: [{', '.join(sorted(invited))}]}}}}\n"
    )


@settings(max_examples=40)
@given(_people, _people)
def test_a_gathering_is_found_exactly_when_two_who_decide_met_without_the_respondent(
    attended: set[str], invited: set[str]
) -> None:
    finding = examine_told("no-private-gathering", _gather(attended, invited))
    overlap = len((attended or invited) & set(_MEMBERS))
    left_out = _RESPONDENT not in attended | invited
    # Nobody known to have been there is no gathering, but no clean one either: a live entry would have said.
    unclear = not attended | invited
    assert (finding.result == "FAIL") == (left_out and (overlap > 1 or unclear))
    if left_out and overlap > 1:
        assert finding.because.startswith(f"{overlap} of the 12 who may vote")
        # Two thirds of twelve members are eight.
        assert (" not enough to carry" in finding.because) == (overlap < 8)


@settings(max_examples=20)
@given(st.sets(st.sampled_from(_MEMBERS), min_size=2).filter(lambda people: _RESPONDENT not in people))
def test_nobody_who_was_there_may_rule_on_it(attended: set[str]) -> None:
    finding = examine_told("no-private-gathering", _gather(attended, set()))
    assert set(finding.concerns) == attended
