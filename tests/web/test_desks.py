"""Desks: what is next for each part somebody plays, with a form behind each line; nothing for parties and strangers."""

import re
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExtensionAsked, MeetingCalled, ReportLodged
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.perform import perform
from alteram.operations.questions import find_open_acts
from tests.web.conftest import As
from tests.web.scenes import CHAIR, COMPLAINANT, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, WHIP, must

DESK = "/caucus/desk/"
NEW = StreamId("new")


def read(browser: Client) -> str:
    response = browser.get(DESK)
    assert response.status_code == 200
    return response.content.decode()


def report(caucus: Opened, identity: Literal["named", "protected"] = "named") -> None:
    must(perform(caucus.organisation, NEW, ReportLodged(identity=identity, about="person", text="x"), COMPLAINANT))


def test_case_manager_finds_the_question_of_more_time_with_its_form_filled_in(as_person: As, caucus: Opened) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
    asked = must(perform(caucus.organisation, ROW, ExtensionAsked(until=until, reasons="I am ill."), RESPONDENT))
    browser = as_person(MANAGER)
    page = read(browser)
    assert "A party asked for more time." in page
    found = re.search(r'href="([^"]*/acts/extension.granted/[^"]*)"', page)
    assert found is not None
    form = browser.get(found[1]).content.decode()
    assert re.search(rf'<option value="{asked}" selected', form)
    assert "I am ill." not in page


def test_custodian_finds_a_report_that_nobody_handles(as_person: As, caucus: Opened) -> None:
    report(caucus)
    page = read(as_person(CUSTODIAN))
    assert "Nobody handles the matter yet." in page
    assert "/caucus/matters/new/acts/case-manager.assigned/" in page
    assert "/caucus/matters/new/acts/case-manager.assigned/" not in read(as_person(WHIP))


def test_custodian_is_reminded_of_a_protected_name_and_nobody_else_sees_it(as_person: As, caucus: Opened) -> None:
    report(caucus, "protected")
    page = read(as_person(CUSTODIAN))
    assert "This name is protected." in page
    assert COMPLAINANT in page
    for person in (CHAIR, WHIP, MANAGER):
        assert "This name is protected." not in read(as_person(person))


def test_chair_is_asked_to_declare_what_ties_them_to_the_matter(as_person: As) -> None:
    page = read(as_person(CHAIR))
    assert "You have not said yet what ties you to this matter" in page
    assert "/caucus/matters/row/acts/interest.declared/" in page
    assert "/caucus/matters/row/acts/interest.declared/" not in read(as_person(MANAGER))


@pytest.mark.parametrize("person", [COMPLAINANT, STRANGER])
def test_who_is_a_party_or_nobody_has_no_desk(as_person: As, person: str) -> None:
    page = read(as_person(person))
    assert "nothing is on your desk" in page
    assert "/matters/row/" not in page


def test_decider_by_body_finds_the_matter_and_nothing_of_reports_in_it(as_person: As, caucus: Opened) -> None:
    report(caucus)
    page = read(as_person(MEMBER))
    assert "case-manager.assigned" not in page
    assert "report.acknowledged" not in page


def test_address_fills_in_neither_people_nor_texts(as_person: As) -> None:
    filled = {"a-person": RESPONDENT, "a-text": "planted", "a-level": "high"}
    form = as_person(MANAGER).get("/caucus/matters/row/acts/risk.assessed/", filled).content.decode()
    assert "planted" not in form
    assert f'value="{RESPONDENT}" ' not in form.replace("<option", "")
    assert re.search(r'<option value="high" selected', form)


def test_who_has_not_signed_in_is_asked_to(caucus: Opened, db: None) -> None:
    assert Client().get(DESK).status_code == 302


def test_what_the_rules_refuse_is_named_with_the_reason_and_without_its_form(as_person: As, caucus: Opened) -> None:
    meeting = MeetingCalled(
        meeting="h1",
        body="caucus",
        at=datetime.now(UTC).replace(microsecond=0) + timedelta(days=30),
        agenda=("The complaint",),
        invited=(CHAIR, MEMBER, RESPONDENT),
    )
    must(perform(caucus.organisation, ROW, meeting, CHAIR))
    page = read(as_person(CHAIR))
    assert "(not yet)" in page
    offered = set(re.findall(r"/matters/row/acts/([a-z.-]+)/", page))
    found = find_open_acts(caucus.organisation, ROW, CHAIR)
    allowed = {one.spec.name for one in found.acts if not isinstance(one.ruling, Refused)}
    assert "interest.declared" in offered
    assert offered <= allowed


def test_desk_of_closed_matters_says_that_there_are_none(as_person: As) -> None:
    for person in (MANAGER, CUSTODIAN, STRANGER):
        page = as_person(person).get(f"{DESK}?show=closed").content.decode()
        assert "No matter that you handle, decide or keep is closed." in page
        assert page.count('href="?show=closed"') == 1
        assert "/matters/row/" not in page
