"""Speaking up by the API: without a token, with files, once; coming back with the sign-in part of a phrase."""

import json
import os
from typing import Any

import pytest
from django.test import Client

from alteram.api.files import TAKE_FILES
from alteram.bootstrap import Opened
from alteram.core.acts import CaseManagerAssigned, ReporterAsked, ReportLodged
from alteram.core.kernel.identifiers import StreamId
from alteram.core.tlog import parse_tlog_proof
from alteram.core.vault import derive_sign_in
from alteram.operations.attachments import MAX_FILES
from alteram.operations.perform import perform
from alteram.operations.questions import get_facts
from tests.web.programs import API, Program, build_form, read
from tests.web.scenes import CAUCUS, CUSTODIAN, MANAGER, MEMBER, STRANGER, must
from tests.web.speaking import PHOTO, SECRET, waiting

REPORTS, MINE = f"{API}/speak-up/reports", f"{API}/speak-up/mine"
FIELDS = {"identity": "anonymous", "about": "person", "text": SECRET}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("caucus")]


def draw_sign_in() -> str:
    return derive_sign_in(os.urandom(16), CAUCUS).hex()


def begin() -> tuple[str, str]:
    begun = read(Client().post(REPORTS))
    return begun["matter"], begun["token"]


def lodge(sign_in: str, *files: tuple[str, bytes], key: str | None = None, begun: tuple[str, str] | None = None) -> Any:
    matter, token = begun or begin()
    form = build_form("report", {"token": token, "sign_in": sign_in, "fields": FIELDS}, *files)
    return Client().post(f"{REPORTS}/{matter}", form, headers={} if key is None else {"idempotency-key": key})


def come_back(sign_in: str) -> Client:
    return Client(headers={"receipt-sign-in": sign_in})


def test_report_is_lodged_without_a_token_and_its_reporter_comes_back(caucus: Opened) -> None:
    sign_in = draw_sign_in()
    matter = read(lodge(sign_in), 201)["matter"]
    assert len(get_facts(caucus.organisation, StreamId(matter)).matter.all(ReportLodged)) == 1
    reporter = come_back(sign_in)
    assert read(reporter.get(MINE))["matters"] == [matter]
    assert "reporter" in read(reporter.get(f"{MINE}/{matter}"))["overview"]["my_parts"]
    assert read(reporter.get(f"{MINE}/{matter}/entries"))["entries"][0]["claims"]["act.text"] == SECRET


def test_report_that_is_sent_again_is_lodged_once_with_and_without_a_key(caucus: Opened) -> None:
    sign_in, begun = draw_sign_in(), begin()
    first = lodge(sign_in, ("a.jpg", PHOTO), key="k", begun=begun)
    replayed = lodge(sign_in, ("a.jpg", PHOTO), key="k", begun=begun)
    assert read(first, 201) == read(replayed, 201)
    assert replayed.headers["Idempotent-Replayed"] == "true"
    assert read(lodge(sign_in, ("a.jpg", PHOTO), begun=begun))["again"] is True
    assert waiting(caucus) == 1  # the one that the entry names waits to be looked at by the sweep


def test_key_with_another_file_is_refused_and_the_file_is_not_kept(caucus: Opened) -> None:
    sign_in, begun = draw_sign_in(), begin()
    lodge(sign_in, ("a.jpg", PHOTO), key="k", begun=begun)
    kept = waiting(caucus)
    other = lodge(sign_in, ("a.jpg", PHOTO[::-1]), key="k", begun=begun)
    assert read(other, 422)["type"].endswith("#key-reused")
    assert waiting(caucus) == kept


def test_files_of_a_report_are_read_by_its_reporter_and_who_follows_it_up_and_nobody_else() -> None:
    sign_in = draw_sign_in()
    matter = read(lodge(sign_in, ("what I saw.jpg", PHOTO)), 201)["matter"]
    reporter = come_back(sign_in)
    listed = read(reporter.get(f"{MINE}/{matter}/entries/0/files"))["files"]
    assert listed == [{"number": 0, "name": "what I saw.jpg", "size": len(PHOTO)}]
    for client, place in ((reporter, f"{MINE}/{matter}"), (Program(CUSTODIAN), f"{API}/matters/{matter}")):
        response: Any = client.get(f"{place}/entries/0/files/0")
        assert b"".join(response.streaming_content) == PHOTO
        assert response.headers["Content-Disposition"].startswith("attachment")
        response.close()
    for person in (STRANGER, MEMBER):
        assert Program(person).get(f"{API}/matters/{matter}/entries/0/files/0").status_code == 404
        assert Program(person).get(f"{API}/matters/{matter}/entries/0/files").status_code == 404
    assert reporter.get(f"{MINE}/{matter}/entries/0/files/1").status_code == 404


@pytest.mark.parametrize(("count", "status"), [(MAX_FILES, 201), (MAX_FILES + 1, 422)])
def test_report_takes_as_many_files_as_pages_do(caucus: Opened, count: int, status: int) -> None:
    response = lodge(draw_sign_in(), *((f"{number}.jpg", b"x") for number in range(count)))
    assert response.status_code == status
    assert waiting(caucus) == (count if status == 201 else 0)


