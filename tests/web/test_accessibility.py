"""Every page, as everybody who is answered with it, in a real browser: axe finds nothing against WCAG 2.2 AA.

The pages are those of the table of addresses. They are rendered first and shown to the browser afterwards, with the
real style sheet and scripts; what looks the same to two people is looked at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.web.conftest import open_chromium
from tests.web.walking import ACTORS, Address, Walker, find_addresses, read_table

pytestmark = pytest.mark.django_db
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PLACE = "http://pages.invalid"
#: What differs each time a page is made, or only says who looks at it.
_FLEETING = re.compile(
    r'name="(csrfmiddlewaretoken|token)" value="[^"]*"|nonce="[^"]*"|<div class="who">.*?</div>', re.DOTALL
)
#: The pages are looked at in so many parts, so that several processes can share them.
PARTS = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as somebody was answered with it."""

    address: str
    actor: str
    html: str

    def __str__(self) -> str:
        return f"{self.address} as {self.actor}"


def find_pages(walker: Walker, *, part: int = 0, of: int = 1, most: int = len(ACTORS)) -> Iterator[Shown]:
    """Yield every page that anybody is answered with, once for each form in which it looks different.

    `part` of so many takes only its share of the addresses; `most` is as how many of those whom an address answers.
    """
    table, seen = read_table(), set()
    for address in islice(find_addresses(), part, None, of):
        tried = 0
        if address.method != "GET" or "/v1/" in address.route:  # what programs are answered is no page
            continue
        for actor in ACTORS:
            if table.get(address, {}).get(actor) not in {200, 404, 410} or tried == most:
                continue
            tried += 1
            response = walker.ask(address, actor)
            assert response.status_code < 500, f"{_name(address)} as {actor}"
            if not response["Content-Type"].startswith("text/html") or response.streaming:
                continue
            html = response.content.decode()
            same = _FLEETING.sub("", html)
            if same not in seen:
                seen.add(same)
                yield Shown(_name(address), actor, html)


def _name(address: Address) -> str:
    return "/" + address.route


def serve(page: Page, pages: list[Shown]) -> None:
    """Answer the browser from what was rendered, and from the static files; nothing leaves this process."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PLACE)
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            if found:
                route.fulfill(path=Path(str(found)))
                return
        number = path.removeprefix("/page/")
        if number.isdecimal():
            route.fulfill(body=pages[int(number)].html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)


def _axe(page: Page, options: dict[str, Any]) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"][:3]]


def examine(page: Page) -> Iterator[str]:
    """Yield what is wrong with the page that is shown: by axe, in the dark, and on a narrow screen."""
    yield from _axe(page, {"runOnly": {"type": "tag", "values": TAGS}})
    page.emulate_media(color_scheme="dark")
    yield from (f"in the dark: {one}" for one in _axe(page, {"runOnly": ["color-contrast"]}))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 800})  # WCAG 1.4.10; also 1280 pixels at 400 %
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 320:
        yield f"{wide} pixels wide on a screen of 320"
    page.set_viewport_size({"width": 1280, "height": 900})
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} main headings"


@pytest.mark.parametrize("most", [6, pytest.param(len(ACTORS), marks=pytest.mark.campaign)])
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("caucus")
def test_no_page_fails_anybody(part: int, most: int) -> None:
    pages = list(find_pages(Walker(), part=part, of=PARTS, most=most))
    assert len(pages) > 15
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser: Browser = open_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        serve(page, pages)
        for number, shown in enumerate(pages):
            page.goto(f"{PLACE}/page/{number}")
            wrong.extend(f"{shown}: {one}" for one in examine(page))
        browser.close()
    assert not wrong, f"{len(wrong)} findings on {len(pages)} pages:\n" + "\n".join(dict.fromkeys(wrong))
