"""The room of certificates: issued and shown in a matter, published by digest, and nothing of it for strangers."""

import json
import re
from io import BytesIO

import pikepdf
import pytest
from django.test import Client

from alteram.adapters.letters import TypstPress
from alteram.bootstrap import Opened
from alteram.core.acts import StatementPublished
from alteram.core.certificates import build_certificate_digest, verify_certificate
from alteram.operations.perform import perform
from alteram.operations.printing import LetterError, Printed
from tests.pdf_structure import find_faults
from tests.web.conftest import As
from tests.web.looking import Shown, examine_all, look_at
from tests.web.programs import API, Program
from tests.web.scenes import CHAIR, COMPLAINANT, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, WHIP, must
from tests.web.serving import ROOT

ROOM = f"/caucus/matters/{ROW}/certificates/"
TO = "The ombudsman"
STYLE = ROOT / "src" / "alteram" / "web" / "static" / "alteram" / "style.css"


@pytest.fixture
def published_log(caucus: Opened) -> Opened:
    caucus.integrator.run()
    return caucus


def issue(client: Client, **fields: object) -> str:
    """Issue a certificate; return its address."""
    answer = client.post(ROOM, {"to": TO, **fields})
    assert answer.status_code == 302, answer.content.decode()
    address: str = answer["Location"]
    return address


def test_party_issues_a_certificate_and_reads_it(as_person: As, published_log: Opened) -> None:
    client = as_person(RESPONDENT)
    address = issue(client, pack="acas-code")
    page = client.get(address).content.decode()
    file = client.get(f"{address}file/")
    verified = verify_certificate(file.content, published_log.organisation.ports.policy)
    assert build_certificate_digest(file.content) in address
    assert "acas-code" in {one.id for one in verified.certificate.rules if one.kind == "pack"}
    assert str(ROW) not in file["Content-Disposition"]
    assert page.index("What is not known") < page.index("Requirement by requirement")
    shown = re.findall(r'<h3><span class="(\w+)">', page)
    assert shown.index("UNKNOWN") == 0
    assert not re.search(r'class="PASS">[^<]*Not contradicted', page)
    assert TO in page


def test_pdf_is_tagged_and_names_no_matter(as_person: As, published_log: Opened) -> None:
    del published_log
    client = as_person(MANAGER)
    answer = client.get(f"{issue(client)}pdf/")
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as document:
        assert find_faults(document) == []


def test_for_whom_it_was_is_told_to_its_issuer_and_keepers_alone(as_person: As, published_log: Opened) -> None:
    del published_log
    issue(as_person(RESPONDENT))
    assert TO in as_person(RESPONDENT).get(ROOM).content.decode()
    assert TO in as_person(MANAGER).get(ROOM).content.decode()
    assert TO not in as_person(COMPLAINANT).get(ROOM).content.decode()


def test_strangers_get_the_same_404_everywhere(as_person: As, published_log: Opened) -> None:
    del published_log
    address, client = issue(as_person(MANAGER)), as_person(STRANGER)
    for one in (ROOM, address, f"{address}file/", f"{address}pdf/", "/caucus/matters/nowhere/certificates/"):
        assert client.get(one).status_code == 404, one
    assert client.post(ROOM, {}).status_code == 404
    assert client.post(f"{address}publish/", {}).status_code == 404
    assert Client().get(ROOM).status_code == 302


def test_who_will_decide_reads_and_does_not_issue(as_person: As, published_log: Opened) -> None:
    del published_log
    address, client = issue(as_person(MANAGER)), as_person(MEMBER)
    assert client.get(address).status_code == 200
    assert "Issue it" not in client.get(ROOM).content.decode()
    assert client.post(ROOM, {}).status_code == 404
    assert client.post(f"{address}publish/", {}).status_code == 404


