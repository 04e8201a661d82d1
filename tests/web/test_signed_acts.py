"""Acts signed with one's own passkey, on the pages: who is asked, what comes back, and what is refused."""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from fido2.cbor import decode
from fido2.cose import CoseKey
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from alteram.bootstrap import Opened
from alteram.core.acts import DepartureAuthorised, KeyLost
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.vault import Assertion, decode_base64url, encode_base64url
from alteram.installation.models import Account
from alteram.installation.own_passkeys import find_own_passkeys
from alteram.installation.prepared_signatures import PreparedSignature, keep_prepared, take_prepared
from alteram.operations import own_signatures
from alteram.operations.own_signatures import LIFETIME, KeyInForce, Prepared, enrol_passkey, find_key_in_force
from alteram.operations.perform import perform
from tests.passkeys import Passkey, eddsa_passkey_of, passkey_of
from tests.web.conftest import As, prove
from tests.web.programs import API, Program
from tests.web.scenes import CAUCUS, CHAIR, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, ROW, WHIP, must
from tests.web.test_letters import WRITE, fill_notice, look, notices

FORM = f"/{CAUCUS}/matters/{ROW}/acts/departure.authorised/"
CHOICE = f"/sign-in/devices/signing/{CAUCUS}/"
OWN = passkey_of("own")
REASONS = "The witness is abroad until May."


def give_passkey(person: str, key: Passkey = OWN) -> Authenticator:
    """Let somebody have added a passkey, as allauth keeps it."""
    account = Account.objects.get(memberships__person=person)
    attested = AttestedCredentialData.create(bytes(16), b"credential", CoseKey.parse(read_map(key.cose)))
    data = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG(0x45), 0, attested)
    made = AttestationObject.create("none", data, {})
    told = encode_base64url(b'{"type":"webauthn.create","challenge":"","origin":"https://caucus.example"}')
    credential = {
        "id": encode_base64url(b"credential"),
        "rawId": encode_base64url(b"credential"),
        "type": "public-key",
        "response": {"clientDataJSON": told, "attestationObject": encode_base64url(bytes(made))},
    }
    kept = {"name": "my phone", "credential": credential}
    return Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data=kept)


def read_map(cose: bytes) -> Mapping[int, Any]:
    read = decode(cose)
    assert isinstance(read, dict)
    return {int(str(name)): value for name, value in read.items()}


def fill_in(client: Client, **more: str) -> dict[str, str]:
    """Return the form as it is sent."""
    page = client.get(FORM).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once is not None
    offered = re.search(r'<select name="a-requirement".*?<option value="([^"]+)"', page, re.DOTALL)
    requirement = offered[1] if offered else "interview"
    sent = {"once": once[1], "a-requirement": requirement, "a-for_act": "decision.made", "a-reasons": REASONS}
    return {**sent, **more}


def read_page(page: str) -> tuple[str, bytes]:
    """Return what gives back what was prepared, and the digest to sign."""
    token = re.search(r'name="prepared" value="([^"]+)"', page)
    digest = re.search(r'data-sign="([^"]+)"', page)
    assert token is not None
    assert digest is not None
    return token[1], decode_base64url(digest[1])


def answer(token: str, assertion: Assertion) -> dict[str, str]:
    return {
        "prepared": token,
        "authenticator_data": encode_base64url(assertion.authenticator_data),
        "client_data": encode_base64url(assertion.client_data),
        "signature": encode_base64url(assertion.signature),
    }


def count(caucus: Opened) -> int:
    return len(caucus.organisation.state(ROW, fresh=True).facts.all(DepartureAuthorised))


@pytest.fixture
def chair(as_person: As, caucus: Opened) -> Client:
    """The chair, whose passkey signs."""
    client = as_person(CHAIR)
    give_passkey(CHAIR)
    assert enrol_passkey(caucus.organisation, CHAIR, OWN.cose)
    return client


def test_form_leads_to_what_is_signed_and_the_signature_to_the_record(chair: Client, caucus: Opened) -> None:
    sent = fill_in(chair)
    page = chair.post(FORM, sent)
    assert page.status_code == 200
    assert REASONS in page.content.decode()
    assert count(caucus) == 0
    token, digest = read_page(page.content.decode())
    done = chair.post(FORM, sent | answer(token, OWN.sign(digest)), follow=True)
    assert "Recorded:" in done.content.decode()
    assert count(caucus) == 1
    entry = chair.get(f"/{CAUCUS}/matters/{ROW}/timeline/{caucus.organisation.state(ROW).facts.head_seq}/")
    assert "by their own passkey" in entry.content.decode()


def test_signature_counts_once(chair: Client, caucus: Opened) -> None:
    sent = fill_in(chair)
    token, digest = read_page(chair.post(FORM, sent).content.decode())
    signed = answer(token, OWN.sign(digest))
    chair.post(FORM, sent | signed)
    again = chair.post(FORM, fill_in(chair) | signed)
    assert "used before" in again.content.decode()
    assert count(caucus) == 1


