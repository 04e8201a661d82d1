"""Large files in parts as tus 1.0.0 says: what arrived stays, what does not fit is refused, nobody else finds it."""

import hashlib
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.installation import exhibit_jobs
from alteram.installation.jobs.long import do_waiting
from alteram.installation.jobs.sweeping import sweep_files
from alteram.installation.served import takes_files
from alteram.operations.entries import enter
from alteram.operations.exhibits import uploads
from alteram.operations.exhibits.uploads import MAX_OPEN, add_to_upload, begin_upload, list_uploads, sweep_uploads
from alteram.web.exhibits import lodging
from tests.evidence import build_plain_tools
from tests.web.conftest import As
from tests.web.scenes import COMPLAINANT, MEMBER, RESPONDENT, ROW, STRANGER

pytestmark = pytest.mark.django_db(transaction=True)
LODGE = "/caucus/matters/row/lodge/"
UPLOADS = "/caucus/matters/row/uploads/"
PART = "application/offset+octet-stream"
CONTENT = bytes(range(256)) * 40
HALF = len(CONTENT) // 2
TUS = {"Tus-Resumable": "1.0.0"}


def encode(data: bytes | str) -> str:
    return b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def sum_old(data: bytes) -> bytes:
    """Return SHA-1, which the protocol asks every server to know."""
    return hashlib.new("sha1", data, usedforsecurity=False).digest()


def begin(client: Client, size: int = len(CONTENT), name: str = "call.wav", more: dict[str, str] | None = None) -> Any:
    told = f"filename {encode(name)},modified {encode('12')}"
    return client.post(UPLOADS, headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": told, **(more or {})})


def add(client: Client, upload: str, offset: int, data: bytes, **more: str) -> Any:
    headers = {**TUS, "Upload-Offset": str(offset), **more}
    return client.patch(upload, data, content_type=headers.pop("type", PART), headers=headers)


def how_far(client: Client, upload: str) -> int:
    return int(client.head(upload, headers=TUS)["Upload-Offset"])


def test_upload_is_announced_sent_in_parts_and_told_of(as_person: As) -> None:
    client = as_person(COMPLAINANT)
    begun = begin(client)
    assert begun.status_code == 201
    upload = begun["Location"]
    sent = add(
        client, upload, 0, CONTENT[:HALF], **{"Upload-Checksum": f"sha256 {encode(sha256(CONTENT[:HALF]).digest())}"}
    )
    assert (sent.status_code, sent["Upload-Offset"], sent["Tus-Resumable"]) == (204, str(HALF), "1.0.0")
    add(client, upload, HALF, CONTENT[HALF:], **{"Upload-Checksum": f"sha1 {encode(sum_old(CONTENT[HALF:]))}"})
    told = client.head(upload, headers=TUS)
    assert told.status_code == 200
    assert (told["Upload-Offset"], told["Upload-Length"], told["Cache-Control"]) == (
        str(len(CONTENT)),
        str(len(CONTENT)),
        "no-store",
    )
    assert told["Upload-Metadata"] == f"filename {encode('call.wav')},modified {encode('12')}"
    digests = [{"size": HALF, "sha256": sha256(one).hexdigest()} for one in (CONTENT[:HALF], CONTENT[HALF:])]
    assert client.get(upload).json() == {"offset": len(CONTENT), "parts": digests}


@pytest.mark.parametrize("address", [UPLOADS, f"{UPLOADS}0/"])
def test_what_is_spoken_here_is_told(as_person: As, address: str) -> None:
    client = as_person(COMPLAINANT)
    told = client.options(begin(client)["Location"] if address != UPLOADS else UPLOADS)
    assert told.status_code == 204
    assert (told["Tus-Version"], told["Tus-Max-Size"]) == ("1.0.0", "20000000000")
    assert told["Tus-Extension"] == "creation,checksum,termination"
    assert told["Tus-Checksum-Algorithm"] == "sha1,sha256"


@pytest.mark.parametrize("version", [{}, {"Tus-Resumable": "0.2.2"}])
def test_other_version_is_refused_and_nothing_is_done(as_person: As, version: dict[str, str]) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    headers = {**version, "Upload-Offset": "0"}
    for refused in (
        client.post(UPLOADS, headers={**version, "Upload-Length": "1"}),
        client.head(upload, headers=version),
        client.patch(upload, b"x", content_type=PART, headers=headers),
        client.delete(upload, headers=version),
    ):
        assert (refused.status_code, refused["Tus-Version"], refused["Tus-Resumable"]) == (412, "1.0.0", "1.0.0")
    assert how_far(client, upload) == 0


@pytest.mark.parametrize("size", [20 * 1000**3, 20 * 1000**3 + 1])
def test_upload_is_as_large_as_an_exhibit_and_no_larger(as_person: As, size: int) -> None:
    assert begin(as_person(COMPLAINANT), size).status_code == (201 if size == 20 * 1000**3 else 413)


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload-Length": "-1"},
        {"Upload-Length": "x"},
        {"Upload-Length": "9" * 16},
        {"Upload-Defer-Length": "1"},
        {"Upload-Metadata": "filename ***"},
        {"Upload-Metadata": "filename eA==,filename eA=="},
    ],
)
def test_upload_that_is_announced_wrongly_is_not_begun(caucus: Opened, as_person: As, headers: dict[str, str]) -> None:
    assert begin(as_person(COMPLAINANT), more=headers).status_code == 400
    assert list_uploads(enter(caucus.organisation, ROW, COMPLAINANT)) == ()


