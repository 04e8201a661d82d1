"""Forms of acts in the browser: sent once however often, more rows without script, what happened elsewhere."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import AllegationsAmended, FactAgreed, MeetingRegistered, ResponseGiven
from alteram.operations.questions import get_facts
from tests.web.conftest import As
from tests.web.scenes import COMPLAINANT, MANAGER, MEMBER, PARTICULARS, RESPONDENT, ROW, STRANGER

ACTS = "/caucus/matters/row/acts/"
ANSWER = {"a-allegations": ["a1"], "a-stance": "deny", "a-text": "It was not so."}
MEETING = {
    "a-meeting": "night-before",
    "a-held_at": "2026-03-02T20:00",
    "a-attended": [COMPLAINANT, MEMBER],
    "a-purpose": "other",
}


def find_token(client: Client, address: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def count(caucus: Opened, kind: type) -> int:
    return len(get_facts(caucus.organisation, ROW).matter.all(kind))


def test_form_sent_twice_is_recorded_once(as_person: As, caucus: Opened) -> None:
    respondent, address = as_person(RESPONDENT), f"{ACTS}response.given/"
    form = {**ANSWER, "once": find_token(respondent, address)}
    for _ in range(2):
        assert respondent.post(address, form).status_code == 302
    assert count(caucus, ResponseGiven) == 1
    assert "recorded already" in respondent.get("/caucus/matters/row/").content.decode()


def test_two_forms_are_recorded_twice(as_person: As, caucus: Opened) -> None:
    respondent, address = as_person(RESPONDENT), f"{ACTS}response.given/"
    for _ in range(2):
        respondent.post(address, {**ANSWER, "once": find_token(respondent, address)})
    assert count(caucus, ResponseGiven) == 2


def test_form_that_was_refused_can_be_sent_again(as_person: As) -> None:
    manager, address = as_person(MANAGER), f"{ACTS}extension.refused/"
    form = {"a-request": "3", "a-reasons": "No.", "once": find_token(manager, address)}
    assert [manager.post(address, form).status_code for _ in range(2)] == [422, 422]


def test_more_rows_keep_what_was_written_and_record_nothing(as_person: As, caucus: Opened) -> None:
    manager, address = as_person(MANAGER), f"{ACTS}allegations.amended/"
    form = {
        "a-allegations.0.id": "a1",
        "a-allegations.0.breach": "conduct-towards-colleagues",
        "a-reasons": "More is known.",
        "more": "allegations",
    }
    page = manager.post(address, form)
    assert page.status_code == 200
    text = page.content.decode()
    assert "More is known." in text
    assert 'value="conduct-towards-colleagues"' in text
    assert 'name="a-allegations.7.id"' in text
    assert 'name="a-allegations.8.id"' not in text
    assert count(caucus, AllegationsAmended) == 0


def test_row_beyond_the_first_few_is_read(as_person: As, caucus: Opened) -> None:
    day = f"{datetime.now(UTC) - timedelta(days=40):%Y-%m-%d}"  # after the rules were published, whenever this runs
    form = {
        "a-allegations.6.id": "a7",
        "a-allegations.6.breach": "conduct-towards-colleagues",
        "a-allegations.6.first_on": day,
        "a-allegations.0.id": "a1",
        "a-allegations.0.breach": "conduct-towards-colleagues",
        "a-allegations.0.first_on": day,
    }
    assert as_person(MANAGER).post(f"{ACTS}allegations.amended/", form).status_code == 302
    (amended,) = get_facts(caucus.organisation, ROW).matter.all(AllegationsAmended)
    assert [one.id for one in amended.act.allegations] == ["a1", "a7"]


def test_field_says_what_it_means(as_person: As) -> None:
    page = as_person(MANAGER).get(f"{ACTS}notice.served/").content.decode()
    assert "What follows beyond the body: a seat, a by-election, staff." in page


def test_people_are_ticked_under_the_part_they_play(as_person: As) -> None:
    page = as_person(MANAGER).get(f"{ACTS}meeting.registered/").content.decode()
    assert 'role="group" aria-label="Complainant"' in page
    assert '<input type="checkbox" name="a-attended" value="respondent"' in page


def test_address_fills_in_an_entry_and_never_a_text(as_person: As) -> None:
    address = f"{ACTS}support.accepted/?a-offer=5"
    assert '<option value="5" selected>' in as_person(RESPONDENT).get(address).content.decode()
    page = as_person(RESPONDENT).get(f"{ACTS}response.given/?a-text=Planted").content.decode()
    assert "Planted" not in page


def test_what_happened_elsewhere_is_reported_and_agreed_to_by_another(as_person: As, caucus: Opened) -> None:
    form = {**MEETING, "r-first": "2026-03-02T20:00", "r-by": MEMBER, "r-agree": "on"}
    response = as_person(RESPONDENT).post(f"{ACTS}meeting.registered/report/", form)
    assert response.status_code == 302
    (meeting,) = get_facts(caucus.organisation, ROW).matter.all(MeetingRegistered)
    assert (meeting.live, meeting.actor, meeting.agreed_by) == (False, MEMBER, (RESPONDENT,))
    complainant = as_person(COMPLAINANT)
    page = complainant.get(response["Location"]).content.decode()
    assert f"fact.agreed/?a-event={meeting.seq}" in page
    assert complainant.post(f"{ACTS}fact.agreed/", {"a-event": meeting.seq}).status_code == 302
    assert count(caucus, FactAgreed) == 1
    assert "Fact agreed" in complainant.get(response["Location"]).content.decode()


def test_report_that_ends_before_it_begins_is_told_beside_the_field(as_person: As, caucus: Opened) -> None:
    form = {**MEETING, "r-first": "2026-03-02T20:00", "r-last": "2026-03-01T20:00"}
    response = as_person(RESPONDENT).post(f"{ACTS}meeting.registered/report/", form)
    assert response.status_code == 422
    assert "Give the earlier time first." in response.content.decode()
    assert count(caucus, MeetingRegistered) == 0


@pytest.mark.parametrize("page", ["report/", "meeting.registered/report/", "response.given/", ""])
def test_stranger_finds_no_way_to_act(as_person: As, page: str) -> None:
    assert as_person(STRANGER).get(ACTS + page).status_code == 404


def test_acts_are_told_apart_by_whether_and_why_they_wait(as_person: As) -> None:
    page = as_person(RESPONDENT).get(ACTS).content.decode()
    opened, others = page.index('id="open"'), page.index("What belongs to others")
    assert opened < page.index("Answer the allegations") < others < page.index("Serve the notice")


def test_answered_allegation_shows_the_answer_beside_it(as_person: As) -> None:
    as_person(RESPONDENT).post(f"{ACTS}response.given/", ANSWER)
    page = as_person(MANAGER).get("/caucus/matters/row/allegations/").content.decode()
    assert page.index(PARTICULARS) < page.index("It was not so.") < page.index("Nothing found yet.")
