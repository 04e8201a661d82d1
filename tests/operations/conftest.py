"""Every place an organisation can be kept in; a test that takes `world` runs once for each."""

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
def organisation(world: World) -> Organisation:
    """A small body that is founded and has adopted its rules."""
    opened = world.open()
    found_small_body(opened)
    return opened


@pytest.fixture
def matter(organisation: Organisation) -> Organisation:
    """The same with a matter `m1` begun."""
    begin_matter(organisation)
    return organisation


@pytest.fixture
def body(tmp_path: Path) -> Iterator[Organisation]:
    """A small body in memory with a matter `m1` begun: for what every store keeps alike."""
    with open_world("memory", tmp_path) as opened:
        organisation = opened.open()
        found_small_body(organisation)
        begin_matter(organisation)
        yield organisation
