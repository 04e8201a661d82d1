"""Shared by every test: no network beyond this machine, one Hypothesis profile, a PostgreSQL for those that ask."""

import os
import socket
import tempfile
from collections.abc import Callable, Generator, Iterator
from typing import Any

import coverage
import django
import pytest
from hypothesis import HealthCheck, settings

from tests.measuring import is_measured
from tests.postgresql import Server, find_bundled_server, find_debian_server, serve

os.environ["DJANGO_SETTINGS_MODULE"] = "alteram.installation.settings"
with tempfile.TemporaryDirectory() as _home:
    # The settings are read once; where they say the installation is, a test that needs one says for itself.
    os.environ["ALTERAM_HOME"] = _home
    django.setup()
del os.environ["ALTERAM_HOME"]

# Each run draws the same examples, so that it fails for a change and never by chance; `make faults` draws others.
settings.register_profile(
    "alteram",
    deadline=None,
    derandomize="ALTERAM_DRAW_ANEW" not in os.environ,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("alteram")

_HERE = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}  # noqa: S104 - names of this machine; nothing binds
#: Files that take a minute: begun last, each would leave one of two processes idle for as long.
_FIRST = {"test_the_night_before.py", "test_every_address.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest."""
    items.sort(key=lambda item: item.path.name not in _FIRST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Stop measuring for a test that is not measured, its fixtures too."""
    measuring = coverage.Coverage.current()
    if measuring is None or is_measured(item.path):
        return (yield)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()


class NetworkIsOffError(AssertionError):
    """A test tried to reach another machine."""


def _refuse_elsewhere(host: object) -> None:
    if (host.decode() if isinstance(host, bytes) else host) not in _HERE:
        raise NetworkIsOffError(f"a test tried to reach {host!r}")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, *arguments: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                _refuse_elsewhere(arguments[-1][0])  # an address comes last in each of them
            return method(self, *arguments)

        return call

    def resolve(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_elsewhere(host)
        return resolve_anywhere(host, *arguments, **options)

    resolve_anywhere = socket.getaddrinfo
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server, one for each process that runs tests."""
    with serve(find_debian_server() or find_bundled_server()) as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """A fresh database with the record's tables, for one test."""
    with postgresql_server.fresh_database() as url:
        yield url
