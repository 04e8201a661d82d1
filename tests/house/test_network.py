"""The network is off in tests, this machine excepted."""

import socket

import httpx
import pytest

from tests.conftest import NetworkIsOffError

ELSEWHERE = "192.0.2.1"  # reserved for documentation


def test_connecting_to_another_machine_is_refused() -> None:
    with socket.socket() as one, pytest.raises(NetworkIsOffError):
        one.connect((ELSEWHERE, 80))


def test_connecting_without_exceptions_to_another_machine_is_refused() -> None:
    with socket.socket() as one, pytest.raises(NetworkIsOffError):
        one.connect_ex((ELSEWHERE, 80))


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(NetworkIsOffError):
        one.sendto(b"", (ELSEWHERE, 53))


def test_asking_for_the_address_of_another_machine_is_refused() -> None:
    with pytest.raises(NetworkIsOffError):
        socket.getaddrinfo("example.org", 443)


def test_a_request_to_another_machine_is_refused() -> None:
    with pytest.raises(NetworkIsOffError):
        httpx.get("http://example.org/", trust_env=False)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"x")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(1) == b"x"
