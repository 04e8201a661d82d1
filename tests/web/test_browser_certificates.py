"""Certificates in the browser: the verdict of the second verifier for each, and a page that praises no silence."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.certificates import ask_second, build_scene, sign_again, take_apart
from tests.web.browser_verifier import BrowserVerifier, octets
from tests.web.serving import ROOT, served

TESTDATA = ROOT / "testdata" / "certificates"
VERDICTS: dict[str, dict[str, str | None]] = json.loads((TESTDATA / "verdicts.json").read_text())
GOOD = TESTDATA / "good.certificate"


@pytest.fixture(scope="module")
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with served(tmp_path_factory.mktemp("empty")) as address:
        page = chromium.new_page()
        page.goto(f"{address}/check/")
        yield page
        page.close()


def find_code(page: Page, data: bytes, policy: bytes | None = None) -> str:
    trusted = None if policy is None else octets(policy)
    code = BrowserVerifier(page).find_code("certificate", "verifyCertificate", octets(data), trusted)
    return code or ""


def test_every_certificate_in_testdata_gets_its_verdict(page: Page) -> None:
    for name, expected in VERDICTS.items():
        data = (TESTDATA / f"{name}.certificate").read_bytes()
        assert find_code(page, data) == (expected["alone"] or ""), name
    assert len(VERDICTS) > 40


def test_every_member_that_is_missing_or_empty_gets_the_verdict_of_the_second_verifier(page: Page) -> None:
    said = take_apart(GOOD.read_bytes())["certificate"]
    for name in said:
        for changed in ({one: held for one, held in said.items() if one != name}, {**said, name: type(said[name])()}):
            data = sign_again(changed)
            assert find_code(page, data) == ask_second(data).code, name


@pytest.mark.parametrize("data", [b"", b"{}", b'{"certificate":{},"signature":""}', GOOD.read_bytes()[:-1]])
def test_what_is_no_certificate_is_refused(page: Page, data: bytes) -> None:
    assert find_code(page, data) == ask_second(data).code == "certificate.form"


def test_policy_of_ones_own_counts_instead_of_the_one_inside(page: Page) -> None:
    assert find_code(page, GOOD.read_bytes(), build_scene().policy) == ""
    first = build_scene().policy.splitlines()[0]
    other = first.replace(b"example.org/caucus", b"example.org/another") + b"\nquorum none\n"
    assert find_code(page, GOOD.read_bytes(), other) == ask_second(GOOD.read_bytes(), policy=other).code != ""


def test_page_tells_what_is_not_known_first_and_nothing_green_of_silence(page: Page) -> None:
    page.reload()
    page.get_by_label("The files").set_input_files([GOOD])
    page.get_by_role("button", name="Check").click()
    page.locator("[data-check] button:not([aria-disabled])").wait_for()
    assert "good.certificate: verified, with the policy inside" in page.get_by_role("status").inner_text()
    told = page.locator("[data-results]").inner_text()
    assert told.index("Alleged, not registered: entry 3") < told.index("UNKNOWN") < told.index("PASS")
    silent = page.locator("[data-results] .uncontradicted")
    assert silent.all_inner_texts() == ["Not contradicted"]
    row = page.locator("[data-results] tr", has_text="What one-part asks")
    assert row.locator(".PASS").count() == 0
    assert "not assessed again here" in told
    assert Axe().run(page).violations_count == 0


def test_page_refuses_a_forged_certificate_and_names_the_member(page: Page) -> None:
    page.reload()
    page.get_by_label("The files").set_input_files([TESTDATA / "silence-turned-green.certificate"])
    page.get_by_role("button", name="Check").click()
    page.locator("[data-check] button:not([aria-disabled])").wait_for()
    assert "not verified" in page.get_by_role("status").inner_text()
    assert "requirements/appeal-open" in page.locator("[data-results]").inner_text()
