"""Files that come with a report, its receipt, and what is kept of whoever brought them."""

import re
from pathlib import Path

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.tlog import parse_checkpoint, parse_tlog_proof, verify_leaf, verify_note
from alteram.core.vault import derive_sign_in, encode_base64url, parse_phrase
from alteram.installation import uploads
from alteram.operations import attachments as taking
from alteram.operations.lodging import find_lodged_receipt
from alteram.operations.questions import UnknownMatterError
from tests.web.conftest import As
from tests.web.scenes import CAUCUS, CUSTODIAN, MEMBER, RESPONDENT, STRANGER
from tests.web.speaking import PHOTO, SECRET, SPEAK_UP, ask, come_back, files, lodge, mine, waiting

# -- files


def test_files_come_back_to_who_may_see_them_never_shown_by_the_browser(as_person: As, caucus: Opened) -> None:
    page = b"<script>alert(1)</script>"
    matter, phrase = lodge(Client(), files=files(("photo of <me>.html", page), ("größe.jpg", PHOTO)))
    reporter = come_back(phrase)
    assert "photo of &lt;me&gt;.html" in reporter.get(mine(matter)).content.decode()
    sent = reporter.get(f"{mine(matter)}files/0/0/")
    assert sent.getvalue() == page
    assert sent["Content-Disposition"].startswith("attachment; filename=")
    assert sent["Content-Type"] == "application/octet-stream"
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent["Content-Security-Policy"]
    assert "script-src" not in sent["Content-Security-Policy"]
    assert sent["Content-Length"] == str(len(page))
    for person, status in ((CUSTODIAN, 200), (MEMBER, 404), (RESPONDENT, 404), (STRANGER, 404)):
        answer = as_person(person).get(f"/caucus/matters/{matter}/timeline/0/files/1/")
        assert answer.status_code == status
        answer.close()
    assert Client().get(f"/caucus/matters/{matter}/timeline/0/files/1/").status_code == 302
    for nowhere in ("files/0/2/", "files/7/0/", f"files/{10**30}/0/", f"files/0/{10**30}/"):
        assert reporter.get(f"{mine(matter)}{nowhere}").status_code == 404


def test_file_whose_name_is_no_text_arrives_all_the_same(caucus: Opened) -> None:
    taken = uploads.SealingUploads(caucus.organisation, StreamId("row"))
    taken.new_file("files", "\ud800.jpg", "image/jpeg", len(PHOTO))
    taken.receive_data_chunk(PHOTO, 0)
    taken.file_complete(len(PHOTO))
    assert len(taken.sealed) == 1
    taken.drop()


def test_file_of_the_largest_size_is_taken_and_one_byte_more_is_told_with_nothing_recorded(
    db: None, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MAX_FILE", 100_000)
    client = Client()
    lodge(client, files=files(("a.jpg", bytes(100_000))))
    before = waiting(caucus)
    action, form = ask(client)
    response = client.post(action, {**form, "files": files(("fits.jpg", b"x"), ("large.jpg", bytes(100_001)))})
    page = response.content.decode()
    assert response.status_code == 422
    assert "large.jpg: A file is larger than" in page
    assert SECRET in page
    assert waiting(caucus) == before


@pytest.mark.parametrize(("count", "status"), [(10, 200), (11, 422)])
def test_so_many_files_are_taken_and_no_more(db: None, caucus: Opened, count: int, status: int) -> None:
    client = Client()
    action, form = ask(client)
    sent = client.post(action, {**form, "files": files(*((f"{one}.jpg", b"x") for one in range(count)))})
    assert sent.status_code == status
    assert waiting(caucus) == (count if status == 200 else 0)


def test_request_cut_off_within_a_file_records_nothing(db: None, caucus: Opened) -> None:
    client = Client()
    action, form = ask(client)
    rows = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in form.items()]
    rows.append('--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\nhalf of it')
    response = client.generic("POST", action, "".join(rows).encode(), content_type="multipart/form-data; boundary=b")
    assert response.status_code == 422
    assert "before everything had arrived" in response.content.decode()
    assert waiting(caucus) == 0


def test_large_uploads_take_turns_and_small_reports_wait_for_nobody(
    db: None, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGE", 50_000)
    monkeypatch.setattr(uploads, "PATIENCE", 0.01)
    client = Client()
    action, form = ask(client)
    large = {**form, "files": files(("a.jpg", PHOTO))}
    for _ in range(2):
        uploads._turns.acquire()
    try:
        busy = client.post(action, large)
        assert (busy.status_code, busy["Retry-After"]) == (503, "60")
        lodge(Client())
    finally:
        for _ in range(2):
            uploads._turns.release()
    assert client.post(action, {**form, "files": files(("a.jpg", PHOTO))}).status_code == 200


# -- the receipt


def test_receipt_proves_the_entry_to_anybody_and_shows_no_content(db: None, caucus: Opened) -> None:
    matter, phrase = lodge(Client())
    reporter = come_back(phrase)
    assert "not yet" in reporter.get(f"{mine(matter)}receipt/").content.decode()
    assert reporter.get(f"{mine(matter)}receipt/tlog-proof").status_code == 404
    caucus.integrator.run()
    page = reporter.get(f"{mine(matter)}receipt/").content.decode()
    sent = {kind: reporter.get(f"{mine(matter)}receipt/{kind}").getvalue() for kind in ("tlog-proof", "sd-jwt")}
    proof = parse_tlog_proof(sent["tlog-proof"])
    leaf_hash = re.search(r"<code>([0-9a-f]{64})</code>", page)
    assert leaf_hash is not None
    verify_note(proof.checkpoint, [one.key for one in caucus.organisation.ports.policy.logs])
    verify_leaf(proof, bytes.fromhex(leaf_hash[1]))
    assert parse_checkpoint(proof.checkpoint.text).origin == "caucus.example/log"
    assert sent["sd-jwt"].count(b"~") == 1
    for shown in (page.encode(), *sent.values()):
        assert not any(secret.encode() in shown for secret in (SECRET, *(f">{word}<" for word in phrase.split())))
    assert reporter.get(f"{mine(matter)}receipt/other").status_code == 404


def test_receipt_of_somebody_elses_report_is_not_given(db: None, caucus: Opened) -> None:
    matter, _ = lodge(Client())
    for person in (CUSTODIAN, STRANGER, PersonId("reporter-x")):
        with pytest.raises(UnknownMatterError):
            find_lodged_receipt(caucus.organisation, matter, person)


# -- what is kept


def test_no_address_phrase_or_content_is_kept_anywhere_readable(
    db: None, caucus: Opened, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = "203.0.113.77"
    client = Client(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=address)
    matter, phrase = lodge(client, files=files(("photo.jpg", PHOTO)))
    client.post(f"{SPEAK_UP}return/", {"phrase": phrase}, REMOTE_ADDR=address)
    client.get(f"{mine(matter)}nowhere/", REMOTE_ADDR=address)
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    sign_in = derive_sign_in(parse_phrase(phrase), CAUCUS)
    secrets = [address, phrase, SECRET, "photo.jpg", sign_in.hex(), encode_base64url(sign_in)]
    assert len(kept) > 5
    for secret in (*(one.encode() for one in secrets), sign_in, parse_phrase(phrase), PHOTO[:20]):
        assert not any(secret in data for data in kept)
    assert not any(secret in caplog.text for secret in secrets)
