"""`alteram disclosure`: what is due, bundles of evidence, serving marked copies, equality of arms, tracing leaks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from alteram.bootstrap.evidence import build_disclosure_tools
from alteram.cli.describing import describe_performed, tell_performed
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.telling_exhibits import describe_row, tell_row
from alteram.cli.working import HOME, Actor, Home, at_work, parse_actor, parse_matter
from alteram.core.disclosure.due import find_due
from alteram.core.disclosure.equality import ExhibitRow
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.instants import encode_instant
from alteram.operations.disclosure.bundling import build_bundle, find_bundle
from alteram.operations.disclosure.copies import By, record_trace, serve_copies, trace_leak
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.showing import list_exhibits

app = typer.Typer(no_args_is_help=True, help="Give parties the evidence; see who has it.", rich_markup_mode=None)
_Matter = Annotated[str, typer.Argument(help="The matter's name.")]
_Bundle = Annotated[str, typer.Argument(help="The bundle's name.")]


@app.command()
def due(matter: _Matter, actor: Actor, home: Home = HOME, as_json: AsJson = False) -> None:
    """Say who must be given which exhibit by when, under which clause, and what was given.

    Example: alteram disclosure due conduct --as m20
    """
    with reporting(as_json=as_json), _entered(home, matter, actor) as entered:
        shown = {row.exhibit for row in list_exhibits(entered)}
        now = entered.organisation.ports.clock().replace(microsecond=0)
        found = [one for one in find_due(entered.facts, entered.rulebook, now) if one.exhibit in shown]
    value: Value = [
        {
            "exhibit": one.exhibit,
            "person": one.person,
            "requirement": one.demand.id,
            "clause": one.demand.clause,
            "before": one.before,
            "state": one.state,
            "by": None if one.by_at is None else encode_instant(one.by_at),
            "given": None if one.given_at is None else encode_instant(one.given_at),
            "working": list(one.working),
        }
        for one in found
    ]
    lines = [
        f"{one.state.upper():<8} {one.exhibit} to {one.person}, before the {one.before}"
        + (f", by {encode_instant(one.by_at)}" if one.by_at is not None else "")
        + f" ({one.demand.clause or one.demand.pack}; {one.demand.id})"
        for one in found
    ]
    show(value, lines or ["The rules ask for no disclosure of what is on file."], as_json=as_json)


@app.command()
def equality(matter: _Matter, actor: Actor, home: Home = HOME, as_json: AsJson = False) -> None:
    """Say which side has each exhibit and since when; exit status 1 where one lacks what the other has.

    Example: alteram disclosure equality conduct --as m20
    """
    with reporting(as_json=as_json), _entered(home, matter, actor) as entered:
        rows = list_exhibits(entered)
    value: Value = [describe_row(row) for row in rows]
    lines = [line for row in rows for line in tell_row(row)] or ["No exhibit that is open to you was lodged."]
    show(value, lines, as_json=as_json)
    if any(_is_unequal(row) for row in rows):
        stop(NO)


@app.command()
def bundle(
    matter: _Matter,
    name: Annotated[str, typer.Argument(help="A new short name for the bundle.")],
    actor: Actor,
    person: Annotated[list[str], typer.Option("--for", help="Who is to have it; again for each.")],
    exhibit: Annotated[list[str] | None, typer.Option(help="An exhibit in it; without, all that may be.")] = None,
    title: Annotated[str, typer.Option(help="What stands on its front page.")] = "",
    to_file: Annotated[Path | None, typer.Option("--out", help="Also write the unmarked file here.")] = None,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Build a bundle: numbered, indexed, with what is withheld and why; a later one keeps the page numbers.

    Example: alteram disclosure bundle conduct b1 --as m20 --for m05
    """
    with reporting(as_json=as_json), _entered(home, matter, actor) as entered:
        people = [parse_actor(one) for one in person]
        now = entered.organisation.ports.clock().replace(microsecond=0)
        tools = build_disclosure_tools().bundles
        done = build_bundle(entered, tools, people, name=name, exhibits=exhibit or (), title=title, now=now)
        if done and to_file is not None:
            kept = find_bundle(enter(entered.organisation, entered.stream, entered.person), name)
            with to_file.open("xb") as target:
                target.writelines(kept.file.read())
    show(describe_performed(done), tell_performed("bundle.built", done), as_json=as_json)
    if not done:
        stop(NO)


