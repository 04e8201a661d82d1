"""`alteram init`: found an organisation in a folder."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_packs, load_rulebook, move_rulebook
from alteram.bootstrap import create
from alteram.cli.showing import AsJson, reporting, show
from alteram.cli.working import HOME, Home, at_work, parse_actor
from alteram.core.acts import OrganisationFounded
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId, parse_identifier
from alteram.core.rules import Rulebook
from alteram.operations.founding import found
from alteram.operations.rulebooks import adopt_rulebook


def run_init(
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    secretary: Annotated[str, typer.Option(help="Who founds it and keeps its records.")],
    home: Home = HOME,
    organisation: Annotated[str, typer.Option("--id", help="Its identifier; without, made from its name.")] = "",
    kind: Annotated[str, typer.Option(help="What kind of organisation it is.")] = "club",
    jurisdiction: Annotated[str, typer.Option(help="Where it is.")] = "",
    time_zone: Annotated[str, typer.Option(help="Its time zone.")] = "UTC",
    members: Annotated[str, typer.Option(help="Its first members: m01,m02 or @FILE with one to a line.")] = "",
    office: Annotated[list[str] | None, typer.Option(help="An office and who holds it: president=m01")] = None,
    body: Annotated[list[str] | None, typer.Option(help="A body and who sits in it: committee=m01,m02,m03")] = None,
    rulebook: Annotated[str, typer.Option(help="A rulebook to adopt at once: a file, or a shipped name.")] = "",
    holidays: Annotated[
        str,
        typer.Option(
            help="Whose public holidays a shipped rulebook counts, with --time-zone: FR, DE-BY or none; "
            "without, the rulebook's own calendar."
        ),
    ] = "",
    origin: Annotated[str, typer.Option(help="The name of its log: a web address without scheme.")] = "",
    database: Annotated[str, typer.Option(help="A PostgreSQL URL; SQLite in the folder without it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Found an organisation: its folder, its keys, its log, its first members and offices.

    People are named by identifiers of your own, such as m05; the record never needs their names.

    Example: alteram init "Bowls club" --secretary m02 --office president=m01 --rulebook small-club
    """
    with reporting(as_json=as_json):
        rules = _load_rules(rulebook, holidays, time_zone, jurisdiction) if rulebook else None
        people = _parse_people(members)
        offices = {one: parse_actor(person) for one, person in map(_split, office or [])}
        bodies = {one: _parse_people(sitting) for one, sitting in map(_split, body or [])}
        if rules is not None:
            _check_known("office", offices, [one.id for one in rules.offices], rules)
            _check_known("body", bodies, [one.id for one in rules.bodies if not one.all_members], rules)
        act = OrganisationFounded(
            name=name,
            kind=kind,
            jurisdiction=jurisdiction or "none",
            time_zone=time_zone,
            secretary=parse_actor(secretary),
        )
        for keeping in (one.id for one in (rules.offices if rules else ()) if "secretary" in one.plays):
            # Whoever founds keeps the records, in the office that does so.
            offices.setdefault(keeping, act.secretary)
        identifier = parse_identifier(organisation) if organisation else _build_identifier(name)
        create(home, organisation=identifier, origin=origin or f"{identifier}.invalid/log", database=database)
        with at_work(home) as opened:
            found(opened.organisation, act, members=people, offices=offices, bodies=bodies)
            if rules is not None:
                adopt_rulebook(opened.organisation, rules, act.secretary, packs=load_packs(rules))
    lines = [
        f"{name} is founded in {home}.",
        f"Back up {home / 'apart'} apart from the rest: it holds the keys.",
        f"Publish {home / 'log'} with any web server, and give {home / 'policy'} to whoever is to check the record.",
        f"Let {act.secretary} sign in to the pages: alteram invite {act.secretary} EMAIL, then alteram serve",
        *([] if rules is None else [_tell_days(rules, holidays)]),
        *_tell_next(rules, act.secretary, offices, bodies),
    ]
    show({"home": str(home), "organisation": identifier, "members": len(people)}, lines, as_json=as_json)


def _load_rules(rulebook: str, holidays: str, time_zone: str, jurisdiction: str) -> Rulebook:
    """Return the rulebook asked for, with the days of the place asked for. Raises: CalendarError, LibraryError."""
    rules = load_rulebook(rulebook)
    if not holidays:
        return rules
    country, _, part = holidays.partition("-")
    return move_rulebook(rules, time_zone=time_zone, country=country, subdivision=part, jurisdiction=jurisdiction)


def _tell_days(rules: Rulebook, holidays: str) -> str:
    told = f"Days are counted as in {rules.calendar.time_zone}, by the calendar: {rules.calendar.name}."
    return told if holidays else f"{told} For another: --time-zone and --holidays."


def _tell_next(
    rules: Rulebook | None,
    secretary: PersonId,
    offices: Mapping[str, PersonId],
    bodies: Mapping[str, Sequence[PersonId]],
) -> Iterator[str]:
    """Yield what has to be done before the rules can be followed."""
    propose = f"alteram matter propose organisation {{}} --as {secretary} -f "
    if rules is None:
        yield f"It has no rules yet: alteram rulebook adopt small-club --as {secretary}"
        return
    for one in rules.offices:
        if one.id not in offices:
            yield f"Nobody is {one.id} yet: {propose.format('office.filled')}office={one.id} -f person=m01"
    for sitting in rules.bodies:
        if not sitting.all_members and sitting.id not in bodies:
            act = propose.format("body.constituted")
            yield f"Nobody sits in the body {sitting.id} yet: {act}body={sitting.id} -f members=m01,m02"


def _check_known(what: str, given: Mapping[str, object], known: Sequence[str], rules: Rulebook) -> None:
    """Refuse what the rulebook does not name: nobody would play a part for it. Raises: MalformedError."""
    for name in given:
        if name not in known:
            raise MalformedError(
                f"The rulebook {rules.id} has no {what} {name!r} to fill.",
                remedy=f"It has: {', '.join(known) or 'none'}.",
            )


def _build_identifier(name: str) -> str:
    """Return an identifier like the organisation's name: Bowls club, bowls-club."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "organisation"


def _split(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not value:
        raise MalformedError(f"{text!r} is not NAME=VALUE.", remedy="Write it as president=m01.")
    return parse_identifier(name), value


def _parse_people(text: str) -> list[PersonId]:
    """Return the people given as m01,m02 or as @FILE with one to a line; `#` begins a remark."""
    if text.startswith("@"):
        lines = Path(text[1:]).read_text(encoding="utf-8", errors="replace").splitlines()
        named = [line.partition("#")[0].strip() for line in lines]
    elif Path(text).is_file():
        raise MalformedError(f"{text} is a file.", remedy=f"Write @{text} to read people from it.")
    else:
        named = [one.strip() for one in text.split(",")]
    return list(dict.fromkeys(parse_actor(one) for one in named if one))
