"""Protected names that were asked for, on the pages: who sees a request, the way through both keys, and nobody else."""

import re
from collections.abc import Mapping

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import IdentityAsked, IdentityReleased, ReporterInformed, SecondKeyGiven
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.perform import perform
from alteram.operations.questions import get_facts
from tests.web.conftest import As
from tests.web.scenes import CHAIR, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, SCRUTINEER, STRANGER, WHIP, must
from tests.web.test_protected_names import HIDDEN, ROOM, TELLER, hidden

NAMES = f"{ROOM}identities/"
REASONS = "I cannot say where I was without knowing who says it."
__all__ = ["hidden"]


@pytest.fixture
def request_seq(hidden: Opened) -> int:
    """The respondent's request for who reported."""
    asked = IdentityAsked(entry=0, ground="defence", reasons=REASONS)
    return must(perform(hidden.organisation, HIDDEN, asked, RESPONDENT))


def read(client: Client, address: str = NAMES) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def fields_of(page: str) -> dict[str, object]:
    """Return what the form of a page holds, as a browser would send it."""
    form = page[page.index('class="act"') :]
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and value and not (kind and kind[1] in {"checkbox", "radio"} and " checked" not in tag):
            sent.setdefault(name[1], value[1])
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        sent[name] = chosen
    return sent


def send(client: Client, seq: int, act: str, more: Mapping[str, object]) -> str:
    page = read(client, f"{NAMES}{seq}/{act}/")
    response = client.post(f"{ROOM}acts/{act}/", {**fields_of(page), **more})
    assert response.status_code == 302, response.content.decode()
    return page


def test_name_goes_through_both_keys_to_who_asked(hidden: Opened, as_person: As, request_seq: int) -> None:
    custodian = as_person(CUSTODIAN)
    page = read(custodian)
    assert REASONS in page
    assert TELLER in page
    assert "not asked yet" in page
    assert "Release the name" not in page
    send(custodian, request_seq, "second-key.asked", {"a-to": CHAIR, "a-text": "A party cannot answer."})
    chair = as_person(CHAIR)
    assert "A party cannot answer." in read(chair)
    assert "Your second key is asked for" in chair.get("/caucus/").content.decode()
    for other in (RESPONDENT, SCRUTINEER, CUSTODIAN):
        assert "Your second key is asked for" not in as_person(other).get("/caucus/").content.decode()
    send(chair, request_seq, "second-key.given", {})
    assert "Your second key is asked for" not in chair.get("/caucus/").content.decode()
    informed = ReporterInformed(text="You were asked for.", phase="interim")
    must(perform(hidden.organisation, HIDDEN, informed, MANAGER))
    page = read(custodian)
    assert "agreed" in page
    assert "Release the name" in page
    form = send(custodian, request_seq, "identity.released", {"a-basis": "legal-duty", "a-reasons": "The law."})
    assert TELLER in form
    (released,) = get_facts(hidden.organisation, HIDDEN).matter.all(IdentityReleased)
    assert (released.act.person, released.act.to, released.act.request) == (TELLER, (RESPONDENT,), request_seq)
    assert "released" in read(as_person(RESPONDENT))


def test_refusal_is_read_by_who_asked_and_tells_no_name(as_person: As, request_seq: int) -> None:
    send(as_person(CUSTODIAN), request_seq, "identity.refused", {"a-reasons": "The particulars are enough."})
    page = read(as_person(RESPONDENT))
    assert "The particulars are enough." in page
    assert TELLER not in page


def test_custodian_finds_the_request_on_the_desk_with_its_forms(as_person: As, request_seq: int) -> None:
    desk = read(as_person(CUSTODIAN), "/caucus/desk/")
    assert REASONS in desk
    assert f"{NAMES}{request_seq}/identity.refused/" in desk


def test_key_holder_who_was_asked_finds_it_on_the_desk_without_the_reasons(as_person: As, request_seq: int) -> None:
    send(as_person(CUSTODIAN), request_seq, "second-key.asked", {"a-to": SCRUTINEER, "a-text": "May they know?"})
    desk = read(as_person(SCRUTINEER), "/caucus/desk/")
    assert "May they know?" in desk
    assert REASONS not in desk
    assert TELLER not in desk


@pytest.mark.parametrize("person", [CHAIR, MEMBER, WHIP, SCRUTINEER])
def test_nobody_else_sees_a_request(as_person: As, request_seq: int, person: PersonId) -> None:
    client = as_person(person)
    page = read(client)
    assert REASONS not in page
    assert f"request-{HIDDEN}-{request_seq}" not in page
    for act in ("identity.released", "identity.refused", "second-key.given", "second-key.asked"):
        assert client.get(f"{NAMES}{request_seq}/{act}/").status_code == 404


def test_who_asked_sees_their_own_request_and_no_way_to_answer_it(as_person: As, request_seq: int) -> None:
    client = as_person(RESPONDENT)
    page = read(client)
    assert REASONS in page
    assert "Protected behind it" not in page
    assert TELLER not in page
    assert client.get(f"{NAMES}{request_seq}/identity.released/").status_code == 404


def test_case_manager_sees_requests_and_answers_none(as_person: As, request_seq: int) -> None:
    client = as_person(MANAGER)
    assert REASONS in read(client)
    assert client.get(f"{NAMES}{request_seq}/identity.refused/").status_code == 404


def test_stranger_cannot_tell_a_matter_with_requests_from_none(as_person: As, request_seq: int) -> None:
    client = as_person(STRANGER)
    there, nowhere = client.get(NAMES), client.get("/caucus/matters/nowhere/identities/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content == nowhere.content
    assert client.get(f"{NAMES}{request_seq}/identity.refused/").status_code == 404


def test_no_address_of_the_page_holds_a_name(hidden: Opened, as_person: As, request_seq: int) -> None:
    must(perform(hidden.organisation, HIDDEN, SecondKeyGiven(to_act="identity.released", about=request_seq), CHAIR))
    client = as_person(CUSTODIAN)
    pages = read(client) + read(client, f"{NAMES}{request_seq}/identity.released/")
    assert not [one for one in re.findall(r'(?:href|action)="([^"]*)"', pages) if TELLER in one]


def test_that_the_custodian_read_the_reasons_is_told_to_who_asked(as_person: As, request_seq: int) -> None:
    read(as_person(CUSTODIAN))
    page = read(as_person(RESPONDENT), f"{ROOM}readings/")
    assert CUSTODIAN in page
    assert request_seq
