"""The guides: every command in them runs as it stands, in order, in a club as the guide supposes it."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alteram.cli.main import build_app
from tests.cli.evidence_club import need_evidence_programs, record_call
from tests.needs import need_program
from tests.patience import HANGS

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "how-to"
PROGRAMS = Path(sys.executable).parent
#: What is expected in the output of the last command of a guide.
LAST = {
    "back-up-and-restore": "0 rows differed",
    "evidence": "FOUND the copy of m09 of bundle b1",
    "keys": "follows",
    "run-the-log": "PASS",
    "verify-an-export": "refused",
}


def find_commands(guide: str) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", (GUIDES / f"{guide}.md").read_text(), re.DOTALL | re.MULTILINE)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def execute(command: str, folder: Path) -> str:
    """Run a command of a guide; one that runs until it is stopped is stopped once it has begun."""
    if re.fullmatch(r"alteram (?!log run)[^|]*", command):
        return execute_here(shlex.split(command)[1:], folder)
    arguments = shlex.split(command) if " log run" in command else ["bash", "-c", command]
    environment = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    with subprocess.Popen(
        arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        if " log run" in command:
            assert process.stderr is not None
            assert "up to date" in process.stderr.readline()
            process.send_signal(signal.SIGTERM)
        told, complaint = process.communicate(timeout=HANGS)
    assert process.returncode == 0, (command, told, complaint)
    return told


def execute_here(arguments: list[str], folder: Path) -> str:
    """Run a command in this process: starting one takes longer than most commands do."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(build_app(arguments[0]), arguments)
    assert done.exit_code == 0, (arguments, done.output)
    return done.output


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """A club in which m05 has reported something."""
    execute('alteram init "Bowls club" --secretary m02 --office president=m01 --rulebook small-club', tmp_path)
    fields = '-f identity=named -f about=person -f text="It was so"'
    execute(f"alteram matter propose row report.lodged --as m05 {fields}", tmp_path)
    shutil.copytree(ROOT / "conformance", tmp_path / "conformance")
    return tmp_path


@pytest.mark.parametrize("guide", LAST)
def test_every_command_of_the_guide_runs(guide: str, club: Path) -> None:
    if guide == "evidence":
        need_evidence_programs()
        need_program("tesseract", provided_by="apt-get install tesseract-ocr tesseract-ocr-eng")
        record_call(club / "call.m4a", 40)
        (club / "letter.txt").write_text("The treasurer kept the key.\nExample was there too.\n")
    commands = find_commands(guide)
    assert len(commands) > 3
    told = [execute(command, club) for command in commands]
    assert LAST[guide] in told[-1]


def test_restored_folder_is_not_signed_before_a_new_log_is_begun(club: Path) -> None:
    commands = find_commands("back-up-and-restore")
    before = next(number for number, command in enumerate(commands) if "succeed" in command)
    for command in commands[:before]:
        execute(command, club)
    report = "alteram matter propose other report.lodged --as m05 -f identity=named -f about=person -f text=So"
    checkpoint = "alteram log checkpoint"
    recorded, refused = (
        subprocess.run(
            [*command.replace("alteram", str(PROGRAMS / "alteram"), 1).split(), "--home", "restored"],
            cwd=club, capture_output=True, text=True, check=False,
        )
        for command in (report, checkpoint)
    )  # fmt: skip
    # What is recorded is told as recorded; only its receipt waits for a log that can be signed.
    assert (recorded.returncode, "receipts wait" in recorded.stderr) == (0, True)
    assert "the lock knows of none" in recorded.stderr
    assert refused.returncode == 2
    assert "the lock knows of none" in refused.stderr
