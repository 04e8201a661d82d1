"""Passkeys in a real browser: added, used to sign in alone, used to prove it again, and what is said when they fail."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.links import make_links
from tests.web.scenes import CAUCUS, MANAGER, MEMBER, RESPONDENT
from tests.web.serving import served


@dataclass(frozen=True, slots=True)
class Served:
    """A caucus that is served."""

    home: Path
    address: str

    def link(self, person: str) -> str:
        """Return a link that signs somebody in, at the name that passkeys need."""
        return make_links(self.home, self.address, CAUCUS, [person])[0]


@pytest.fixture(scope="module")
def caucus_served(caucus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("served")
    shutil.copytree(caucus_folder, home, dirs_exist_ok=True)
    with served(home) as address:
        yield Served(home, address.replace("127.0.0.1", "localhost"))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a browser of its own; what the browser complains of fails the test."""
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    yield page
    context.close()
    assert not complaints


def _plug_in(page: Page, *, verifies: bool = True) -> None:
    """Give the browser an authenticator that says yes, or one whose owner it does not recognise."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _come_by_link(page: Page, caucus: Served, person: str) -> None:
    page.goto(caucus.link(person))
    page.get_by_role("button", name="Sign in").click()


def _add_passkey(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What do you call it?").fill(name)
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")


def test_passkey_is_added_after_the_first_link_and_signs_in_alone_from_then_on(
    caucus_served: Served, page: Page
) -> None:
    _plug_in(page)
    _come_by_link(page, caucus_served, RESPONDENT)
    page.wait_for_url("**/sign-in/first/")
    _add_passkey(page, "my phone")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have them").click()
    page.get_by_role("row", name="my phone").wait_for()

    page.context.clear_cookies()
    page.goto(f"{caucus_served.address}/caucus/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="My matters").wait_for()


def test_passkey_proves_it_again_and_leads_back(caucus_served: Served, page: Page) -> None:
    _plug_in(page)
    _come_by_link(page, caucus_served, MANAGER)
    _add_passkey(page, "the key in the drawer")
    page.goto(f"{caucus_served.address}/accounts/2fa/webauthn/reauthenticate/?next=/sign-in/devices/")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/sign-in/devices/")


def test_passkey_that_fails_says_so_in_the_page_and_another_way_stays_open(caucus_served: Served, page: Page) -> None:
    _plug_in(page, verifies=False)
    page.goto(f"{caucus_served.address}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").filter(has_text="That did not work").wait_for()
    assert page.get_by_role("textbox", name="Passphrase").is_visible()


def test_browser_that_knows_the_installation_by_number_is_offered_no_passkey(caucus_served: Served, page: Page) -> None:
    page.goto(f"{caucus_served.address.replace('localhost', '127.0.0.1')}/accounts/login/")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    assert page.get_by_text("This browser knows no passkeys").is_visible()


def test_signing_in_by_link_works_without_script(caucus_served: Served, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{caucus_served.address}/accounts/login/")
    assert page.get_by_role("textbox", name="Passphrase").is_visible()
    assert page.locator("noscript .note").is_visible()  # Playwright finds no text in there
    _come_by_link(page, caucus_served, MEMBER)
    page.get_by_role("link", name="Not now").click()
    page.get_by_role("heading", name="My matters").wait_for()
    context.close()


def test_pages_of_signing_in_have_no_fault_that_axe_finds(caucus_served: Served, page: Page) -> None:
    pages = ["/accounts/login/", "/sign-in/link/", "/accounts/password/reset/"]
    own = ["first/", "devices/", "again/"]
    found = [one for path in pages for one in _faults(page, f"{caucus_served.address}{path}")]
    _come_by_link(page, caucus_served, MEMBER)
    pages = [*(f"/sign-in/{one}" for one in own), "/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/activate/"]
    pages += ["/accounts/password/set/", "/accounts/logout/"]
    found += [one for path in pages for one in _faults(page, f"{caucus_served.address}{path}")]
    assert not found


def _faults(page: Page, address: str) -> list[str]:
    page.goto(address)
    return [f"{address}: {one['id']}" for one in Axe().run(page).response["violations"]]