@pytest.mark.parametrize("change", [{"a-reasons": "Another."}, {"a-for_act": "sanction.imposed"}])
def test_act_that_was_altered_after_it_was_shown_is_refused_with_nothing_lost(
    chair: Client, caucus: Opened, change: dict[str, str]
) -> None:
    sent = fill_in(chair)
    token, digest = read_page(chair.post(FORM, sent).content.decode())
    page = chair.post(FORM, sent | answer(token, OWN.sign(digest)) | change)
    assert page.status_code == 422
    assert "It was not signed, and nothing was recorded." in page.content.decode()
    assert next(iter(change.values())) in page.content.decode()
    assert count(caucus) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"signature": ""},
        {"signature": "!"},
        {"client_data": "x" * 5000},
        {"authenticator_data": "AAAA"},
        {"prepared": ""},
        {"prepared": "A" * 43},
        {"prepared": "!"},
    ],
)
def test_answer_that_is_none_is_refused(chair: Client, caucus: Opened, change: dict[str, str]) -> None:
    sent = fill_in(chair)
    token, digest = read_page(chair.post(FORM, sent).content.decode())
    page = chair.post(FORM, sent | answer(token, OWN.sign(digest)) | change)
    assert page.status_code == 422
    assert "It was not signed" in page.content.decode()
    assert count(caucus) == 0


def test_who_has_no_passkey_is_not_asked_for_one(as_person: As, caucus: Opened) -> None:
    client = as_person(CUSTODIAN)
    page = client.post(FORM, fill_in(client), follow=True)
    assert "Recorded:" in page.content.decode()
    assert count(caucus) == 1
    entry = client.get(f"/{CAUCUS}/matters/{ROW}/timeline/{caucus.organisation.state(ROW).facts.head_seq}/")
    assert "with a key the organisation holds" in entry.content.decode()


def test_program_is_told_that_it_cannot_sign_and_nothing_is_recorded(as_person: As, caucus: Opened) -> None:
    as_person(CHAIR)
    assert enrol_passkey(caucus.organisation, CHAIR, OWN.cose)
    act = {"requirement": "interview", "for_act": "decision.made", "reasons": REASONS}
    told = Program(CHAIR).post(f"{API}/matters/{ROW}/acts", {"act": "departure.authorised", "fields": act})
    assert told.status_code == 409
    assert told.json()["type"].endswith("#needs-signature")
    assert count(caucus) == 0


def test_program_is_told_that_nothing_signs_for_a_passkey_that_was_lost(as_person: As, caucus: Opened) -> None:
    as_person(CHAIR)
    assert enrol_passkey(caucus.organisation, CHAIR, OWN.cose)
    lost = KeyLost(kind="person", person=CHAIR, public_key=encode_base64url(OWN.cose))
    must(perform(caucus.organisation, ORGANISATION_STREAM, lost, WHIP))
    act = {"act": "interest.declared", "fields": {"nature": "none"}}
    told = Program(CHAIR).post(f"{API}/matters/{ROW}/acts", act)
    assert told.status_code == 409
    assert told.json()["type"].endswith("#cannot-sign")
    assert told.json()["detail"] == f"The passkey of {CHAIR} was declared lost. Choose another passkey to sign with."
    assert told.headers["Content-Language"] == "en"


