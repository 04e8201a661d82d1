"""`alteram exhibit verify-redaction`, without any organisation: what it says of files, and of exports beside one."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from alteram.cli.main import build_app

TESTDATA = Path(__file__).resolve().parents[2] / "testdata" / "redactions"
ONE = TESTDATA / "one-page.pdf"


def ask(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(build_app("exhibit"), ["exhibit", "verify-redaction", *map(str, arguments)])
    return done.exit_code, done.output


def read(*arguments: object) -> tuple[int, dict[str, Any]]:
    status, output = ask(*arguments, "--json")
    told: dict[str, Any] = json.loads(output)
    return status, told


def test_sound_redaction_is_told_with_its_pages_and_places() -> None:
    status, told = read(ONE, "--word", "Wintergreen")
    assert (status, told["outcome"], told["kind"]) == (0, "verified", "pdf")
    assert (told["pages"], told["listing"], told["places"], told["cuts"]) == (2, 1, 2, [1, 12])
    assert "stand nowhere in it: 1." in ask(ONE, "--word", "Wintergreen")[1]


@pytest.mark.parametrize(
    ("file", "code"),
    [("box-nearly-black.pdf", "redaction.black"), ("later-state-of-the-file.pdf", "redaction.end")],
)
def test_what_is_not_of_the_shape_fails_with_its_code(file: str, code: str) -> None:
    status, told = read(TESTDATA / file)
    assert (status, told["outcome"], told["code"]) == (1, "failed", code)


def test_word_that_stands_in_it_fails() -> None:
    status, told = read(ONE, "--word", "treasurer")
    assert (status, told["code"]) == (1, "redaction.word")


def test_export_shows_whose_it_is_and_who_agreed() -> None:
    status, told = read(ONE, TESTDATA / "all-shown.alteram")
    assert status == 0
    assert (told["lodged"]["exhibit"], told["lodged"]["of"], told["lodged"]["cuts"]) == ("note-redacted", "note", 2)
    assert (told["lodged"]["check"], told["lodged"]["withheld"], told["lodged"]["complete"]) == ("agreed", [], True)


def test_what_an_export_withholds_is_called_withheld() -> None:
    status, output = ask(ONE, TESTDATA / "lodging-alone.alteram")
    assert status == 0
    for part in (
        "a redaction (pdf); cuts: 2, places: 2",
        "as (withheld), made of (withheld); places: (withheld)",
        "whether somebody else agreed to it is withheld",
        "withhold it: 1", "entries may be missing besides", "Use --policy.",
    ):  # fmt: skip
        assert part in output


def test_export_in_which_its_maker_agreed_fails() -> None:
    status, told = read(ONE, TESTDATA / "agreed-by-its-maker.alteram")
    assert (status, told["code"], told["where"]) == (1, "redaction.own", "streams/matter-1/00000003.sd-jwt")


def test_picture_is_checked_with_the_boxes_that_are_told() -> None:
    boxes = ("--box", "1:10:10:80:22", "--box", "12:90:60:60:40")
    assert read(TESTDATA / "picture-in-grey.png", *boxes)[1]["places"] == 2
    assert read(TESTDATA / "png-not-black.png", *boxes)[1]["code"] == "redaction.black"
    assert "No box was told" in ask(TESTDATA / "picture-in-grey.png")[1]


@pytest.mark.parametrize(
    "arguments",
    [("--word", "!?"), ("--box", "1:2:3:4"), ("--box", "1:2:3:4:x")],
    ids=["no letter", "short", "no number"],
)
def test_argument_that_means_nothing_is_told(arguments: tuple[str, ...]) -> None:
    status, output = ask(ONE, *arguments)
    assert status != 0
    assert "PASS" not in output


def test_empty_file_is_no_redaction(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert read(tmp_path / "empty")[1]["code"] == "redaction.list"
