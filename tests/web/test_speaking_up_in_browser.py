"""Speaking up in a real browser, with script and without: the same journey, and what script adds to it."""

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, Request, expect

from alteram.bootstrap import open_folder
from alteram.core.acts import ReportLodged
from alteram.core.kernel.identifiers import StreamId
from alteram.core.vault import derive_pseudonym, derive_sign_in, parse_phrase
from alteram.operations.questions import get_facts
from tests.patience import HANGS
from tests.web.scenes import CAUCUS
from tests.web.serving import served

FILE = b"seen" * 50_000


@dataclass(slots=True)
class Visit:
    """Somebody in a browser of their own; what it sent is kept, and what it complained of fails the test."""

    page: Page
    start: str
    sent: list[str] = field(default_factory=list)

    def look(self, *, script: bool) -> None:
        """Check the page that is open for what keeps people out (it takes script to look)."""
        if script:
            found = Axe().run(self.page)
            assert not found.response["violations"], found.generate_report()

    def note(self, request: Request) -> None:
        """Keep what is sent, and refuse that anything goes elsewhere."""
        assert request.url.startswith((self.start.partition("/caucus/")[0], "data:", "blob:")), request.url
        self.sent.append(f"{request.url} {(request.post_data_buffer or b'').decode('utf-8', 'replace')}")


