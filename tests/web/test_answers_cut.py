"""An answer that breaks off is an error for whoever was sent it, also where nobody said how long it would be."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.loopback import find_free_port
from tests.patience import HANGS

PART = 1 << 18
SERVED = f"""
import pathlib, sys
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from alteram.installation.front.application import Front

class Parts:
    streaming = True
    def __init__(self, breaks):
        self.breaks = breaks
    def __iter__(self):
        for _ in range(4):
            yield bytes({PART})
        if self.breaks:
            raise ValueError("what nobody else is to read")

def answer(environ, start):
    told = [("content-length", str(5 * {PART}))] if "long" in environ["PATH_INFO"] else []
    start("200 OK", told)
    return Parts("broken" in environ["PATH_INFO"])

application = Front(answer, pathlib.Path(sys.argv[1]), lambda path: False)
if __name__ == "__main__":
    Granian("served:application", address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.RSGI,
            http=HTTPModes.http1, websockets=False).serve()
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder, port = tmp_path_factory.mktemp("served"), find_free_port()
    (folder / "served.py").write_text(SERVED)
    told = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    with (folder / "log").open("wb") as log:
        command = [sys.executable, str(folder / "served.py"), str(folder), str(port)]
        process = subprocess.Popen(command, env=told, stdout=log, stderr=log)
    try:
        until = time.monotonic() + HANGS
        while not answers(port):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(HANGS)
    assert "nobody else" not in (folder / "log").read_text()
    assert "ValueError" in (folder / "log").read_text()


def answers(port: int) -> bool:
    try:
        return len(ask(port, "/whole")) == 4 * PART
    except ConnectionError:
        return False


def ask(port: int, path: str, *, version: int = 11) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS)
    connection._http_vsn = version  # type: ignore[attr-defined]  # there is no other way to speak HTTP/1.0
    connection._http_vsn_str = f"HTTP/1.{version - 10}"  # type: ignore[attr-defined]  # as above
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/broken", "/broken/long"])
@pytest.mark.parametrize("version", [10, 11])
def test_answer_that_breaks_off_is_an_error_for_who_asked(port: int, path: str, version: int) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(port, path, version=version)


def test_others_are_not_cut_with_it(port: int) -> None:
    other = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS)
    other.request("GET", "/whole")
    answer = other.getresponse()
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(port, "/broken")
    assert len(answer.read()) == 4 * PART
    other.request("GET", "/whole")
    assert len(other.getresponse().read()) == 4 * PART
    other.close()
