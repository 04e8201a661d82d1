"""Excerpts in the browser: the verdict of the second verifier for each, and a page that tells which part it is."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from alteram.core.tlog import Policy, encode_policy
from alteram.core.tlog.policy import Named
from conformance.failure import Failure
from conformance.verify_excerpt import verify
from tests.conformance.test_excerpts import STRANGE
from tests.exports import ED25519_ONLY
from tests.web.browser_verifier import BrowserVerifier, octets
from tests.web.serving import ROOT, served

TESTDATA = ROOT / "testdata" / "excerpts"
VERDICTS: dict[str, str | None] = json.loads((TESTDATA / "verdicts.json").read_text())
LABEL = "The files"
#: The code alone: what a good excerpt shows is not carried out of the browser.
_CODE = """async (data) => {
  const { verifyExcerpt } = await import('/static/alteram/verifier/excerpt.js')
  try {
    await verifyExcerpt(Uint8Array.from(atob(data.octets), (one) => one.charCodeAt(0)))
    return null
  } catch (error) {
    if (error.name !== 'Failure') throw error
    return error.code
  }
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with served(tmp_path_factory.mktemp("empty")) as address:
        page = chromium.new_page()
        page.goto(f"{address}/check/")
        yield page
        page.close()


def find_code(page: Page, data: bytes) -> str | None:
    code: str | None = page.evaluate(_CODE, octets(data))
    return code


def ask_second(data: bytes) -> str | None:
    try:
        verify(data)
    except Failure as failure:
        return failure.code
    return None


def choose(page: Page, *files: Path) -> str:
    """Check files on the page, and return what it says of them."""
    page.reload()
    page.get_by_label(LABEL).set_input_files(list(files))
    page.get_by_role("button", name="Check").click()
    page.locator("[data-check] button:not([aria-disabled])").wait_for()
    return page.get_by_role("status").inner_text()


def test_every_excerpt_in_testdata_gets_its_verdict(page: Page) -> None:
    for name, expected in VERDICTS.items():
        assert find_code(page, (TESTDATA / f"{name}.excerpt").read_bytes()) == expected, name
    assert len(VERDICTS) > 60


def test_changed_bytes_get_the_verdict_of_the_second_verifier(page: Page) -> None:
    whole = (TESTDATA / "first-message.excerpt").read_bytes()
    found = []
    places = random.Random(5).sample(range(len(whole)), 60)
    for place in [0, 17, 18, len(whole) - 1, *places]:
        changed = bytearray(whole)
        changed[place] ^= 1
        found.append((find_code(page, bytes(changed)), ask_second(bytes(changed))))
    assert [one for one, _ in found] == [other for _, other in found]
    # What nobody relies on may change: the name of a key that the policy does not know, say.
    assert sum(one is not None for one, _ in found) > len(found) * 0.8


@pytest.mark.parametrize("data", [b"", b"alteram-excerpt/1\n", b"alteram-excerpt/1\n\xff\xff\xff\xff{}", b"excerpt"])
def test_what_is_no_excerpt_is_refused(page: Page, data: bytes) -> None:
    assert find_code(page, data) == ask_second(data) == "excerpt.form"


def test_policy_of_ones_own_counts_instead_of_the_one_inside(page: Page) -> None:
    data = octets((TESTDATA / "small-file.excerpt").read_bytes())
    ask = BrowserVerifier(page).find_code
    assert ask("excerpt", "verifyExcerpt", data, octets(encode_policy(ED25519_ONLY.policy))) is None
    strange = encode_policy(Policy((Named("log", STRANGE.verifier),), (), (), "none"))
    assert ask("excerpt", "verifyExcerpt", data, octets(strange)) == "note.unsigned"


def test_page_tells_which_messages_they_are_and_shows_them(page: Page) -> None:
    said = choose(page, TESTDATA / "messages.excerpt")
    assert "messages.excerpt: verified, with the policy inside" in said
    told = page.locator("[data-results]").inner_text()
    result = verify((TESTDATA / "messages.excerpt").read_bytes())
    assert f"pieces {result.first + 1} to {result.until} of {result.of}" in told
    assert "does not say what came before or after" in told
    assert Axe().run(page).violations_count == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("before", "before.excerpt lies directly before middle.excerpt"),
        ("after", "after.excerpt lies directly after middle.excerpt"),
        ("far-off", "far-off.excerpt lies apart from middle.excerpt: neither shows"),
        ("whole", "whole.excerpt lies over a part of middle.excerpt: both show"),
    ],
)
def test_page_tells_how_an_answer_lies_to_an_excerpt(page: Page, answer: str, words: str) -> None:
    choose(page, TESTDATA / "middle.excerpt", TESTDATA / f"{answer}.excerpt")
    assert words in page.locator("[data-results]").inner_text()


def test_answer_of_another_exhibit_is_refused(page: Page) -> None:
    said = choose(page, TESTDATA / "middle.excerpt", TESTDATA / "messages.excerpt")
    assert "messages.excerpt is not of the same exhibit as middle.excerpt" in said
    assert "excerpt.other-exhibit" in page.locator("[data-results]").inner_text()


def test_page_refuses_a_changed_piece_and_names_where(page: Page) -> None:
    assert "piece-changed.excerpt: not verified" in choose(page, TESTDATA / "piece-changed.excerpt")
    told = page.locator("[data-results]").inner_text()
    assert "ranges/" in told
    assert str(VERDICTS["piece-changed"]) in told
