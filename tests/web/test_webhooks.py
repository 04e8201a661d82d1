"""Webhooks: who may register them, where they may lead, what they are told, and what becomes of those that fail."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings
from standardwebhooks import Webhook as Signer

from alteram.bootstrap import Opened
from alteram.core.acts import ResponseGiven
from alteram.installation import reaching
from alteram.installation.jobs import telling
from alteram.installation.telling import Delivery, Webhook
from alteram.installation.webhooks import DISABLED_AFTER, build_secret, deliver, queue_deliveries, register
from alteram.operations.perform import perform
from tests.web.conftest import As
from tests.web.scenes import CAUCUS, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, ROW, must

pytestmark = pytest.mark.django_db
ANSWER = ResponseGiven(allegations=("a1",), stance="deny", text="It was not so.")


class Receiver:
    """An address that hears events and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?x=1"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.close()


@pytest.fixture
def told(caucus: Opened, receiver: Receiver) -> Opened:
    """The caucus with a webhook of the custodian's, and nothing that waits to be told."""
    ports = caucus.organisation.ports
    ports.store.complete_outbox(ports.organisation, [n for n, _ in ports.store.take_outbox(ports.organisation, 100)])
    register(CAUCUS, CUSTODIAN, receiver.url, now=now())
    return caucus


def now() -> datetime:
    return datetime.now(UTC)


def answer(opened: Opened) -> int:
    seq = must(perform(opened.organisation, ROW, ANSWER, RESPONDENT))
    telling.tell_recorded(CAUCUS, opened)
    return seq


def test_event_is_signed_and_says_no_more_than_its_outline(told: Opened, receiver: Receiver) -> None:
    seq = answer(told)
    assert deliver(CAUCUS, told.organisation, now=now()) == 1
    ((headers, body),) = receiver.heard
    event = Signer(build_secret(Webhook.objects.get())).verify(body, headers)
    assert event["type"] == "entry.recorded"
    assert event["data"] == {"organisation": CAUCUS, "matter": "row", "seq": seq, "area": "charge"}
    assert set(event) == {"type", "timestamp", "data"}
    for word in ("response", RESPONDENT, "deny", "a1"):
        assert word.encode() not in body


def test_event_is_delivered_once_and_queued_once(told: Opened, receiver: Receiver) -> None:
    seq = answer(told)
    queue_deliveries(CAUCUS, told.organisation, ROW, seq, "charge", now=now())
    deliver(CAUCUS, told.organisation, now=now())
    deliver(CAUCUS, told.organisation, now=now() + timedelta(days=1))
    assert len(receiver.heard) == 1


def test_failing_address_is_tried_again_with_growing_pauses_then_disabled(told: Opened, receiver: Receiver) -> None:
    receiver.status = 500
    answer(told)
    at = began = now()
    names, pauses = set(), []
    while Webhook.objects.get().disabled_at is None:
        assert deliver(CAUCUS, told.organisation, now=at) == 0
        names.add(receiver.heard[-1][0]["webhook-id"])
        pauses.append(Delivery.objects.get().due_at - at)
        at = Delivery.objects.get().due_at
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert len(names) == 1
    assert Webhook.objects.get().disabled_because == "failing"
    assert at - began > DISABLED_AFTER
    receiver.status = 204
    assert deliver(CAUCUS, told.organisation, now=at + timedelta(days=1)) == 0


def test_address_that_works_again_is_no_longer_failing(told: Opened, receiver: Receiver) -> None:
    receiver.status = 503
    answer(told)
    deliver(CAUCUS, told.organisation, now=now())
    assert Webhook.objects.get().failing_since is not None
    receiver.status = 200
    assert deliver(CAUCUS, told.organisation, now=now() + timedelta(minutes=2)) == 1
    assert Webhook.objects.get().failing_since is None


def test_address_that_is_gone_is_disabled_at_once(told: Opened, receiver: Receiver) -> None:
    receiver.status = 410
    answer(told)
    deliver(CAUCUS, told.organisation, now=now())
    assert Webhook.objects.get().disabled_because == "gone"


