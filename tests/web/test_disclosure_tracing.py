"""Tracing a leak from a page: whose copy it is, or that nobody can tell; for who may record it, and nobody else."""

import io
import re
from hashlib import sha256

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import CopyTraced
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.background import LongWork
from alteram.operations.entries import enter
from alteram.operations.exhibits.uploads import list_uploads
from tests.web.conftest import As
from tests.web.evidence_scene import PAPER, do, lodge
from tests.web.scenes import CHAIR, COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER
from tests.web.test_disclosure import ROOM, build, work
from tests.web.test_disclosure import serve as serve_bundle

TRACING = f"{ROOM}tracing/"


def send(client: Client, content: bytes, name: str = "leak.pdf") -> str:
    """Have a file traced, and return the page that tells what it came to."""
    file = io.BytesIO(content)
    file.name = name
    assert client.post(TRACING, {"leak": file}).status_code == 302
    assert "The file is being looked at." in client.get(TRACING).content.decode()
    work()
    return client.get(TRACING).content.decode()


@pytest.fixture
def manager(as_person: As, caucus: Opened) -> Client:
    """The case manager, who served a bundle on both sides."""
    # Enough pages that a copy can be told from another: each carries a part of the mark.
    lodge(caucus, "e1", "\f".join(f"{PAPER} " * 30 for _ in range(5)), COMPLAINANT)
    client = as_person(MANAGER)
    build(client, RESPONDENT, COMPLAINANT, exhibits=("e1",))
    serve_bundle(client, RESPONDENT, COMPLAINANT)
    return client


@pytest.mark.parametrize("person", [STRANGER, RESPONDENT, COMPLAINANT, CHAIR])
def test_who_may_not_record_a_trace_finds_no_page_of_it(as_person: As, person: PersonId) -> None:
    client = as_person(person)
    assert client.get(TRACING).status_code == 404
    assert client.post(TRACING, {"leak": io.BytesIO(b"text")}).status_code == 404
    assert client.post(f"{TRACING}record/").status_code == 404


def test_nothing_sent_is_nothing_traced(as_person: As, caucus: Opened) -> None:
    client = as_person(MANAGER)
    answer = client.post(TRACING, {})
    assert answer.status_code == 422
    assert "Add one file" in answer.content.decode()
    assert not LongWork.objects.exists()
    assert client.post(f"{TRACING}record/").status_code == 404


def test_leaked_copy_is_told_and_recorded_as_a_fact(as_person: As, caucus: Opened, manager: Client) -> None:
    room = as_person(RESPONDENT)
    own = re.search(rf"{ROOM}room/\d+/", room.get(f"{ROOM}room/").content.decode())
    assert own is not None
    copy = b"".join(room.get(own[0]))
    page = send(manager, copy)
    assert "It comes from the copy of" in page
    assert re.search(r"names anybody wrongly is at most 1 in [\d,]+", page)
    assert "the person is innocent" in page
    assert list_uploads(enter(caucus.organisation, ROW, MANAGER)) == ()
    form = manager.post(f"{TRACING}record/").content.decode()
    assert 'action="/caucus/matters/row/acts/copy.traced/"' in form
    # Whom it names is kept sealed.
    assert RESPONDENT not in str(LongWork.objects.get(kind="trace").outcome)
    digest = sha256(copy).hexdigest()
    assert digest in form
    act = CopyTraced(digest=digest, bundle="bundle-1", outcome="found", copies=(RESPONDENT,))
    do(caucus, act)


def test_text_names_nobody_and_bundles_that_were_never_served_are_no_parts_of_the_trace(manager: Client) -> None:
    build(manager, RESPONDENT, COMPLAINANT, exhibits=("e1",))
    page = send(manager, b"The vote was taken on Monday evening.", "leak.txt")
    # The file, the bundle that was served, the comparison, the end.
    assert LongWork.objects.get(kind="trace").parts == 4
    assert "cannot tell" in page
    assert "It comes from the copy of" not in page
