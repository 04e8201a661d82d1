"""Serve an installation: prepare its database and its static files, then run web workers and jobs until told."""

import ctypes
import gc
import multiprocessing
import os
import resource
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from alteram.core.kernel.errors import AlteramError

_SETTINGS = "alteram.installation.settings"
#: Seconds that a process has to end what it began, on a busy machine too.
_GRACE = 60
#: What the C library calls the number of heaps that threads are dealt, and how many they get: each keeps what is freed.
_M_ARENA_MAX, _HEAPS = -8, 2
_NEEDED = (
    "alteram.installation.served",
    "alteram.installation.jobs.running",
    "alteram.installation.jobs.long",
    "granian.server",
)
#: How many connections each process holds. Each takes a file of the system's; two for what is put aside or opened.
_CONNECTIONS = 1000


def prepare() -> None:
    """Bring the tables of accounts up to date and collect the static files. Safe to do again."""
    prepare_accounts()
    from django.core.management import call_command  # noqa: PLC0415 - Django first needs its settings

    call_command("collectstatic", interactive=False, verbosity=0)


def prepare_accounts() -> None:
    """Bring the tables of accounts up to date. Safe to do again."""
    set_up()
    from django.core.management import call_command  # noqa: PLC0415 - as above

    call_command("migrate", interactive=False, verbosity=0)


class ServingError(AlteramError):
    """It cannot be served there."""


def need_free_port(host: str, port: int) -> None:
    """Refuse a port that something listens at already. Raises: ServingError.

    The web server would share it without a word, and each page would come from one or the other.
    """
    try:
        family, _kind, _protocol, _name, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, socket.SOCK_STREAM)) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what has just ended is not in the way
            one.bind(place)
    except OSError as error:
        problem = f"Nothing can be served at {host}, port {port}: {error.strerror or error}."
        raise ServingError(problem, remedy="Choose another port: --port 8001") from error


def set_up() -> None:
    """Let Django read its settings from the environment as it is now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    import django  # noqa: PLC0415 - as above

    django.setup()


def serve(host: str, port: int, *, workers: int = 2, ready: Callable[[], None] = lambda: None) -> int:
    """Run web server, jobs and long work, each in processes of its own, until a signal; return the exit status.

    When one of them ends by itself the other is stopped too: nothing runs half. What they all need is loaded here,
    once; they begin as forks of this process and hold it together.
    """
    load()
    fork = multiprocessing.get_context("fork")
    running = [
        fork.Process(target=_answer, args=(host, port, workers)),
        fork.Process(target=_work),
        fork.Process(target=_work_long),
    ]
    for one in running:
        one.start()
    told: set[int | None] = set()

    def stop(number: int = 0, frame: FrameType | None = None) -> None:
        del number, frame
        for one in running:
            if one.pid not in told:
                told.add(one.pid)
                one.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    ready()
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    stop()
    statuses = [_wait(one) for one in running]
    return max((abs(status) for status in statuses if status not in {0, -signal.SIGTERM}), default=0)


def load() -> None:
    """Load all that answers and works, and leave nothing open that a fork may not share.

    A fork shares pages until somebody writes to them, as the collector does to whatever it looks at: what lives to the
    end is kept from it. docs/explanation/speed.md says what each of this saves.
    """
    if hasattr(c_library := ctypes.CDLL(None), "mallopt"):
        c_library.mallopt(_M_ARENA_MAX, _HEAPS)
    set_up()
    from django.db import connections  # noqa: PLC0415 - as above
    from django.urls import get_resolver  # noqa: PLC0415 - as above

    from alteram.installation.organisations import close_organisations  # noqa: PLC0415 - as above

    for name in _NEEDED:
        import_module(name)
    get_resolver().resolve("/")
    close_organisations()
    connections.close_all()
    gc.collect()
    gc.freeze()


def _answer(host: str, port: int, workers: int) -> None:
    _leave()
    _allow_files(3 * _CONNECTIONS)
    multiprocessing.set_start_method("fork", force=True)
    from granian import Granian  # noqa: PLC0415 - whoever only prepares has no need to load a server
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 - as above
    from granian.http import HTTP1Settings  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above

    server: Any = Granian(
        "alteram.installation.served:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=15_000, max_buffer_size=1 << 16),
        backlog=_CONNECTIONS,
        backpressure=_CONNECTIONS,
        websockets=False,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    )
    server.serve()


def _work() -> None:
    _leave()
    from alteram.installation.jobs.running import run_until_told  # noqa: PLC0415 - as above

    run_until_told()


def _work_long() -> None:
    _leave()
    from alteram.installation.jobs.long import run_long_work  # noqa: PLC0415 - as above

    run_long_work()


def _leave() -> None:
    """Be in a session of one's own: Ctrl-C reaches who waits, who tells each once. Told twice, granian hangs."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def _allow_files(wanted: int) -> None:
    """Let processes that are started from now on hold so many files open, as far as the system lets them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _wait(process: BaseProcess) -> int:
    process.join(_GRACE)
    if process.exitcode is None:
        os.killpg(process.pid or 0, signal.SIGKILL)  # with what it started itself
        process.join()
    return process.exitcode or 0
