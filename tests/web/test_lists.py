"""My matters in the browser: what waits and where to act, filters and pages without script."""

import re

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import ReportLodged
from alteram.core.kernel.identifiers import StreamId
from alteram.operations.perform import perform
from tests.web.conftest import As
from tests.web.scenes import COMPLAINANT, CUSTODIAN, MANAGER, RESPONDENT, STRANGER

MINE = "/caucus/"


def read(as_person: As, person: str, address: str = MINE) -> str:
    response = as_person(person).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_row_says_that_it_waits_and_links_to_what_can_be_done(as_person: As, caucus: Opened) -> None:
    perform(caucus.organisation, StreamId("new"), ReportLodged(identity="named", about="person", text="x"), COMPLAINANT)
    page = read(as_person, CUSTODIAN)
    assert "waits on you" in page
    assert 'href="/caucus/matters/new/#do"' in page
    theirs = read(as_person, COMPLAINANT)
    assert "waits on the custodian" in theirs
    assert "/matters/new/acts/" not in theirs


@pytest.mark.parametrize(("view", "told"), [("waits", "Nothing waits on you."), ("closed", "is closed.")])
def test_filter_without_matters_says_so_in_words(as_person: As, view: str, told: str) -> None:
    page = read(as_person, RESPONDENT, f"{MINE}?show={view}")
    assert told in page
    assert "/matters/row/" not in page


def test_pages_are_walked_by_links_alone(as_person: As, caucus: Opened) -> None:
    for number in range(27):
        act = ReportLodged(identity="named", about="person", text="x")
        perform(caucus.organisation, StreamId(f"r{number:02d}"), act, COMPLAINANT)
    browser, address, seen = as_person(COMPLAINANT), MINE, []
    for _ in range(2):
        page = browser.get(address).content.decode()
        seen += re.findall(r'<th scope="row"><a href="/caucus/matters/([^/]+)/"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = MINE + following[1].replace("&amp;", "&") if following else ""
    assert address == ""
    assert len(seen) == len(set(seen)) == 28


@pytest.mark.parametrize(
    "after", ["nonsense", "waits,yesterday,row", "open,none,NOT A NAME", "open,,", "closed,none,row"]
)
def test_address_that_was_tampered_with_shows_the_list_all_the_same(as_person: As, after: str) -> None:
    page = as_person(RESPONDENT).get(MINE, {"after": after, "show": "elsewhere"})
    assert page.status_code == 200


def test_stranger_finds_nothing_in_any_list(as_person: As) -> None:
    for view in ("open", "waits", "closed"):
        assert "/matters/row/" not in read(as_person, STRANGER, f"{MINE}?show={view}")
    assert "/matters/row/" in read(as_person, MANAGER)
