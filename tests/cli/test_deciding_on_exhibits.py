"""Nothing is decided of an exhibit by leaving an option out, and a box that is none is told as that."""

from pathlib import Path

import pytest

from tests.cli.evidence_club import Club


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Club:
    """A club in which a key was lodged."""
    club = Club(Path(tmp_path_factory.mktemp("deciding")))
    club.run("alteram exhibit add conduct key --as m05 --kind physical --seal S-17")
    return club


@pytest.mark.parametrize(
    "command", ["rule conduct key --as m01 --reasons So", "check-redaction conduct key-redacted --as m02"]
)
def test_decision_that_was_left_out_is_none(club: Club, command: str) -> None:
    status, output = club.ask(f"alteram exhibit {command}")
    assert (status, "Missing option" in output) == (2, True)
    assert club.read("alteram exhibit show conduct key --as m20")["told"]["admissible"] is None


@pytest.mark.parametrize(("option", "admissible"), [("--exclude", False), ("--admit", True)])
def test_decision_is_the_one_that_was_given(club: Club, option: str, admissible: bool) -> None:
    club.run(f"alteram exhibit rule conduct key --as m01 --reasons So {option}")
    assert club.read("alteram exhibit show conduct key --as m20")["told"]["admissible"] is admissible


@pytest.mark.parametrize(
    "box", ["1:2:3:4", "1:2:3:4:5:6", "1:2:3:4:x", "1:2:3:4:", f"1:2:3:4:{'9' * 5000}", "1:2:3:4:٥"]
)
@pytest.mark.parametrize(
    ("command", "remedy"),
    [
        ("redact conduct key key2 --as m20 --reasons So", "Write PAGE:LEFT:TOP:RIGHT:BOTTOM"),
        ("verify-redaction absent.png", "Write NUMBER:X:Y:WIDE:HIGH"),
    ],
)
def test_box_that_is_none_is_told(club: Club, command: str, remedy: str, box: str) -> None:
    status, output = club.ask(f"alteram exhibit {command} --box {box}")
    assert (status, remedy in output) == (2, True)


def test_pages_of_boxes_count_from_one(club: Club) -> None:
    status, output = club.ask("alteram exhibit redact conduct key key2 --as m20 --reasons So --box 0:2:3:4:5")
    assert (status, "Pages count from 1." in output) == (2, True)
