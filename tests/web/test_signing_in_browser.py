"""A passkey signs a grave act in a real browser, and both verifiers say of the export whose it is."""

import shutil
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from alteram.core.record import iterate_entries, verify_export
from alteram.core.tlog import parse_policy
from alteram.core.vault import build_act_digest, encode_base64url, is_signed_by_passkey
from conformance.verify_export import verify as verify_second
from tests.patience import HANGS
from tests.web.links import make_links
from tests.web.scenes import CAUCUS, CHAIR, ROW
from tests.web.serving import served
from tests.web.test_passkeys import Served

FORM = f"/{CAUCUS}/matters/{ROW}/acts/departure.authorised/"
REASONS = "The witness is abroad until May."


@pytest.fixture(scope="module")
def caucus_served(caucus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("signing")
    shutil.copytree(caucus_folder, home, dirs_exist_ok=True)
    with served(home) as address:
        yield Served(home, address.replace("127.0.0.1", "localhost"))


@pytest.fixture(scope="module")
def page(chromium: Browser, caucus_served: Served) -> Iterator[Page]:
    """The chair's browser, with an authenticator that says yes; a passkey of theirs signs for them."""
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    plug_in(page)
    page.goto(make_links(caucus_served.home, caucus_served.address, CAUCUS, [CHAIR])[0])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What do you call it?").fill("my phone")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    page.goto(f"{caucus_served.address}/sign-in/devices/")
    page.get_by_role("link", name="Sign my acts with a passkey").click()
    page.get_by_role("button", name="Sign what I decide with it").click()
    page.get_by_text("Your passkey “my phone”.").wait_for()
    yield page
    context.close()
    assert not complaints


def plug_in(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    answers = {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **answers}})


def fill_in(page: Page, address: str) -> None:
    page.goto(f"{address}{FORM}")
    for name, text in {
        "requirement": "interview-before-findings",
        "for_act": "decision.made",
        "reasons": REASONS,
    }.items():
        field = page.locator(f"[name=a-{name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(index=1)
        else:
            field.fill(text)
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("heading", name="Sign it with your passkey").wait_for()


def download_export(page: Page, address: str) -> bytes:
    """Return the export, once all that it holds is in the log."""
    until = time.monotonic() + HANGS
    while (answer := page.request.get(address)).status == 409:
        assert time.monotonic() < until, "the export was never ready"
        time.sleep(0.2)
    assert answer.ok
    return answer.body()


def test_act_is_shown_signed_and_recorded_and_both_verifiers_say_by_whom(caucus_served: Served, page: Page) -> None:
    fill_in(page, caucus_served.address)
    assert page.get_by_text(REASONS).is_visible()
    assert not Axe().run(page).response["violations"]
    digest = page.locator("#digest").inner_text()
    page.get_by_role("button", name="Sign with “my phone” and record it").click()
    page.get_by_text("Recorded:").wait_for()
    page.goto(f"{caucus_served.address}/{CAUCUS}/matters/{ROW}/timeline/")
    page.locator("main li a, main td a").filter(has_text="eparture").first.click()
    page.get_by_text("by their own passkey").wait_for()
    until = time.monotonic() + HANGS
    while not page.get_by_text("Place in the log").is_visible():
        assert time.monotonic() < until, "the entry did not come into the log"
        time.sleep(0.2)
        page.reload()
    data = download_export(page, f"{caucus_served.address}/{CAUCUS}/matters/{ROW}/export/")
    with zipfile.ZipFile(BytesIO(data)) as opened:
        policy = opened.read("policy")
    assert verify_export(BytesIO(data), parse_policy(policy)).signed_by_passkey == 1
    assert sum(one.by_passkey for one in verify_second(data, policy).streams) == 1
    found = [one for one in iterate_entries(BytesIO(data), parse_policy(policy)) if is_signed_by_passkey(one.claims)]
    (author,) = [one.claims["author"] for one in found]
    assert isinstance(author, dict)
    covers = author["covers"]
    assert isinstance(covers, list)
    # What was signed is what the page said was signed, by the key that the chair's own page shows.
    assert encode_base64url(build_act_digest(map(str, covers))) == digest
    assert [one.claims["act"] for one in found] == ["departure.authorised/1"]
    page.goto(f"{caucus_served.address}/sign-in/devices/signing/{CAUCUS}/")
    assert not Axe().run(page).response["violations"]
    page.get_by_text("Its key, as the record has it").click()
    assert page.locator("main code").inner_text() == author["key"]


def test_change_leads_back_to_what_was_written(caucus_served: Served, page: Page) -> None:
    fill_in(page, caucus_served.address)
    page.get_by_role("button", name="Change it first").click()
    assert page.locator("[name=a-reasons]").input_value() == REASONS


def test_without_script_the_page_says_what_to_do_and_records_nothing(
    caucus_served: Served, chromium: Browser, page: Page
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([one for one in page.context.cookies() if one["name"] != "csrftoken"])  # type: ignore[misc]  # what it gave, it takes
    plain = context.new_page()
    fill_in(plain, caucus_served.address)
    assert plain.locator("noscript .note").is_visible()
    assert not plain.get_by_role("button", name="Sign with").is_visible()
    assert plain.get_by_role("button", name="Change it first").is_visible()
    context.close()


def test_passkey_that_does_not_answer_leaves_nothing_recorded(caucus_served: Served, page: Page) -> None:
    fill_in(page, caucus_served.address)
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('stopped')) }")
    button = page.get_by_role("button", name="Sign with")
    button.click()
    page.get_by_role("alert").filter(has_text="Nothing was recorded. Try again.").wait_for()
    expect(button).to_be_enabled()
