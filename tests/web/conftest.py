"""An organisation served in this process: its record in memory of nobody but the test, its people signed in."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId
from alteram.installation import organisations
from alteram.installation.signing_in import invite
from tests.web.scenes import CAUCUS, found_caucus, play_row

As = Callable[[str], Client]


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
        return client

    return sign_in
