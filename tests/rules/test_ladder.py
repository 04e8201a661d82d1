"""The ladder of sanctions: a graver rung stands on a warning in force, for every order of days."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.told import examine_told

_ISSUED_ON = date(2025, 3, 3)
_offsets = st.integers(-20, 60)


def _on(days: int) -> str:
    return (_ISSUED_ON + timedelta(days=days)).isoformat()


def _expelled(first: int, last: int, expires: int) -> str:
    return (
        "    events:\n"
        "      - {at: 2025-03-03T10:00, by: m09, act: sanction.imposed, id: s1,"
        " fields: {person: m05, sanction: final-warning}}\n"
        "      - {at: 2025-03-03T11:00, by: m09, act: instrument.issued,"
        f" fields: {{sanction: $s1, person: m05, expires_on: {_on(expires)}}}}}\n"
        "      - {at: 2025-07-01T09:00, by: m07, act: allegations.stated, fields:"
        f" {{allegations: [{{id: a1, breach: caucus-confidence, first_on: {_on(first)}, last_on: {_on(last)}}}]}}}}\n"
        "      - {at: 2025-08-01T09:00, by: m09, act: decision.made, id: d1, fields: {proved: [a1]}}\n"
        "      - {at: 2025-08-01T10:00, by: m09, act: sanction.imposed,"
        " fields: {person: m05, sanction: expulsion, decision: $d1}}\n"
    )


@settings(max_examples=80)
@given(_offsets, st.integers(0, 20), st.integers(1, 40))
def test_conduct_counts_exactly_when_every_day_of_it_lies_in_the_term(first: int, length: int, expires: int) -> None:
    days = range(first, first + length + 1)
    finding = examine_told("warning-ladder", _expelled(first, first + length, expires))
    if first == 0:
        assert finding.result == "UNKNOWN"
    else:
        in_term = all(0 < day <= expires for day in days)
        assert finding.result == ("PASS" if in_term else "FAIL")
