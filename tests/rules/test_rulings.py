"""When a reasoned ruling takes the place of an answer: by whom, about what, and when."""

import pytest

from tests.rules.told import examine_told

_CONTACT = (
    '      - {at: 2025-08-20T10:00, by: m04, act: contact.reported, id: c, fields: {decider: m01, text: "what"}}\n'
)
_OTHER = "      - {at: 2025-08-20T11:00, by: m04, act: support.offered, id: o, fields: {to: m05}}\n"
_DECISION = (
    "      - {at: 2025-09-01T10:00, by: m09, act: decision.made, id: d,"
    ' fields: {deciders: [m01, m03], reasons: "why"}}\n'
)


def _ruling(by: str, at: str, about: str, *, met: str = "true", requirement: str = "apparent-bias") -> str:
    return (
        f"      - {{at: {at}, by: {by}, act: ruling.made,"
        f' fields: {{requirement: {requirement}, met: {met}, reasons: "why", about: [{about}]}}}}\n'
    )


def _come_to(*events: str, ruled_by: str = "chair") -> str:
    return examine_told("apparent-bias", f"    ruled_by: [{ruled_by}]\n    events:\n" + "".join(events)).result


_BEFORE, _AFTER = "2025-08-25T10:00", "2025-09-02T10:00"


def test_ruling_on_the_fact_before_the_decision_is_taken() -> None:
    assert _come_to(_CONTACT, _ruling("m09", _BEFORE, "$c"), _DECISION) == "RULED"


def test_ruling_on_something_else_before_the_decision_is_not_taken() -> None:
    assert _come_to(_CONTACT, _OTHER, _ruling("m09", _BEFORE, "$o"), _DECISION) == "UNKNOWN"


def test_ruling_on_nothing_named_before_the_decision_is_not_taken() -> None:
    assert _come_to(_CONTACT, _ruling("m09", _BEFORE, ""), _DECISION) == "UNKNOWN"


def test_ruling_on_nothing_named_after_the_decision_is_taken() -> None:
    assert _come_to(_CONTACT, _DECISION, _ruling("m09", _AFTER, "")) == "RULED"


def test_ruling_on_something_else_after_the_decision_is_not_taken() -> None:
    assert _come_to(_CONTACT, _OTHER, _DECISION, _ruling("m09", _AFTER, "$o")) == "UNKNOWN"


def test_ruling_on_the_decision_after_it_is_taken() -> None:
    assert _come_to(_CONTACT, _DECISION, _ruling("m09", _AFTER, "$d")) == "RULED"


def test_last_of_two_rulings_counts() -> None:
    first = _ruling("m09", _AFTER, "$d")
    last = _ruling("m09", "2025-09-03T10:00", "$d", met="false")
    assert _come_to(_CONTACT, _DECISION, first, last) == "FAIL"


def test_ruling_on_another_requirement_is_not_taken() -> None:
    assert _come_to(_CONTACT, _DECISION, _ruling("m09", _AFTER, "$d", requirement="open-mind")) == "UNKNOWN"


@pytest.mark.parametrize(("ruled_by", "result"), [("custodian", "UNKNOWN"), ("chair, custodian", "RULED")])
def test_only_those_whom_the_demand_names_may_rule(*, ruled_by: str, result: str) -> None:
    assert _come_to(_CONTACT, _DECISION, _ruling("m09", _AFTER, "$d"), ruled_by=ruled_by) == result


def test_ruling_by_the_person_it_concerns_is_not_taken() -> None:
    contact = _CONTACT.replace("decider: m01", "decider: m09")
    assert _come_to(contact, _DECISION, _ruling("m09", _AFTER, "$d")) == "UNKNOWN"