def test_only_so_many_uploads_are_open_at_once(as_person: As) -> None:
    client = as_person(COMPLAINANT)
    assert {begin(client).status_code for _ in range(MAX_OPEN)} == {201}
    assert begin(client).status_code == 409


@pytest.mark.parametrize("offset", [0, HALF - 1, HALF + 1])
def test_misplaced_part_is_refused_with_where_it_goes_on(as_person: As, offset: int) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    add(client, upload, 0, CONTENT[:HALF])
    refused = add(client, upload, offset, b"x")
    assert (refused.status_code, refused["Upload-Offset"]) == (409, str(HALF))
    assert how_far(client, upload) == HALF


@pytest.mark.parametrize("more", [0, 1])
def test_part_up_to_the_end_is_taken_and_an_over_long_one_is_not(as_person: As, more: int) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    assert add(client, upload, 0, CONTENT + b"x" * more).status_code == (413 if more else 204)
    assert how_far(client, upload) == (0 if more else len(CONTENT))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Checksum": f"sha256 {encode(sha256(b'other').digest())}"}, 460),
        ({"Upload-Checksum": f"sha1 {encode(sum_old(b'other'))}"}, 460),
        ({"Upload-Checksum": f"sha256 {encode(sum_old(CONTENT))}"}, 460),
        ({"Upload-Checksum": "md5 eA=="}, 400),
        ({"Upload-Checksum": "sha256 ***"}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": ""}, 400),
        ({"type": "application/octet-stream"}, 415),
    ],
)
def test_part_that_is_altered_or_told_wrongly_is_not_kept(as_person: As, headers: dict[str, str], status: int) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    assert add(client, upload, 0, CONTENT, **headers).status_code == status
    assert how_far(client, upload) == 0


def test_deleted_upload_is_gone(as_person: As) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    assert client.delete(upload, headers=TUS).status_code == 204
    gone = client.head(upload, headers=TUS)
    assert (gone.status_code, gone["Tus-Resumable"]) == (404, "1.0.0")
    assert "Upload-Offset" not in gone


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_method_that_is_named_in_a_header_counts_on_post_alone(as_person: As, method: str) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    headers = {**TUS, "X-HTTP-Method-Override": method, "Upload-Offset": "0"}
    assert client.get(upload, headers=headers).status_code == 200
    assert client.get(upload).json()["offset"] == 0
    assert client.post(upload, CONTENT, content_type=PART, headers=headers).status_code == 204
    assert client.head(upload, headers=TUS).status_code == (404 if method == "DELETE" else 200)


@pytest.mark.parametrize("person", [RESPONDENT, MEMBER, STRANGER])
def test_nobody_else_finds_an_upload(as_person: As, person: PersonId) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    other = as_person(person)
    asked = (
        other.head(upload, headers=TUS),
        other.get(upload),
        add(other, upload, 0, b"x"),
        other.delete(upload, headers=TUS),
        other.options(upload),
    )
    assert {one.status_code for one in asked} == {404}
    assert other.post(LODGE, {"upload": upload.split("/")[-2]}).status_code in {404, 422}
    assert how_far(client, upload) == 0


def test_who_may_not_see_the_matter_begins_nothing(as_person: As) -> None:
    assert begin(as_person(STRANGER)).status_code == 404


def test_who_has_not_signed_in_is_told_to(as_person: As) -> None:
    upload = begin(as_person(COMPLAINANT))["Location"]
    nobody = Client()
    for answer in (begin(nobody), nobody.head(upload, headers=TUS), add(nobody, upload, 0, b"x"), nobody.get(upload)):
        assert answer.status_code == 403


