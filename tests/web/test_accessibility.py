"""Every page, as everybody who is answered with it, in a real browser: axe finds nothing against WCAG 2.2 AA.

The pages are those of the table of addresses; what looks the same to two people is looked at once.
"""

import re
from collections.abc import Iterator
from itertools import islice

import pytest

from tests.web.looking import Shown, examine_all, look_at
from tests.web.walking import ACTORS, Address, Walker, find_addresses, read_table

pytestmark = pytest.mark.django_db
#: What differs each time a page is made, or only says who looks at it.
_FLEETING = re.compile(
    r'name="(csrfmiddlewaretoken|token)" value="[^"]*"|nonce="[^"]*"|<div class="who">.*?</div>', re.DOTALL
)
#: The pages are looked at in so many parts, so that several processes can share them.
PARTS = 4


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


@pytest.mark.parametrize("most", [6, pytest.param(len(ACTORS), marks=pytest.mark.campaign)])
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("caucus")
def test_no_page_fails_anybody(part: int, most: int) -> None:
    pages = list(find_pages(Walker(), part=part, of=PARTS, most=most))
    assert len(pages) > 15
    with look_at(pages) as page:
        wrong = examine_all(page, pages)
    assert not wrong, f"{len(wrong)} findings on {len(pages)} pages:\n" + "\n".join(wrong)
