"""When a document has reached somebody, seen through the period of notice that runs from then."""

from datetime import UTC, datetime

import pytest

from tests.rules.told import examine_told


def _earliest(method: str, *confirmations: str) -> datetime | None:
    """Return the earliest time of a decision after ten days' notice served on 1 August at ten in the morning."""
    lines = "".join(f"      - {{{line}}}\n" for line in confirmations)
    return examine_told(
        "notice-period",
        f"""\
    parameters: {{at_least: {{hours: 240}}}}
    events:
      - {{at: 2025-08-01T10:00, by: m07, act: notice.served, id: n, fields: {{to: m05, method: {method}}}}}
{lines}      - {{at: 2025-08-09T10:00, by: m09, act: decision.made}}
""",
    ).earliest


def _confirmed(delivered_at: str, to: str = "m05") -> str:
    return (
        "at: 2025-08-08T10:00, by: m07, act: service.confirmed, "
        f"fields: {{document: $n, to: {to}, delivered_at: {delivered_at}, how: signed}}"
    )


_SERVED_AND_TEN_DAYS = datetime(2025, 8, 10, 22, tzinfo=UTC)


@pytest.mark.parametrize("method", ["page", "electronic", "hand", "paper"])
def test_document_served_at_once_has_arrived_when_it_is_served(method: str) -> None:
    assert _earliest(method) == _SERVED_AND_TEN_DAYS


def test_posted_document_has_not_arrived_until_delivery_is_confirmed() -> None:
    assert _earliest("post") is None
    assert _earliest("post", _confirmed("2025-08-04T10:00")) == datetime(2025, 8, 13, 22, tzinfo=UTC)


def test_first_of_two_confirmations_counts() -> None:
    both = (_confirmed("2025-08-06T10:00"), _confirmed("2025-08-04T10:00"))
    assert _earliest("post", *both) == datetime(2025, 8, 13, 22, tzinfo=UTC)


def test_confirmation_of_delivery_before_service_counts_from_service() -> None:
    assert _earliest("post", _confirmed("2025-07-01T10:00")) == _SERVED_AND_TEN_DAYS


def test_delivery_to_somebody_else_is_none() -> None:
    assert _earliest("post", _confirmed("2025-08-04T10:00", to="m06")) is None


def test_confirmation_that_is_only_asserted_is_none() -> None:
    asserted = _confirmed("2025-08-04T10:00").replace("by: m07,", "by: m07, asserted_by: [m07],")
    assert _earliest("post", asserted) is None