@app.command()
def serve(
    matter: _Matter,
    name: _Bundle,
    actor: Actor,
    person: Annotated[list[str], typer.Option("--on", help="Whom it is served on; again for each.")],
    by: Annotated[str, typer.Option(help="page, file or print")] = "page",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Serve a bundle: each person has a copy of their own, marked so that a leak can be traced to it.

    Example: alteram disclosure serve conduct b1 --as m20 --on m05
    """
    with reporting(as_json=as_json), _entered(home, matter, actor) as entered:
        people, how = [parse_actor(one) for one in person], _parse_by(by)
        now = entered.organisation.ports.clock().replace(microsecond=0)
        served = serve_copies(entered, build_disclosure_tools().marking, name, people, by=how, now=now)
    value: Value = {one: describe_performed(done) for one, done in served.items()}
    lines = [f"{one}: {line}" for one, done in served.items() for line in tell_performed("exhibit.disclosed", done)]
    show(value, lines, as_json=as_json)
    if not all(served.values()):
        stop(NO)


@app.command()
def trace(
    matter: _Matter,
    leaked: Annotated[Path, typer.Argument(help="What leaked: a PDF, a picture, a folder of them, or a text.")],
    actor: Actor,
    record: Annotated[bool, typer.Option("--record", help="Record what it came to, as a fact.")] = False,
    leak: Annotated[int | None, typer.Option(help="The entry that reported the leak.")] = None,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Say whose copy a leaked file comes from, and with what chance of error; or, honestly, that nobody can tell.

    Example: alteram disclosure trace conduct leaked.pdf --as m20
    """
    with reporting(as_json=as_json), _entered(home, matter, actor) as entered:
        now = entered.organisation.ports.clock().replace(microsecond=0)
        traced = trace_leak(entered, build_disclosure_tools().marking, leaked)
        done = record_trace(entered, traced, leak=leak, now=now) if record else None
    value: dict[str, Value] = {
        "outcome": "found" if traced.people else "cannot-tell",
        "copies": [{"person": one, "bundle": where, "chance": f"{chance:.3g}"} for one, where, chance in traced.people],
        "error": traced.error,
        "why": traced.leak.why,
    }
    lines = [f"FOUND the copy of {one} of bundle {where}" for one, where, _ in traced.people]
    lines += (
        [f"  The chance of naming anybody wrongly is {traced.error}."] if traced.people else [_WHY[traced.leak.why]]
    )
    lines.append("  It says from which copy this comes, not who passed it on: charge it, and hear them, first.")
    if done is not None:
        value["recorded"] = describe_performed(done)
        lines += tell_performed("copy.traced", done)
    show(value, lines, as_json=as_json)
    if not traced.people or (done is not None and not done):
        stop(NO)


_WHY = {
    "text": "CANNOT TELL: a text carries no mark; anybody could have typed it.",
    "no-page": "CANNOT TELL: it shows no page of a bundle that was served here.",
    "no-symbols": "CANNOT TELL: nothing of a mark can be read in it.",
    "too-weak": "CANNOT TELL: too little can be read to name anybody without a greater chance of error.",
}


def _parse_by(text: str) -> By:
    match text:
        case "page" | "file" | "print":
            return text
        case _:
            raise MalformedError(f"{text} is no way to serve.", remedy="Write page, file or print.")


def _is_unequal(row: ExhibitRow) -> bool:
    return row.is_unequal or row.is_relied_on_unseen


@contextmanager
def _entered(home: Path, matter: str, actor: str) -> Iterator[Entered]:
    with at_work(home) as opened:
        yield enter(opened.organisation, parse_matter(matter), parse_actor(actor))
