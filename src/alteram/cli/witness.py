"""`alteram witness`: cosign the logs of others, so that none of them can be rewritten unseen."""

from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.witness import build_policy_lines, create_witness, serve_witness
from alteram.cli.showing import AsJson, reporting, show

app = typer.Typer(no_args_is_help=True, help="Witness the logs of others.", rich_markup_mode=None)
_Folder = Annotated[Path, typer.Option("--folder", help="Where the witness keeps its keys and what it cosigned.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="The witness's name: a web address without scheme.")],
    folder: _Folder = Path("witness"),
    url: Annotated[str, typer.Option(help="Where logs will reach it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a witness's keys, and print the lines that others put into their policy.

    Example: alteram witness create witness.example --url https://witness.example
    """
    with reporting(as_json=as_json):
        lines = build_policy_lines(create_witness(folder, name), url)
    show({"policy": lines}, lines.splitlines(), as_json=as_json)


@app.command()
def serve(
    folder: _Folder = Path("witness"),
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8300,
    log: Annotated[
        list[str] | None, typer.Option(help="A log's verifier key, to be trusted beside those in the folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the witness until it is stopped.

    Example: alteram witness serve --folder witness --port 8300
    """
    with reporting(as_json=as_json):
        serve_witness(folder, host=host, port=port, vkeys=log or ())
