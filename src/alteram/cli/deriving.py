"""`alteram exhibit derive`: lodge what was made of an exhibit, such as a translation; or have the programs make it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from alteram.bootstrap.evidence import build_disclosure_tools, build_evidence_tools
from alteram.cli.copies import read_blocks
from alteram.cli.describing import describe_performed, tell_performed
from alteram.cli.excerpts import show_closed
from alteram.cli.fields import convert_given
from alteram.cli.showing import NO, AsJson, reporting, show, stop
from alteram.cli.working import HOME, Actor, Home, MatterName, entering, read_now
from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.operations.exhibits.deriving import AS_A_FILE, BY_PROGRAM, lodge_copy, make_copy, write_down
from alteram.operations.exhibits.incoming import receive


def add_to(app: typer.Typer) -> None:
    """Add the command to those about exhibits."""
    app.command("derive")(derive)


def derive(
    matter: MatterName,
    exhibit: Annotated[str, typer.Argument(help="The exhibit that it is made of; it stays as it is.")],
    name: Annotated[str, typer.Argument(help="A new short name for what was made.")],
    actor: Actor,
    file: Annotated[
        Path | None, typer.Argument(help="The file that somebody made; without it, the programs make it.")
    ] = None,
    how: Annotated[
        str, typer.Option(help="translation, transcript, text, pages; without a file, a program makes it.")
    ] = "translation",
    language: Annotated[
        str, typer.Option(help="The language spoken, where a program writes down a transcript.")
    ] = "en",
    tool: Annotated[str, typer.Option(help="The program that made it elsewhere, with its version.")] = "",
    reasons: Annotated[str, typer.Option(help="Who made it, and for what.")] = "",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Lodge a copy of an exhibit: a translation, a transcript, its text, its pages as a PDF; the exhibit stays.

    Example: alteram exhibit derive conduct note note-de note-de.txt --as m20 --reasons "By a sworn translator"
    """
    fields: dict[str, Any] = {"exhibit": name, "of": exhibit, "how": how}
    fields |= {"reasons": reasons} if reasons else {}
    fields |= {"tool": tool, "by_hand": False} if tool else {}
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        makes = (*BY_PROGRAM, "transcript") if file is None else AS_A_FILE
        if how not in makes:
            raise MalformedError(
                f"{how} is nothing that is made {'without' if file is None else 'with'} a file.",
                remedy=f"Say --how with one of: {', '.join(makes)}.",
            )
        act = convert_given(ExhibitDerived, fields | ({} if file is None else {"file_name": file.name}))
        now = read_now(entered.organisation)
        if file is None and how == "transcript":
            done = write_down(entered, build_evidence_tools(), act, language=language, now=now)
        elif file is None:
            done = make_copy(entered, build_disclosure_tools().bundles.making, act, now=now)
        else:
            received = receive(entered.organisation, entered.stream, read_blocks(file))
            done = lodge_copy(entered, build_evidence_tools(), act, received, now=now)
    if isinstance(done, Refused):
        show_closed("exhibit derive", done, as_json=as_json)
    show(describe_performed(done), tell_performed("exhibit.derived", done), as_json=as_json)
    if not done:
        stop(NO)
