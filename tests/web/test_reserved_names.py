"""No organisation takes an address that is somebody else's."""

from pathlib import Path

import pytest

from alteram.bootstrap import FolderError, create
from alteram.bootstrap.folder import RESERVED
from tests.web.walking import find_addresses


def test_every_address_that_begins_otherwise_than_with_an_organisation_is_reserved() -> None:
    first = {one.route.lstrip("^").partition("/")[0] for one in find_addresses()}
    assert {one for one in first if one and not one.startswith("<")} | {"static"} == RESERVED


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_organisation_cannot_be_called_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(FolderError):
        create(tmp_path, organisation=name, origin="club.example/log")
    assert not list(tmp_path.iterdir())
