"""Names that are proposed for what is made of an exhibit are names, however long the exhibit's is."""

import pytest

from alteram.web.exhibits.names import LONGEST, is_name, propose_name


@pytest.mark.parametrize("length", [1, LONGEST - len("-copy"), LONGEST - len("-copy") + 1, LONGEST])
def test_proposed_name_is_a_name_and_another_than_the_exhibits(length: int) -> None:
    exhibit = "e" * length
    proposed = propose_name(exhibit, "copy")
    assert is_name(proposed)
    assert proposed.endswith("-copy")
    assert proposed != exhibit


@pytest.mark.parametrize("text", ["", "Not a name", "-e1", "e1-", "e" * (LONGEST + 1)])
def test_what_is_no_name_is_none(text: str) -> None:
    assert not is_name(text)