def test_too_large_a_file_is_refused_and_nothing_of_it_is_kept(caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alteram.operations.attachments.MAX_FILE", len(PHOTO))
    assert lodge(draw_sign_in(), ("a.jpg", PHOTO)).status_code == 201
    before = waiting(caucus)
    assert read(lodge(draw_sign_in(), ("a.jpg", PHOTO + b"x")), 422)["misfits"][0]["where"] == "body.files"
    assert waiting(caucus) == before


def test_question_is_answered_with_a_file_and_the_report_withdrawn(caucus: Opened) -> None:
    sign_in = draw_sign_in()
    matter = read(lodge(sign_in), 201)["matter"]
    must(perform(caucus.organisation, StreamId(matter), CaseManagerAssigned(person=MANAGER), CUSTODIAN))
    question = must(perform(caucus.organisation, StreamId(matter), ReporterAsked(text="Where was it?"), MANAGER))
    reporter = come_back(sign_in)
    assert read(reporter.get(f"{MINE}/{matter}"))["report"]["questions"][0]["text"] == "Where was it?"
    answer = {"act": "reporter.answered", "fields": {"question": question, "text": "In the hall."}}
    acts = f"{MINE}/{matter}/acts"
    seq = read(reporter.post(acts, build_form("proposal", answer, ("map.png", b"map"))), 201)["seq"]
    assert read(reporter.get(f"{MINE}/{matter}/entries/{seq}/files"))["files"][0]["name"] == "map.png"
    other = {"act": "response.given", "fields": {"stance": "deny", "text": "No."}}
    assert reporter.post(acts, build_form("proposal", other)).status_code == 422
    withdraw = {"act": "report.withdrawn", "fields": {"report": 0, "reasons": "It is settled."}}
    assert reporter.post(acts, build_form("proposal", withdraw)).status_code == 201


def test_receipt_proves_the_report_and_shows_nothing_of_it(caucus: Opened) -> None:
    sign_in = draw_sign_in()
    matter = read(lodge(sign_in), 201)["matter"]
    caucus.integrator.run()
    receipt = read(come_back(sign_in).get(f"{MINE}/{matter}/receipt"))
    assert parse_tlog_proof(receipt["proof"].encode()).extra is not None
    assert SECRET not in json.dumps(receipt)


@pytest.mark.parametrize("sign_in", ["", "x", "0" * 64, "0" * 63, "é" * 64])
def test_part_that_no_report_goes_with_opens_nothing(sign_in: str) -> None:
    matter = read(lodge(draw_sign_in()), 201)["matter"]
    response = Client().get(f"{MINE}/{matter}", headers={"receipt-sign-in": sign_in})
    assert read(response, 401)["type"].endswith("#no-report")


def test_other_reporter_finds_the_same_as_where_nothing_is() -> None:
    matter = read(lodge(draw_sign_in()), 201)["matter"]
    other = draw_sign_in()
    lodge(other)
    there, nowhere = (come_back(other).get(f"{MINE}/{name}") for name in (matter, "nowhere"))
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert there.status_code == 404


def test_phrase_that_is_used_too_often_waits_and_no_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alteram.installation.receipt_phrases.ATTEMPTS", 2)
    one, other = draw_sign_in(), draw_sign_in()
    lodge(one)
    lodge(other)
    assert [come_back(one).get(MINE).status_code for _ in range(3)] == [200, 200, 429]
    assert come_back(other).get(MINE).status_code == 200


def test_name_that_was_not_given_here_is_refused() -> None:
    _matter, token = begin()
    assert lodge(draw_sign_in(), begun=("row", token)).status_code == 422
    assert lodge(draw_sign_in(), begun=("mine", "x")).status_code == 422


def test_who_has_a_token_lodges_with_files_by_its_scope(caucus: Opened) -> None:
    report = {"act": "report.lodged", "fields": {"identity": "named", "about": "practice", "text": "It is so."}}
    address = f"{API}/matters/new/acts/files"
    assert Program(MEMBER, ("read",)).send(address, "proposal", report, ("a.jpg", PHOTO)).status_code == 403
    assert waiting(caucus) == 0
    assert Program(MEMBER, ("report",)).send(address, "proposal", report, ("a.jpg", PHOTO)).status_code == 201
    assert waiting(caucus) == 1


def test_file_does_not_come_with_any_other_act() -> None:
    act = {"act": "response.given", "fields": {"allegations": ["a1"], "stance": "deny", "text": "No."}}
    assert "response.given" not in TAKE_FILES
    assert Program(MEMBER).send(f"{API}/matters/row/acts/files", "proposal", act, ("a", b"x")).status_code == 422


def test_stranger_who_sends_files_to_a_matter_learns_nothing_and_nothing_is_kept(caucus: Opened) -> None:
    act = {"act": "reporter.answered", "fields": {"question": 0, "text": "I was there."}}
    answers = [
        Program(STRANGER).send(f"{API}/matters/{name}/acts/files", "proposal", act, ("a.jpg", PHOTO))
        for name in ("row", "nowhere")
    ]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    assert waiting(caucus) == 0
