"""`alteram rulebook`: check, prove, lint, compare, draw, show and adopt rulebooks."""

import sys
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_packs, load_rulebook, shipped_names
from alteram.adapters.rulebooks.library import Shelf, read_shipped
from alteram.cli.describing import describe_performed, tell_performed
from alteram.cli.oddities import lint_rulebook
from alteram.cli.proving import prove_rulebook
from alteram.cli.rulebook_differences import diff_rulebooks
from alteram.cli.rulebook_pictures import draw_stages_of
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.weakening import weaken_rulebook
from alteram.cli.working import HOME, Actor, Home, at_work, parse_actor
from alteram.core.rules import Rulebook, build_digest, encode_rulebook
from alteram.operations.rulebooks import adopt_rulebook

app = typer.Typer(no_args_is_help=True, help="Check, show and adopt rulebooks.", rich_markup_mode=None)
app.command("prove")(prove_rulebook)
app.command("weaken")(weaken_rulebook)
app.command("lint")(lint_rulebook)
app.command("diff")(diff_rulebooks)
app.command("draw")(draw_stages_of)
_Name = Annotated[str, typer.Argument(help="A file, or a shipped name.")]


@app.command()
def check(rulebook: _Name, as_json: AsJson = False) -> None:
    """Read a rulebook strictly; say where and how to mend what is wrong.

    Example: alteram rulebook check small-club
    """
    with reporting(as_json=as_json):
        read = load_rulebook(rulebook)
    digest = build_digest(encode_rulebook(read))
    value: Value = {"rulebook": read.id, "version": read.version, "digest": digest, "requirements": len(read.demands)}
    lines = [f"PASS {read.title}, version {read.version}: {len(read.demands)} requirements", f"     digest {digest}"]
    show(value, lines, as_json=as_json)


@app.command("show")
def show_rulebook(
    rulebook: _Name,
    as_file: Annotated[bool, typer.Option("--file", help="The file itself, to keep and to change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a rulebook: its clauses beside what they do, or the file in which they are written.

    Example: alteram rulebook show caucus
    """
    with reporting(as_json=as_json):
        read = load_rulebook(rulebook)
        if as_file:
            ships = rulebook in shipped_names("rulebooks")
            data = read_shipped("rulebooks", rulebook) if ships else Path(rulebook).read_bytes()
            sys.stdout.write(data.decode())
            return
    value: Value = {
        "rulebook": read.id,
        "title": read.title,
        "version": read.version,
        "clauses": [{"id": one.id, "title": one.title, "text": one.text} for one in read.clauses],
        "requirements": [
            {"id": one.id, "title": one.title, "clause": one.clause, "kind": one.kind, "guarantee": one.guarantee}
            for one in read.demands
        ],
    }
    show(value, _tell(read), as_json=as_json)


@app.command("list")
def list_rulebooks(as_json: AsJson = False) -> None:
    """List what ships: rulebooks, packs and histories.

    Example: alteram rulebook list
    """
    shelves: tuple[Shelf, ...] = ("rulebooks", "packs", "histories")
    names = {shelf: shipped_names(shelf) for shelf in shelves}
    value: Value = {kind: list(found) for kind, found in names.items()}
    show(value, [f"{kind}: {', '.join(found)}" for kind, found in names.items()], as_json=as_json)


def _tell_calendar(rulebook: Rulebook) -> str:
    calendar = rulebook.calendar
    return (
        f"Days are counted by the calendar {calendar.name} ({calendar.time_zone}), "
        f"{calendar.valid_from.year} to {calendar.valid_until.year}. "
        "For another, change the line `calendar` of a copy, and adopt that."
    )


@app.command()
def adopt(rulebook: _Name, actor: Actor, home: Home = HOME, as_json: AsJson = False) -> None:
    """Adopt a rulebook by a recorded act; it governs from now on, and matters already accepted keep theirs.

    It says by which calendar days are counted: another organisation's is written into a copy of the file.

    Example: alteram rulebook adopt small-club --as m02
    """
    with reporting(as_json=as_json):
        read = load_rulebook(rulebook)
        with at_work(home) as opened:
            performed = adopt_rulebook(opened.organisation, read, parse_actor(actor), packs=load_packs(read))
    told, lines = describe_performed(performed), tell_performed("rulebook.adopted", performed)
    if performed:
        told = {**told, "calendar": read.calendar.name, "time_zone": read.calendar.time_zone}
        lines = chain(lines, (_tell_calendar(read),))
    show(told, lines, as_json=as_json)
    if not performed:
        stop(NO)


def _tell(read: Rulebook) -> list[str]:
    lines = [f"{read.title}, version {read.version} ({read.jurisdiction})", ""]
    for clause in read.clauses:
        lines.append(f"{clause.id} {clause.title}")
        lines.append(f"    {clause.text}")
        for demand in read.demands:
            if demand.clause == clause.id and not demand.pack:
                gates = f"; refuses {', '.join(demand.gates)} until it is met" if demand.gates else ""
                lines.append(f"    requires: {demand.title} ({demand.kind}{gates})")
        lines.extend(f"    {rule.act}: by {' or '.join(rule.by)}" for rule in read.acts if rule.clause == clause.id)
        lines.extend(
            f"    {rule.act}: only once {' or '.join(rule.by)} agreed to it"
            for rule in read.second_key or ()
            if rule.clause == clause.id
        )
    return [*lines, *(f"builds on {one.id}, version {one.version}" for one in read.builds_on)]
