"""A large file in a real browser, to a real server: it is killed in the middle, begun again, and the file goes on.

The page that was open goes on by itself; a page that is opened anew asks for the same file, and takes no other.
"""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.patience import HANGS
from tests.web.links import make_links
from tests.web.scenes import CAUCUS, COMPLAINANT
from tests.web.serving import Server, serving

LODGE = "/caucus/matters/row/lodge/"
MEGA = 1 << 20
#: Sent in three parts.
SIZE = 9 * MEGA


@pytest.fixture(scope="module")
def server(caucus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("uploading")
    shutil.copytree(caucus_folder, home, dirs_exist_ok=True)
    with serving(home) as one:
        yield one


@pytest.fixture(scope="module")
def link(server: Server) -> str:
    return make_links(server.home, server.address, CAUCUS, [COMPLAINANT])[0]


@pytest.fixture
def page(server: Server, link: str, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(link)
    page.locator("main button").first.click()
    page.goto(server.address + LODGE)
    yield page
    context.close()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    file = tmp_path / "long call.bin"
    file.write_bytes(b"".join(bytes([number]) * MEGA for number in range(SIZE // MEGA)))
    return file


class Gate:
    """Lets so many parts through, and holds the next back until it is opened."""

    def __init__(self, page: Page, most: int) -> None:
        self.sent, self._most, self._held = 0, most, list[Route]()
        page.route("**/uploads/*/", self._answer)

    def _answer(self, route: Route) -> None:
        if route.request.method == "PATCH":
            if self.sent == self._most:
                self._held.append(route)
                return
            self.sent += 1
        route.continue_()

    def lose(self, page: Page) -> None:
        """Wait for the part that is held back, and lose it: else it may slip through when the page is left."""
        until = time.monotonic() + HANGS
        while not self._held:
            assert time.monotonic() < until, "no part was held back"
            page.wait_for_timeout(20)
        self._abort()

    def open(self) -> None:
        self._most = -1
        self._abort()

    def _abort(self) -> None:
        held, self._held = self._held, []
        for route in held:
            route.abort()


def fill(page: Page, exhibit: str) -> None:
    page.locator("[name=a-exhibit]").last.fill(exhibit)
    page.locator("[name=a-kind]").select_option("document")
    page.locator("[name=a-obtained]").select_option("given")


def test_open_page_goes_on_by_itself_after_the_server_was_killed_and_then_sends_its_form(
    server: Server, page: Page, large: Path
) -> None:
    gate = Gate(page, 1)
    fill(page, "call")
    page.locator("#id_file").set_input_files(large)
    expect(page.locator("#upload-far")).to_have_text("4 of 9 MB")
    page.locator("form.act > p > button").click()
    expect(page.locator("#upload-state")).to_contain_text("as soon as the file has arrived")
    server.kill()
    gate.open()
    expect(page.locator("#upload-state")).to_contain_text("goes on by itself")
    server.begin()
    page.wait_for_url("**/lodge/*/")
    see_lodged(page)
    page.get_by_role("link", name="Look at the exhibit").click()
    expect(page.locator("main")).to_contain_text("long call.bin")


def see_lodged(page: Page) -> None:
    """Ask how far the job is, as people do, until it is done."""
    until = time.monotonic() + HANGS
    while not page.get_by_text("Lodged.", exact=True).count():
        assert time.monotonic() < until, page.locator("main").inner_text()
        page.wait_for_timeout(250)
        page.reload()


def test_page_that_is_opened_anew_takes_the_same_file_and_no_other_and_sends_only_the_rest(
    server: Server, page: Page, large: Path, tmp_path: Path
) -> None:
    first = Gate(page, 1)
    page.locator("#id_file").set_input_files(large)
    expect(page.locator("#upload-far")).to_have_text("4 of 9 MB")
    first.lose(page)
    page.goto("about:blank")
    page.unroute_all(behavior="ignoreErrors")
    page.goto(server.address + LODGE)
    expect(page.locator("main")).to_contain_text("4.0\u00a0MB of 9.0\u00a0MB have arrived")
    other = tmp_path / "other" / large.name
    other.parent.mkdir()
    other.write_bytes(b"x" + large.read_bytes()[1:])
    shutil.copystat(large, other)
    page.locator("#id_file").set_input_files(other)
    expect(page.locator("#upload-state")).to_contain_text("another file")
    # Pressing the button all the same sends nothing.
    page.locator("form.act > p > button").click()
    expect(page.locator("#id_file")).to_be_focused()
    assert page.url == server.address + LODGE
    gate = Gate(page, 9)
    page.locator("#id_file").set_input_files(large)
    expect(page.locator("#upload-state")).to_contain_text("whole file has arrived")
    assert page.locator("#upload-progress").evaluate("one => one.value") == 1
    assert gate.sent == 2


def test_upload_is_paused_goes_on_and_is_deleted(server: Server, page: Page, large: Path) -> None:
    gate = Gate(page, 1)
    large = large.rename(large.with_name("paused.bin"))
    page.locator("#id_file").set_input_files(large)
    expect(page.locator("#upload-far")).to_have_text("4 of 9 MB")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#upload-state")).to_contain_text("Paused")
    # What was pressed is hidden: whoever uses the keyboard is on what takes its place.
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    gate.open()
    page.wait_for_timeout(300)
    expect(page.locator("#upload-state")).to_contain_text("Paused")
    assert page.locator("#upload-far").inner_text() == "4 of 9 MB"
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#upload-state")).to_contain_text("whole file has arrived")
    expect(page.get_by_role("button", name="Stop, and delete")).to_be_focused()
    page.get_by_role("button", name="Stop, and delete").click()
    expect(page.locator("#upload-state")).to_contain_text("deleted")
    expect(page.locator("#id_file")).to_be_focused()
    page.goto(server.address + LODGE)
    expect(page.locator("main")).not_to_contain_text("paused.bin")
