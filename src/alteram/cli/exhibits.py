"""`alteram exhibit`: lodge evidence, and look at it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from alteram.bootstrap.evidence import build_evidence_tools
from alteram.cli import deriving, excerpts, handling, redaction_proofs, redactions
from alteram.cli.copies import check_new, read_blocks, write_new
from alteram.cli.describing import describe_performed, tell_performed
from alteram.cli.fields import convert_given, parse_instants
from alteram.cli.showing import NO, AsJson, reporting, show, stop
from alteram.cli.telling_exhibits import (
    describe_lodged,
    spell,
    tell_lodged,
    tell_row,
    tell_shown,
)
from alteram.cli.working import HOME, Actor, Home, MatterName, at_work, entering, parse_actor, parse_matter, read_now
from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import encode_identity
from alteram.operations.entries import enter
from alteram.operations.exhibits.describing import describe_exhibit, describe_row
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.opening import open_exhibit
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.telling import look_at_exhibit, look_at_exhibits

app = typer.Typer(no_args_is_help=True, help="Lodge evidence, look at it, prove parts of it.", rich_markup_mode=None)
excerpts.add_to(app)
deriving.add_to(app)
redactions.add_to(app)
redaction_proofs.add_to(app)
_WITHOUT_FILE = ("physical", "statement")
_Exhibit = Annotated[str, typer.Argument(help="The exhibit's name in the matter.")]


@app.command()
def add(
    matter: MatterName,
    exhibit: Annotated[str, typer.Argument(help="A new short name, such as e1.")],
    actor: Actor,
    file: Annotated[Path | None, typer.Argument(help="The file; a physical item has none.")] = None,
    kind: Annotated[str, typer.Option(help="document, picture, recording, message, web-page, physical, statement")] = (
        "document"
    ),
    obtained: Annotated[str, typer.Option(help="given, made-by-lodger, found, published, ordered")] = "given",
    title: Annotated[str, typer.Option(help="What it is.")] = "",
    source: Annotated[str, typer.Option(help="Where it comes from, and how it was obtained.")] = "",
    speaker: Annotated[list[str] | None, typer.Option(help="Who speaks in it; again for each.")] = None,
    part_of: Annotated[str, typer.Option(help="The exhibit of which it is a part.")] = "",
    place: Annotated[str, typer.Option(help="Where a physical item is kept.")] = "",
    seal: Annotated[str, typer.Option(help="The number on its seal.")] = "",
    captured: Annotated[
        str, typer.Option(help="When a page was captured, or a recording made: 2025-08-11T20:00+12:00.")
    ] = "",
    in_confidence: Annotated[bool, typer.Option("--in-confidence", help="It was obtained in confidence.")] = False,
    from_mediation: Annotated[bool, typer.Option("--from-mediation", help="It comes from a mediation.")] = False,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Lodge an exhibit: sealed as it is read, looked at by confined programs, cut into pieces that can be proved.

    Example: alteram exhibit add conduct e1 call.m4a --as m05 --kind recording --speaker m05 --title "The call"
    """
    given = {"title": title, "source": source, "part_of": part_of, "place": place, "seal": seal}
    with reporting(as_json=as_json), at_work(home) as opened:
        if file is None and kind not in _WITHOUT_FILE:
            raise MalformedError(f"A {kind} has a file.", remedy="Name it after the exhibit; a physical item has none.")
        fields: dict[str, Any] = {
            "exhibit": exhibit, "kind": kind, "obtained": obtained, "speakers": speaker or [],
            "in_confidence": in_confidence, "from_mediation": from_mediation,
            **parse_instants(ExhibitLodged, captured_at=captured),
            **{name: said for name, said in given.items() if said},
            **({} if file is None else {"file_name": file.name}),
        }  # fmt: skip
        act = convert_given(ExhibitLodged, fields)
        organisation, stream, person = opened.organisation, parse_matter(matter), parse_actor(actor)
        enter(organisation, stream, person)
        prepared = None
        if file is not None:
            received = receive(organisation, stream, read_blocks(file))
            tools = build_evidence_tools()
            prepared = prepare(organisation, stream, received, tools, kind=kind, file_name=file.name)
        done = lodge_exhibit(organisation, stream, act, person, prepared)
        stored = None
        if done and file is not None:
            stored = get_stored(organisation, stream, enter(organisation, stream, person).facts, exhibit)
    lines = list(tell_performed("exhibit.lodged", done))
    value = describe_performed(done)
    if stored is not None:
        lines += tell_lodged(stored)
        value |= describe_lodged(stored)
    show(value, lines, as_json=as_json)
    if not done:
        stop(NO)


@app.command("list")
def show_list(matter: MatterName, actor: Actor, home: Home = HOME, as_json: AsJson = False) -> None:
    """List the exhibits of a matter, and which side has each since when.

    Example: alteram exhibit list conduct --as m05
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        told, unknown = look_at_exhibits(entered), entered.reader.unknown
    lines = [line for one in told for line in tell_row(one.row, unknown)]
    show(
        spell([describe_row(one) for one in told]),
        lines or ["No exhibit that is open to you was lodged."],
        as_json=as_json,
    )


@app.command("show")
def show_one(matter: MatterName, exhibit: _Exhibit, actor: Actor, home: Home = HOME, as_json: AsJson = False) -> None:
    """Show an exhibit: its source, custody, consents, challenges and ruling, who has seen it, what rests on it.

    Example: alteram exhibit show conduct e1 --as m05
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        told = look_at_exhibit(entered, exhibit, now=read_now(entered.organisation))
    show(spell(describe_exhibit(told)), tell_shown(told.shown, entered.reader.unknown), as_json=as_json)


@app.command()
def get(
    matter: MatterName,
    exhibit: _Exhibit,
    file: Annotated[Path, typer.Argument(help="Where to write it; a file that is there stays as it is.")],
    actor: Actor,
    sealed: Annotated[
        bool, typer.Option("--sealed", help="As the age file that it is kept in; its identity is printed.")
    ] = False,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Write the file of an exhibit as it was lodged; that it was opened is recorded, and both sides see it.

    Example: alteram exhibit get conduct e1 e1.m4a --as m05
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        check_new(file)
        opened = open_exhibit(entered, exhibit, now=read_now(entered.organisation))
        if not isinstance(opened, Refused):
            original = opened.stored.get("original")
            write_new(file, original.read_sealed() if sealed else original.read())
            identity = encode_identity(original.key) if sealed else None
            media = opened.stored.event.act.media
    if isinstance(opened, Refused):
        excerpts.show_closed("exhibit get", opened, as_json=as_json)
    size = file.stat().st_size
    lines = [f"{file}: {size} bytes, {'an age file' if sealed else media or 'of no known kind'}."]
    if identity is not None:
        lines += ["It opens with age -d -i IDENTITY, where the file IDENTITY holds this line:", identity]
    show({"file": str(file), "size": size, "media": media, "identity": identity}, lines, as_json=as_json)


# Last, so that lodging comes first in the help.
handling.add_to(app)
