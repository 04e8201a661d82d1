"""`alteram rulebook lint`, `diff`, `draw`: what is odd, what an amendment means, and the picture."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alteram.adapters.rulebooks.library import read_shipped
from alteram.bootstrap import create, open_folder
from alteram.cli.main import build_app
from tests.operations.test_replaying import play
from tests.worlds import MEMBER, OUTSIDER, RESPONDENT, SECRETARY, START


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


# -- the file itself


def test_file_of_a_rulebook_is_shown_as_it_is_written_to_be_changed_and_proved(tmp_path: Path) -> None:
    shipped = read_shipped("rulebooks", "small-club").decode()
    assert run("show", "small-club", "--file") == (0, shipped)
    path = tmp_path / "my-club.yaml"
    path.write_text(shipped.replace("title: Rules of a small club", "title: Ours"))
    assert run("show", str(path), "--file") == (0, path.read_text())
    broken = tmp_path / "broken.yaml"
    broken.write_text("clauses: [")
    assert run("show", str(broken), "--file")[0] == 2


# -- what an amendment means


def write(folder: Path, name: str, old: str = "", new: str = "") -> str:
    text = read_shipped("rulebooks", "small-club").decode()
    assert not old or old in text
    path = folder / f"{name}.yaml"
    path.write_text(text.replace(old, new, 1) if old else text)
    return str(path)


def test_difference_is_told_in_plain_words_with_how_many_rights_shrink_and_grow(tmp_path: Path) -> None:
    before = write(tmp_path, "before")
    after = write(tmp_path, "after", "{working_days: 5}", "{working_days: 3}")
    status, told = run("diff", before, after)
    assert status == 0
    assert "1 rights shrink, 0 grow, 0 change" in told
    assert "was 5 working days and is 3 working days. (clause 3)" in told
    assert "0 rights shrink, 1 grow" in run("diff", after, before)[1]


def test_a_machine_is_told_the_difference(tmp_path: Path) -> None:
    told = json.loads(run("diff", "small-club", "caucus", "--json")[1])
    assert {one["effect"] for one in told["rights"]} == {"shrinks", "grows", "changes"}
    assert "past" not in told


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A small body with closed matters in a folder of its own."""
    folder = tmp_path / "organisation"
    create(folder, organisation="caucus", origin="caucus.example/log")
    opened = open_folder(folder, clock=lambda: START)
    play(opened.organisation)
    opened.close()
    return folder


def diff_past(home: Path, *arguments: str) -> tuple[int, str]:
    return run("diff", "small-club", "caucus", "--home", str(home), "--processes", "1", *arguments)


def test_past_matters_are_told_to_the_secretary_numbers_first(home: Path) -> None:
    status, told = diff_past(home, "--as", SECRETARY)
    assert status == 0
    assert "5 of 5 matters" in told
    assert "Of 5 closed matters, 5 would have gone otherwise." in told
    assert told.index("Of 5 closed matters") < told.index("matter closed-0:")


@pytest.mark.parametrize("person", [MEMBER, OUTSIDER, RESPONDENT, ""])
def test_past_matters_are_not_told_to_anybody_else(home: Path, person: str) -> None:
    status, told = diff_past(home, "--as", person)
    assert status == 2
    assert "closed-0" not in told


def test_replay_goes_on_from_what_was_kept_and_a_line_that_was_cut_off_is_done_again(
    home: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.jsonl"
    asked = ("--as", SECRETARY, "--kept", str(kept), "--json")
    whole = json.loads(diff_past(home, *asked)[1].partition("matters\n")[2])
    lines = kept.read_text().splitlines(keepends=True)
    assert len(lines) == 6
    kept.write_text("".join(lines[:3]) + lines[3][:20])
    again = json.loads(diff_past(home, *asked)[1].partition("matters\n")[2])
    assert again["past"] == whole["past"]


def test_what_was_kept_of_another_comparison_is_not_taken_for_this_one(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    diff_past(home, "--as", SECRETARY, "--kept", str(kept))
    back = ("diff", "caucus", "small-club", "--home", str(home), "--as", SECRETARY, "--kept", str(kept))
    assert run(*back)[0] == 2
