"""`alteram matter show` says between which times each entry was recorded, and who says so."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alteram.core.kernel.instants import parse_instant
from tests.cli.test_log_behind import PROPOSE, run

SHOW = ("matter", "show", "row", "--as", "m05")
BEGAN = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("init", "Bowls club", "--secretary", "m02", "--rulebook", "small-club").exit_code == 0
    return tmp_path / "alteram-data"


def test_entry_with_a_receipt_is_shown_with_its_bounds(club: Path) -> None:
    assert run(*PROPOSE).exit_code == 0
    (entry,) = json.loads(run(*SHOW, "--json").stdout)
    first, last = entry["bounds"]["not_before"], entry["bounds"]["not_after"]
    assert BEGAN <= parse_instant(first["at"]) <= parse_instant(last["at"]) <= datetime.now(UTC)
    assert (first["witnessed"], last["witnessed"]) == (False, False)  # nobody was asked: the log says so alone
    words = run(*SHOW, "--entry", "0").stdout
    assert f"recorded not before: {first['at']}, says the log alone" in words
    assert f"recorded not after: {last['at']}, says the log alone" in words
    assert "recorded not" not in run(*SHOW).stdout


def test_entry_without_a_receipt_has_no_bounds(club: Path) -> None:
    lock = club / "apart" / "checkpoint.db"
    lock.rename(lock.with_name("elsewhere.db"))
    assert run(*PROPOSE).exit_code == 0
    (entry,) = json.loads(run(*SHOW, "--json").stdout)
    assert entry["bounds"] is None
    assert "It has no receipt yet" in run(*SHOW, "--entry", "0").stdout
