import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alteram.adapters.rulebooks.library import read_shipped
from alteram.cli.main import COMMANDS, build_app
from tools.generate_docs import walk_commands


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build_app(arguments[0]), list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A club in which m05 has reported something, as the readme tells a newcomer to do."""
    monkeypatch.chdir(tmp_path)
    init = ["init", "Bowls club", "--secretary", "m02", "--office", "president=m01", "--rulebook", "small-club"]
    assert run(*init)[0] == 0
    assert report()[0] == 0
    return tmp_path


def report(matter: str = "row", *more: str) -> tuple[int, str]:
    fields = ["-f", "identity=named", "-f", "about=person", "-f", "text=It was so"]
    return run("matter", "propose", matter, "report.lodged", "--as", "m05", *fields, *more)


ALL = dict(walk_commands())
#: What an example needs to be there before it can run.
RUNS_ELSEWHERE = {
    ("demo",): "tests/cli/test_demo.py runs it whole",
    ("invite",): "tests/cli/test_inviting.py runs it in a process of its own",
    ("serve",): "it serves until it is stopped; tests/web/serving.py runs it",
    ("witness", "serve"): "it serves until it is stopped; tests/integration/witness runs the server",
    ("verify",): "tests/cli/test_demo.py runs it on what the demonstration leaves",
    ("log", "audit"): "as verify",
    ("log", "run"): "it runs until it is stopped; tests/cli/test_log.py stops it",
    ("log", "stamp"): "tests/cli/test_log.py has an authority",
    ("log", "stamps"): "as log stamp",
    ("matter", "assess"): "names the readme's matter below",
    ("matter", "cure"): "as assess",
    **{path: "tests/cli/test_exhibits.py plays it in the story" for path in ALL if path[0] == "exhibit"},
    **{path: "tests/cli/test_disclosing.py plays it in the story" for path in ALL if path[0] == "disclosure"},
}


def find_example(path: tuple[str, ...]) -> str:
    found = re.search(r"Example: alteram (.*)", ALL[path].help or "", re.DOTALL)
    assert found, path
    return " ".join(found[1].split())


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_and_an_example_of_itself(path: tuple[str, ...]) -> None:
    assert (ALL[path].help or "")[0].isupper()
    assert tuple(find_example(path).split()[: len(path)]) == path


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_option_and_argument_has_help(path: tuple[str, ...]) -> None:
    for parameter in ALL[path].params:
        assert getattr(parameter, "help", None) or parameter.name == "help", f"{path}: {parameter.name}"


@pytest.mark.parametrize("path", [path for path in ALL if path != ("demo",)], ids=" ".join)
def test_every_command_answers_machines(path: tuple[str, ...]) -> None:
    assert any("--json" in parameter.opts for parameter in ALL[path].params), path


@pytest.mark.parametrize("path", [path for path in ALL if path not in RUNS_ELSEWHERE], ids=" ".join)
def test_every_example_runs(path: tuple[str, ...], club: Path) -> None:
    arguments = shlex.split(find_example(path))
    if path == ("init",):
        arguments += ["--home", str(club / "another")]
    elif "conduct" in arguments and path != ("matter", "propose"):
        assert report("conduct")[0] == 0
    status, output = run(*arguments)
    expected = {0, 1} if path in {("matter", "shred"), ("rulebook", "adopt")} else {0}
    if path == ("rulebook", "adopt"):
        assert "in force already" in output  # the club adopted it when it was founded
    else:
        assert status in expected, output


def test_what_is_refused_ends_with_one_and_says_why(club: Path) -> None:
    status, output = run("matter", "propose", "row", "decision.made", "--as", "m05")
    assert status == 1
    assert output.startswith("REFUSED decision.made: Only ")
    assert (club / "alteram-data").is_dir()


def test_adopting_says_by_which_calendar_days_are_counted(club: Path) -> None:
    rules = read_shipped("rulebooks", "small-club").decode()
    for version, calendar in (("next", "The club"), ("after-that", "The club again")):
        changed = re.sub(r"(?m)^version: .*$", f"version: {version}", rules)
        path = club / f"{version}.yaml"
        path.write_text(changed.replace("calendar: {name: New Zealand,", f"calendar: {{name: {calendar},"))
    status, output = run("rulebook", "adopt", str(club / "next.yaml"), "--as", "m02")
    assert status == 0, output
    assert "Days are counted by the calendar The club (Pacific/Auckland), 2024 to 2034." in " ".join(output.split())
    status, output = run("rulebook", "adopt", str(club / "after-that.yaml"), "--as", "m02", "--json")
    assert (json.loads(output)["calendar"], json.loads(output)["time_zone"]) == ("The club again", "Pacific/Auckland")
    status, output = run("rulebook", "adopt", str(club / "after-that.yaml"), "--as", "m02")
    assert "Days are counted" not in output


def test_a_refusal_in_json_names_code_clause_and_what_is_missing(club: Path) -> None:
    status, output = run("matter", "propose", "row", "decision.made", "--as", "m05", "--json")
    told = json.loads(output)
    assert (status, told["outcome"], told["code"], told["entry"]) == (1, "refused", "act.not-yours", None)
    assert {"clause", "missing", "earliest", "because"} <= told.keys()


@pytest.mark.parametrize(
    "arguments",
    [
        ("matter", "propose", "row", "no.such-act", "--as", "m05"),
        ("matter", "propose", "row", "report.lodged", "--as", "m05", "-f", "identity=wrong"),
        ("matter", "propose", "row", "report.lodged", "--as", "m05", "--fields", "{"),
        ("matter", "propose", "../row", "report.lodged", "--as", "m05", "-f", "identity=named"),
        ("matter", "propose", "row", "report.lodged", "--as", "M 5"),
        ("matter", "propose", "row", "report.lodged", "--as", "m05", "--fields", "@absent.json"),
        ("matter", "show", "nothing", "--as", "m05"),
        ("matter", "export", "nothing", "out.alteram"),
        ("matter", "assess", "nothing"),
        ("matter", "list", "--home", "nowhere"),
        ("rulebook", "check", "no-such-rulebook"),
        ("history", "assess", "no-such-history"),
        ("verify", "absent.alteram"),
        ("log", "audit", "nowhere"),
        ("log", "proof", "row", "99"),
        ("log", "proof", "row", "100000000"),
        ("log", "proof", "row", "99999999999999999999"),
        ("init", "Again", "--secretary", "m02"),
    ],
)
def test_bad_input_ends_with_two_and_one_plain_message(arguments: tuple[str, ...], club: Path) -> None:
    status, output = run(*arguments)
    assert status == 2
    assert output.strip()
    assert "Traceback" not in output
    status, told = run(*arguments, "--json")
    assert status == 2
    assert json.loads(told)["error"]["problem"]


def test_bad_input_writes_nothing(club: Path) -> None:
    before = (club / "alteram-data" / "record.db").read_bytes()
    assert run("matter", "propose", "row", "report.lodged", "--as", "m05", "-f", "identity=wrong")[0] == 2
    assert (club / "alteram-data" / "record.db").read_bytes() == before
    assert run("init", "Other", "--secretary", "m02", "--home", "other", "--rulebook", "absent")[0] == 2
    assert not (club / "other").exists()


def test_an_export_is_never_written_over(club: Path) -> None:
    (club / "out.alteram").write_bytes(b"mine")
    assert run("matter", "export", "row", "out.alteram")[0] == 2
    assert (club / "out.alteram").read_bytes() == b"mine"


def test_an_export_that_fails_leaves_no_file(club: Path) -> None:
    assert run("matter", "export", "nothing", "out.alteram")[0] == 2
    assert not (club / "out.alteram").exists()


def test_a_stranger_is_told_the_same_of_a_matter_that_is_there_and_one_that_is_not(club: Path) -> None:
    assert run("matter", "show", "row", "--as", "stranger") == run("matter", "show", "nothing", "--as", "stranger")


def test_what_was_exported_verifies_with_the_policy_and_the_log_audits(club: Path) -> None:
    assert run("matter", "export", "row", "row.alteram", "--for", "m05")[0] == 0
    status, output = run("verify", "row.alteram", "--policy", "alteram-data/policy", "--json")
    assert (status, json.loads(output)["verified"]) == (0, True)
    assert run("log", "audit", "alteram-data/log")[0] == 0
    data = bytearray((club / "row.alteram").read_bytes())
    data[len(data) // 2] ^= 1
    (club / "row.alteram").write_bytes(data)
    status, output = run("verify", "row.alteram", "--json")
    assert (status, json.loads(output)["verified"]) == (1, False)


def test_every_command_is_loaded_by_name_alone() -> None:
    for name in COMMANDS:
        assert [
            command.name for command in build_app(name).registered_commands + build_app(name).registered_groups
        ] == [name]


def test_an_organisation_can_live_in_postgresql(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    init = ["init", "Bowls club", "--secretary", "m02", "--rulebook", "small-club", "--database", postgresql_url]
    assert run(*init)[0] == 0
    assert report()[0] == 0
    assert not (tmp_path / "alteram-data" / "record.db").exists()
    status, output = run("matter", "list", "--json")
    assert (status, [one["matter"] for one in json.loads(output)]) == (0, ["row"])
    assert run("log", "audit", "alteram-data/log")[0] == 0


def run_program(*arguments: str, folder: Path) -> tuple[int, str]:
    program = Path(sys.executable).with_name("alteram")
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("mater",), "Did you mean 'matter'?"),
        (("matter", "close", "row"), "See alteram matter --help"),
        (("matter", "propose", "row"), "Missing argument 'act'. See alteram matter propose --help"),
        (("acts", "notice.served", "--as"), "No such option"),
        (("matter", "propose", "row", "report.lodged", "--as", "m05", "-f", "text=He", "threw"), 'text="It was so"'),
    ],
)
def test_a_command_written_wrongly_ends_with_two_and_says_where_help_is(
    arguments: tuple[str, ...], answer: str, tmp_path: Path
) -> None:
    status, output = run_program(*arguments, folder=tmp_path)
    assert status == 2
    assert answer in output
    status, output = run_program(*arguments, "--json", folder=tmp_path)
    assert status == 2
    assert json.loads(output)["error"]["code"] == "usage"


def test_the_program_ends_with_the_status_of_its_command(tmp_path: Path) -> None:
    assert run_program("acts", "notice.served", folder=tmp_path)[0] == 0
    assert run_program("acts", "notce", folder=tmp_path)[0] == 2
    (tmp_path / "log").mkdir()
    assert run_program("verify", "absent", folder=tmp_path)[0] == 2


def test_an_office_or_body_the_rulebook_does_not_know_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    home = str(tmp_path / "club")
    for option, value, known in (
        ("--office", "chair=m01", "president, secretary"),
        ("--body", "panel=m01", "committee"),
    ):
        arguments = ("init", "Club", "--secretary", "m02", "--rulebook", "small-club", "--home", home, option, value)
        status, output = run(*arguments)
        assert (status, known in output) == (2, True)
    assert not (tmp_path / "club").exists()


def test_founding_names_the_club_and_says_who_is_still_to_be_named(tmp_path: Path) -> None:
    home = str(tmp_path / "club")
    (tmp_path / "members.txt").write_text("m01 # the president\nm02\n\nm02\n")
    members = ("--members", f"@{tmp_path}/members.txt")
    status, output = run(
        "init", "Bowls & Darts Club", "--secretary", "m02", "--rulebook", "small-club", "--home", home, *members
    )
    assert status == 0
    assert "Nobody is president yet: alteram matter propose organisation office.filled" in output
    assert "Nobody sits in the body committee yet" in output
    assert "secretary yet" not in output  # whoever founds it is
    for line in output.splitlines():
        if "alteram matter propose" in line:
            assert run(*shlex.split(line.partition("alteram ")[2]), "--home", home)[0] == 0
    assert json.loads((tmp_path / "club" / "organisation.json").read_text())["organisation"] == "bowls-darts-club"
    assert run("matter", "can", "organisation", "--as", "m02", "--act", "member.joined", "--home", home)[0] == 0


def test_founding_counts_the_days_of_another_place_where_it_is_asked_to_and_says_whose_it_counts(
    tmp_path: Path,
) -> None:
    club = ("init", "Club", "--secretary", "m02", "--rulebook", "small-club", "--home")
    status, output = run(*club, str(tmp_path / "a"), "--time-zone", "Europe/Berlin", "--holidays", "DE-BY")
    assert (status, "as in Europe/Berlin, by the calendar: Germany, BY." in output) == (0, True)
    status, output = run(*club, str(tmp_path / "b"), "--holidays", "XX")
    assert (status, "No public holidays are known for XX" in output) == (2, True)
    assert not (tmp_path / "b").exists()
    status, output = run(*club, str(tmp_path / "c"))
    assert (status, "by the calendar: New Zealand. For another: --time-zone and --holidays" in output) == (0, True)


def test_a_file_of_members_without_an_at_sign_is_refused(tmp_path: Path) -> None:
    (tmp_path / "members").write_text("m01\n")
    home = str(tmp_path / "club")
    status, output = run("init", "Club", "--secretary", "m02", "--members", f"{tmp_path}/members", "--home", home)
    assert (status, "Write @" in output) == (2, True)


def test_a_trial_says_what_the_rules_would_say_and_records_nothing(club: Path) -> None:
    assert report("other", "--try") == (
        0,
        "ALLOWED report.lodged, as anyone\nNothing was recorded: this was a trial.\n",
    )
    status, output = run("matter", "propose", "row", "decision.made", "--as", "m05", "--try")
    assert (status, output.startswith("REFUSED")) == (1, True)
    assert [one["matter"] for one in json.loads(run("matter", "list", "--json")[1])] == ["row"]
    assert not (club / "other").exists()


def test_one_entry_is_shown_with_what_is_open_in_it(club: Path) -> None:
    status, output = run("matter", "show", "row", "--as", "m05", "--entry", "0")
    assert (status, "text: It was so" in output) == (0, True)
    assert run("matter", "show", "row", "--as", "m05", "--entry", "7")[0] == 2
    assert (club / "alteram-data").is_dir()


def test_what_can_be_done_is_told_by_what_is_open_what_waits_and_what_belongs_to_others(club: Path) -> None:
    status, output = run("matter", "can", "row", "--as", "m02")
    assert status == 0
    assert "m02 is here: custodian, secretary" in output
    assert "The stage after, hearing, begins with notice.served." in output
    open_now, _, _ = output.partition("Not yet:")
    assert "  case-manager.assigned" in open_now
    assert "matter.accepted" not in output
    status, everything = run("matter", "can", "row", "--as", "m02", "--all")
    assert "  matter.accepted             case-manager" in everything.partition("Belonging to others:")[2]
    assert "  meeting.opened              meeting.called" in everything.partition("recorded first:")[2]
    assert status == 0
    assert run("matter", "can", "row", "--as", "stranger")[0] == 2
    assert (club / "alteram-data").is_dir()


def test_whether_one_act_is_open_is_told_by_the_exit_status(club: Path) -> None:
    assert run("matter", "can", "row", "--as", "m02", "--act", "case-manager.assigned")[0] == 0
    status, output = run("matter", "can", "row", "--as", "m02", "--act", "matter.accepted")
    assert (status, output) == (1, "REFUSED matter.accepted: it belongs to case-manager.\n")
    status, output = run("matter", "can", "row", "--as", "m02", "--act", "meeting.opened", "--json")
    (told,) = json.loads(output)["acts"]
    assert (status, told["outcome"], told["missing"], told["own"]) == (1, "refused", ["meeting.called"], True)
    assert (club / "alteram-data").is_dir()
