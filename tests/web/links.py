"""Sign-in links of an installation that is served by other processes."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PROGRAM = """
import sys
from alteram.installation.serving import set_up
set_up()
from alteram.installation.signing_in import invite, make_link
organisation, *people = sys.argv[1:]
for person in people:
    print(make_link(invite(organisation, person, f"{person}@caucus.invalid"), uses=9))
"""


def make_links(home: Path, address: str, organisation: str, people: Sequence[str]) -> list[str]:
    """Return a link for each of these people, in their order."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "ALTERAM_HOME": str(home),
        "ALTERAM_ADDRESS": address,
    }
    command = [sys.executable, "-c", _PROGRAM, organisation, *people]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return [f"{address}/sign-in/link/{secret}/" for secret in done.stdout.split()]
