"""An organisation served in this process: its record in memory of nobody but the test, its people signed in."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from whitenoise.middleware import WhiteNoiseMiddleware

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId
from alteram.installation import organisations
from alteram.installation.models import Account
from alteram.installation.posting import send_letters
from alteram.installation.signing_in import invite
from tests.needs import need_program
from tests.patience import HANGS
from tests.web.scenes import CAUCUS, found_caucus, play_row

As = Callable[[str], Client]


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_once() -> Iterator[None]:
    """Each client of Django's begins the middleware anew, which would look through every folder each time."""
    find, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, object]()

    def find_once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            find(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _browsers_are_waited_for() -> Iterator[None]:
    """What a browser is asked for is waited for until it hangs: Playwright's own seconds are few on a slow machine."""

    def patient(open_it: Callable[..., Any]) -> Callable[..., Any]:
        def open_patiently(browser: Browser, **options: Any) -> Any:
            opened = open_it(browser, **options)
            opened.set_default_timeout(1000 * HANGS)
            return opened

        return open_patiently

    expect.set_options(timeout=1000 * HANGS)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("new_context", "new_page"):
            patch.setattr(Browser, name, patient(getattr(Browser, name)))
        yield


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser. It lasts for one module: while it runs, Django's database must not be used in this thread."""
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        yield browser
        browser.close()


def open_chromium(playwright: Playwright) -> Browser:
    """Return the system's Chromium, kept from asking its maker for anything."""
    program = need_program("chromium", provided_by="sudo apt-get install chromium")
    quiet = ("background-networking", "component-update", "sync", "quic", "gpu")
    arguments = ["--no-sandbox", "--no-first-run", *(f"--disable-{one}" for one in quiet)]
    return playwright.chromium.launch(executable_path=program, args=arguments, timeout=1000 * HANGS)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The installation's folder, with nothing in it yet."""
    monkeypatch.setattr(settings, "PLACES", replace(settings.PLACES, home=tmp_path))
    organisations.close_organisations()
    yield tmp_path
    organisations.close_organisations()


@pytest.fixture(scope="session")
def caucus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The caucus of `scenes` with its matter, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("caucus")
    opened = found_caucus(folder)
    try:
        play_row(opened)
    finally:
        opened.close()
    return folder


@pytest.fixture
def caucus(home: Path, caucus_folder: Path) -> Opened:
    """The caucus, served."""
    shutil.copytree(caucus_folder, home, dirs_exist_ok=True)
    return organisations.get_organisation(CAUCUS)


@pytest.fixture
def as_person(db: None, caucus: Opened) -> As:
    """Return a browser without script in which a person of the caucus is signed in."""

    def sign_in(person: str) -> Client:
        client = Client()
        account = invite(CAUCUS, PersonId(person), f"{person}@caucus.invalid")
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        prove(client, account)
        return client

    return sign_in


def find_token(page: str) -> str:
    """Return the token of a form that counts once."""
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def post_letters() -> None:
    """Let the letters that are due leave, as the jobs do."""
    send_letters(now=timezone.now())


def prove(client: Client, account: Account, *, ago: float = 0) -> None:
    """Let somebody who is signed in have proved who they are, so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "link", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = user_id_to_str(account)
    session.save()