def test_redirection_is_not_followed(told: Opened, receiver: Receiver) -> None:
    receiver.status = 302
    answer(told)
    assert deliver(CAUCUS, told.organisation, now=now()) == 0
    assert len(receiver.heard) == 1


def test_who_is_no_officer_is_told_nothing(told: Opened, receiver: Receiver) -> None:
    answer(told)
    Webhook.objects.update(person=MEMBER)
    assert deliver(CAUCUS, told.organisation, now=now()) == 0
    assert receiver.heard == []
    assert Webhook.objects.get().disabled_because == "left-office"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://127.0.0.1/",
        "https://",
        "https://user:secret@127.0.0.1/",
        "https://127.0.0.1:99999/",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_address_that_is_none_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "93.184.216.34")
    with pytest.raises(reaching.UnreachableError):
        reaching.resolve(url)


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "fe80::1",
     "fc00::1", "::ffff:10.0.0.1", "::", "255.255.255.255", "::a00:1", "fec0::1", "64:ff9b::a9fe:a9fe", "2002:a00:1::",
     "::ffff:0:10.0.0.1"],
)  # fmt: skip
def test_private_address_is_refused_even_beside_a_public_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "93.184.216.34")
    assert reaching.resolve("https://example.org/")[0] == "example.org"
    resolve_to(monkeypatch, "2606:2800:21f:cb07::1")
    assert reaching.resolve("https://example.org/")[0] == "example.org"
    resolve_to(monkeypatch, "93.184.216.34", address)
    with pytest.raises(reaching.UnreachableError):
        reaching.resolve("https://example.org/")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_loopback_is_reached_only_from_an_installation_on_loopback(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, address)
    assert reaching.resolve("http://example.org/")[0] == "example.org"
    places = settings.PLACES
    public = type(places)(places.home, "https://matters.example.org", "", "", None)
    monkeypatch.setattr(settings, "PLACES", public)
    for scheme in ("http", "https"):
        with pytest.raises(reaching.UnreachableError):
            reaching.resolve(f"{scheme}://example.org/")


def test_what_was_looked_at_is_what_is_connected_to(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "127.0.0.1")
    port = receiver.url.split(":")[2].split("/")[0]
    assert reaching.post(f"http://hooks.example.org:{port}/x", b"{}", {}) == 204
    assert receiver.heard[0][0]["Host"] == f"hooks.example.org:{port}"


def test_answer_that_comes_byte_by_byte_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "_ALTOGETHER", 0.3)
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _address = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 204 No Content\r\nX-Long: ")
            # Whoever waits for all of it is answered in the end, long after the time that is given to it.
            for _ in range(2_000):
                ended.wait(0.05)
                try:
                    connection.sendall(b"x")
                except OSError:
                    return
            connection.sendall(b"\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        with pytest.raises(reaching.UnreachableError):
            reaching.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
        ended.set()
        thread.join()


def test_officer_registers_and_removes_and_others_find_no_page(as_person: As, receiver: Receiver) -> None:
    custodian = as_person(CUSTODIAN)
    page = custodian.post("/caucus/webhooks/", {"w-url": receiver.url}).content.decode()
    webhook = Webhook.objects.get()
    assert build_secret(webhook) in page
    assert build_secret(webhook) not in custodian.get("/caucus/webhooks/").content.decode()
    for other in (RESPONDENT, MANAGER):
        assert as_person(other).get("/caucus/webhooks/").status_code == 404
        assert as_person(other).post(f"/caucus/webhooks/{webhook.pk}/remove/").status_code == 404
    assert custodian.post(f"/caucus/webhooks/{webhook.pk}/remove/").status_code == 302
    assert not Webhook.objects.exists()


def test_address_that_may_not_be_reached_is_told_beside_the_field(as_person: As) -> None:
    response = as_person(CUSTODIAN).post("/caucus/webhooks/", {"w-url": "https://user:secret@127.0.0.1/"})
    assert response.status_code == 422
    assert "public network" in response.content.decode()
    assert not Webhook.objects.exists()


def test_body_is_one_json_object(told: Opened) -> None:
    answer(told)
    assert json.loads(Delivery.objects.get().body)["data"]["matter"] == "row"
