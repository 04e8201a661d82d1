"""`alteram serve`: the pages and the API of an organisation, or of several."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from alteram.cli.showing import AsJson, reporting, show, stop
from alteram.cli.working import HOME, Home

Port: TypeAlias = Annotated[int, typer.Option(help="The port it listens at.", min=1, max=65535)]
PORT = 8000


def run_serve(
    home: Home = HOME,
    address: Annotated[
        str, typer.Option(help="The address people use; without, this machine's own.", envvar="ALTERAM_ADDRESS")
    ] = "",
    host: Annotated[str, typer.Option(help="The address it listens at.")] = "127.0.0.1",
    port: Port = PORT,
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1)] = 2,
    as_json: AsJson = False,
) -> None:
    """Serve the pages and the API until told to stop with Ctrl-C.

    Example: alteram serve --home alteram-data
    """
    with reporting(as_json=as_json):
        address = address or f"http://localhost:{port}"
        prepare_environment(home, address)
        from alteram.installation import serving  # noqa: PLC0415 - it reads the environment set above

        serving.need_free_port(host, port)
        founding = _prepare(address, as_json=as_json)
        lines = [f"Serving {home} at {address}. Ctrl-C ends it.", *_tell_founding(founding)]
        show({"serving": address, "home": str(home), **founding}, lines, as_json=as_json)
    stop(serving.serve(host, port, workers=workers))


def prepare_environment(home: Path, address: str) -> None:
    """Tell the installation, and the processes it starts, where it is and under which address."""
    os.environ["ALTERAM_HOME"] = str(home.absolute())
    os.environ["ALTERAM_ADDRESS"] = address
    home.mkdir(parents=True, exist_ok=True)


def _prepare(address: str, *, as_json: bool) -> dict[str, str]:
    """Prepare in a process of its own; return what it tells. Where it fails it says why, and this ends as it did."""
    command = [sys.executable, "-m", "alteram.cli.preparing", address, *(["--json"] if as_json else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.stdout.write(done.stdout)
        stop(done.returncode)
    founding: dict[str, str] = json.loads(done.stdout)
    return founding


def _tell_founding(founding: dict[str, str]) -> list[str]:
    if not founding:
        return []
    return [
        f"There is no organisation here yet. Found one in the browser: {founding['found_at']}",
        f"Setup code: {founding['setup_code']}",
    ]
