"""Forms ask for what people know: names rather than identifiers, what there is to choose from, and what is plain."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import AllegationsAmended, CaseManagerAssigned
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import DirectoryEntry
from alteram.operations.questions import get_facts
from tests.web.conftest import As
from tests.web.scenes import CAUCUS, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, ROW, WHIP

ACTS = "/caucus/matters/row/acts/"


def name(person: PersonId, called: str) -> None:
    DirectoryEntry.objects.update_or_create(organisation=CAUCUS, person=person, defaults={"name": called})


def find_assigned(caucus: Opened) -> list[str]:
    return [one.act.person for one in get_facts(caucus.organisation, ROW).matter.all(CaseManagerAssigned)]


@pytest.mark.parametrize("written", ["member", "The Member", "the  member", "The Member (member)"])
def test_person_is_written_by_name_or_identifier(as_person: As, caucus: Opened, written: str) -> None:
    name(MEMBER, "The Member")
    client = as_person(CUSTODIAN)
    token = re.search(r'name="once" value="([^"]+)"', client.get(f"{ACTS}case-manager.assigned/").content.decode())
    assert token is not None
    assert client.post(f"{ACTS}case-manager.assigned/", {"a-person": written, "once": token[1]}).status_code == 302
    assert find_assigned(caucus)[-1] == MEMBER


def test_name_that_nobody_has_is_said_to_be_one(as_person: As, caucus: Opened) -> None:
    answer = as_person(CUSTODIAN).post(f"{ACTS}case-manager.assigned/", {"a-person": "Some Body"})
    assert answer.status_code == 422
    assert "Nobody here is called that" in answer.content.decode()
    assert find_assigned(caucus) == [MANAGER]


def test_name_that_two_have_asks_for_the_identifier(as_person: As) -> None:
    name(MEMBER, "The Member")
    name(WHIP, "The Member")
    answer = as_person(CUSTODIAN).post(f"{ACTS}case-manager.assigned/", {"a-person": "The Member"})
    assert answer.status_code == 422
    assert "Several people are called that" in answer.content.decode()


def test_only_entries_that_fit_are_offered_and_the_only_one_is_chosen(as_person: As) -> None:
    page = as_person(MANAGER).get(f"{ACTS}report.acknowledged/").content.decode()
    offered = re.search(r'<select name="a-report".*?</select>', page, re.DOTALL)
    assert offered is not None
    assert re.findall(r'value="([^"]*)"( selected)?', offered[0]) == [("", ""), ("0", " selected")]


def test_breaches_are_offered_by_their_titles(as_person: As, caucus: Opened) -> None:
    page = as_person(MANAGER).get(f"{ACTS}allegations.amended/").content.decode()
    for breach in caucus.organisation.governing(ROW).breaches:
        assert f'<option value="{breach.id}">{breach.title}</option>' in page


def test_notice_goes_to_the_one_respondent_about_all_that_is_alleged(as_person: As) -> None:
    page = as_person(MANAGER).get("/caucus/matters/row/letters/write/notice/").content.decode()
    assert re.search(rf'name="a-to" value="{RESPONDENT}"', page)
    assert re.search(r'name="a-allegations" value="a1"[^>]* checked', page)


def test_allegation_without_a_short_name_gets_the_next_one(as_person: As, caucus: Opened) -> None:
    manager, address = as_person(MANAGER), f"{ACTS}allegations.amended/"
    token = re.search(r'name="once" value="([^"]+)"', manager.get(address).content.decode())
    assert token is not None
    form = {
        "a-allegations.0.breach": caucus.organisation.governing(ROW).breaches[0].id,
        "a-allegations.0.first_on": (datetime.now(UTC) - timedelta(days=30)).date().isoformat(),
        "a-particulars": "So it was.",
        "a-reasons": "More came to light.",
        "once": token[1],
    }
    sent = manager.post(address, form)
    assert sent.status_code == 302
    amended = get_facts(caucus.organisation, ROW).matter.all(AllegationsAmended)
    assert [one.id for event in amended for one in event.act.allegations] == ["a2"]


def test_meeting_is_called_for_those_who_decide_and_both_sides(as_person: As) -> None:
    page = as_person(WHIP).get(f"{ACTS}meeting.called/").content.decode()
    assert re.search(r'name="a-meeting" value="meeting-1"', page)
    assert re.search(rf'name="a-invited" value="{RESPONDENT}"[^>]* checked', page)


def test_letter_is_written_where_an_act_has_one(as_person: As) -> None:
    page = as_person(MANAGER).get("/caucus/matters/row/acts/").content.decode()
    assert 'href="/caucus/matters/row/letters/write/notice/"' in page
    assert 'href="/caucus/matters/row/acts/notice.served/"' not in page


def test_list_of_matters_calls_a_stage_what_the_rulebook_calls_it(as_person: As, caucus: Opened) -> None:
    page = as_person(MANAGER).get("/caucus/").content.decode()
    titles = {stage.title for one in caucus.organisation.governing(ROW).procedures for stage in one.stages}
    assert any(f"<td>{title}</td>" in page for title in titles)


def test_empty_installation_offers_to_found_and_not_to_sign_in(db: None, home: Path) -> None:
    page = Client().get("/").content.decode()
    assert page.count('href="/found/"') == 1
    assert '<a class="button" href="/accounts/login/"' not in page


def test_nothing_is_admitted_that_was_not_chosen(as_person: As) -> None:
    respondent, address = as_person(RESPONDENT), f"{ACTS}response.given/"
    offered = re.search(r'<select name="a-stance".*?</select>', respondent.get(address).content.decode(), re.DOTALL)
    assert offered is not None
    assert re.findall(r'value="([^"]*)"', offered[0])[0] == ""
    assert "selected" not in offered[0].replace('<option value="" selected>', "")
    assert respondent.post(address, {"a-allegations": ["a1"], "a-text": "Well."}).status_code == 422


def test_respondent_is_led_from_the_list_to_the_accusation(as_person: As) -> None:
    assert "What I am accused of" in as_person(RESPONDENT).get("/caucus/").content.decode()
    assert "What I am accused of" not in as_person(MANAGER).get("/caucus/").content.decode()


def test_what_a_party_could_do_at_a_hearing_is_ticked(as_person: As) -> None:
    page = as_person(WHIP).get(f"{ACTS}party.heard/").content.decode()
    assert re.findall(r'type="checkbox" name="a-items" value="([^"]+)"', page) == [
        "case-put", "response-heard", "questions", "witnesses", "summing-up"
    ]  # fmt: skip
