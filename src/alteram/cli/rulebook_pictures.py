"""`alteram rulebook draw`: the stages of a rulebook, who owns each, for how long and what is done, as SVG or text."""

from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_rulebook
from alteram.cli.showing import AsJson, Value, reporting, say, show
from alteram.core.rules.picturing import draw_rulebook, picture_procedure, tell_rulebook


def draw_stages_of(
    rulebook: Annotated[str, typer.Argument(help="A file, or a shipped name.")],
    out: Annotated[Path | None, typer.Option(help="Write the picture to this file; else it is printed.")] = None,
    as_text: Annotated[bool, typer.Option("--text", help="The same as text, without a picture.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draw each procedure's stages with owners, periods and acts, as SVG that prints black on white.

    Example: alteram rulebook draw caucus --out caucus.svg
    """
    with reporting(as_json=as_json):
        read = load_rulebook(rulebook)
        if out is not None:
            out.write_text(draw_rulebook(read), encoding="utf-8")
    if as_text or as_json or out is not None:
        value: Value = {
            "rulebook": read.id,
            "version": read.version,
            "file": None if out is None else str(out),
            "procedures": [
                {
                    "id": one.id,
                    "title": one.title,
                    "stages": [
                        {"title": stage.title, "begins": stage.entered_by, "told": list(stage.told)}
                        for stage in picture_procedure(one, read)
                    ],
                }
                for one in read.procedures
            ],
        }
        lines = tell_rulebook(read) if as_text else [f"Drawn: {out}"]
        show(value, lines, as_json=as_json)
        return
    for line in draw_rulebook(read).splitlines():
        say(line)
