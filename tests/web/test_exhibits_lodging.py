"""Lodging in the browser without script: at once or as a job, what is refused, what fails, and whose job it is."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.installation import asking, exhibit_jobs
from alteram.installation.background import LongWork
from alteram.installation.jobs.long import do_waiting
from alteram.operations.attachments import sweep_attachments
from alteram.operations.evidence_ports import ConfinementError, EvidenceTools
from alteram.operations.exhibits.waiting import KEPT
from alteram.web.exhibits import lodging
from tests.evidence import PlainScanning, PlainSniffing, build_plain_tools
from tests.web.conftest import As
from tests.web.scenes import COMPLAINANT, MEMBER, RESPONDENT, ROW, STRANGER

pytestmark = pytest.mark.django_db(transaction=True)
LODGE = "/caucus/matters/row/lodge/"
SOUND = b"fLaC and sound"


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> EvidenceTools:
    """Files are looked at without any program."""
    tools = build_plain_tools()
    for place in (lodging, exhibit_jobs):
        monkeypatch.setattr(place, "find_evidence_tools", lambda: tools)
    return tools


def fill(**changed: object) -> dict[str, object]:
    file = SimpleUploadedFile("A letter.txt", b"page one\fpage two", "text/html")
    return {
        "a-exhibit": "e1",
        "a-kind": "document",
        "a-obtained": "given",
        "a-title": "A letter",
        "file": file,
    } | changed


def send_sound(client: Client) -> str:
    """Send a recording and return the address of its job."""
    sent = client.post(LODGE, fill(**{"a-kind": "recording", "file": SimpleUploadedFile("call.flac", SOUND)}))
    assert sent.status_code == 302, sent.content.decode()
    assert sent["Location"].startswith(LODGE)
    return str(sent["Location"])


def find_lodged(caucus: Opened) -> tuple[ExhibitLodged, ...]:
    return tuple(one.act for one in caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitLodged))


def count_swept(caucus: Opened) -> int:
    return sweep_attachments(caucus.organisation, older_than=timedelta(0)).dropped


def test_form_asks_nothing_that_programs_find(as_person: As) -> None:
    page = as_person(COMPLAINANT).get(LODGE).content.decode()
    assert 'type="file"' in page
    assert 'name="a-title"' in page
    assert not any(f'name="a-{name}"' in page for name in ("digest", "media", "tree", "scanned", "malware"))


def test_small_file_is_on_the_record_when_it_is_answered(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    sent = client.post(LODGE, fill())
    assert sent["Location"] == "/caucus/matters/row/exhibits/e1/"
    (act,) = find_lodged(caucus)
    assert (act.media, act.form, act.pieces, act.size) == ("text/plain", "pages", 2, 17)
    given = client.get("/caucus/matters/row/exhibits/e1/file/")
    assert given["Content-Disposition"] == 'attachment; filename="A letter.txt"'
    assert b"".join(given.streaming_content) == b"page one\fpage two"  # type: ignore[attr-defined]  # it is streamed


def test_physical_item_is_lodged_without_a_file(caucus: Opened, as_person: As) -> None:
    given = fill(**{"a-kind": "physical", "a-place": "The safe."})
    del given["file"]
    assert as_person(COMPLAINANT).post(LODGE, given).status_code == 302
    (act,) = find_lodged(caucus)
    assert (act.kind, act.digest) == ("physical", None)


def send_again(client: Client, page: str, **changed: object) -> HttpResponse:
    """Send the form of a page once more, with what it kept of the file in place of the file."""
    given = fill(**changed)
    del given["file"]
    for name in ("kept", "upload"):
        if found := re.search(rf'name="{name}" value="([^"]+)"', page):
            given[name] = found[1]
    return client.post(LODGE, given)  # type: ignore[return-value]  # the client's answer is one


def test_what_is_wrong_is_said_and_neither_words_nor_file_are_sent_again(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    sent = client.post(LODGE, fill(**{"a-kind": ""}))
    page = sent.content.decode()
    assert sent.status_code == 422
    assert 'value="A letter"' in page or "A letter</textarea>" in page
    assert "A letter.txt" in page
    assert find_lodged(caucus) == ()
    assert send_again(client, page)["Location"].endswith("/exhibits/e1/")
    (act,) = find_lodged(caucus)
    assert (act.size, act.pieces) == (17, 2)
    assert "A letter.txt" in client.get("/caucus/matters/row/exhibits/e1/").content.decode()


def test_second_exhibit_of_the_same_name_is_refused_before_programs_look(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    client.post(LODGE, fill())
    sent = client.post(LODGE, fill())
    assert sent.status_code == 422
    assert "The rules do not permit this now" in sent.content.decode()
    assert len(find_lodged(caucus)) == 1
    assert send_again(client, sent.content.decode(), **{"a-exhibit": "e2"}).status_code == 302
    assert [one.exhibit for one in find_lodged(caucus)] == ["e1", "e2"]
    assert count_swept(caucus) == 0


def test_kept_file_of_somebody_else_is_no_file(caucus: Opened, as_person: As) -> None:
    page = as_person(COMPLAINANT).post(LODGE, fill(**{"a-kind": ""})).content.decode()
    answer = send_again(as_person(RESPONDENT), page)
    assert answer.status_code == 422
    assert "here no longer" in answer.content.decode()
    assert find_lodged(caucus) == ()


@pytest.mark.parametrize(("after", "is_there"), [(KEPT, True), (KEPT + timedelta(seconds=1), False)])
def test_kept_file_is_lodged_for_half_a_day_and_no_longer(
    caucus: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch, after: timedelta, is_there: bool
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    monkeypatch.setattr(asking, "read_now", lambda: now)
    client = as_person(COMPLAINANT)
    page = client.post(LODGE, fill(**{"a-kind": ""})).content.decode()
    monkeypatch.setattr(asking, "read_now", lambda: now + after)
    assert send_again(client, page).status_code == (302 if is_there else 422)
    assert len(find_lodged(caucus)) == is_there


def test_kept_file_that_was_swept_away_is_asked_for_again(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    page = client.post(LODGE, fill(**{"a-kind": ""})).content.decode()
    assert count_swept(caucus) == 1
    answer = send_again(client, page)
    assert answer.status_code == 422
    assert 'name="kept"' not in answer.content.decode()
    assert find_lodged(caucus) == ()


@pytest.mark.parametrize("kept", ["x", "eA==", "\u2026", "e" * 400])
def test_note_that_none_of_ours_is_no_file(caucus: Opened, as_person: As, kept: str) -> None:
    given = fill(kept=kept)
    del given["file"]
    assert as_person(COMPLAINANT).post(LODGE, given).status_code == 422
    assert find_lodged(caucus) == ()


def test_refused_job_gives_back_what_was_written_and_keeps_the_file(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    job = send_sound(client)
    assert client.post(LODGE, fill()).status_code == 302  # another exhibit takes the name meanwhile
    do_waiting()
    page = client.get(job).content.decode()
    name = job.rstrip("/").rpartition("/")[2]
    assert f'href="{LODGE}?job={name}"' in page
    form = client.get(LODGE, {"job": name}).content.decode()
    assert "The rules did not permit it" in form
    assert "A letter" in form
    assert "call.flac" in form
    again = send_again(client, form, **{"a-kind": "recording", "a-exhibit": "e2"})
    assert again["Location"].startswith(LODGE)
    do_waiting()
    assert [(one.exhibit, one.media) for one in find_lodged(caucus)] == [("e1", "text/plain"), ("e2", "audio/flac")]
    assert "call.flac" in client.get("/caucus/matters/row/exhibits/e2/").content.decode()


@pytest.mark.parametrize("person", [RESPONDENT, MEMBER])
def test_refused_job_gives_nothing_to_anybody_else(caucus: Opened, as_person: As, person: PersonId) -> None:
    client = as_person(COMPLAINANT)
    name = send_sound(client).rstrip("/").rpartition("/")[2]
    client.post(LODGE, fill())
    do_waiting()
    page = as_person(person).get(LODGE, {"job": name}).content.decode()
    assert "call.flac" not in page
    assert "A letter" not in page


@pytest.mark.parametrize(
    ("back", "address"),
    [
        ("propositions", "/caucus/matters/row/propositions/"),
        ("source:e1", "/caucus/matters/row/propositions/sources/e1/"),
        ("matter", "/caucus/matters/row/"),
        ("https://elsewhere.invalid/", "/caucus/matters/row/exhibits/e1/"),
        ("source:../e1", "/caucus/matters/row/exhibits/e1/"),
    ],
)
def test_lodging_leads_back_to_where_it_was_begun_and_nowhere_else(
    caucus: Opened, as_person: As, back: str, address: str
) -> None:
    client = as_person(COMPLAINANT)
    offered = client.get(LODGE, {"back": back}).content.decode()
    assert (f'name="back" value="{back}"' in offered) == ("/exhibits/" not in address)
    assert client.post(LODGE, fill(back=back))["Location"] == address


def test_job_leads_back_to_where_it_was_begun(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    sound = SimpleUploadedFile("call.flac", SOUND)
    job = client.post(LODGE, fill(**{"a-kind": "recording", "file": sound}, back="propositions"))["Location"]
    do_waiting()
    assert 'href="/caucus/matters/row/propositions/"' in client.get(job).content.decode()


@pytest.mark.parametrize("page", ["propositions/", ""])
def test_board_and_matter_lead_to_lodging_and_back(as_person: As, page: str) -> None:
    shown = as_person(COMPLAINANT).get(f"/caucus/matters/row/{page}").content.decode()
    assert f'href="{LODGE}?back={"propositions" if page else "matter"}"' in shown


def test_same_form_sent_twice_counts_once(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    client.post(LODGE, fill(once="token"))
    # Once it is on the record its name is taken; whoever pressed twice is told that, and not that it was refused.
    again = client.post(LODGE, fill(once="token"), follow=True).content.decode()
    assert "This was recorded already, as entry" in again
    assert client.post(LODGE, fill(**{"a-exhibit": "e2"}, once="token")).status_code == 302
    assert len(find_lodged(caucus)) == 1


def test_recording_is_a_job_that_says_how_far_it_is_and_then_leads_to_the_exhibit(
    caucus: Opened, as_person: As
) -> None:
    client = as_person(COMPLAINANT)
    job = send_sound(client)
    assert "Not lodged yet" in client.get(job).content.decode()
    assert find_lodged(caucus) == ()
    do_waiting()
    (act,) = find_lodged(caucus)
    assert (act.media, act.form) == ("audio/flac", "flac")
    assert "/caucus/matters/row/exhibits/e1/" in client.get(job).content.decode()
    assert "call.flac" in client.get("/caucus/matters/row/exhibits/e1/").content.decode()


def test_button_pressed_twice_begins_one_job(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    for _ in range(2):
        file = SimpleUploadedFile("call.flac", SOUND)
        client.post(LODGE, fill(**{"a-kind": "recording"}, file=file, once="token"))
    assert LongWork.objects.filter(kind="lodging").count() == 1


def test_large_file_is_a_job(caucus: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lodging, "MAX_WAITED_FOR", 17)
    client = as_person(COMPLAINANT)
    assert "/exhibits/e1/" in client.post(LODGE, fill())["Location"]
    monkeypatch.setattr(lodging, "MAX_WAITED_FOR", 16)
    assert "/lodge/" in client.post(LODGE, fill(**{"a-exhibit": "e2"}))["Location"]


def test_nothing_readable_of_a_job_lies_in_the_database(as_person: As) -> None:
    send_sound(as_person(COMPLAINANT))
    (work,) = LongWork.objects.filter(kind="lodging")
    assert "A letter" not in str(work.given)
    assert "call.flac" not in str(work.given)


@pytest.mark.parametrize("person", [RESPONDENT, MEMBER, STRANGER])
def test_job_is_only_there_for_who_began_it(as_person: As, person: PersonId) -> None:
    job = send_sound(as_person(COMPLAINANT))
    other = as_person(person)
    assert other.get(job).status_code == other.post(job).status_code == 404


def test_stranger_has_no_form_and_sends_nothing(caucus: Opened, as_person: As) -> None:
    client = as_person(STRANGER)
    assert client.get(LODGE).status_code == client.post(LODGE, fill()).status_code == 404
    assert count_swept(caucus) == 0


def test_failed_job_says_why_and_loses_nothing(
    caucus: Opened, as_person: As, tools: EvidenceTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person(COMPLAINANT)
    job = send_sound(client)

    def scan(self: PlainScanning, chunks: object) -> None:
        raise ConfinementError(phrase("Programs cannot be confined."), remedy=phrase("Install bubblewrap."))

    with monkeypatch.context() as patch:
        patch.setattr(PlainScanning, "scan", scan)
        do_waiting()
    page = client.get(job).content.decode()
    assert "Install bubblewrap." in page
    assert "Nothing is lost" in page
    again = client.post(job)["Location"]
    assert again != job
    do_waiting()
    assert "Lodged." in client.get(again).content.decode()
    assert len(find_lodged(caucus)) == 1
    assert client.get(job).status_code == 404


def test_job_done_twice_lodges_once(caucus: Opened, as_person: As) -> None:
    send_sound(as_person(COMPLAINANT))
    do_waiting()
    (work,) = LongWork.objects.filter(kind="lodging")
    (first,) = caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitLodged)
    assert exhibit_jobs.run_lodging("caucus", work.given, lambda *_: None) == {"seq": first.seq}
    assert count_swept(caucus) == 0


def test_page_says_what_to_install_where_programs_cannot_be_confined(
    caucus: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    def detect(self: PlainSniffing, head: bytes, tail: bytes = b"", **told: str) -> None:
        raise ConfinementError(phrase("Programs cannot be confined."), remedy=phrase("Install bubblewrap."))

    monkeypatch.setattr(PlainSniffing, "detect", detect)
    sent = as_person(COMPLAINANT).post(LODGE, fill())
    assert sent.status_code == 503
    assert "Install bubblewrap." in sent.content.decode()
    assert "A letter.txt" in sent.content.decode()
    assert find_lodged(caucus) == ()
    assert count_swept(caucus) == 1  # it waits for half a day


def test_without_the_token_of_the_form_nothing_is_lodged(caucus: Opened, as_person: As) -> None:
    known = as_person(COMPLAINANT)
    client = Client(enforce_csrf_checks=True)
    client.cookies = known.cookies
    assert client.post(LODGE, fill()).status_code == 403
    assert find_lodged(caucus) == ()
    assert count_swept(caucus) == 0
