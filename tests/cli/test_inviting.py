"""The way from `alteram init` to the pages: the first link, and where they are served."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.patience import HANGS

Ran = Callable[..., tuple[int, str]]
_PROGRAM = "import sys; from alteram.cli.main import main; sys.argv[0] = 'alteram'; main()"


def run_in(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run the program in a folder; `environment` is what it finds there beside what it always does."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if not key.startswith(("ALTERAM", "DJANGO"))}
        | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGS,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which m02 has founded a club; copied for each test."""
    folder = tmp_path_factory.mktemp("founded")
    club = ("Bowls club", "--secretary", "m02", "--members", "m05", "--rulebook", "small-club")
    assert run_in(folder, "init", *club)[0] == 0
    return folder


@pytest.fixture
def run(tmp_path: Path, founded: Path) -> Ran:
    """The program, in a folder in which m02 has founded a club."""
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    return partial(run_in, tmp_path)


def test_secretary_gets_a_link_once_and_it_is_kept_as_a_digest(run: Ran, tmp_path: Path) -> None:
    status, told = run("invite", "m02", "secretary@club.example", "--json")
    link: str = json.loads(told)["link"]
    assert status == 0
    assert link.startswith("http://localhost:8000/sign-in/link/")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "alteram-data" / "installation").glob("accounts.db*"))
    assert link.rstrip("/").rpartition("/")[2].encode() not in kept
    again, refused = run("invite", "m02", "other@club.example", "--json")
    assert (again, json.loads(refused)["link"]) == (1, None)


def test_link_is_made_without_loading_any_page_and_an_address_of_another_account_gives_none(run: Ran) -> None:
    status, told = run("invite", "m02", "secretary@club.example", PYTHONPROFILEIMPORTTIME="1")
    loaded = set(re.findall(r"\| +(alteram\.[a-z_.]+)", told))
    assert (status, "alteram.installation.first_link" in loaded) == (0, True)
    assert not [one for one in loaded if one.startswith(("alteram.web.", "alteram.api."))]
    status, told = run("invite", "m05", "Secretary@club.example")
    assert (status, told.startswith("REFUSED m05"), "sign-in/link" in told) == (1, True, False)


@pytest.mark.parametrize(
    ("person", "email", "problem"),
    [
        ("m77", "m77@club.example", "no member"),
        ("m05", "club.example", "no e-mail address"),
        ("m05", "m05@club example", "no e-mail address"),
        ("../m05", "m05@club.example", "identifier"),
    ],
)
def test_bad_input_ends_with_two(run: Ran, person: str, email: str, problem: str) -> None:
    status, told = run("invite", person, email)
    assert (status, problem in told) == (2, True), told


def test_port_that_is_taken_is_refused_instead_of_shared(run: Ran) -> None:
    with closing(socket.socket()) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server has it
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, told = run("serve", "--port", str(taken.getsockname()[1]))
    assert status == 2
    assert "Address already in use" in told
    assert "--port" in told


def test_port_that_is_none_is_bad_input(run: Ran) -> None:
    status, told = run("serve", "--port", "65536")
    assert (status, "Traceback" in told) == (2, False)
