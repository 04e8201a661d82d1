"""Signing in: by passphrase, by code, by link; where somebody is signed in; proving it again before grave acts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as codes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.afterwards import AfterwardsMiddleware, do_afterwards
from alteram.installation.devices import tell_device
from alteram.installation.invitations import build_address
from alteram.installation.models import Account
from alteram.installation.sign_in_models import SignedInDevice
from alteram.installation.signing_in import invite, make_link
from tests.web.conftest import As, post_letters, prove
from tests.web.scenes import CAUCUS, CUSTODIAN, MANAGER, RESPONDENT, ROW

LOGIN, LINK = "/accounts/login/", "/sign-in/link/"
PASSPHRASE = "four words that nobody would guess"
DECISION = "/caucus/matters/row/acts/decision.made/"


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    """A passphrase is looked at quickly, which it is not on purpose."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def account(db: None, caucus: Opened) -> Account:
    """Somebody with a passphrase."""
    account = invite(CAUCUS, PersonId("member"), "member@caucus.invalid")
    account.set_password(PASSPHRASE)
    account.save()
    return account


def _sign_in(client: Client, email: str, passphrase: str) -> int:
    return client.post(LOGIN, {"login": email, "password": passphrase}).status_code


def test_address_of_a_link_is_that_of_its_page() -> None:
    assert build_address("a-secret") == f"{settings.PLACES.address}{reverse('sign-in-link', args=['a-secret'])}"


# -- pages


@pytest.mark.parametrize(
    "address",
    [
        LOGIN,
        LINK,
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/a-b/",
        "/accounts/password/reset/key/done/",
        "/accounts/signup/",
        "/accounts/inactive/",
        "/accounts/3rdparty/login/cancelled/",
        "/accounts/3rdparty/login/error/",
    ],
)
def test_page_before_signing_in_stands_in_our_frame_without_inline_script(db: None, address: str) -> None:
    page = Client().get(address).content.decode()
    assert 'class="skip"' in page
    assert page.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page)


@pytest.mark.parametrize(
    "address",
    [
        "/sign-in/devices/",
        "/sign-in/first/",
        "/sign-in/again/",
        "/accounts/logout/",
        "/accounts/password/set/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/totp/activate/",
    ],
)
def test_page_of_own_sign_ins_stands_in_our_frame(as_person: As, address: str) -> None:
    page = as_person(RESPONDENT).get(address)
    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1
    assert 'class="skip"' in page.content.decode()


@pytest.mark.parametrize("address", ["/accounts/2fa/", "/accounts/email/", "/accounts/3rdparty/"])
def test_overview_of_allauth_leads_to_the_one_page(as_person: As, address: str) -> None:
    assert as_person(RESPONDENT).get(address)["Location"] == "/sign-in/devices/"


# -- passphrase, and codes from an app


def test_passphrase_signs_in_and_a_wrong_one_does_not(account: Account) -> None:
    client = Client()
    assert _sign_in(client, account.email, "something else entirely") == 200
    assert _sign_in(client, account.email.upper(), PASSPHRASE) == 302
    assert client.get("/caucus/").status_code == 200


def test_account_under_attack_is_open_to_its_owner_in_a_known_browser_and_to_others_unhindered(
    account: Account,
) -> None:
    owner, attacker = Client(), Client()
    assert _sign_in(owner, account.email, PASSPHRASE) == 302
    owner.post("/accounts/logout/")
    for _ in range(10):
        assert _sign_in(attacker, account.email, "a wrong guess") == 200
    assert _sign_in(attacker, account.email, PASSPHRASE) == 200  # kept out, even with the right one
    assert _sign_in(owner, account.email, PASSPHRASE) == 302
    other = invite(CAUCUS, PersonId("chair"), "chair@caucus.invalid")
    other.set_password(PASSPHRASE)
    other.save()
    assert _sign_in(attacker, other.email, PASSPHRASE) == 302  # the same address, another account


def test_mark_of_a_known_browser_counts_for_its_own_account_only(account: Account) -> None:
    other = invite(CAUCUS, PersonId("chair"), "chair@caucus.invalid")
    attacker = Client()
    _sign_in(attacker, account.email, PASSPHRASE)
    attacker.post("/accounts/logout/")
    for _ in range(10):
        _sign_in(Client(), other.email, "a wrong guess")
    page = attacker.post(LOGIN, {"login": other.email, "password": "a wrong guess"}).content.decode()
    assert "That was tried too often" in page


def test_no_limit_counts_network_addresses() -> None:
    limits = [*settings.ACCOUNT_RATE_LIMITS.values(), *settings.MFA_RATE_LIMITS.values()]
    assert [one for one in limits if one is not None and "ip" in one] == []


