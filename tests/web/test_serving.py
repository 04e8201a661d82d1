"""What serves is loaded once, before the processes that answer and work are forked."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.web.serving import ROOT

_PROGRAM = """
import gc, json, sys, threading
from alteram.installation import serving
serving.prepare_accounts()
from alteram.installation.organisations import get_organisation
get_organisation("caucus")
serving.load()
from django.db import connections
from alteram.installation import organisations
print(json.dumps({
    "connections": [one.connection is not None for one in connections.all()],
    "organisations": len(organisations._opened),
    "threads": threading.active_count(),
    "frozen": gc.get_freeze_count(),
    "loaded": [name in sys.modules for name in ("alteram.web.matters.matter", "alteram.api.urls", "granian")],
}))
"""


def test_nothing_is_open_and_all_is_loaded_when_processes_are_forked(tmp_path: Path, caucus_folder: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(caucus_folder, home)
    environment = {**os.environ, "ALTERAM_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["connections"] == [False]
    assert (told["organisations"], told["threads"]) == (0, 1)
    assert told["loaded"] == [True, True, True]
    assert told["frozen"] > 100_000