def test_what_was_not_issued_of_this_matter_is_no_page(as_person: As, published_log: Opened) -> None:
    del published_log
    client = as_person(MANAGER)
    rulebook = verify_certificate(client.get(f"{issue(client)}file/").content).certificate.rules[0].digest
    for digest in (rulebook, "0" * 64):
        assert client.get(f"{ROOM}{digest}/").status_code == 404
        assert Client().get(f"/caucus/certificates/{digest}/").status_code == 404


def test_published_certificate_is_open_to_anybody_and_names_no_matter(as_person: As, published_log: Opened) -> None:
    del published_log
    address = issue(as_person(MANAGER))
    digest = address.rstrip("/").rpartition("/")[2]
    public = f"/caucus/certificates/{digest}/"
    assert Client().get(public).status_code == 404
    assert as_person(MANAGER).post(f"{address}publish/", {}).status_code == 404
    assert as_person(WHIP).post(f"{address}publish/", {}).status_code == 302
    page = Client().get(public)
    assert page.status_code == 200
    assert f"matters/{ROW}" not in page.content.decode()
    assert TO not in page.content.decode()
    assert build_certificate_digest(Client().get(f"{public}file/").content) == digest
    assert Client().get(f"{public}pdf/").content.startswith(b"%PDF")
    assert Client().get(f"/api/v1/caucus/certificates/{digest}").status_code == 200
    assert as_person(CHAIR).post(f"{address}publish/", {"withdraw": "yes"}).status_code == 302
    assert Client().get(public).status_code == 404
    assert Client().get(f"/api/v1/caucus/certificates/{digest}").status_code == 404


def test_certificate_that_does_not_print_is_answered_by_page_and_api_as_a_letter_is(
    as_person: As, published_log: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    del published_log

    def fail(*_args: object, **_keywords: object) -> Printed:
        raise LetterError("It is too long to be printed.", remedy="Say less.")

    address = issue(as_person(MANAGER))
    monkeypatch.setattr(TypstPress, "print_pdf", fail)
    assert as_person(MANAGER).get(f"{address}pdf/").status_code == 409
    digest = address.rstrip("/").rpartition("/")[2]
    for there in (f"certificates/{digest}/pdf", "letters/printed/reply-form"):
        answer = Program(RESPONDENT).get(f"{API}/matters/{ROW}/{there}")
        assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/#unprintable")


def test_entries_not_in_the_log_are_waited_for_with_nothing_lost(as_person: As, published_log: Opened) -> None:
    must(perform(published_log.organisation, ROW, StatementPublished(office="leader", text="It was said."), RESPONDENT))
    answer = as_person(MANAGER).post(ROOM, {"to": TO, "pack": "acas-code"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert f'value="{TO}"' in page
    assert re.search(r'value="acas-code" checked', page)


def test_name_that_is_too_long_is_refused_with_nothing_lost(as_person: As, published_log: Opened) -> None:
    del published_log
    client = as_person(MANAGER)
    assert client.post(ROOM, {"to": "x" * 200}).status_code == 302
    answer = client.post(ROOM, {"to": "x" * 201})
    assert answer.status_code == 422
    assert "x" * 201 in answer.content.decode()


def test_packs_that_do_not_ship_are_not_asked(as_person: As, published_log: Opened) -> None:
    del published_log
    client = as_person(MANAGER)
    data = client.get(f"{issue(client, pack='../rulebooks/caucus')}file/").content
    assert [one["kind"] for one in json.loads(data)["certificate"]["rules"] if one["kind"] == "pack"] == []


def test_pages_have_no_accessibility_problem(as_person: As, published_log: Opened) -> None:
    del published_log
    client = as_person(WHIP)
    address = issue(client)
    client.post(f"{address}publish/", {})
    digest = address.rstrip("/").rpartition("/")[2]
    addresses = (ROOM, address, f"/caucus/certificates/{digest}/")
    pages = [Shown(one, WHIP, client.get(one).content.decode()) for one in addresses]
    with look_at(pages) as page:
        assert not examine_all(page, pages)