def test_one_address_may_ask_for_the_sign_in_page_as_often_as_it_likes(db: None) -> None:
    client = Client()
    assert {client.post(LOGIN, {"login": f"m{n}@caucus.invalid", "password": "x"}).status_code for n in range(40)} == {
        200
    }


def test_code_from_an_app_is_asked_for_after_the_passphrase(account: Account) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(account, secret)
    client = Client()
    assert (
        client.post(LOGIN, {"login": account.email, "password": PASSPHRASE})["Location"]
        == "/accounts/2fa/authenticate/"
    )
    assert client.get("/caucus/").status_code == 302
    assert client.get("/accounts/2fa/authenticate/").content.decode().count("<h1") == 1
    assert client.post("/accounts/2fa/authenticate/", {"code": _code(secret)}).status_code == 302
    assert client.get("/caucus/").status_code == 200


@pytest.mark.parametrize(("later", "status"), [(29, 302), (30, 302), (59, 302), (60, 200)])
def test_code_counts_while_it_is_shown_and_for_one_step_more(
    account: Account, monkeypatch: pytest.MonkeyPatch, later: int, status: int
) -> None:
    shown = 3_000_000_000.0  # where a step begins
    monkeypatch.setattr(codes, "time", SimpleNamespace(time=lambda: shown))
    secret, client = "JBSWY3DPEHPK3PXP", Client()
    TOTP.activate(account, secret)
    code = _code(secret)
    client.post(LOGIN, {"login": account.email, "password": PASSPHRASE})
    monkeypatch.setattr(codes, "time", SimpleNamespace(time=lambda: shown + later))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == status


def test_turning_on_codes_gives_recovery_codes_and_turning_them_off_asks_first(as_person: As) -> None:
    client = as_person(RESPONDENT)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": _code(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert codes.count("<li><code>") == 10
    assert "10 are left." in client.get("/sign-in/devices/").content.decode()
    assert client.get("/accounts/2fa/recovery-codes/generate/").status_code == 200
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()


def test_forgotten_passphrase_is_replaced_by_mail_and_an_unknown_address_is_told_the_same(account: Account) -> None:
    client = Client()
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@caucus.invalid"})
    post_letters()
    assert (unknown.status_code, len(mail.outbox)) == (302, 0)
    assert client.post("/accounts/password/reset/", {"email": account.email})["Location"] == unknown["Location"]
    post_letters()
    (letter,) = mail.outbox
    found = re.search(r"http\S+(/accounts/password/reset/key/\S+)", str(letter.body))
    assert found is not None
    form = client.get(found[1], follow=True)
    new = "entirely other words for a door"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert _sign_in(Client(), account.email, PASSPHRASE) == 200
    assert _sign_in(Client(), account.email, new) == 302


def test_letter_leads_to_our_own_address_whatever_was_asked_for(account: Account) -> None:
    asked = {"Host": f"{settings.PLACES.host}:4444"}
    assert Client().post("/accounts/password/reset/", {"email": account.email}, headers=asked).status_code == 302
    post_letters()
    (letter,) = mail.outbox
    assert ":4444" not in str(letter.body)
    assert f"{settings.PLACES.address}/accounts/password/reset/key/" in str(letter.body)


# -- links


def test_link_is_sent_to_a_known_address_only_and_nobody_can_tell(account: Account) -> None:
    known, unknown = Client().post(LINK, {"email": account.email}), Client().post(LINK, {"email": "x@caucus.invalid"})
    assert known.content == unknown.content
    post_letters()
    (letter,) = mail.outbox
    assert letter.to == [account.email]
    assert "caucus/" not in str(letter.body)


def test_letter_leaves_only_once_the_answer_has_gone_out(account: Account) -> None:
    done: list[str] = []
    request = RequestFactory().post(LINK)

    def answer(asked: HttpRequest) -> HttpResponse:
        do_afterwards(asked, lambda: done.append("sent"))
        return HttpResponse()

    response = AfterwardsMiddleware(answer)(request)
    assert not done
    response.close()
    assert done == ["sent"]


def test_one_account_is_not_flooded_with_links(account: Account) -> None:
    for _ in range(7):
        Client().post(LINK, {"email": account.email})
    post_letters()
    assert len(mail.outbox) == 5


def test_link_signs_in_once_and_asks_for_a_credential_where_there_is_none(caucus: Opened, db: None) -> None:
    account = invite(CAUCUS, PersonId("member"), "member@caucus.invalid")
    address = f"{LINK}{make_link(account)}/"
    client = Client()
    assert client.get(address).status_code == 200  # opening it uses nothing up
    assert client.post(address)["Location"] == "/sign-in/first/"
    assert "Add a passkey" in client.get("/sign-in/first/").content.decode()
    assert Client().post(address).status_code == 410
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200  # having come by the link proves enough


