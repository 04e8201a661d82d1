"""An organisation's own sign-in (OpenID Connect): its server is a small one of ours, on this machine."""

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Account
from alteram.installation.own_sign_in import build_form_targets, build_oidc_settings
from alteram.installation.places import read_places
from alteram.installation.signing_in import invite
from tests.web.scenes import CAUCUS

LOGIN, CALLBACK = "/accounts/oidc/organisation/login/", "/accounts/oidc/organisation/login/callback/"


class _OwnServer(BaseHTTPRequestHandler):
    """Says of everybody that they are `who`."""

    who: dict[str, object]

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined] # it listens on TCP
        if self.path.startswith("/.well-known/"):
            names = ("authorization", "token", "userinfo")
            found: dict[str, object] = {f"{one}_endpoint": f"{here}/{one}" for one in names}
            self._answer({**found, "issuer": here, "jwks_uri": f"{here}/keys"})
        else:
            self._answer(self.who)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer({"access_token": "a", "token_type": "Bearer"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""

    def _answer(self, value: dict[str, object]) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def own_server(db: None, caucus: Opened) -> Iterator[type[_OwnServer]]:
    """The server, and settings that name it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _OwnServer)
    Thread(target=server.serve_forever, daemon=True).start()
    places = replace(settings.PLACES, oidc=(f"http://127.0.0.1:{server.server_port}", "alteram", "secret"))
    with override_settings(SOCIALACCOUNT_PROVIDERS=build_oidc_settings(places)):
        yield _OwnServer
    server.shutdown()
    server.server_close()


@pytest.fixture
def account(db: None, caucus: Opened) -> Account:
    return invite(CAUCUS, PersonId("member"), "member@caucus.invalid")


def _sign_in(client: Client) -> None:
    there = client.post(LOGIN)["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    client.get(CALLBACK, {"code": "c", "state": state})


def test_account_is_opened_by_an_address_that_the_server_says_is_verified(
    own_server: type[_OwnServer], account: Account
) -> None:
    own_server.who = {"sub": "1", "email": account.email.upper(), "email_verified": True}
    client = Client()
    assert "With your organisation's own sign-in" in client.get("/accounts/login/").content.decode()
    _sign_in(client)
    assert client.get("/caucus/").status_code == 200
    again = Client()
    own_server.who = {"sub": "1", "email": "renamed@caucus.invalid", "email_verified": True}
    _sign_in(again)
    assert again.get("/caucus/").status_code == 200


@pytest.mark.parametrize(
    "who",
    [
        {"sub": "2", "email": "member@caucus.invalid", "email_verified": False},
        {"sub": "2", "email": "member@caucus.invalid"},
        {"sub": "2", "email": "nobody@caucus.invalid", "email_verified": True},
        {"sub": "2"},
    ],
)
def test_whoever_is_not_verified_or_not_invited_gets_in_nowhere(
    own_server: type[_OwnServer], account: Account, who: dict[str, object]
) -> None:
    own_server.who = who
    client = Client()
    _sign_in(client)
    assert client.get("/caucus/").status_code == 302
    assert Account.objects.count() == 1


def test_answer_with_another_state_is_refused(own_server: type[_OwnServer], account: Account) -> None:
    own_server.who = {"sub": "1", "email": account.email, "email_verified": True}
    client = Client()
    client.post(LOGIN)
    page = client.get(CALLBACK, {"code": "c", "state": "made-up"})
    assert "You are not signed in" in page.content.decode()
    assert client.get("/caucus/").status_code == 302


def test_without_one_in_the_environment_there_is_none(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build_oidc_settings(replace(settings.PLACES, oidc=None)) == {}
    assert "own sign-in" not in Client().get("/accounts/login/").content.decode()
    monkeypatch.setenv("ALTERAM_OIDC_SERVER", "https://id.example.org/realm")
    assert read_places().oidc is None
    monkeypatch.setenv("ALTERAM_OIDC_CLIENT", "alteram")
    places = read_places()
    assert places.oidc == ("https://id.example.org/realm", "alteram", "")
    assert build_form_targets(places) == ["https://id.example.org"]
