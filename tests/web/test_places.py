"""What the environment says of an installation."""

from pathlib import Path

import pytest

from alteram.installation.places import LEAST, NOTO, read_places


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("", LEAST),
        ("4", LEAST),
        ("5", 5),
        ("6", 6),
        ("20", 20),
        ("-9", LEAST),
        ("many", LEAST),
        ("²", LEAST),
        ("9" * 30, LEAST),
    ],
)
def test_numbers_never_stand_for_fewer_than_protects(monkeypatch: pytest.MonkeyPatch, text: str, least: int) -> None:
    monkeypatch.setenv("ALTERAM_LEAST", text)
    assert read_places().least == least


@pytest.mark.parametrize(("address", "moved"), [("http://127.0.0.1:1", True), ("https://matters.example.org", False)])
def test_clock_is_moved_on_this_machine_only(monkeypatch: pytest.MonkeyPatch, address: str, moved: bool) -> None:
    monkeypatch.setenv("ALTERAM_ADDRESS", address)
    monkeypatch.setenv("ALTERAM_CLOCK", "clock")
    assert (read_places().clock is not None) is moved


@pytest.mark.parametrize(
    ("text", "folders"),
    [("", NOTO), (":", NOTO), ("/srv/a:/srv/b", (Path("/srv/a"), Path("/srv/b"))), ("/srv/a:", (Path("/srv/a"),))],
)
def test_fonts_are_where_the_environment_says_or_where_debian_puts_them(
    monkeypatch: pytest.MonkeyPatch, text: str, folders: tuple[Path, ...]
) -> None:
    monkeypatch.setenv("ALTERAM_FONTS", text)
    assert read_places().fonts == folders
