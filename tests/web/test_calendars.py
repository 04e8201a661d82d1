"""The calendar feed: when something is due and nothing else, for whoever holds the address, until it is revoked."""

import re
from datetime import datetime

import pytest
from django.test import Client
from icalendar import Calendar

from alteram.bootstrap import Opened
from alteram.installation.calendar_feeds import CalendarFeed
from alteram.installation.models import Account
from alteram.operations.lists import find_my_matters
from tests.web.conftest import As
from tests.web.scenes import CUSTODIAN, MANAGER, MEMBER, RESPONDENT, STRANGER

PAGE = "/caucus/calendar/"


def make(browser: Client) -> str:
    """Return the path of a new feed."""
    page = browser.post(PAGE, {"do": "make"}).content.decode()
    found = re.search(r'value="https?://[^/]+(/caucus/calendar/[^"]+\.ics)"', page)
    assert found is not None, page
    return found[1]


def read(path: str) -> list[datetime]:
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    return [one.decoded("DTEND") for one in Calendar.from_ical(response.content.decode()).walk("VEVENT")]


def test_feed_tells_when_something_is_due_and_nothing_of_what(as_person: As, caucus: Opened) -> None:
    path = make(as_person(MANAGER))
    waiting = [one.row for one in find_my_matters(caucus.organisation, MANAGER, "waits").matters]
    assert waiting
    assert read(path) == [row.next_due_at for row in waiting]
    told = Client().get(path).content.decode()
    assert "SUMMARY:Something is due" in told
    for word in ("row", MANAGER, RESPONDENT, "complainant", "notice", "conduct"):
        assert not re.search(rf"\b{word}\b", told)


def test_feed_of_somebody_on_whom_nothing_waits_is_empty(as_person: As) -> None:
    assert read(make(as_person(MEMBER))) == []


def test_revoked_address_answers_as_one_that_never_was(as_person: As) -> None:
    browser = as_person(MANAGER)
    path = make(browser)
    assert browser.post(PAGE, {"do": "revoke"}).status_code == 302
    gone, never = Client().get(path), Client().get("/caucus/calendar/never.ics")
    assert (gone.status_code, never.status_code) == (404, 404)
    assert gone.content == never.content


def test_another_address_takes_the_place_of_the_first(as_person: As) -> None:
    browser = as_person(MANAGER)
    first, second = make(browser), make(browser)
    assert first != second
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


def test_only_a_digest_is_kept_and_it_opens_nothing(as_person: As) -> None:
    path = make(as_person(MANAGER))
    kept = CalendarFeed.objects.get()
    assert kept.digest not in path
    assert Client().get(f"/caucus/calendar/{kept.digest}.ics").status_code == 404


def test_address_is_shown_once(as_person: As) -> None:
    browser = as_person(MANAGER)
    path = make(browser)
    page = browser.get(PAGE).content.decode()
    assert path not in page
    assert "You have an address since" in page


def test_revoking_ends_nobody_elses_feed(as_person: As) -> None:
    path = make(as_person(CUSTODIAN))
    as_person(MANAGER).post(PAGE, {"do": "revoke"})
    assert Client().get(path).status_code == 200


def test_feed_of_an_account_that_was_closed_answers_no_more(as_person: As) -> None:
    path = make(as_person(MANAGER))
    Account.objects.update(is_active=False)
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("secret", ["..", "%2e", "a" * 500, "é"])
def test_address_of_a_stranger_is_nothing_at_all(as_person: As, secret: str) -> None:
    make(as_person(STRANGER))
    assert Client().get(f"/caucus/calendar/{secret}.ics").status_code == 404


def test_who_has_not_signed_in_is_asked_to_and_gets_no_feed(caucus: Opened, db: None) -> None:
    assert Client().post(PAGE, {"do": "make"}).status_code == 302
    assert CalendarFeed.objects.count() == 0