@pytest.fixture(scope="module")
def home(caucus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speaking")
    shutil.copytree(caucus_folder, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with served(home) as address:
        yield f"{address}/caucus/speak-up/"


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs script."""
    return bool(request.param)


#: For what only script does.
only_with_script = pytest.mark.parametrize("script", [True], ids=["script"])


@pytest.fixture
def visit(chromium: Browser, address: str, script: bool) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1000, "height": 900}, java_script_enabled=script)
    page = context.new_page()
    visit, complaints = Visit(page, address), list[str]()
    page.on("request", lambda request: visit.note(request))  # noqa: PLW0108 - it marks what it is given, which has slots
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield visit
    context.close()
    assert not complaints


def _choose(visit: Visit, about: str = "Something that happened", identity: str = "Without my name") -> None:
    page = visit.page
    page.goto(visit.start)
    page.get_by_label(about).check()
    page.get_by_label(identity, exact=True).check()
    page.get_by_role("button", name="Go on to the questions").click()


def _send(visit: Visit, text: str) -> list[str]:
    """Send a report with a file; return the words that are shown."""
    page = visit.page
    page.get_by_label("What happened?").fill(text)
    page.get_by_label("Files").set_input_files(FilePayload(name="a.txt", mimeType="text/plain", buffer=FILE))
    page.get_by_role("button", name="Send the report").click()
    page.locator(".phrase li").nth(11).wait_for()
    return page.locator(".phrase li").all_inner_texts()


def _confirm(visit: Visit, words: list[str]) -> None:
    page = visit.page
    page.get_by_role("button", name="I have written it down").click()
    labels = page.locator("label:visible", has_text="Word number")
    labels.nth(1).wait_for()
    for label in labels.all_inner_texts():
        place = re.search(r"\d+", label)
        assert place is not None
        page.get_by_label(label, exact=True).fill(words[int(place[0]) - 1])
    page.get_by_role("button", name="Check").click()
    page.wait_for_url("**/speak-up/mine/2*/")


def test_report_is_sent_confirmed_left_and_come_back_to(visit: Visit, home: Path, script: bool) -> None:
    page = visit.page
    page.goto(visit.start)
    visit.look(script=script)
    _choose(visit)
    visit.look(script=script)
    words = _send(visit, "The door was locked.")
    visit.look(script=script)
    _confirm(visit, words)
    visit.look(script=script)
    mine = page.url
    page.get_by_role("link", name="Print the receipt").click()
    visit.look(script=script)
    page.go_back()
    page.get_by_role("link", name="Add to my report").click()
    visit.look(script=script)
    page.get_by_label("What do you want to say?").fill("It was the back door.")
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("It was the back door.").wait_for()

    page.get_by_role("button", name="Leave quickly").click()
    page.wait_for_url("**/leave/")
    page.goto(mine)
    page.get_by_role("heading", name="Come back to my report").wait_for()
    visit.look(script=script)
    page.get_by_label("Your receipt phrase").fill(" ".join(word[:4] for word in words))
    page.get_by_role("button", name="Come back").click()
    page.wait_for_url(mine)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="a.txt").click()
    assert downloading.value.path().read_bytes() == FILE

    phrase, spelled = " ".join(words), re.compile(r"\b{}\W+{}\b".format(*words[:2]))
    # Without script the phrase has to be sent to come back.
    assert not (script and any(spelled.search(one) for one in visit.sent))
    sign_in = derive_sign_in(parse_phrase(phrase), CAUCUS)
    assert any(sign_in.hex() in one for one in visit.sent) is script
    assert _find_reporter(home, mine) == derive_pseudonym(sign_in, CAUCUS)


def _find_reporter(home: Path, mine: str) -> str | None:
    opened = open_folder(home)
    try:
        matter = StreamId(mine.rstrip("/").rpartition("/")[2])
        return get_facts(opened.organisation, matter).matter.all(ReportLodged)[0].actor
    finally:
        opened.close()


def test_questions_adapt_in_place_with_script(visit: Visit, script: bool) -> None:
    page = visit.page
    _choose(visit)
    where, since, name = (page.locator(f"[name={one}]") for one in ("where", "since", "name"))
    where.wait_for()
    assert [one.is_visible() for one in (where, since, name)] == [True, False, False]
    page.get_by_label("How things are done here").check()
    page.get_by_label("With my name, protected").check()
    changed = [one.is_visible() for one in (where, since, name)]
    assert changed == ([False, True, True] if script else [True, False, False])


def test_draft_is_offered_only_where_it_can_be_kept(visit: Visit, script: bool) -> None:
    _choose(visit)
    offer = visit.page.get_by_label("Keep a draft on this device until I send it")
    visit.page.get_by_label("What happened?").wait_for()
    expect(offer).to_be_visible(visible=script)


@only_with_script
def test_draft_is_kept_only_where_it_was_asked_for_and_until_it_was_sent(visit: Visit) -> None:
    page = visit.page
    _choose(visit)
    keep = page.get_by_label("Keep a draft on this device until I send it")
    text = page.get_by_label("What happened?")
    assert not keep.is_checked()
    text.fill("Not to be kept.")
    page.reload()
    assert page.evaluate("localStorage.length") == 0
    keep.check()
    text.fill("To be kept.")
    _choose(visit)
    expect(text).to_have_value("To be kept.")
    page.get_by_role("button", name="Delete the draft").click()
    assert page.evaluate("localStorage.length") == 0
    keep.check()
    text.fill("To be sent.")
    _send(visit, "It is sent.")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@only_with_script
def test_mistyped_phrase_is_told_in_the_page_and_not_sent(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.start}return/")
    for typed, told in (
        ("abandon " * 11, "A receipt phrase has 12 words."),
        ("abandon " * 11 + "qqqq", "qqqq"),
        ("abandon " * 12, "do not belong together"),
    ):
        page.get_by_label("Your receipt phrase").fill(typed)
        page.get_by_role("button", name="Come back").click()
        page.locator("[data-problem]", has_text=told).wait_for()
    assert not any("abandon" in one for one in visit.sent if "receipt-words" not in one)


@only_with_script
def test_receipt_is_checked_in_the_browser_without_its_content(visit: Visit, home: Path, tmp_path: Path) -> None:
    page = visit.page
    _choose(visit)
    _confirm(visit, _send(visit, "The window was open."))
    page.get_by_role("link", name="Print the receipt").click()
    _wait_for_the_log(page)
    files = [tmp_path / "report.tlog-proof", tmp_path / "report.sd-jwt"]
    for name, path in zip(("The proof", "The withheld entry"), files, strict=True):
        with page.expect_download() as downloading:
            page.get_by_role("link", name=name).click()
        downloading.value.save_as(path)
    page.locator("main").get_by_role("link", name="Check an export or a receipt").click()
    page.locator("#check-files").set_input_files(files)
    page.locator("summary", has_text="Whom do you trust?").click()
    page.locator("#check-policy").fill((home / "policy").read_text())
    page.get_by_role("button", name="Check").click()
    results = page.locator("[data-results]")
    results.locator(".PASS").first.wait_for()
    assert results.locator(".FAIL").count() == 0
    assert "The window was open." not in results.inner_text()


def _wait_for_the_log(page: Page) -> None:
    until = time.monotonic() + HANGS
    while not page.get_by_role("link", name="The proof").count():
        assert time.monotonic() < until, "the report did not come into the log"
        page.wait_for_timeout(500)
        page.reload()


@only_with_script
def test_phrase_that_was_shown_is_not_shown_again(visit: Visit) -> None:
    _choose(visit)
    _send(visit, "It happened.")
    visit.page.evaluate("document.dispatchEvent(new Event('DOMContentLoaded'))")
    assert visit.page.locator("[data-lost]").is_visible()


def test_files_that_were_sent_are_on_disk_sealed(home: Path) -> None:
    kept = [path.read_bytes() for path in (home / "attachments").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"seenseen" in data for data in kept)
