"""The pages of members, of letting somebody in again and of health in a real browser: what axe says of them."""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.web.links import make_links
from tests.web.scenes import CAUCUS, MEMBER, WHIP
from tests.web.serving import served

_MEMBERS, _FILL = "/caucus/members/", "/caucus/members/acts/office.filled/"
_PERSON = f"{_MEMBERS}person/{MEMBER}/"
_PAGES = (_MEMBERS, f"{_MEMBERS}add/", _PERSON, f"{_PERSON}recovery/", _FILL)
_OFFICERS = ("/caucus/recoveries/", "/caucus/agreements/", "/caucus/health/")


def test_pages_of_this_room_have_no_fault_that_axe_finds(
    caucus_folder: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> None:
    home = tmp_path_factory.mktemp("members")
    shutil.copytree(caucus_folder, home, dirs_exist_ok=True)
    faults = []
    with served(home) as address:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(make_links(home, address, CAUCUS, [WHIP])[0])
        page.locator("main button").first.click()
        for path in (*_PAGES, *_OFFICERS):
            page.goto(f"{address}{path}")
            assert page.locator("h1").count() == 1, path
            faults += [f"{path}: {one['id']}" for one in Axe().run(page).response["violations"]]
        context.close()
    assert not faults
