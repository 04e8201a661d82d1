"""Every place a store can be kept in; a test that takes `store` runs once for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alteram.operations.ports import Store
from tests.contract.places import Place


def _place(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    location = request.getfixturevalue("postgresql_url") if kind == "postgresql" else str(folder / "record.db")
    place = Place(kind, location)
    yield place
    place.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Memory, then each database."""
    yield from _place(request.param, request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each database: for what memory cannot do, such as being opened by two processes."""
    yield from _place(request.param, request, tmp_path)


@pytest.fixture
def store(place: Place) -> Store:
    """A store with nothing in it."""
    return place.open()
