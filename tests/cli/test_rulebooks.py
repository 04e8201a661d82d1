"""`alteram rulebook lint`, `draw`: what is odd, and the picture, for people and for machines."""

import json
from pathlib import Path

from typer.testing import CliRunner

from alteram.adapters.rulebooks.library import read_shipped
from alteram.cli.main import build_app


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build_app("rulebook"), ["rulebook", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_what_is_odd_is_told_with_its_place_and_remedy() -> None:
    status, told = run("lint", "caucus", "--on", "2026-07-01")
    assert status == 0
    assert "office.idle offices.leader" in told
    assert "Say what it plays" in told


def test_strict_ends_with_1_where_anything_is_odd_and_with_0_where_nothing_is(tmp_path: Path) -> None:
    assert run("lint", "caucus", "--strict")[0] == 1
    assert run("lint", "small-club", "--strict", "--on", "2026-07-01") == (0, run("lint", "small-club")[1])


def test_a_machine_is_told_what_is_odd() -> None:
    told = json.loads(run("lint", "caucus", "--json")[1])
    assert {"code", "place", "clause", "because", "remedy"} == set(told["oddities"][0])


def test_file_that_is_no_rulebook_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("a: [")
    for command in ("lint", "draw"):
        assert run(command, str(path))[0] == 2


def test_picture_is_written_to_a_file_or_printed_and_the_text_says_the_same(tmp_path: Path) -> None:
    path, target = tmp_path / "club.yaml", tmp_path / "club.svg"
    path.write_bytes(read_shipped("rulebooks", "small-club"))
    assert run("draw", str(path), "--out", str(target))[0] == 0
    assert run("draw", str(path))[1] == target.read_text()
    told = run("draw", str(path), "--text")[1]
    assert "In the hands of: secretary." in told
    assert "In the hands of: secretary." in target.read_text()
    stages = json.loads(run("draw", str(path), "--json")[1])["procedures"][0]["stages"]
    assert all(one["title"] in told for one in stages)


def test_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert run("draw", "small-club", "--out", str(tmp_path / "none" / "club.svg"))[0] == 2
