"""Paper in the browser: forms to print, what came back entered with its picture, and nobody who may not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alteram.bootstrap import Opened
from alteram.core.acts import PaperEntered, ResponseGiven
from alteram.operations.attachments import find_attachments
from alteram.operations.questions import get_facts
from tests.web.conftest import As
from tests.web.scenes import COMPLAINANT, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, WHIP

PAPER = "/caucus/matters/row/paper/"
ANSWER = f"{PAPER}response.given/"


def filled(**changes: object) -> dict[str, object]:
    """Return the form of an answer on paper."""
    return {
        "p-person": RESPONDENT,
        "p-received_at": "2026-01-05T10:00",
        "a-allegations": ["a1"],
        "a-stance": "deny",
        "a-text": "It was not so.",
        "picture": SimpleUploadedFile("answer.png", b"a picture of paper"),
        **changes,
    }


def test_answer_on_paper_is_entered_with_its_picture(as_person: As, caucus: Opened) -> None:
    response = as_person(MANAGER).post(ANSWER, filled())
    assert response.status_code == 302, response.content.decode()
    matter = get_facts(caucus.organisation, ROW).matter
    (entered,), (answer,) = matter.all(PaperEntered), matter.all(ResponseGiven)
    assert (entered.actor, answer.actor, answer.seq) == (MANAGER, RESPONDENT, entered.seq + 1)
    assert [one.name for one in find_attachments(caucus.organisation, ROW, entered.seq, MANAGER)] == ["answer.png"]
    page = as_person(RESPONDENT).get(PAPER).content.decode()
    assert "Response given" in page
    assert "the act itself is the next" in page


def test_paper_without_its_picture_is_not_entered_and_what_was_written_stays(as_person: As, caucus: Opened) -> None:
    form = filled()
    del form["picture"]
    response = as_person(MANAGER).post(ANSWER, form)
    assert response.status_code == 422
    assert "It was not so." in response.content.decode()
    assert get_facts(caucus.organisation, ROW).matter.all(PaperEntered) == ()


def test_waiver_without_somebody_who_saw_it_is_refused_in_words(as_person: As, caucus: Opened) -> None:
    form = {name: value for name, value in filled().items() if not name.startswith("a-")}
    response = as_person(MANAGER).post(f"{PAPER}right.waived/", {**form, "a-right": "hearing", "a-informed": "on"})
    assert response.status_code == 422
    assert "It gives something up" in response.content.decode()
    assert get_facts(caucus.organisation, ROW).matter.all(PaperEntered) == ()


@pytest.mark.parametrize("person", [RESPONDENT, COMPLAINANT, MEMBER, STRANGER])
def test_who_is_not_entitled_finds_no_form_to_enter(as_person: As, caucus: Opened, person: str) -> None:
    browser = as_person(person)
    assert browser.get(ANSWER).status_code == 404
    assert browser.post(ANSWER, filled()).status_code == 404
    assert get_facts(caucus.organisation, ROW).matter.all(ResponseGiven) == ()


@pytest.mark.parametrize(("person", "status"), [(RESPONDENT, 200), (WHIP, 200), (STRANGER, 404)])
def test_forms_can_be_printed_by_whoever_has_a_part(as_person: As, person: str, status: int) -> None:
    browser = as_person(person)
    assert browser.get(PAPER).status_code == status
    assert browser.get(f"{ANSWER}blank/").status_code == status


def test_act_that_no_party_does_has_no_form_on_paper(as_person: As) -> None:
    browser = as_person(MANAGER)
    for act in ("notice.served", "paper.entered", "nothing.known"):
        assert browser.get(f"{PAPER}{act}/blank/").status_code == 404
        assert browser.get(f"{PAPER}{act}/").status_code == 404
