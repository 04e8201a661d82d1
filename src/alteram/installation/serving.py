"""Serve an installation: prepare its database and its static files, then run web workers and jobs until told."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from types import FrameType

from alteram.core.kernel.errors import AlteramError

_SETTINGS = "alteram.installation.settings"
#: Seconds that a process has to end what it began.
_GRACE = 20


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
    """Run the web server and the jobs, each in processes of their own, until a signal; return the exit status.

    When one of them ends by itself the other is stopped too: nothing runs half.
    """
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "5",
        "--log-level", "warning", "alteram.installation.wsgi:application",
    ]  # fmt: skip
    jobs = [sys.executable, "-m", "alteram.installation.jobs"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": _SETTINGS}
    # In sessions of their own: Ctrl-C reaches this process, which tells each of them once. Told twice, granian hangs.
    running = [subprocess.Popen(command, env=environment, start_new_session=True) for command in (web, jobs)]
    told: set[int] = set()

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


def _wait(process: "subprocess.Popen[bytes]") -> int:
    try:
        return process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # with what it started itself
        return process.wait()
