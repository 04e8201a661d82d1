"""Notice as it gates a live act: the refusal names the earliest lawful time, and at that time the act is allowed."""

from datetime import datetime, timedelta

import pytest

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.kernel.periods import Period, earliest_after
from alteram.core.rules import Finding
from tests.rules.told import examine_told

_CALENDAR = load_rulebook("caucus").calendar
#: Before Easter and ANZAC Day.
_SERVED = datetime(2025, 4, 15, 10)  # noqa: DTZ001 - a wall-clock time is naive on purpose

_PERIODS = ("clear_days: 10", "working_days: 5", "days: 14", "months: 1", "hours: 72")


def _decided(period: str, at: datetime) -> Finding:
    return examine_told(
        "notice-period",
        f"""\
    parameters: {{at_least: {{{period}}}}}
    events:
      - {{at: {_SERVED:%Y-%m-%dT%H:%M}, by: m07, act: notice.served, fields: {{to: m05}}}}
      - {{at: {at:%Y-%m-%dT%H:%M}, by: m09, act: decision.made}}
""",
    )


def _earliest(period: str) -> datetime:
    unit, count = period.split(": ")
    end = earliest_after(_CALENDAR.instant_of(_SERVED), Period(**{unit: int(count)}), _CALENDAR).end
    return _CALENDAR.local_time(end)


@pytest.mark.parametrize("period", _PERIODS)
def test_decision_a_minute_before_the_earliest_time_fails_and_names_it(period: str) -> None:
    finding = _decided(period, _earliest(period) - timedelta(minutes=1))
    assert finding.result == "FAIL"
    assert finding.earliest == _CALENDAR.instant_of(_earliest(period))
    assert finding.working


@pytest.mark.parametrize("period", _PERIODS)
def test_decision_at_the_earliest_time_named_passes(period: str) -> None:
    assert _decided(period, _earliest(period)).result == "PASS"


@pytest.mark.parametrize("standing", ["asserted_by: [m07]", "asserted_by: [m07], denied_by: [m05]", "agreed_by: [m06]"])
def test_reported_notice_the_respondent_did_not_agree_to_opens_no_door(standing: str) -> None:
    finding = examine_told(
        "notice-period",
        f"""\
    parameters: {{at_least: {{days: 1}}}}
    events:
      - {{on: 2025-04-01, by: m07, act: notice.served, {standing}, fields: {{to: m05}}}}
      - {{at: 2025-06-01T10:00, by: m09, act: decision.made}}
""",
    )
    assert finding.result == "UNKNOWN"
    assert "asserted" in finding.because


@pytest.mark.parametrize("standing", ["agreed_by: [m05]", "asserted_by: [m07], found: true"])
def test_reported_notice_agreed_by_the_respondent_or_found_counts(standing: str) -> None:
    finding = examine_told(
        "notice-period",
        f"""\
    parameters: {{at_least: {{days: 1}}}}
    events:
      - {{on: 2025-04-01, by: m07, act: notice.served, {standing}, fields: {{to: m05}}}}
      - {{at: 2025-06-01T10:00, by: m09, act: decision.made}}
""",
    )
    assert finding.result == "PASS"
