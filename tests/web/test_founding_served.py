"""First run for real: `alteram serve` on an empty folder, founding in a browser without script, and what axe says."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.loopback import find_free_port
from tests.patience import HANGS
from tests.web.serving import ROOT, served

_PROGRAM = "from alteram.cli.main import main; main()"
PEOPLE = "identifier,name,email\nm01,The president,m01@club.invalid\nm02,The secretary,m02@club.invalid\n"


def test_serving_an_empty_folder_tells_where_to_found_and_the_code(tmp_path: Path) -> None:
    port = find_free_port()
    arguments = ["serve", "--home", str(tmp_path), "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": f"{ROOT / 'src'}", "PYTHONUNBUFFERED": "1", "PATH": "/usr/bin:/bin"},
    )
    assert process.stdout is not None
    with closing(process.stdout) as printed:
        lines = [printed.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=HANGS)
    assert re.search(r"http://localhost:\d+/found/", lines[1])
    assert lines[2].split()[-1] == (tmp_path / "installation" / "setup.code").read_text().strip()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """An installation with nothing in it, served."""
    home = tmp_path_factory.mktemp("empty")
    with served(home) as address:
        yield home, address


@pytest.fixture
def without_script(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(java_script_enabled=False)
    yield context
    context.close()


def _found(page: Page, home: Path, address: str, name: str) -> None:
    page.goto(f"{address}/found/")
    page.get_by_label("Setup code").fill((home / "installation" / "setup.code").read_text().strip())
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Name of the organisation").fill(name)
    page.get_by_label("What kind of organisation is it?").fill("club")
    page.get_by_label("Whose law applies?").fill("NZ")
    page.get_by_label("Time zone").select_option("Pacific/Auckland")
    page.get_by_label("Your identifier").fill("m02")
    page.get_by_label("Your name").fill("The secretary")
    page.get_by_label("Your e-mail address").fill("m02@club.invalid")
    page.get_by_role("button", name="Go on to its rules").click()
    page.get_by_label("Rules of a small club").check()
    page.get_by_role("button", name="Go on to the standards").click()
    page.get_by_role("button", name="Go on to its people").click()
    page.get_by_label("People").fill(PEOPLE)
    page.get_by_role("button", name="Go on to offices").click()
    page.locator("select[name='office.president']").select_option("m01")
    page.get_by_role("button", name="Go on to mail").click()
    page.get_by_role("link", name="Go on and look over it").click()


def test_organisation_is_founded_without_script_and_reports_can_follow(
    empty: tuple[Path, str], without_script: BrowserContext
) -> None:
    home, address = empty
    page = without_script.new_page()
    _found(page, home, address, "Bowls club")
    page.get_by_role("button", name="Found it now").click()
    page.get_by_role("heading", name="Bowls club is founded").wait_for()
    page.get_by_role("link", name="Sign in").last.click()
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Not now").click()
    page.get_by_role("link", name="Members").click()
    page.get_by_role("row", name="President").first.wait_for()
    page.get_by_role("link", name="Health").click()
    # The work outside requests, which `alteram serve` began before there was an organisation, has taken it up.
    until = time.monotonic() + HANGS
    for row, word in (("Work outside requests", "done"), ("Public log", "well")):
        while not page.get_by_role("row", name=row).get_by_text(word, exact=True).count():
            assert time.monotonic() < until, page.locator("main").inner_text()
            page.wait_for_timeout(500)
            page.reload()


def test_pages_of_founding_have_no_fault_that_axe_finds(empty: tuple[Path, str], chromium: Browser) -> None:
    home, address = empty
    context = chromium.new_context()
    page = context.new_page()
    _found(page, home, address, "Another club")
    faults = []
    for step in ("organisation", "rulebook", "people", "offices", "mail", "check"):
        page.goto(f"{address}/found/{step}/")
        faults += [f"{step}: {one['id']}" for one in Axe().run(page).response["violations"]]
    context.close()
    assert not faults
