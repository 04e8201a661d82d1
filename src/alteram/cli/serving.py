"""`alteram serve`: the pages and the API of an organisation, or of several."""

import os
from pathlib import Path
from typing import Annotated

import typer

from alteram.cli.showing import AsJson, reporting, show, stop
from alteram.cli.working import HOME, Home


def run_serve(
    home: Home = HOME,
    address: Annotated[
        str, typer.Option(help="The address people use.", envvar="ALTERAM_ADDRESS")
    ] = "http://localhost:8000",
    host: Annotated[str, typer.Option(help="The address it listens at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port it listens at.")] = 8000,
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1)] = 2,
    as_json: AsJson = False,
) -> None:
    """Serve the pages and the API until told to stop with Ctrl-C.

    Example: alteram serve --home alteram-data
    """
    with reporting(as_json=as_json):
        prepare_environment(home, address)
        from alteram.installation.serving import prepare, serve  # noqa: PLC0415 - it reads the environment set above

        prepare()
        founding = _find_founding(address)
        lines = [f"Serving {home} at {address}. Ctrl-C ends it.", *_tell_founding(founding)]
        show({"serving": address, "home": str(home), **founding}, lines, as_json=as_json)
    stop(serve(host, port, workers=workers))


def prepare_environment(home: Path, address: str) -> None:
    """Tell the installation, and the processes it starts, where it is and under which address."""
    os.environ["ALTERAM_HOME"] = str(home.absolute())
    os.environ["ALTERAM_ADDRESS"] = address
    home.mkdir(parents=True, exist_ok=True)


def _find_founding(address: str) -> dict[str, str]:
    """Return where an organisation is founded and the code that shows who may; nothing where there is one already."""
    from alteram.installation.organisations import find_folders  # noqa: PLC0415 - as above
    from alteram.installation.setup_code import get_setup_code  # noqa: PLC0415 - as above

    code = get_setup_code()
    return {} if any(find_folders()) else {"found_at": f"{address}/found/", "setup_code": code}


def _tell_founding(founding: dict[str, str]) -> list[str]:
    if not founding:
        return []
    return [
        f"There is no organisation here yet. Found one in the browser: {founding['found_at']}",
        f"Setup code: {founding['setup_code']}",
    ]
