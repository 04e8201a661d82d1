"""Programs that answer HTTP on this machine only, each on a port of its own."""

import io
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.patience import HANGS

HOST = "127.0.0.1"


class _ThreadingWSGIServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a simulated crash is meant."""


class _QuietWSGIHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""

    def get_stderr(self) -> Any:
        """Drop traces of simulated crashes."""
        return io.StringIO()


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """Serve a WSGI application from threads; yield its URL."""
    server = make_server(HOST, 0, application, _ThreadingWSGIServer, _QuietWSGIHandler)
    with running(server):
        yield f"http://{HOST}:{server.server_port}"


@contextmanager
def scripted(answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Iterator[str]:
    """Serve whatever `answer(handler, body)` writes, for witnesses and authorities that misbehave; yield the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

        do_GET = do_POST  # noqa: N815 - the name is the base class's

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing: the other side may hang up."""

    server = Server((HOST, 0), Handler)
    with running(server):
        yield f"http://{HOST}:{server.server_port}"


@contextmanager
def running(server: Any) -> Iterator[None]:
    """Run a server of the standard library in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, content_type: str = "text/plain") -> None:
    """Write a whole answer."""
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def find_free_port() -> int:
    """Return a port nobody listens on now, and which nobody is given by chance before it is used.

    The system gives ports from 32768 on to whoever asks for any; each process that runs tests begins elsewhere below.
    """
    return next(port for port in _PORTS if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


_PORTS = (12_000 + number % 20_000 for number in itertools.count(os.getpid() * 97))


@contextmanager
def program(code: str, *arguments: str | Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Python code in a process group of its own until it listens on `port`; kill the group at the end."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
    )
    try:
        _wait_for(port, process)
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a program and all it started, without a chance to finish anything."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + HANGS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the program did not start to listen")
