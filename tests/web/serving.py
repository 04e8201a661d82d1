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

import httpx

from tests.loopback import find_free_port

ROOT = Path(__file__).parents[2]
_PROGRAM = "import sys; from alteram.cli.main import main; sys.argv[0] = 'alteram'; main()"


@contextmanager
def served(home: Path, *, clock: Path | None = None, workers: int = 1) -> Iterator[str]:
    """Serve what is in `home`; yield its address. `clock`: a file with seconds to add to the clock."""
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "ALTERAM_CLOCK": str(clock or "")}
    arguments = ["serve", "--home", home, "--address", address, "--port", port, "--workers", workers]
    command = [sys.executable, "-c", _PROGRAM, *map(str, arguments)]
    with tempfile.TemporaryFile() as printed:  # a pipe that nobody reads would stop the server once it is full
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=printed, stderr=subprocess.STDOUT)
        try:
            _wait_for(address, process)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            printed.seek(0)
            sys.stdout.write(printed.read().decode()[-5000:])  # shown where the test fails
            assert process.returncode == 0


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while True:
        try:
            httpx.get(address, timeout=5)
        except httpx.TransportError:
            assert process.poll() is None, "the server ended by itself"
            assert time.monotonic() < until, "the server did not begin"
            time.sleep(0.2)
        else:
            return
