"""An installation served for real, in processes of its own, as `alteram serve` does it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

from tests.loopback import find_free_port
from tests.patience import HANGS

ROOT = Path(__file__).parents[2]
_PROGRAM = "import sys; from alteram.cli.main import main; sys.argv[0] = 'alteram'; main()"


class Server:
    """An installation that is served, and can be killed and begun again at the same address."""

    def __init__(self, home: Path, printed: IO[bytes], *, clock: Path | None = None, workers: int = 1) -> None:
        """Serve what is in `home`; what is printed goes to `printed`."""
        port, self.home = find_free_port(), home
        self.address = f"http://127.0.0.1:{port}"
        self._environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "ALTERAM_CLOCK": str(clock or "")}
        arguments = ["serve", "--home", home, "--address", self.address, "--port", port, "--workers", workers]
        self._command, self._printed = [sys.executable, "-c", _PROGRAM, *map(str, arguments)], printed
        self.begin()

    def begin(self) -> None:
        """Begin to serve, and return once it answers."""
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stdout=self._printed, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(self.address, self._process)
        except BaseException:
            self.kill()  # nothing goes on running behind a test that failed
            raise

    def kill(self) -> None:
        """Kill every process of it, as when the machine stops."""
        if self._process.poll() is None:
            for number in (*_find_children(self._process.pid), self._process.pid):
                os.kill(number, signal.SIGKILL)
        self._process.wait()

    def end(self) -> int:
        """End it, and return its status."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=HANGS)


@contextmanager
def serving(home: Path, *, clock: Path | None = None, workers: int = 1) -> Iterator[Server]:
    """Serve what is in `home`; yield what serves it."""
    with tempfile.TemporaryFile() as printed:  # a pipe that nobody reads would stop the server once it is full
        server = Server(home, printed, clock=clock, workers=workers)
        try:
            yield server
        finally:
            status = server.end()
            printed.seek(0)
            sys.stdout.write(printed.read().decode()[-5000:])  # shown where the test fails
            assert status == 0


@contextmanager
def served(home: Path, *, clock: Path | None = None, workers: int = 1) -> Iterator[str]:
    """Serve what is in `home`; yield its address. `clock`: a file with seconds to add to the clock."""
    with serving(home, clock=clock, workers=workers) as server:
        yield server.address


def _find_children(parent: int) -> list[int]:
    """Return the processes that a process began, and those that they began, the youngest first."""
    found = []
    for name in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in map(int, name.read_text().split()):
            found += [*_find_children(child), child]
    return found


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + HANGS
    while True:
        try:
            httpx.get(address, timeout=5)
        except httpx.TransportError:
            assert process.poll() is None, "the server ended by itself"
            assert time.monotonic() < until, "the server did not begin"
            time.sleep(0.2)
        else:
            return
