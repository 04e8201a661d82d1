"""What the server logs of requests: that something went wrong and what, never an address, a name or a secret."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from alteram.installation.logs import WithoutContent
from tests.web.conftest import As
from tests.web.scenes import RESPONDENT


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged, as the handler of the settings writes it."""
    caplog.handler.addFilter(WithoutContent())
    return caplog


def test_filter_is_on_the_one_handler() -> None:
    handlers: Any = settings.LOGGING["handlers"]
    assert handlers == {"out": {**handlers["out"], "filters": ["without_content"]}}


@pytest.mark.parametrize(
    "address",
    [
        "/caucus/matters/the-secret-affair/",
        "/caucus/calendar/secret-of-a-feed.ics",
        "/sign-in/link/secret-of-a-link/",
        "/accounts/password/reset/key/1-secret/secret-rest of it/",
        "/caucus/people/secret-person/",
    ],
)
def test_page_that_is_not_there_is_logged_without_its_address(
    told: pytest.LogCaptureFixture, as_person: As, address: str
) -> None:
    as_person(RESPONDENT).get(f"{address}?next=secret")
    assert "secret" not in told.text
    assert "caucus" not in told.text


@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_form_from_elsewhere_is_logged_without_either_address(
    told: pytest.LogCaptureFixture, as_person: As, header: str
) -> None:
    del as_person
    client, elsewhere = Client(enforce_csrf_checks=True), {header: "https://evil.invalid/secret way/"}
    client.post("/caucus/speak-up/report/secret-name/", {}, secure=True, headers=elsewhere)
    assert "Forbidden" in told.text
    assert "secret" not in told.text
    assert "evil.invalid" not in told.text


def test_fault_is_logged_by_its_kind_and_place_only() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("Fault", "/caucus/secret/"), None)
    try:
        int("secret")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    assert WithoutContent().filter(record)
    assert record.getMessage().startswith("ValueError at test_fault_is_logged")
    assert record.exc_info is None


def test_what_other_parts_log_stays_as_it_is() -> None:
    record = logging.LogRecord("alteram.log", logging.WARNING, "", 0, "no room in %s", ("/srv/alteram",), None)
    assert WithoutContent().filter(record)
    assert record.getMessage() == "no room in /srv/alteram"
