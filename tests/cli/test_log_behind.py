"""What was recorded is told as recorded, also where the log could not take it in; what was cut short goes on."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from alteram.bootstrap import folder, open_folder
from alteram.cli import founding
from alteram.cli.main import build_app
from alteram.core.acts import OrganisationFounded, RulebookAdopted
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.operations import founding as operations

PROPOSE = ("matter", "propose", "row", "report.lodged", "--as", "m05", "-f", "identity=named", "-f", "about=person",
           "-f", "text=It was so")  # fmt: skip


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(build_app(arguments[0]), list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A club whose log cannot be signed: what was signed last was moved away."""
    monkeypatch.chdir(tmp_path)
    assert run("init", "Bowls club", "--secretary", "m02", "--rulebook", "small-club").exit_code == 0
    lock = tmp_path / "alteram-data" / "apart" / "checkpoint.db"
    lock.rename(lock.with_name("elsewhere.db"))
    return lock


def mend(lock: Path) -> None:
    lock.unlink()
    lock.with_name("elsewhere.db").rename(lock)


def test_recorded_act_is_told_as_recorded_where_the_log_cannot_take_it_in(behind: Path) -> None:
    done = run(*PROPOSE, "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["outcome"], told["entry"]) == (0, "allowed", 0)
    assert "stays recorded" in done.stderr
    assert "log.lock" in done.stderr
    command = done.stderr.splitlines()[-1].partition(": alteram ")[2].split()
    assert run(*command).exit_code == 2  # nothing is mended yet
    mend(behind)
    assert (run(*command).exit_code, run("log", "proof", "row", "0").exit_code) == (0, 0)
    assert [one["entry"] for one in json.loads(run("matter", "show", "row", "--as", "m05", "--json").stdout)] == [0]


def test_act_in_words_is_told_as_recorded_too(behind: Path) -> None:
    done = run(*PROPOSE)
    assert (done.exit_code, done.stdout.startswith("ALLOWED report.lodged, entry 0")) == (0, True)
    assert "alteram log checkpoint --home alteram-data" in done.stderr


def test_full_disk_of_the_log_leaves_the_act_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", "Bowls club", "--secretary", "m02", "--rulebook", "small-club").exit_code == 0
    tiles = tmp_path / "alteram-data" / "log" / "tile"
    tiles.rename(tmp_path / "tile")
    tiles.touch()  # nothing can be written below what is no folder
    done = run(*PROPOSE, "--json")
    assert (done.exit_code, json.loads(done.stdout)["entry"]) == (0, 0)
    assert "receipts wait" in done.stderr
    tiles.unlink()
    (tmp_path / "tile").rename(tiles)
    assert run("log", "checkpoint").exit_code == 0
    assert run("log", "audit", "alteram-data/log").exit_code == 0


def test_refusal_stays_a_refusal_and_bad_input_bad_input(behind: Path) -> None:
    refused = run("matter", "propose", "row", "case-manager.assigned", "--as", "m05", "-f", "person=m01")
    assert (refused.exit_code, "REFUSED" in refused.stdout) == (1, True)
    assert run("matter", "show", "row", "--as", "m05").exit_code == 2


def test_what_needs_the_log_itself_still_fails(behind: Path) -> None:
    for command in (("log", "checkpoint"), ("key", "rotate", "--record", "--as", "m02")):
        done = run(*command)
        assert (done.exit_code, "Traceback" in done.output) == (2, False), command


INIT = ("init", "Bowls club", "--secretary", "m02", "--members", "m01,m02,m03", "--rulebook", "small-club")


@pytest.mark.parametrize("reached", ["nothing", "keys", "folder", "log", "founded"])
def test_founding_cut_short_goes_on_when_the_command_is_given_again(
    reached: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class CutShortError(Exception):
        pass

    def cut(*_: object, **__: object) -> None:
        raise CutShortError

    places = {"keys": (folder, "prepare_log"), "folder": (founding, "found"), "log": (operations, "_perform"),
              "founded": (founding, "adopt_rulebook")}  # fmt: skip
    monkeypatch.chdir(tmp_path)
    if reached in places:
        with monkeypatch.context() as patch:
            patch.setattr(*places[reached], cut)
            done = CliRunner().invoke(build_app("init"), list(INIT))
        assert isinstance(done.exception, CutShortError)
    assert run(*INIT).exit_code == 0
    assert run("log", "audit", "alteram-data/log").exit_code == 0
    assert "ALLOWED" in run(*PROPOSE).stdout
    with closing(open_folder(Path("alteram-data"))) as opened:
        ports = opened.organisation.ports
        leaves = ports.store.leaves(ports.organisation, 0, 100)
        facts = opened.organisation.state(ORGANISATION_STREAM).facts
    assert sum(one.stream is None for one in leaves) == 1
    assert (len(facts.all(OrganisationFounded)), len(facts.all(RulebookAdopted))) == (1, 1)
    again = run(*INIT)
    assert (again.exit_code, "founded already" in again.output) == (2, True)