def test_without_the_token_of_the_form_nothing_is_changed(as_person: As) -> None:
    known = as_person(COMPLAINANT)
    upload = begin(known)["Location"]
    client = Client(enforce_csrf_checks=True)
    client.cookies = known.cookies
    assert begin(client).status_code == 403
    assert add(client, upload, 0, CONTENT).status_code == 403
    assert client.delete(upload, headers=TUS).status_code == 403
    assert how_far(known, upload) == 0


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked at without any program."""
    tools = build_plain_tools()
    for place in (lodging, exhibit_jobs):
        monkeypatch.setattr(place, "find_evidence_tools", lambda: tools)


FORM = {"a-exhibit": "call", "a-kind": "document", "a-obtained": "given"}


@pytest.mark.usefixtures("plain")
def test_whole_upload_is_lodged_by_the_form_and_then_gone(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client, name="Anruf – laut.wav")["Location"]
    name = upload.split("/")[-2]
    add(client, upload, 0, CONTENT[:HALF])
    assert "5.0\xa0KB of 10.0\xa0KB have arrived" in client.get(LODGE).content.decode()
    assert f'href="?upload={name}"' not in client.get(LODGE).content.decode()
    refused = client.post(LODGE, {**FORM, "upload": name})
    assert refused.status_code == 422
    assert "not arrived as a whole" in refused.content.decode()
    add(client, upload, HALF, CONTENT[HALF:])
    assert f'href="?upload={name}"' in client.get(LODGE).content.decode()
    form = client.get(LODGE, {"upload": name}).content.decode()
    assert f'name="upload" value="{name}"' in form
    assert "Anruf – laut.wav" in form
    job = client.post(LODGE, {**FORM, "upload": name})["Location"]
    # What some work has taken is offered no more.
    assert f"?upload={name}" not in client.get(LODGE).content.decode()
    do_waiting()
    assert "Lodged." in client.get(job).content.decode()
    (act,) = (one.act for one in caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitLodged))
    assert (act.digest, act.size) == (sha256(CONTENT).hexdigest(), len(CONTENT))
    assert "Anruf – laut.wav" in client.get("/caucus/matters/row/exhibits/call/").content.decode()
    assert client.head(upload, headers=TUS).status_code == 404


@pytest.mark.usefixtures("plain")
def test_refused_lodging_keeps_the_upload(caucus: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    add(client, upload, 0, CONTENT)
    name = upload.split("/")[-2]
    wrong = client.post(LODGE, {**FORM, "a-kind": "", "upload": name})
    assert (wrong.status_code, f'name="upload" value="{name}"' in wrong.content.decode()) == (422, True)
    first, second = (client.post(LODGE, {**FORM, "upload": name})["Location"] for _ in range(2))
    do_waiting()
    assert "Lodged." in client.get(first).content.decode()
    assert "Lodged." in client.get(second).content.decode()
    assert len(caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitLodged)) == 1


def test_upload_in_which_nothing_arrives_is_cleared_away_by_a_job(
    caucus: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person(COMPLAINANT)
    upload = begin(client)["Location"]
    sweep_files("caucus", caucus)
    assert how_far(client, upload) == 0
    monkeypatch.setattr(
        "alteram.installation.jobs.sweeping.sweep_uploads", lambda one: sweep_uploads(one, older_than=timedelta(0))
    )
    sweep_files("caucus", caucus)
    assert client.head(upload, headers=TUS).status_code == 404


def test_name_and_content_of_an_upload_are_read_on_no_disk(caucus: Opened, as_person: As) -> None:
    upload = begin(as_person(COMPLAINANT), name="secret-name.wav")["Location"]
    add(as_person(COMPLAINANT), upload, 0, CONTENT)
    store = caucus.organisation.ports.uploads
    found = store.find(ROW, upload.split("/")[-2])
    assert found is not None
    note, (part,) = found
    assert b"secret-name" not in note
    assert CONTENT[:64] not in b"".join(store.read(ROW, upload.split("/")[-2], part))


def test_digest_of_a_part_that_came_without_one_is_worked_out(caucus: Opened, as_person: As) -> None:
    as_person(COMPLAINANT)
    entered = enter(caucus.organisation, ROW, COMPLAINANT)
    name = begin_upload(entered, "call.wav", len(CONTENT)).name
    add_to_upload(entered, name, 0, [CONTENT[:7], CONTENT[7:]])
    assert uploads.list_digests(entered, name) == ((len(CONTENT), sha256(CONTENT).hexdigest()),)


@pytest.mark.parametrize(
    ("address", "takes"),
    [
        (LODGE, True),
        (f"{UPLOADS}{'0' * 32}/", True),
        (UPLOADS, False),
        ("/caucus/matters/row/exhibits/e1/copies/", True),
        ("/caucus/matters/row/disclosure/tracing/", True),
        ("/caucus/matters/row/acts/exhibit.ruled/", False),
        ("/api/v1/caucus/matters/row/acts/exhibit", True),
        ("/api/v1/caucus/matters/row/acts/files", True),
        (f"/api/v1/caucus/matters/row/uploads/{'0' * 32}/parts", True),
        (f"/api/v1/caucus/matters/row/uploads/{'0' * 32}/lodge", False),
        ("/api/v1/caucus/matters/row/disclosure/trace", True),
        ("/api/v1/caucus/speak-up/reports/row", True),
        ("/nowhere/", False),
    ],
)
def test_server_takes_large_bodies_where_files_are_sent_and_nowhere_else(address: str, takes: bool) -> None:
    assert takes_files(address) is takes
