"""Whatever makes bundles and redactions runs confined: where nothing can be, none of it is tested."""

import pytest

from tests.integration.converting.confined import need_confinement


@pytest.fixture(autouse=True)
def _confined() -> None:
    need_confinement()
