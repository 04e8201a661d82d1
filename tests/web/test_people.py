"""One person: what is in force, numbers, the file about oneself; for themselves and for those who keep the record."""

import io
import json
import zipfile
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged, ReportLodged, RiskAssessed
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.organisations import read_now
from alteram.operations.perform import perform
from alteram.operations.personal import find_person
from tests.web.conftest import As
from tests.web.scenes import (
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    RESPONDENT,
    ROW,
    STRANGER,
    WHIP,
    must,
)

HIDDEN = StreamId("hidden")


def protect(caucus: Opened) -> None:
    """Let the member report the respondent under protection."""
    act = ReportLodged(identity="protected", about="person", text="x", people=(RESPONDENT,))
    must(perform(caucus.organisation, HIDDEN, act, MEMBER))


def read(browser: Client, person: PersonId) -> str:
    response = browser.get(f"/caucus/people/{person}/")
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def export(browser: Client, person: PersonId) -> dict[str, Any]:
    response = browser.post(f"/caucus/people/{person}/export/")
    assert response.status_code == HTTPStatus.OK
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


def test_respondent_sees_their_own_standing_and_the_keepers_see_it_too(as_person: As) -> None:
    for person in (RESPONDENT, CUSTODIAN, WHIP, CHAIR):
        page = read(as_person(person), RESPONDENT)
        assert "Matters as respondent" in page
        assert "No warning, sanction or measure is in force." in page


@pytest.mark.parametrize("person", [COMPLAINANT, MEMBER, MANAGER, STRANGER])
def test_nobody_else_is_told_whether_there_is_such_a_person(as_person: As, person: PersonId) -> None:
    browser = as_person(person)
    there, nowhere = browser.get(f"/caucus/people/{RESPONDENT}/"), browser.get("/caucus/people/nobody-at-all/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert browser.post(f"/caucus/people/{RESPONDENT}/export/").status_code == HTTPStatus.NOT_FOUND


def test_protected_report_counts_for_the_custodian_only(as_person: As, caucus: Opened) -> None:
    protect(caucus)
    assert "Matters as reporter" in read(as_person(CUSTODIAN), MEMBER)
    assert "Matters as reporter" in read(as_person(MEMBER), MEMBER)
    for person in (WHIP, CHAIR):
        page = read(as_person(person), MEMBER)
        assert "Matters as reporter" not in page
        assert f"matters/{HIDDEN}/" not in page


def test_file_about_oneself_has_what_one_did_and_what_names_one(as_person: As) -> None:
    files = export(as_person(RESPONDENT), RESPONDENT)
    acts = [one["claims"].get("act") for one in files["entries/matter-row.json"]["entries"]]
    assert "notice.served/1" in acts
    assert "matter.accepted/1" in acts
    assert "report.lodged/1" not in acts


def test_file_leaves_out_what_the_person_may_not_see(as_person: As, caucus: Opened) -> None:
    act = RiskAssessed(point="during", person=RESPONDENT, level="high", text="A secret of the handlers.")
    must(perform(caucus.organisation, ROW, act, MANAGER))
    files = export(as_person(RESPONDENT), RESPONDENT)
    assert "A secret of the handlers." not in json.dumps(files)


def test_prose_that_names_a_protected_person_is_left_out(as_person: As, caucus: Opened) -> None:
    protect(caucus)
    entered = ExhibitLodged(exhibit="e1", kind="document", obtained="given", title=f"A letter by {MEMBER}")
    must(perform(caucus.organisation, ROW, entered, RESPONDENT))
    told = json.dumps(export(as_person(RESPONDENT), RESPONDENT))
    assert "A letter by" in told
    assert HIDDEN not in told


def test_custodian_may_make_the_file_and_the_secretary_may_not(as_person: As) -> None:
    assert export(as_person(CUSTODIAN), RESPONDENT)
    assert as_person(WHIP).post(f"/caucus/people/{RESPONDENT}/export/").status_code == HTTPStatus.NOT_FOUND


def test_numbers_count_what_was_alleged_once_for_each_matter(caucus: Opened) -> None:
    page = find_person(caucus.organisation, RESPONDENT, CUSTODIAN, now=read_now())
    assert page.patterns.breaches == (("conduct-towards-colleagues", 1),)
    assert dict(page.patterns.by_role) == {"respondent": 1}
