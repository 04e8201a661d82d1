"""The page on proving is executed: the club whose president accuses and decides, and the advice that mends it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.proving.overlays import SHIPPED

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "explanation" / "proving.md").read_text()
CONSOLE = re.findall(r"^```console\n\$ alteram (.*?)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
_GATES = "gates: [vote.taken, decision.made, appeal.decided]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the club whose president accuses and decides, and that club with the advice followed."""
    shipped = (SHIPPED / "small-club.yaml").read_text()
    (tmp_path / "president.yaml").write_text(shipped.replace(_GATES, "gates: [appeal.decided]"))
    (tmp_path / "amended.yaml").write_text(
        shipped.replace(_GATES, "gates: [appeal.decided, vote.taken, decision.made]")
    )
    assert _GATES in shipped
    return tmp_path


@pytest.mark.parametrize(("command", "shown"), CONSOLE)
def test_the_commands_of_the_page_print_what_it_says(command: str, shown: str, folder: Path) -> None:
    program = Path(sys.executable).with_name("alteram")
    done = subprocess.run([program, *command.split()], cwd=folder, capture_output=True, text=True, check=False)
    assert " ".join(shown.split()) in " ".join(done.stdout.split()), done.stdout + done.stderr
