"""`alteram disclosure`: what is due, bundles of evidence, serving marked copies, equality of arms, tracing leaks."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from alteram.bootstrap.evidence import build_disclosure_tools
from alteram.cli.copies import check_new, write_copies, write_new
from alteram.cli.describing import describe_performed, describe_ruling, tell_performed
from alteram.cli.protected_names import names
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.telling_exhibits import PROTECTED, spell, tell_row
from alteram.cli.working import HOME, Actor, Home, MatterName, entering, parse_actor, read_now
from alteram.core.acts import BundleBuilt
from alteram.core.disclosure.equality import ExhibitRow
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.instants import encode_instant
from alteram.core.kernel.outcomes import Refused
from alteram.operations.bundle_ports import Carrying
from alteram.operations.disclosure.bundling import build_bundle, find_bundle, find_redacted
from alteram.operations.disclosure.copies import By, record_trace, serve_copies, trace_leak
from alteram.operations.disclosure.telling import list_due
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.describing import describe_row
from alteram.operations.exhibits.showing import list_exhibits
from alteram.operations.exhibits.telling import look_at_exhibits

app = typer.Typer(no_args_is_help=True, help="Give parties the evidence; see who has it.", rich_markup_mode=None)
app.command()(names)
_Bundle = Annotated[str, typer.Argument(help="The bundle's name.")]


@app.command()
def due(matter: MatterName, actor: Actor, home: Home = HOME, as_json: AsJson = False) -> None:
    """Say who must be given which exhibit by when, under which clause, and what was given.

    Example: alteram disclosure due conduct --as m20
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        shown = {row.exhibit for row in list_exhibits(entered)}
        found = tuple(list_due(entered, shown, now=read_now(entered.organisation)))
    value: Value = [
        {
            "exhibit": one.exhibit,
            "person": person,
            "requirement": one.demand.id,
            "clause": one.demand.clause,
            "before": one.before,
            "state": one.state,
            "by_at": None if one.by_at is None else encode_instant(one.by_at),
            "given_at": None if one.given_at is None else encode_instant(one.given_at),
            "working": list(one.working),
        }
        for one, person in found
    ]
    lines = [
        f"{one.state.upper():<8} {one.exhibit} to {person or PROTECTED}, before the {one.before}"
        + (f", by {encode_instant(one.by_at)}" if one.by_at is not None else "")
        + f" ({one.demand.clause or one.demand.pack}; {one.demand.id})"
        for one, person in found
    ]
    show(value, lines or ["The rules ask for no disclosure of what is on file."], as_json=as_json)


