"""The demonstration on a terminal: it serves its pages, each part can sign in, and Ctrl-C ends it."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from alteram.cli.demo_serving import find_demo_port
from tests.loopback import find_free_port
from tests.patience import HANGS

ROOT = Path(__file__).parents[2]
_PROGRAM = "import sys; from alteram.cli.main import main; sys.argv[0] = 'alteram'; main()"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Terminal:
    """A program on a terminal of its own, and all that it has printed."""

    def __init__(self, *arguments: str) -> None:
        self.end, theirs = pty.openpty()
        # Wide enough that no link is broken over two lines.
        environment = {**os.environ, "COLUMNS": "200", "ONCE": ""}
        command = [sys.executable, "-c", _PROGRAM, *arguments]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=environment
        )
        os.close(theirs)
        self.printed = ""

    def read_until(self, text: str) -> None:
        until = time.monotonic() + HANGS
        while text not in self.printed and time.monotonic() < until:
            if select.select([self.end], [], [], 1)[0]:
                self.printed += os.read(self.end, 65536).decode(errors="replace")
        assert text in self.printed, self.printed[-3000:]

    def drain(self) -> None:
        def read() -> None:
            while True:
                try:
                    self.printed += os.read(self.end, 65536).decode(errors="replace")
                except OSError:
                    return

        threading.Thread(target=read, daemon=True).start()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("demo") / "left"
    terminal = Terminal("demo", "--folder", str(folder), "--port", str(find_free_port()))
    try:
        terminal.read_until("Ctrl-C ends it.")
        terminal.drain()
        yield terminal
    finally:
        terminal.process.send_signal(signal.SIGINT)
        try:
            assert terminal.process.wait(HANGS) == 0, terminal.printed[-3000:]
        finally:
            os.close(terminal.end)


@pytest.mark.parametrize(
    "part",
    [
        "Respondent", "Complainant", "Case manager", "Investigator", "Witness", "Chair", "Decider", "Scrutineer",
        "Appeal panel", "Custodian", "Secretary",
    ],
)  # fmt: skip
def test_each_part_has_a_link_that_signs_in(demo: Terminal, part: str) -> None:
    found = re.search(rf"{part} +(http://127\.0\.0\.1:\d+/sign-in/link/[\w-]+/)", demo.printed)
    assert found is not None, demo.printed[-3000:]
    with httpx.Client(follow_redirects=True, timeout=HANGS) as browser:
        page = wait_for(browser, found[1])
        token = _TOKEN.search(page.text)
        assert token is not None
        origin = str(page.url.join("/"))[:-1]
        browser.post(found[1], data={"csrfmiddlewaretoken": token[1]}, headers={"Origin": origin})
        mine = browser.get(f"{origin}/caucus/")
        assert (mine.status_code, mine.url.path) == (200, "/caucus/")


def wait_for(browser: httpx.Client, address: str) -> httpx.Response:
    """Ask until the server answers: it tells its address when it begins, not when it has begun."""
    until = time.monotonic() + HANGS
    while True:
        try:
            return browser.get(address)
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_port_at_which_another_demonstration_is_open_is_passed_over() -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken: int = other.getsockname()[1]
        assert taken < find_demo_port(taken) < taken + 10
