"""Matters in the browser: lists, one matter, and acts done through their forms."""

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ResponseGiven
from alteram.operations.questions import get_facts
from tests.web.conftest import As
from tests.web.scenes import CUSTODIAN, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER

MINE = "/caucus/"
THE_ROW = "/caucus/matters/row/"


def test_respondent_finds_the_matter_and_when_it_is_due(as_person: As) -> None:
    page = as_person(RESPONDENT).get(MINE).content.decode()
    assert "/caucus/matters/row/" in page
    assert "<time datetime=" in page


def test_decider_on_whom_nothing_waits_may_open_the_matter_and_finds_it_in_no_list(as_person: As) -> None:
    member = as_person(MEMBER)
    assert "/caucus/matters/row/" not in member.get(MINE).content.decode()
    assert member.get(THE_ROW).status_code == 200


def test_stranger_cannot_tell_a_matter_from_none(as_person: As) -> None:
    stranger = as_person(STRANGER)
    there, nowhere = stranger.get(THE_ROW), stranger.get("/caucus/matters/nowhere/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content.decode() == nowhere.content.decode()


def test_who_has_not_signed_in_is_asked_to(caucus: Opened, db: None) -> None:
    response = Client().get(THE_ROW)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", ["/nobody/", "/nobody/matters/row/", "/caucus/nothing/"])
def test_address_of_nothing_is_not_found(as_person: As, address: str) -> None:
    assert as_person(MANAGER).get(address).status_code == 404


def test_respondent_answers_through_the_form_of_the_catalogue(as_person: As, caucus: Opened) -> None:
    form = {"a-allegations": ["a1"], "a-stance": "deny", "a-text": "It was not so.\r\nI was away."}
    response = as_person(RESPONDENT).post(f"{THE_ROW}acts/response.given/", form)
    assert response.status_code == 302
    given = get_facts(caucus.organisation, ROW).matter.all(ResponseGiven)
    assert [(one.actor, one.act.stance, one.act.allegations) for one in given] == [(RESPONDENT, "deny", ("a1",))]


def test_refused_act_is_explained_and_what_was_written_stays(as_person: As) -> None:
    form = {"a-deciders": [CUSTODIAN], "a-reasons": "Because I say so."}
    response = as_person(MANAGER).post(f"{THE_ROW}acts/decision.made/", form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "The rules do not permit this now. Nothing was recorded." in page
    assert "Because I say so." in page


def test_act_that_belongs_to_others_can_be_read_about_and_is_refused(as_person: As) -> None:
    page = as_person(RESPONDENT).get(f"{THE_ROW}acts/notice.served/").content.decode()
    assert "The rules would not permit this now." in page


def test_required_field_left_empty_is_told_beside_it(as_person: As) -> None:
    response = as_person(RESPONDENT).post(f"{THE_ROW}acts/response.given/", {"a-stance": ""})
    assert response.status_code == 422
    assert 'id="id_a-stance_error"' in response.content.decode()


@pytest.mark.parametrize("part", ["", "proof/", "files/0/"])
def test_entry_of_a_number_that_no_record_can_have_is_not_found(as_person: As, part: str) -> None:
    client = as_person(MANAGER)
    # A receipt of an entry that is not there yet is waited for.
    last = client.get(f"/caucus/matters/row/timeline/99999999/{part}").status_code
    assert last == (409 if part == "proof/" else 404)
    for seq in (100_000_000, 1 << 63, 10**30):
        assert client.get(f"/caucus/matters/row/timeline/{seq}/{part}").status_code == 404
    assert client.get(f"/caucus/matters/row/letters/served/{1 << 63}/").status_code == 404
