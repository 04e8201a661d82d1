"""The guide to running a witness: its commands run as they stand, in order."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx

from alteram.adapters.witness.state import name_origin
from alteram.core.tlog import hash_leaf
from alteram.core.tlog.witness import AddCheckpoint
from tests.loopback import HOST, find_free_port, program
from tests.patience import HANGS
from tests.published import LOG, sign

GUIDE = Path(__file__).resolve().parents[3] / "docs/how-to/witness.md"
SERVE = "import os, sys; os.chdir(sys.argv[1]); from alteram.cli.main import main; sys.argv[1:] = sys.argv[2:]; main()"


def test_commands_of_the_guide_make_a_witness_that_cosigns(tmp_path: Path) -> None:
    create, serve = (shlex.split(line)[1:] for line in re.findall(r"\$ (alteram .*)", GUIDE.read_text()))
    run = "import sys; from alteram.cli.main import main; main()"
    made = subprocess.run(
        [sys.executable, "-c", run, *create], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert made.stdout.count("\nwitness ") + made.stdout.startswith("witness ") == 2
    logs = tmp_path / "witness/logs.policy"
    logs.write_text(f"log {LOG.verifier.encode()}\n{logs.read_text()}")
    port = find_free_port()
    serve[serve.index("--port") + 1] = str(port)
    with program(SERVE, tmp_path, *serve, port=port):
        body = AddCheckpoint(0, (), sign([hash_leaf(b"entry")], 1)).encode()
        url = f"http://{HOST}:{port}"
        assert httpx.post(f"{url}/add-checkpoint", content=body, trust_env=False, timeout=HANGS).status_code == 200
        assert httpx.get(f"{url}/{name_origin(LOG.name)}/checkpoint", trust_env=False, timeout=HANGS).text.startswith(
            LOG.name
        )
