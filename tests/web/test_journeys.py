"""Journeys in a real browser: with the keyboard alone, at twice the size, and as time passes."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from alteram.bootstrap import open_folder
from alteram.core.acts import MeetingCalled, ResponseGiven
from alteram.operations.perform import perform
from alteram.operations.questions import get_facts
from tests.web.links import make_links
from tests.web.scenes import CAUCUS, CHAIR, MEMBERS, RESPONDENT, ROW, must
from tests.web.serving import served

THE_ROW = f"/{CAUCUS}/matters/{ROW}/"
#: More than any page of these journeys has places to stop at.
STOPS = 120


@pytest.fixture
def folder(tmp_path: Path, caucus_folder: Path) -> Path:
    """The caucus, to be served by other processes."""
    shutil.copytree(caucus_folder, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    file = tmp_path / "clock"
    file.write_text("0")
    return file


@pytest.fixture
def address(folder: Path, clock: Path) -> Iterator[str]:
    with served(folder, clock=clock) as address:
        yield address


def sign_in(page: Page, folder: Path, address: str, person: str) -> None:
    page.goto(make_links(folder, address, CAUCUS, [person])[0])
    with page.expect_navigation():
        page.locator("main form button").first.click()


def go_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what the selector finds; it must be seen to be there."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            seen = page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle !== 'none' && "
                "document.activeElement.getBoundingClientRect().height > 0"
            )
            assert seen, f"{selector} has the focus, and nothing shows it"
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def test_respondent_answers_with_the_keyboard_alone(folder: Path, address: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(make_links(folder, address, CAUCUS, [RESPONDENT])[0])
    go_to(page, "main form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(address + THE_ROW)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    go_to(page, 'a[href*="acts/response.given/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/acts/response.given/**")
    go_to(page, '[name="a-stance"]')
    page.keyboard.press("d")  # deny, in the list that has the focus
    go_to(page, '[name="a-text"]')
    page.keyboard.type("It was not so.")
    go_to(page, "form.act button:not([name])")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".told").count() == 1, page.locator("main").inner_text()[:1000]
    page.close()
    opened = open_folder(folder)
    try:
        given = get_facts(opened.organisation, ROW).matter.all(ResponseGiven)
        assert [(one.actor, one.act.stance) for one in given] == [(RESPONDENT, "deny")]
    finally:
        opened.close()


def test_respondent_reads_the_charge_at_twice_the_size(folder: Path, address: str, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 640, "height": 400})  # 1280 by 800 at 200 %
    sign_in(page, folder, address, RESPONDENT)
    page.goto(address + THE_ROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    for text in ("What you are accused of", "Until when you may answer"):
        assert page.get_by_text(text).first.is_visible()
    page.close()


def test_act_that_is_not_open_yet_opens_as_time_passes(folder: Path, clock: Path, chromium: Browser) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=70)
    opened = open_folder(folder)
    try:
        call = MeetingCalled(meeting="h1", body="caucus", at=at, agenda=("The charge",), invited=MEMBERS)
        must(perform(opened.organisation, ROW, call, CHAIR))
    finally:
        opened.close()
    with served(folder, clock=clock) as address:
        page = chromium.new_page()
        sign_in(page, folder, address, CHAIR)
        page.goto(f"{address}{THE_ROW}acts/meeting.opened/?a-meeting=h1")
        assert page.locator("#refusal-head").count() == 1
        assert "Earliest lawful time" in page.locator(".refusal").inner_text()
        clock.write_text(str(timedelta(days=70, minutes=5).total_seconds()))
        page.goto(f"{address}{THE_ROW}acts/meeting.opened/?a-meeting=h1")
        told = page.locator(".refusal").inner_text() if page.locator(".refusal").count() else ""
        assert "Earliest lawful time" not in told
        page.close()
