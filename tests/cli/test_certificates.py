"""`alteram verify` on certificates, alone and beside an export; `matter certificate` that makes one and verifies it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alteram.cli.main import build_app

TESTDATA = Path(__file__).resolve().parents[2] / "testdata" / "certificates"
GOOD, EXPORT = TESTDATA / "good.certificate", TESTDATA / "good.alteram"


def verify(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(build_app("verify"), ["verify", *map(str, arguments)])
    assert done.exit_code == status, done.output
    return done.output


def test_what_is_not_known_comes_first_and_silence_is_no_pass() -> None:
    told = verify(GOOD)
    assert told.index("alleged, not registered") < told.index("UNKNOWN  appeal-open") < told.index("PASS")
    assert "NOT-CONTRADICTED one-part" in told
    assert "PASS     one-part" not in told
    assert "never that minds were not made up earlier elsewhere" in told
    assert "Not assessed again" in told


def test_beside_the_export_it_is_assessed_again() -> None:
    told = verify(GOOD, EXPORT)
    assert "4 of its entries are those of the export." in told
    assert "8 came out the same" in told
    repeated = json.loads(verify(GOOD, EXPORT, "--json"))["repeated"]
    assert (repeated["whole"], repeated["same"], repeated["open"]) == (True, 8, 0)


def test_export_that_withholds_is_told_with_why() -> None:
    repeated = json.loads(verify(GOOD, TESTDATA / "redacted.alteram", "--json"))["repeated"]
    assert not repeated["whole"]
    assert any("withheld" in one for one in repeated["why_open"])


@pytest.mark.parametrize(
    ("name", "code"),
    [("silence-turned-green", "certificate.silence"), ("unknown-forged-to-pass", "certificate.result")],
)
def test_forgery_ends_with_status_1_and_its_code(name: str, code: str) -> None:
    told = json.loads(verify(TESTDATA / f"{name}.certificate", EXPORT, "--json", status=1))
    assert (told["verified"], told["code"]) == (False, code)


def test_what_is_neither_ends_with_status_2(tmp_path: Path) -> None:
    file = tmp_path / "a.certificate"
    file.write_text("{}")
    verify(file, status=2)
    verify(EXPORT, GOOD, status=2)
