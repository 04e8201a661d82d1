"""The page that checks files in the browser: what it says, that nothing leaves it, and who can use it how."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.exports import members_of
from tests.web.serving import ROOT, served

EXPORTS = ROOT / "testdata" / "exports"
GOLDEN = ROOT / "testdata" / "golden"
GOOD, TAMPERED = EXPORTS / "good.alteram", EXPORTS / "disclosure-tampered.alteram"
MEMBERS = members_of(GOOD.read_bytes())
POLICY = MEMBERS["policy"].decode()
#: Chromium as it would be without Ed25519.
WITHOUT_ED25519 = """
const importKey = crypto.subtle.importKey.bind(crypto.subtle)
crypto.subtle.importKey = (form, key, name, ...rest) => name === 'Ed25519'
  ? Promise.reject(new DOMException('not known here', 'NotSupportedError')) : importKey(form, key, name, ...rest)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("empty")) as served_at:
        yield f"{served_at}/check/"


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page, loaded; what the browser complains of fails the test."""
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.get_by_role("button", name="Check").wait_for()
    yield page
    context.close()
    assert not complaints


def check(page: Page, *files: Path, policy: str = "", leaf: str = "") -> str:
    """Choose files and let them be checked; return what is said of them."""
    page.get_by_label("The files").set_input_files(list(files))
    if policy:
        page.get_by_text("Whom do you trust?").click()
        page.get_by_label("Or paste it").fill(policy)
    if leaf:
        page.get_by_text("For a receipt without its entry").click()
        page.get_by_label("Leaf hash").fill(leaf)
    page.get_by_role("button", name="Check").click()
    return wait_for_word(page)


def wait_for_word(page: Page) -> str:
    page.locator("[data-check] button:not([aria-disabled])").wait_for()
    return page.get_by_role("status").inner_text()


@pytest.fixture
def receipt(tmp_path: Path) -> tuple[Path, Path]:
    """The files of a receipt and its entry."""
    files = tmp_path / "matter-1-1.tlog-proof", tmp_path / "matter-1-1.sd-jwt"
    for file in files:
        file.write_bytes(MEMBERS[f"streams/matter-1/00000001{file.suffix}"])
    return files


# -- what it says


def test_good_export_is_verified_and_shown_by_headings_and_tables(page: Page) -> None:
    assert "good.alteram: verified, with the policy inside the file" in check(page, GOOD)
    assert page.get_by_role("heading", name="Verified good.alteram", level=2).is_visible()
    facts = page.locator(".checked .facts").inner_text()
    for told in ("caucus", "matter-1", "example.org/caucus", "the sender's own word", "By example.net/witness-a"):
        assert told in facts
    signers = page.get_by_role("table", name="Signatures on the checkpoint")
    assert signers.get_by_role("row").count() == 4
    assert page.get_by_role("heading", name="Entries of matter-1", level=3).is_visible()
    entries = page.locator(".checked table").nth(1)
    first = entries.get_by_role("row").nth(1).inner_text()
    assert "17 of 32 digests; 0 withheld" in first
    assert "not before 2026-03-02T09:16:00Z" in first
    page.get_by_text("What is disclosed of entry 0").first.click()
    assert page.get_by_role("table", name="What is disclosed of entry 0").first.is_visible()


def test_policy_of_ones_own_is_said_to_be_that(page: Page) -> None:
    assert check(page, GOOD, policy=POLICY) == "good.alteram: verified. Nothing in it was changed."
    assert "The policy you gave." in page.locator(".checked .facts").inner_text()


def test_policy_from_a_file_counts_too(page: Page) -> None:
    page.get_by_text("Whom do you trust?").click()
    page.get_by_label("Policy from a file").set_input_files(GOLDEN / "policy-1")
    assert "good.alteram: not verified" in check(page, GOOD)
    assert "policy.quorum" in page.locator(".checked").inner_text()


def test_policy_that_is_none_is_told_and_nothing_is_checked(page: Page) -> None:
    assert check(page, GOOD, policy="trust everybody") == "The policy you gave is not one. Nothing was checked."
    assert "policy.line" in page.locator(".checked").inner_text()
    assert not page.locator(".checked .PASS").count()


def test_tampered_export_is_not_verified_and_what_is_broken_is_named(page: Page) -> None:
    assert "disclosure-tampered.alteram: not verified" in check(page, TAMPERED)
    assert page.get_by_role("heading", name="Not verified disclosure-tampered.alteram", level=2).is_visible()
    told = page.locator(".checked").inner_text()
    assert "streams/matter-1/00000001.sd-jwt" in told
    assert "presentation.digest" in told
    assert "A field that is shown is not the field that was recorded." in told
    assert not page.get_by_role("table").count()  # what is not verified is not shown


def test_several_files_are_each_told_of(page: Page) -> None:
    said = check(page, GOOD, TAMPERED)
    assert "good.alteram: verified" in said
    assert "disclosure-tampered.alteram: not verified" in said


def test_signatures_that_browsers_do_not_check_are_named(page: Page) -> None:
    assert "verified in part" in check(page, GOLDEN / "export-1.alteram")
    told = page.locator(".checked").inner_text()
    assert "ML-DSA-44" in told
    assert "not checked in the browser" in told
    assert "Use alteram verify" in told


def test_file_that_is_no_export_is_told_so(page: Page, tmp_path: Path) -> None:
    other = tmp_path / "holiday.alteram"
    other.write_bytes(b"<script>alert(1)</script>")
    assert "holiday.alteram: not verified" in check(page, other)
    assert "no export at all" in page.locator(".checked").inner_text()


def test_markup_in_the_name_of_a_file_stays_text(page: Page, tmp_path: Path) -> None:
    other = tmp_path / "<b onclick=x>.alteram"
    other.write_bytes(b"")
    assert "<b onclick=x>.alteram: not verified" in check(page, other)
    assert not page.locator("[data-results] b, [data-status] b").count()


def test_nothing_chosen_is_told(page: Page) -> None:
    page.get_by_role("button", name="Check").click()
    assert wait_for_word(page) == "Choose a file first."


# -- receipts


def test_receipt_with_its_entry_and_a_policy_is_verified(page: Page, receipt: tuple[Path, Path]) -> None:
    assert "matter-1-1.tlog-proof: verified. " in check(page, *receipt, policy=POLICY)
    told = page.locator(".checked").inner_text()
    assert "The entry stands in the log at this place." in told
    assert "14 of 16 digests" in told


def test_receipt_alone_says_what_was_not_checked(page: Page, receipt: tuple[Path, Path]) -> None:
    assert "verified in part" in check(page, receipt[0])
    told = page.locator(".checked").inner_text()
    assert "you have not said whom you trust" in told
    assert "choose the entry too" in told


def test_receipt_with_the_hash_of_another_leaf_is_not_verified(page: Page, receipt: tuple[Path, Path]) -> None:
    assert "not verified" in check(page, receipt[0], policy=POLICY, leaf="00" * 32)
    assert "proof.root" in page.locator(".checked").inner_text()


def test_hash_that_is_none_is_told_beside_its_field(page: Page, receipt: tuple[Path, Path]) -> None:
    check(page, receipt[0], policy=POLICY, leaf="00" * 31)
    assert page.get_by_text("This is not a leaf hash").is_visible()
    check(page, receipt[0])
    page.get_by_label("Leaf hash").fill("")
    page.get_by_role("button", name="Check").click()
    wait_for_word(page)
    assert not page.get_by_text("This is not a leaf hash").is_visible()


def test_tampered_receipt_is_not_verified(page: Page, receipt: tuple[Path, Path]) -> None:
    receipt[0].write_bytes(receipt[0].read_bytes().replace(b"index 6", b"index 5"))
    assert "not verified" in check(page, *receipt, policy=POLICY)


# -- nothing leaves


def test_nothing_leaves_the_browser_and_it_works_offline_once_loaded(page: Page, receipt: tuple[Path, Path]) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.context.set_offline(True)
    assert "good.alteram: verified" in check(page, GOOD)
    assert "not verified" in check(page, TAMPERED)
    assert "verified in part" in check(page, *receipt)
    assert asked == []
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_browser_is_forbidden_to_connect_to_anything(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    loaded: list[tuple[str, str]] = []
    page.on("request", lambda one: loaded.append((one.method, one.url)))
    page.goto(address)
    page.get_by_role("button", name="Check").wait_for()
    assert loaded
    assert all(method == "GET" and url.startswith(address.removesuffix("check/")) for method, url in loaded)
    sent = page.evaluate("fetch('/', { method: 'POST', body: 'x' }).then(() => 'sent', () => 'refused')")
    assert sent == "refused"
    page.close()


def test_policy_of_the_page_names_no_place_to_send_to(db: None) -> None:
    answer = Client().get("/check/")
    directives = answer["Content-Security-Policy"].split("; ")
    assert "connect-src 'none'" in directives
    assert "form-action 'none'" in directives
    assert "script-src 'self'" in directives
    assert b'method="post"' not in answer.content
    assert Client().post("/check/", {"file": "x"}).status_code == 405


# -- how it is used


def test_page_is_used_by_keyboard_alone(page: Page) -> None:
    page.on("filechooser", lambda _: None)  # from here on the browser opens none of its own
    page.get_by_role("heading", level=1).click()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "check-files":
            break
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(GOOD)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(POLICY)
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert wait_for_word(page) == "good.alteram: verified. Nothing in it was changed."


def test_page_has_no_fault_that_axe_finds(page: Page, receipt: tuple[Path, Path]) -> None:
    assert not [one["id"] for one in Axe().run(page).response["violations"]]
    check(page, GOOD, TAMPERED, GOLDEN / "export-1.alteram", *receipt, policy=POLICY)
    for one in page.locator(".checked summary").all():
        one.click()
    assert not [one["id"] for one in Axe().run(page).response["violations"]]


def test_page_without_script_says_how_to_check_with_a_program(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("noscript .note").is_visible()
    assert not page.get_by_role("button", name="Check").is_visible()
    for command in ("alteram verify matter.alteram --policy my-policy", "python conformance/verify_export.py matter"):
        assert page.get_by_text(command).first.is_visible()
    context.close()


def test_browser_without_ed25519_is_told_so_and_offered_nothing_that_could_mislead(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script(WITHOUT_ED25519)
    page.goto(address)
    page.get_by_text("This browser cannot check Ed25519 signatures").wait_for()
    assert not page.get_by_role("button", name="Check").is_visible()
    assert page.get_by_text("alteram verify as below").is_visible()
    context.close()
