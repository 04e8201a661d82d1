"""Copies of exhibits on pages: a translation is lodged with where it comes from, and nothing is lost on the way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived
from tests.evidence import BAD, build_plain_tools
from tests.web.conftest import As, find_token
from tests.web.evidence_scene import PAPER, disclose, lodge
from tests.web.scenes import COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER

pytestmark = pytest.mark.django_db
ONE = "/caucus/matters/row/exhibits/e1/"
COPIES = f"{ONE}copies/"
SENT = {"how": "translation", "name": "letter-de", "tool": "", "reasons": "By a sworn translator."}


@pytest.fixture(autouse=True)
def lodged(caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The matter with a paper of the complainant's."""
    monkeypatch.setattr("alteram.web.exhibits.deriving.find_evidence_tools", build_plain_tools)
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    return caucus


def send(client: Client, content: bytes | None = b"Seite eins", **changed: str) -> tuple[int, str]:
    """Send the form, and return the page that it leads to."""
    file = {} if content is None else {"file": SimpleUploadedFile("letter-de.txt", content)}
    answer = client.post(COPIES, SENT | changed | file, follow=True)
    return answer.status_code, answer.content.decode()


def find_copies(opened: Opened) -> list[ExhibitDerived]:
    return [one.act for one in opened.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)]


def test_translation_is_lodged_and_says_what_it_was_made_of(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    assert COPIES in client.get(ONE).content.decode()
    status, page = send(client)
    assert (status, "Lodged: letter-de." in page, "Made of" in page) == (200, True, True)
    (act,) = find_copies(lodged)
    assert (act.of, act.how, act.by_hand) == ("e1", "translation", True)
    assert "letter-de.txt" in page
    assert "letter-de" in client.get(ONE).content.decode()


def test_without_a_file_the_programs_make_its_text_and_its_pages(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    for how in ("text", "pages"):
        assert "Lodged:" in send(client, None, how=how, name=f"c-{how}")[1]
    assert [(one.how, one.by_hand, one.media) for one in find_copies(lodged)] == [
        ("text", False, "text/plain"), ("pages", False, "application/pdf"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "changed", "told"),
    [
        (None, {}, "Choose the file."),
        (b"Seite", {"name": "Not a name"}, "one short word"),
        (b"Seite", {"how": "excerpt"}, "Something does not fit"),
        (BAD, {}, "The scanner found something"),
        (b"Seite", {"name": "e1"}, "The rules do not permit this now"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_written_is_kept(
    as_person: As, lodged: Opened, content: bytes | None, changed: dict[str, str], told: str
) -> None:
    status, page = send(as_person(MANAGER), content, **changed)
    assert (status, told in page) == (422, True)
    assert "By a sworn translator." in page
    assert find_copies(lodged) == []


def test_to_whom_the_exhibit_is_closed_there_is_no_form_until_it_is_given(as_person: As, lodged: Opened) -> None:
    client = as_person(RESPONDENT)
    assert client.get(COPIES).status_code == 403
    assert send(client)[0] == 403
    assert COPIES not in client.get(ONE).content.decode()
    assert find_copies(lodged) == []
    disclose(lodged, "e1")
    assert client.get(COPIES).status_code == 200
    assert "Lodged:" in send(client)[1]


def test_stranger_finds_nothing(as_person: As, lodged: Opened) -> None:
    client = as_person(STRANGER)
    assert client.get(COPIES).status_code == 404
    assert send(client)[0] == 404
    assert find_copies(lodged) == []


def test_form_from_elsewhere_is_not_taken(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    client.handler.enforce_csrf_checks = True
    assert send(client)[0] == 403
    assert find_copies(lodged) == []


def test_button_pressed_twice_lodges_one_copy_and_says_so(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    once = find_token(client.get(COPIES).content.decode())
    assert "Lodged:" in send(client, once=once)[1]
    assert "This was recorded already, as entry" in send(client, once=once)[1]
    assert len(find_copies(lodged)) == 1
