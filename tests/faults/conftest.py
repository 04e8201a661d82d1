"""Every place a record can be lost from; a test that takes `world` runs once for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alteram.operations.organisation import Organisation
from tests.worlds import Kind, World, begin_matter, found_small_body, open_world


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A world with nothing in it."""
    kind: Kind = request.param
    url = request.getfixturevalue("postgresql_url") if kind == "postgresql" else ""
    with open_world(kind, tmp_path, url=url) as opened:
        yield opened


@pytest.fixture
def sqlite_world(tmp_path: Path) -> Iterator[World]:
    """A world in files that can be looked into."""
    with open_world("sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
def matter(world: World) -> Organisation:
    """A small body with a matter `m1` begun."""
    opened = world.open()
    found_small_body(opened)
    begin_matter(opened)
    return opened
