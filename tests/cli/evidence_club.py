"""A club in which evidence is lodged and given from the command line, and what was answered there."""

import contextlib
import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from alteram.cli.main import build_app
from tests.integration.converting.confined import need_confinement
from tests.needs import need_program
from tests.patience import HANGS
from tools.generate_docs import walk_commands

FOUNDING = (
    'alteram init "Bowls club" --secretary m02 --office president=m01 --rulebook small-club',
    'alteram matter propose conduct report.lodged --as m05 -f identity=named -f about=person -f text="It was so"',
    "alteram matter propose conduct case-manager.assigned --as m02 -f person=m20",
    "alteram matter propose conduct matter.accepted --as m20 -f procedure=complaint -f complainant=m05",
    "alteram matter propose conduct party.joined --as m20 -f person=m09 -f role=respondent",
)


def find_examples(group: str) -> dict[str, str]:
    """Return the example in the help of each command of a group, by the command's name."""
    found = {}
    for path, command in walk_commands():
        example = re.search(r"Example: (alteram .*)", command.help or "", re.DOTALL)
        if path[0] == group and len(path) > 1 and example is not None:
            found[path[1]] = " ".join(example[1].split())
    return found


class Club:
    """A folder in which commands are run, m20 handling the complaint of m05 about m09; `m01` presides."""

    def __init__(self, folder: Path) -> None:
        """Found it."""
        self.folder = folder
        for command in FOUNDING:
            self.run(command)

    def ask(self, command: str) -> tuple[int, str]:
        """Run a command as it is typed; return its exit status and what it printed."""
        arguments = shlex.split(command)[1:]
        with contextlib.chdir(self.folder):
            done = CliRunner().invoke(build_app(arguments[0]), arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def run(self, command: str) -> str:
        """Run a command that must end well; return what it printed."""
        status, output = self.ask(command)
        assert status == 0, (command, output)
        return output

    def read(self, command: str, status: int = 0) -> Any:
        """Run a command with --json; return what it answered."""
        ended, output = self.ask(f"{command} --json")
        assert ended == status, (command, output)
        return json.loads(output)


def need_evidence_programs() -> None:
    """Skip where what looks at recordings and pages is missing."""
    need_confinement()
    need_program("ffmpeg", provided_by="apt-get install ffmpeg")


def record_call(file: Path, seconds: int) -> None:
    """Write a recording as a telephone makes it: noise, the same every time."""
    noise = f"anoisesrc=duration={seconds}:sample_rate=8000:seed=7"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", noise, "-c:a", "aac", "-b:a", "32k", str(file)]
    subprocess.run(command, check=True, timeout=HANGS)
