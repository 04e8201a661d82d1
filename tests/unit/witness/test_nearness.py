"""Which addresses lead back to this machine."""

import socket

import pytest

from alteram.adapters.witness import is_on_this_machine


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8300",
        "http://127.9.8.7/w",
        "http://[::1]:8300/",
        "http://localhost:8300",
        "https://LOCALHOST./",
        "http://witness.localhost",
        "http://0.0.0.0:1",
        f"http://{socket.gethostname()}:8300",
    ],
)
def test_address_of_this_machine_is_near(url: str) -> None:
    assert is_on_this_machine(url)


# 192.0.2.0/24 and 2001:db8::/32 are kept for documentation: no machine has them.
@pytest.mark.parametrize("url", ["http://192.0.2.1", "https://[2001:db8::1]/w", "", "not a url", "http://[", "http://"])
def test_address_elsewhere_or_none_is_not(url: str) -> None:
    assert not is_on_this_machine(url, look_up=False)


def test_name_is_looked_up_and_taken_at_its_word_when_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"near.example": "127.0.0.1", "far.example": "192.0.2.1"}

    def look_up(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host not in known:
            raise socket.gaierror("no such name")
        return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", (known[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert is_on_this_machine("http://near.example")
    assert not is_on_this_machine("http://near.example", look_up=False)
    assert not is_on_this_machine("http://far.example")
    assert not is_on_this_machine("http://unknown.example")
