"""What would mend a matter, before it is asked for, under way, told and broken off: axe finds nothing."""

import pytest
from playwright.sync_api import sync_playwright

from alteram.installation.background import LongWork
from tests.web.conftest import As, open_chromium
from tests.web.mending import work_out
from tests.web.scenes import MANAGER
from tests.web.test_accessibility import PLACE, Shown, examine, serve

pytestmark = pytest.mark.django_db
CURES = "/caucus/matters/row/fair/cures/"


def test_no_page_about_cures_fails_anybody(as_person: As) -> None:
    client = as_person(MANAGER)
    answers = {"not asked for": client.get(CURES).content.decode()}
    client.post(CURES)
    LongWork.objects.update(done=2, parts=9)
    answers["under way"] = client.get(CURES).content.decode()
    LongWork.objects.all().delete()
    answers["told"] = work_out(client, CURES)
    LongWork.objects.update(has_failed=True)
    answers["broken off"] = client.get(CURES).content.decode()
    assert "Each by itself" in answers["told"]
    pages = [Shown(name, MANAGER, html) for name, html in answers.items()]
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        serve(page, pages)
        for number, shown in enumerate(pages):
            page.goto(f"{PLACE}/page/{number}")
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            wrong.extend(f"{shown}: {one}" for one in examine(page))
        browser.close()
    assert not wrong, "\n".join(dict.fromkeys(wrong))
