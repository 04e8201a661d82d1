"""Writes tests/web/addresses.csv: what everybody is answered at every address. Look at what changed in it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEST = "tests/web/test_every_address.py::test_everybody_is_answered_as_the_table_says"

if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", TEST]
    environment = {**os.environ, "ALTERAM_WRITE_ADDRESSES": "1"}
    sys.exit(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)