@pytest.fixture
def manager(as_person: As, caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A case manager whose passkey signs notices.

    No matter of the scenes has come to an appeal, whose letter is the one that waits for a passkey.
    """
    client = as_person(MANAGER)
    monkeypatch.setattr(own_signatures, "OWN_SIGNATURE", {"notice.served"})
    give_passkey(MANAGER)
    assert enrol_passkey(caucus.organisation, MANAGER, OWN.cose)
    return client


def test_letter_that_waits_for_an_own_signature_is_served_once_it_is_signed(manager: Client, caucus: Opened) -> None:
    before = len(notices(caucus))
    sent = {**fill_notice(), "do": "serve", "looked_at": look(manager, fill_notice())}
    page = manager.post(WRITE, sent).content.decode()
    assert len(notices(caucus)) == before
    assert str(sent["looked_at"]) in page
    token, digest = read_page(page)
    assert manager.post(WRITE, sent | answer(token, OWN.sign(digest))).status_code == 302
    assert [one.digest for one in notices(caucus)[before:]] == [sent["looked_at"]]
    seq = caucus.organisation.state(ROW, fresh=True).facts.head_seq
    assert "by their own passkey" in manager.get(f"/{CAUCUS}/matters/{ROW}/timeline/{seq}/").content.decode()
    letter = manager.get(f"/{CAUCUS}/matters/{ROW}/letters/served/{seq}/")
    assert hashlib.sha256(letter.content).hexdigest() == sent["looked_at"]


def test_letter_that_was_altered_after_it_was_looked_at_is_not_signed(manager: Client, caucus: Opened) -> None:
    before = len(notices(caucus))
    sent = {**fill_notice(), "do": "serve", "looked_at": look(manager, fill_notice())}
    token, digest = read_page(manager.post(WRITE, sent).content.decode())
    altered = sent | answer(token, OWN.sign(digest)) | {"a-jeopardy": "A fine."}
    page = manager.post(WRITE, altered).content.decode()
    assert "not the one you looked at any more" in page
    assert len(notices(caucus)) == before


def test_signature_of_another_passkey_serves_no_letter_and_nothing_is_lost(manager: Client, caucus: Opened) -> None:
    before = len(notices(caucus))
    sent = {**fill_notice(), "do": "serve", "looked_at": look(manager, fill_notice())}
    token, digest = read_page(manager.post(WRITE, sent).content.decode())
    page = manager.post(WRITE, sent | answer(token, passkey_of("another").sign(digest))).content.decode()
    assert "It was not signed, and nothing was served." in page
    assert "A seat." in page
    assert len(notices(caucus)) == before


def test_whoever_goes_back_from_signing_finds_the_letter_again(manager: Client, caucus: Opened) -> None:
    before = len(notices(caucus))
    sent = {**fill_notice(), "do": "serve", "looked_at": look(manager, fill_notice())}
    page = manager.post(WRITE, {**sent, "change": "1"}).content.decode()
    assert "Sign and serve this letter" in page
    assert len(notices(caucus)) == before


def test_who_removed_the_passkey_that_signs_is_told_where_to_choose_another(chair: Client, caucus: Opened) -> None:
    Authenticator.objects.all().delete()
    page = chair.post(FORM, fill_in(chair)).content.decode()
    assert "not among your passkeys here" in page
    assert CHOICE in page
    assert "data-sign" not in page
    assert count(caucus) == 0


def test_passkey_is_chosen_to_sign_and_takes_the_place_of_the_key_that_was_held(as_person: As, caucus: Opened) -> None:
    client = as_person(CHAIR)
    assert "A key that the organisation holds for you." in client.get(CHOICE).content.decode()
    assert "You have no passkey yet that can sign." in client.get(CHOICE).content.decode()
    kept = give_passkey(CHAIR)
    page = client.post(CHOICE, {"passkey": str(kept.pk)}, follow=True).content.decode()
    assert "Your passkey “my phone”." in page
    assert find_key_in_force(caucus.organisation, CHAIR) == KeyInForce("person", encode_base64url(OWN.cose))
    assert CHOICE in client.get("/sign-in/devices/").content.decode()


def test_passkey_of_somebody_else_cannot_be_chosen(as_person: As, caucus: Opened) -> None:
    as_person(RESPONDENT)
    other, client = give_passkey(RESPONDENT), as_person(MEMBER)
    for sent in (str(other.pk), "", "x"):
        assert client.post(CHOICE, {"passkey": sent}).status_code == 422
    assert find_key_in_force(caucus.organisation, MEMBER) == KeyInForce("organisation")


def test_choosing_asks_for_proof_first(as_person: As, caucus: Opened) -> None:
    client = as_person(CHAIR)
    kept = give_passkey(CHAIR)
    prove(client, Account.objects.get(memberships__person=CHAIR), ago=3600)
    assert client.post(CHOICE, {"passkey": str(kept.pk)}).status_code == 302
    assert find_key_in_force(caucus.organisation, CHAIR) == KeyInForce("organisation")


@pytest.mark.parametrize("make", [passkey_of, eddsa_passkey_of])
def test_passkey_is_read_as_the_record_spells_it(as_person: As, make: object) -> None:
    assert callable(make)
    as_person(CHAIR)
    give_passkey(CHAIR, make("own"))
    (found,) = find_own_passkeys(Account.objects.get(memberships__person=CHAIR))
    assert (found.cose, found.can_sign, found.name) == (make("own").cose, True, "my phone")


@pytest.mark.django_db
def test_what_was_prepared_is_taken_once_by_whom_it_was_prepared_for() -> None:
    prepared = Prepared(timezone.now().replace(microsecond=0), {"act": bytes(16), "at": bytes(range(16))})
    token = keep_prepared(CAUCUS, CHAIR, prepared)
    assert take_prepared(CAUCUS, CUSTODIAN, token) is None
    assert take_prepared("elsewhere", CHAIR, token) is None
    other = ("B" if token.startswith("A") else "A") + token[1:]
    assert take_prepared(CAUCUS, CHAIR, other) is None
    assert take_prepared(CAUCUS, CHAIR, token) == prepared
    assert take_prepared(CAUCUS, CHAIR, token) is None


@pytest.mark.django_db
def test_what_was_prepared_is_forgotten() -> None:
    prepared = Prepared(timezone.now().replace(microsecond=0), {"act": bytes(16)})
    keep_prepared(CAUCUS, CHAIR, prepared)
    PreparedSignature.objects.update(prepared_at=timezone.now() - LIFETIME - timedelta(seconds=1))
    keep_prepared(CAUCUS, CHAIR, prepared)
    assert PreparedSignature.objects.count() == 1
