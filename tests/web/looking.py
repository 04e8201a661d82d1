"""Pages that were rendered, looked at in a real browser with the real style sheet and scripts.

All are rendered first: while a browser is open, Django's database must not be used in this thread.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route, sync_playwright

from tests.web.conftest import open_chromium

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PLACE: Final = "http://pages.invalid"
_AXE: Final = Axe()


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as somebody was answered with it."""

    address: str
    actor: str
    html: str

    def __str__(self) -> str:
        return f"{self.address} as {self.actor}"


def serve(page: Page, pages: Sequence[Shown]) -> None:
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
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.axe_script)
    found = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options})["violations"]
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


@contextmanager
def look_at(pages: Sequence[Shown], *, width: int = 1280) -> Iterator[Page]:
    """Open a browser in which the pages stand at PLACE, each by its number."""
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        page = browser.new_page(viewport={"width": width, "height": 900})
        serve(page, pages)
        yield page
        browser.close()


def unfold(page: Page, _shown: Shown) -> None:
    """Let what is folded away be looked at as well."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def examine_all(
    page: Page, pages: Sequence[Shown], prepare: Callable[[Page, Shown], None] = lambda _page, _shown: None
) -> list[str]:
    """Return what is wrong with the pages, each once; `prepare` does something on a page before it is examined."""
    wrong: dict[str, None] = {}
    for number, shown in enumerate(pages):
        page.goto(f"{PLACE}/page/{number}")
        prepare(page, shown)
        wrong |= dict.fromkeys(f"{shown}: {one}" for one in examine(page))
    return list(wrong)
