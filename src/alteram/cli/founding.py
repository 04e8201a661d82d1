"""`alteram init`: found an organisation in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.bootstrap import create
from alteram.cli.showing import AsJson, reporting, show
from alteram.cli.working import HOME, Home, at_work
from alteram.core.acts import OrganisationFounded
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId, parse_identifier
from alteram.operations.founding import found
from alteram.operations.rulebooks import adopt_rulebook


def run_init(
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    secretary: Annotated[str, typer.Option(help="Who keeps the records until the rulebook says otherwise.")],
    home: Home = HOME,
    organisation: Annotated[str, typer.Option("--id", help="Its identifier.")] = "organisation",
    kind: Annotated[str, typer.Option(help="What kind of organisation it is.")] = "club",
    jurisdiction: Annotated[str, typer.Option(help="Where it is.")] = "",
    time_zone: Annotated[str, typer.Option(help="Its time zone.")] = "UTC",
    members: Annotated[Path | None, typer.Option(help="A file with one member's identifier a line.")] = None,
    office: Annotated[list[str] | None, typer.Option(help="An office and who holds it: chair=m01")] = None,
    body: Annotated[list[str] | None, typer.Option(help="A body and who sits in it: appeal-panel=x01,x02,x03")] = None,
    rulebook: Annotated[str, typer.Option(help="A rulebook to adopt at once: a file, or a shipped name.")] = "",
    origin: Annotated[str, typer.Option(help="The name of its log: a web address without scheme.")] = "",
    database: Annotated[str, typer.Option(help="A PostgreSQL URL; SQLite in the folder without it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Found an organisation: its folder, its keys, its log, its first members and offices.

    Example: alteram init "Bowls club" --secretary m02 --office chair=m01 --rulebook small-club
    """
    with reporting(as_json=as_json):
        rules = load_rulebook(rulebook) if rulebook else None
        people = [PersonId(parse_identifier(line)) for line in _read_lines(members)]
        offices = {one: PersonId(parse_identifier(person)) for one, person in map(_split, office or [])}
        bodies = {
            one: [PersonId(parse_identifier(person)) for person in sitting.split(",")]
            for one, sitting in map(_split, body or [])
        }
        act = OrganisationFounded(
            name=name,
            kind=kind,
            jurisdiction=jurisdiction or "none",
            time_zone=time_zone,
            secretary=PersonId(parse_identifier(secretary)),
        )
        create(home, organisation=organisation, origin=origin or f"{organisation}.invalid/log", database=database)
        with at_work(home) as opened:
            found(opened.organisation, act, members=people, offices=offices, bodies=bodies)
            if rules is not None:
                adopt_rulebook(opened.organisation, rules, act.secretary, packs=load_packs(rules))
    lines = [
        f"{name} is founded in {home}.",
        f"Back up {home / 'apart'} apart from the rest: it holds the keys.",
        f"Publish {home / 'log'} with any web server, and give {home / 'policy'} to whoever is to check the record.",
    ]
    show({"home": str(home), "organisation": organisation, "members": len(people)}, lines, as_json=as_json)


def _split(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not value:
        raise MalformedError(f"{text!r} is not NAME=VALUE.", remedy="Write it as chair=m01.")
    return parse_identifier(name), value


def _read_lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    return [line.strip() for line in file.read_text().splitlines() if line.strip() and not line.startswith("#")]
