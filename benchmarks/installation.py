"""An installation served for real, by `alteram serve` with its two workers and its jobs: begun, weighed, killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.loopback import find_free_port
from tests.web.serving import ROOT

_PROGRAM = "import sys; from alteram.cli.main import main; sys.argv[0] = 'alteram'; main()"
_SESSIONS = """
import sys
from alteram.installation.serving import set_up
set_up()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from alteram.installation.signing_in import invite
organisation, *people = sys.argv[1:]
for person in people:
    account = invite(organisation, person, f"{person}@bench.invalid")
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    print(session.session_key)
"""


class Served(NamedTuple):
    address: str
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def processes(self) -> list[int]:
        """The one that was started, and all that it started."""
        found = [self.process.pid]
        for one in found:
            with suppress(OSError):
                children = [path.read_text() for path in Path(f"/proc/{one}/task").glob("*/children")]
                found += [int(child) for child in " ".join(children).split()]
        return found

    def mebibytes(self) -> tuple[float, float]:
        """What all of them hold: each page once, and each page as often as somebody holds it."""
        told = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in self.processes()]
        sums = [sum(_read(one, name) for one in told) / 1024 for name in ("Pss", "Rss")]
        return sums[0], sums[1]

    def kill(self) -> None:
        """kill -9, all at once."""
        for one in self.processes():
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()

    def sign_in(self, organisation: str, *people: str) -> list[str]:
        """The session of each, as a browser keeps it."""
        command = [sys.executable, "-c", _SESSIONS, organisation, *people]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.split()


def _read(told: str, name: str) -> int:
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith(f"{name}:"))


@contextmanager
def served(home: Path, accounts: str = "") -> Iterator[Served]:
    """Serve what is in `home`; `accounts` is a PostgreSQL URL, without it they are in a file."""
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "ALTERAM_HOME": str(home)}
    environment |= {"ALTERAM_ADDRESS": address, "ALTERAM_ACCOUNTS": accounts}
    command = [sys.executable, "-c", _PROGRAM, "serve", "--home", str(home), "--address", address, "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    one = Served(address, environment, process)
    try:
        _wait_for(one)
        yield one
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def _wait_for(one: Served) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert one.process.poll() is None, "the server ended by itself"
        with suppress(httpx.TransportError):
            httpx.get(one.address, timeout=5)
            return
        time.sleep(0.2)
    raise AssertionError("the server did not begin")