@app.command()
def equality(matter: MatterName, actor: Actor, home: Home = HOME, as_json: AsJson = False) -> None:
    """Say which side has each exhibit and since when; exit status 1 where one lacks what the other has.

    Example: alteram disclosure equality conduct --as m20
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        told, unknown = look_at_exhibits(entered), entered.reader.unknown
    lines = [line for one in told for line in tell_row(one.row, unknown)]
    value = spell([describe_row(one) for one in told])
    show(value, lines or ["No exhibit that is open to you was lodged."], as_json=as_json)
    if any(_is_unequal(one.row) for one in told):
        stop(NO)


@app.command()
def bundle(
    matter: MatterName,
    name: Annotated[str, typer.Argument(help="A new short name for the bundle.")],
    actor: Actor,
    person: Annotated[list[str], typer.Option("--for", help="Who is to have it; again for each.")],
    exhibit: Annotated[
        list[str] | None, typer.Option(help="An exhibit in it; without, all that may be, but for what was redacted.")
    ] = None,
    title: Annotated[str, typer.Option(help="What stands on its front page.")] = "",
    to_file: Annotated[Path | None, typer.Option("--out", help="Also write the unmarked file here.")] = None,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Build a bundle: numbered, indexed, with what is withheld and why; a later one keeps the page numbers.

    Example: alteram disclosure bundle conduct b1 --as m20 --for m05 --for m09
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        people = [parse_actor(one) for one in person]
        _check_choice(entered, exhibit or ())
        check_new(to_file)
        now = read_now(entered.organisation)
        tools = build_disclosure_tools().bundles
        done = build_bundle(entered, tools, people, name=name, exhibits=exhibit or (), title=title, now=now)
        kept = find_bundle(enter(entered.organisation, entered.stream, entered.person), name) if done else None
        left_out = sorted(find_redacted(entered) - set(kept.event.act.withheld)) if kept and not exhibit else []
        if kept is not None and to_file is not None:
            write_new(to_file, kept.file.read())
    lines, value = list(tell_performed("bundle.built", done)), describe_performed(done)
    if kept is not None:
        lines += _tell_bundle(kept.event.act, matter, left_out, to_file)
        value |= {"pages": kept.event.act.pages, "exhibits": list(kept.event.act.exhibits)}
        value |= {"withheld": list(kept.event.act.withheld), "redacted": left_out, "digest": kept.event.act.digest}
    show(value, lines, as_json=as_json)
    if not done:
        stop(NO)


@app.command()
def serve(
    matter: MatterName,
    name: _Bundle,
    actor: Actor,
    person: Annotated[list[str], typer.Option("--on", help="Whom it is served on; again for each.")],
    by: Annotated[str, typer.Option(help="page, file or print")] = "page",
    to_folder: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Also write the copies into this folder: PDF, and a zip with what lies beside; by file, age files.",
        ),
    ] = None,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Serve a bundle: each person has a copy of their own, marked so that a leak can be traced to it.

    Who decides is handed a file or print only once each respondent has what is in it, so respondents come first.

    Example: alteram disclosure serve conduct b1 --as m20 --on m05 --on m09
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        people, how = [parse_actor(one) for one in person], _parse_by(by)
        now = read_now(entered.organisation)
        carrying: list[Carrying] = []
        tools = build_disclosure_tools()
        served = serve_copies(entered, tools.marking, name, people, by=how, now=now, tell=carrying.append)
        written = {}
        if to_folder is not None:
            after, sealed = enter(entered.organisation, entered.stream, entered.person), how == "file"
            written = write_copies(after, tools.bundles.bundles, name, served, to_folder, sealed=sealed, now=now)
    value: dict[str, Value] = {}
    lines = []
    for one, done in served.items():
        lines += [f"{one}: {line}" for line in tell_performed("exhibit.disclosed", done)]
        copy = written.get(one)
        value[one] = describe_performed(done)
        if isinstance(copy, Refused):
            value[one] = {**describe_performed(done), "not_written": describe_ruling(copy)}
            lines.append(f"  not written: {copy.because} ({copy.code})")
        elif copy is not None:
            value[one] = {**describe_performed(done), **copy.describe()}
            lines += copy.tell()
    if how != "page" and to_folder is None and any(served.values()):
        lines.append("The copies stay here: with --out FOLDER they are written, to be handed over or sent.")
    for marked in carrying:
        lines += _tell_carrying(marked)
        value["pages"] = {"alone": marked.alone, "together": marked.together, "unmarked": marked.none}
    show(value, lines, as_json=as_json)
    if not all(served.values()) or not all(written.values()):
        stop(NO)


def _tell_carrying(marked: Carrying) -> list[str]:
    pages = marked.alone + marked.together + marked.none
    lines = [f"Of {pages} pages, {marked.alone} carry marks by which one of them alone can be traced."]
    if marked.together:
        lines.append(f"{marked.together} carry few: they tell only together with others.")
    if marked.none:
        lines.append(
            f"{marked.none} carry only the mark that is seen: if they leak, it cannot be told from which copy."
        )
    return lines


@app.command()
def trace(
    matter: MatterName,
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
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        now = read_now(entered.organisation)
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
    if traced.people:
        lines.append("  It says from which copy this comes, not who passed it on: charge it, and hear them, first.")
    if done is not None:
        value["recorded"] = describe_performed(done)
        lines += tell_performed("copy.traced", done)
    show(value, lines, as_json=as_json)
    if not traced.people or (done is not None and not done):
        stop(NO)


_WHY = {
    "text": "CANNOT TELL: nothing in it opens as a page. A text carries no mark, since anybody could have typed it; "
    "a recording from a bundle says for whom it is, in its picture or in its tags.",
    "no-page": "CANNOT TELL: no page of a bundle that was served here was recognised in it.",
    "no-symbols": "CANNOT TELL: nothing of a mark can be read in it.",
    "too-weak": "CANNOT TELL: too little can be read to name anybody without a greater chance of error.",
}


def _parse_by(text: str) -> By:
    match text:
        case "page" | "file" | "print":
            return text
        case _:
            raise MalformedError(f"{text} is no way to serve.", remedy="Write page, file or print.")


def _check_choice(entered: Entered, exhibits: Iterable[str]) -> None:
    """Refuse a name that no exhibit here has; the bundle would be built without it. Raises: MalformedError."""
    known = [row.exhibit for row in list_exhibits(entered)]
    for one in exhibits:
        if one not in known:
            raise MalformedError(
                f"There is no exhibit {one}, or it is not open to you.",
                remedy=f"Choose from {', '.join(known)}." if known else "Lodge it first: alteram exhibit add.",
            )


def _tell_bundle(act: BundleBuilt, matter: str, left_out: Sequence[str], written: Path | None) -> Iterator[str]:
    people = " and ".join(act.for_people)
    yield f"  {act.pages} pages for {people}, with {', '.join(act.exhibits) or 'no exhibit'}"
    if act.withheld:
        yield f"  withheld, and listed as such: {', '.join(act.withheld)}"
    if left_out:
        yield f"  left out, since a redaction was made of it: {', '.join(left_out)}; with --exhibit it is given whole"
    if written is not None:
        yield f"  {written}: the unmarked file. Give it to nobody; what leaks of it cannot be traced."
    on = " ".join(f"--on {one}" for one in act.for_people)
    yield f"  It is given to nobody yet: alteram disclosure serve {matter} {act.bundle} --as WHO {on}"


def _is_unequal(row: ExhibitRow) -> bool:
    return row.is_unequal or row.is_relied_on_unseen
