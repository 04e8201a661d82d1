"""Shared by every test: no network beyond this machine, one Hypothesis profile."""

import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("alteram", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("alteram")


class NetworkIsOffError(AssertionError):
    """A test tried to reach another machine."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise NetworkIsOffError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
