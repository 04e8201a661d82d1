"""Commands about exhibits name nobody who is protected from whoever asks; to who may know them, they do."""

from pathlib import Path

import pytest

from tests.cli.evidence_club import Club

COMMANDS = ("exhibit list conduct", "exhibit show conduct key", "disclosure due conduct")


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Club:
    """A club in which a party of each side is protected, and the protected complainant lodged a key."""
    club = Club(Path(tmp_path_factory.mktemp("protected")))
    for person, role in (("m30", "complainant"), ("m31", "respondent")):
        club.run(
            f"alteram matter propose conduct party.joined --as m20 -f person={person} -f role={role} -f protected=true"
        )
    club.run("alteram exhibit add conduct key --as m30 --kind physical --seal S-17 --place 'The safe'")
    return club


@pytest.mark.parametrize("command", [*COMMANDS, "disclosure equality conduct"])
def test_protected_people_are_not_named_to_the_other_side(club: Club, command: str) -> None:
    for asker, hidden in (("m09", "m30"), ("m05", "m31")):
        said = club.ask(f"alteram {command} --as {asker}")[1]
        told = club.ask(f"alteram {command} --as {asker} --json")[1]
        assert hidden not in said + told
    assert "(protected)" in said
    assert '"person": null' in told


@pytest.mark.parametrize("command", COMMANDS)
def test_who_handles_the_matter_is_told_their_names(club: Club, command: str) -> None:
    said = club.run(f"alteram {command} --as m20")
    assert "(protected)" not in said
    assert "m31" in said
    assert ("m30" in said) == command.startswith("exhibit")
