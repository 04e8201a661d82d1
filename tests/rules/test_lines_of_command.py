"""Lines of command: who shares one is what following every arrow by hand says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.told import examine_told

_PEOPLE = ("m01", "m05", "m06", "m07", "m12")
_arrows = st.sets(st.tuples(st.sampled_from(_PEOPLE), st.sampled_from(_PEOPLE)), min_size=1, max_size=7)
_PARTS = {"m05", "m06", "m07"}
"""Respondent, complainant and the case manager who accepts the matter."""


def _below(head: str, arrows: set[tuple[str, str]]) -> set[str]:
    found = {head}
    for _ in _PEOPLE:
        found |= {below for above, below in arrows if above in found}
    return found


def _accepted(arrows: set[tuple[str, str]]) -> str:
    commands = ", ".join(
        f"{head}: [{', '.join(sorted(below for above, below in arrows if above == head))}]"
        for head in sorted({above for above, _ in arrows})
    )
    return (
        f"    protects: complainant\n    organisation: {{commands: {{{commands}}}}}\n    events:\n"
        "      - {at: 2025-08-02T09:00, by: m07, act: matter.accepted, fields: {procedure: conduct-complaint}}\n"
    )


@settings(max_examples=80)
@given(_arrows)
def test_a_way_outside_is_asked_for_exactly_when_all_three_stand_under_one_head(arrows: set[tuple[str, str]]) -> None:
    heads = {above for above, _ in arrows}
    shared = any(_below(head, arrows) >= _PARTS for head in heads)
    finding = examine_told("external-door", _accepted(arrows))
    assert finding.result == ("FAIL" if shared else "PASS")
