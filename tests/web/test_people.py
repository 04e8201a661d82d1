"""One person: what is in force, numbers, the file about oneself; for themselves and for those who keep the record."""

import html
import io
import json
import re
import zipfile
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ContactPersonNamed, ContentRead, ExhibitLodged, PersonRecused, ReportLodged, RiskAssessed
from alteram.core.kernel.identifiers import READINGS_STREAM, PersonId, StreamId
from alteram.installation.organisations import read_now
from alteram.operations.perform import perform, perform_many
from alteram.operations.personal import find_person
from alteram.operations.recording import Proposal
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


def test_file_counts_as_reading_what_is_in_it_whoever_it_was_made_for(as_person: As, caucus: Opened) -> None:
    assert export(as_person(CUSTODIAN), RESPONDENT)
    register = caucus.organisation.state(READINGS_STREAM, fresh=True).facts
    (kept,) = [(one.actor, one.act.stream, one.act.entries) for one in register.all(ContentRead)]
    assert kept[:2] == (CUSTODIAN, ROW)
    assert 10 in kept[2]


def test_numbers_count_what_was_alleged_once_for_each_matter(caucus: Opened) -> None:
    page = find_person(caucus.organisation, RESPONDENT, CUSTODIAN, now=read_now())
    assert page.patterns.breaches == (("conduct-towards-colleagues", 1),)
    assert dict(page.patterns.by_role) == {"respondent": 1}


def begin_many(caucus: Opened, number: int) -> list[str]:
    """Let the member report the respondent so often; return the names of the matters."""
    reports = [ReportLodged(identity="named", about="person", text="x", people=(RESPONDENT,))] * number
    names = [f"more-{place:03d}" for place in range(number)]
    proposals = (Proposal(StreamId(name), act, MEMBER) for name, act in zip(names, reports, strict=True))
    assert all(perform_many(caucus.organisation, proposals))
    return names


def test_pages_of_somebodys_matters_follow_one_another_until_all_were_looked_into(
    as_person: As, caucus: Opened
) -> None:
    names = begin_many(caucus, 105)
    browser, address, found = as_person(MEMBER), f"/caucus/people/{MEMBER}/", list[str]()
    for _ in range(2):
        page = browser.get(address).content.decode()
        found += re.findall(r'/caucus/matters/(more-\d+)/"', page)
        assert "There are more matters than fit on a page" in page
        further = re.search(r'rel="next" href="([^"]+)"', page)
        address += html.unescape(further[1]) if further is not None else ""
    assert further is None
    assert sorted(found) == names
    assert "First page" in page


def test_file_about_somebody_has_every_matter_also_one_in_which_their_part_is_over(
    as_person: As, caucus: Opened
) -> None:
    names = begin_many(caucus, 120)
    named = ContactPersonNamed(person=MEMBER, for_person=RESPONDENT)
    must(perform(caucus.organisation, ROW, named, MANAGER))
    declined = PersonRecused(person=MEMBER, roles=("contact-person",), reasons="I know them.")
    must(perform(caucus.organisation, ROW, declined, MEMBER))
    files = export(as_person(MEMBER), MEMBER)
    assert {f"entries/matter-{name}.json" for name in (*names, ROW)} <= set(files)
    over = [one["claims"].get("act") for one in files[f"entries/matter-{ROW}.json"]["entries"]]
    assert "person.recused/1" in over
