"""A statement that is pasted: lodged as a text, opened as a source; by whom, and what does not fit loses nothing."""

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged
from tests.evidence import build_plain_tools
from tests.web.conftest import As, find_token
from tests.web.scenes import CHAIR, COMPLAINANT, MANAGER, ROW, STRANGER

BOARD = "/caucus/matters/row/propositions/"
PASTE = f"{BOARD}paste/"
SENT = {"a-exhibit": "s1", "a-obtained": "published", "a-title": "Statement", "a-source": "The party's page"}
WORDS = "It was decided on Monday.\r\nThe vote was secret."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alteram.web.propositions.pasting.find_evidence_tools", build_plain_tools)


def paste(client: Client, text: str = WORDS, **changed: str) -> tuple[int, str]:
    answer = client.post(
        PASTE, SENT | {"text": text} | {f"a-{name}": said for name, said in changed.items()}, follow=True
    )
    return answer.status_code, answer.content.decode()


def find_lodged(caucus: Opened) -> list[ExhibitLodged]:
    return [one.act for one in caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitLodged)]


def test_statement_is_pasted_and_opens_as_a_source_to_mark_words_in(as_person: As, caucus: Opened) -> None:
    client = as_person(MANAGER)
    assert PASTE in client.get(BOARD).content.decode()
    assert f'<a href="{BOARD}" aria-current="page">What is disputed</a>' in client.get(PASTE).content.decode()
    status, page = paste(client)
    assert (status, "Lodged: exhibit s1" in page, "The vote was secret." in page) == (200, True, True)
    (act,) = find_lodged(caucus)
    assert (act.kind, act.obtained, act.media, act.size) == ("document", "published", "text/plain", len(WORDS) - 1)
    marked = client.post(f"{BOARD}sources/s1/", {"words": "decided on Monday"}).content.decode()
    assert "decided on Monday</textarea>" in marked


@pytest.mark.parametrize(
    ("text", "changed", "told"),
    [
        (" \n", {}, "Paste the words."),
        ("a\0b", {}, "no text holds"),
        (WORDS, {"exhibit": "Not a name"}, "Something does not fit"),
        (WORDS, {"kind": "recording", "exhibit": ""}, "Something does not fit"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    as_person: As, caucus: Opened, text: str, changed: dict[str, str], told: str
) -> None:
    status, page = paste(as_person(MANAGER), text, **changed)
    assert (status, told in page) == (422, True)
    assert "The party&#x27;s page" in page
    assert ('id="id_text_error"' in page) == (not changed)
    assert find_lodged(caucus) == []


def test_words_up_to_the_limit_are_taken_and_no_more(
    as_person: As, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("web.propositions.pasting", "operations.exhibits.pasting"):
        monkeypatch.setattr(f"alteram.{module}.MAX_PASTED", 10)
    client = as_person(MANAGER)
    status, page = paste(client, "x" * 11)
    assert (status, "too long to be pasted" in page, "x" * 11 in page) == (422, True, True)
    assert paste(client, "x" * 10)[0] == 200
    assert len(find_lodged(caucus)) == 1


def test_name_that_is_taken_is_refused_with_the_words_kept(as_person: As, caucus: Opened) -> None:
    client = as_person(MANAGER)
    paste(client)
    status, page = paste(client, "Other words.")
    assert (status, "Nothing was recorded" in page, "Other words." in page) == (422, True, True)
    assert len(find_lodged(caucus)) == 1


def test_who_presides_does_not_lodge_and_a_stranger_finds_nothing(as_person: As, caucus: Opened) -> None:
    assert paste(as_person(CHAIR))[0] == 422
    assert as_person(STRANGER).get(PASTE).status_code == 404
    assert paste(as_person(STRANGER))[0] == 404
    assert find_lodged(caucus) == []


def test_kind_is_not_for_whoever_sends_it(as_person: As, caucus: Opened) -> None:
    assert paste(as_person(COMPLAINANT), kind="physical", media="text/html")[0] == 200
    (act,) = find_lodged(caucus)
    assert (act.kind, act.media) == ("document", "text/plain")


def test_button_pressed_twice_lodges_the_words_once_and_says_so(as_person: As, caucus: Opened) -> None:
    client = as_person(MANAGER)
    once = find_token(client.get(PASTE).content.decode())
    for told in ("Lodged: exhibit s1", "This was recorded already, as entry"):
        page = client.post(PASTE, SENT | {"text": WORDS, "once": once}, follow=True).content.decode()
        assert told in page
        assert "Nothing was recorded." not in page
    assert len(find_lodged(caucus)) == 1


def test_form_that_was_refused_can_be_sent_again(as_person: As, caucus: Opened) -> None:
    client = as_person(MANAGER)
    paste(client)
    once = find_token(client.get(PASTE).content.decode())
    for name in ("s1", "s2"):
        client.post(PASTE, SENT | {"text": WORDS, "once": once, "a-exhibit": name})
    assert [one.exhibit for one in find_lodged(caucus)] == ["s1", "s2"]