def test_link_of_somebody_with_a_credential_leads_to_their_matters(account: Account) -> None:
    assert Client().post(f"{LINK}{make_link(account)}/")["Location"] == "/"


def test_link_says_as_whom_it_signs_in_before_anybody_goes_on(account: Account) -> None:
    address = f"{LINK}{make_link(account)}/"
    assert account.email in Client().get(address).content.decode()
    Client().post(address)
    assert account.email not in Client().get(address).content.decode()


def test_link_of_an_account_that_is_closed_works_no_more(account: Account) -> None:
    address = f"{LINK}{make_link(account)}/"
    account.is_active = False
    account.save()
    assert Client().get(address).status_code == 410
    assert Client().post(address).status_code == 410


def test_link_that_is_too_old_signs_nobody_in(account: Account) -> None:
    client = Client()
    assert client.post(f"{LINK}{make_link(account, lifetime=timedelta(seconds=-1))}/").status_code == 410
    assert client.get("/caucus/").status_code == 302


def test_link_does_not_go_round_the_codes_of_an_app(account: Account) -> None:
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    client = Client()
    assert client.post(f"{LINK}{make_link(account)}/")["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/caucus/").status_code == 302


def test_link_alone_proves_nothing_again_to_whoever_is_signed_in_and_has_codes(as_person: As) -> None:
    client = as_person(CUSTODIAN)
    account = Account.objects.get(memberships__person=CUSTODIAN)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    prove(client, account, ago=3600)
    assert client.get(DECISION)["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert client.post(f"{LINK}{make_link(account)}/")["Location"] == "/accounts/2fa/authenticate/"
    assert client.get(DECISION)["Location"].startswith("/accounts/login/")
    assert client.post("/accounts/2fa/authenticate/", {"code": _code("JBSWY3DPEHPK3PXP")}).status_code == 302
    assert client.get(DECISION).status_code == 200


def test_link_of_another_account_replaces_who_is_signed_in(as_person: As, account: Account) -> None:
    client = as_person(RESPONDENT)
    client.post(f"{LINK}{make_link(account)}/")
    assert client.session["_auth_user_id"] == str(account.pk)


# -- devices


def test_devices_are_listed_and_one_is_signed_out_from_afar(account: Account) -> None:
    here = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    there = Client(headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"})
    _sign_in(here, account.email, PASSPHRASE)
    _sign_in(there, account.email, PASSPHRASE)
    page = here.get("/sign-in/devices/").content.decode()
    assert "Firefox, Linux" in page
    assert "Safari, iPhone" in page
    other = SignedInDevice.objects.get(device="Safari, iPhone")
    assert here.post(f"/sign-in/devices/{other.pk}/end/").status_code == 302
    assert there.get("/caucus/").status_code == 302
    assert here.get("/caucus/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(as_person: As, account: Account) -> None:
    theirs = Client()
    _sign_in(theirs, account.email, PASSPHRASE)
    device = SignedInDevice.objects.get(account=account)
    assert as_person(RESPONDENT).post(f"/sign-in/devices/{device.pk}/end/").status_code == 404
    assert theirs.get("/caucus/").status_code == 200


def test_new_passphrase_signs_out_everywhere_else(account: Account) -> None:
    here, there = Client(), Client()
    _sign_in(here, account.email, PASSPHRASE)
    _sign_in(there, account.email, PASSPHRASE)
    new = "entirely other words for a door"
    here.post("/accounts/password/change/", {"oldpassword": PASSPHRASE, "password1": new, "password2": new})
    assert here.get("/caucus/").status_code == 200
    assert there.get("/caucus/").status_code == 302
    assert len(here.get("/sign-in/devices/").context["devices"]) == 1


def test_signing_out_everywhere_else_leaves_this_device(account: Account) -> None:
    here, there = Client(), Client()
    _sign_in(here, account.email, PASSPHRASE)
    _sign_in(there, account.email, PASSPHRASE)
    here.post("/sign-in/devices/others/end/")
    assert (here.get("/caucus/").status_code, there.get("/caucus/").status_code) == (200, 302)


def test_device_says_no_more_than_its_kind() -> None:
    assert tell_device("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.7339.80 Safari/537.36") == "Chrome, Linux"
    assert tell_device("curl/8.0") == ""


def test_session_ends_with_the_browser_and_after_twelve_hours(account: Account) -> None:
    client = Client()
    _sign_in(client, account.email, PASSPHRASE)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
    assert settings.SESSION_COOKIE_AGE == 12 * 3600


# -- proving it again


def _grow_old(client: Client, person: str) -> None:
    account = Account.objects.get(email=f"{person}@caucus.invalid")
    prove(client, account, ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)


def test_grave_act_asks_on_opening_when_signed_in_long_ago(as_person: As) -> None:
    manager = as_person(MANAGER)
    assert manager.get(DECISION).status_code == 200
    _grow_old(manager, MANAGER)
    answer = manager.get(DECISION)
    assert answer["Location"].startswith("/sign-in/again/?next=%2Fcaucus%2Fmatters%2Frow%2Facts%2Fdecision.made%2F")
    assert manager.get("/caucus/matters/row/acts/support.offered/").status_code == 200  # not a grave one


def test_grave_act_sent_too_late_is_not_recorded_and_nothing_written_is_lost(as_person: As, caucus: Opened) -> None:
    manager = as_person(MANAGER)
    _grow_old(manager, MANAGER)
    before = caucus.organisation.facts(ROW, fresh=True).matter.head_seq
    answer = manager.post(DECISION, {"a-deciders": [CUSTODIAN], "a-reasons": "Because of what was heard."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Show first that it is you. Nothing was recorded yet." in page
    assert "Because of what was heard." in page
    assert caucus.organisation.facts(ROW, fresh=True).matter.head_seq == before


def test_who_has_a_passphrase_proves_it_by_that_and_comes_back(account: Account, as_person: As) -> None:
    client = as_person("member")
    _grow_old(client, "member")
    address = client.get("/caucus/matters/row/acts/vote.taken/")["Location"]
    assert address.startswith("/accounts/reauthenticate/?next=")
    assert "Your passphrase" in client.get(address).content.decode()
    assert client.post(address, {"password": "a wrong one"}).status_code == 200
    back = client.post(address, {"password": PASSPHRASE})
    assert back["Location"] == "/caucus/matters/row/acts/vote.taken/"
    assert client.get(back["Location"]).status_code == 200


def test_who_came_by_a_link_long_ago_gets_another_to_prove_it(as_person: As) -> None:
    client = as_person(RESPONDENT)
    _grow_old(client, RESPONDENT)
    asked = client.get("/accounts/2fa/webauthn/add/")
    assert asked["Location"].startswith("/sign-in/again/")
    client.post(asked["Location"])
    post_letters()
    assert [one.to for one in mail.outbox] == [[f"{RESPONDENT}@caucus.invalid"]]
    found = re.search(r"/sign-in/link/\S+", str(mail.outbox[0].body))
    assert found is not None
    client.post(found[0])
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200


def _code(secret: str) -> str:
    _before, now, _after = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, now)))


def test_name_of_the_installation_stands_in_the_app() -> None:
    account = Account(email="member@caucus.invalid")
    assert "issuer=Alteram" in get_adapter().build_totp_url(account, "A" * 16)


def test_what_codes_are_made_from_is_kept_encrypted(account: Account) -> None:
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    kept = Authenticator.objects.get(user=account)
    assert "JBSWY3DPEHPK3PXP" not in str(kept.data)
    assert kept.wrap().validate_code(_code("JBSWY3DPEHPK3PXP"))


def test_message_does_not_outlive_the_session(account: Account) -> None:
    client = Client()
    _sign_in(client, account.email, PASSPHRASE)
    client.post("/sign-in/devices/others/end/")
    assert "messages" not in client.cookies
    assert "other devices are signed out" in client.get("/sign-in/devices/").content.decode()
    client.post("/sign-in/devices/others/end/")
    client.post("/accounts/logout/")
    assert "other devices are signed out" not in client.get(LOGIN).content.decode()


def _prove_by_link(client: Client, asked: str) -> str:
    client.post(asked)
    post_letters()
    found = re.search(r"/sign-in/link/\S+", str(mail.outbox[-1].body))
    assert found is not None
    return found[0]


def test_who_proves_it_by_a_link_comes_back_to_the_page_they_came_from(as_person: As) -> None:
    client = as_person(MANAGER)
    _grow_old(client, MANAGER)
    link = _prove_by_link(client, client.get(DECISION)["Location"])
    assert client.post(link)["Location"] == DECISION
    again = make_link(Account.objects.get(memberships__person=MANAGER))
    assert client.post(f"{LINK}{again}/")["Location"] == "/sign-in/first/"  # once


def test_way_back_leads_nowhere_else_and_is_nobody_elses(as_person: As, account: Account) -> None:
    client = as_person(MANAGER)
    _grow_old(client, MANAGER)
    link = _prove_by_link(client, "/sign-in/again/?next=https://elsewhere.example/")
    assert client.post(link)["Location"] == "/sign-in/first/"
    _prove_by_link(client, f"/sign-in/again/?next={DECISION}")
    assert client.post(f"{LINK}{make_link(account)}/")["Location"] == "/"
