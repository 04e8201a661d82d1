"""`alteram matter`: act in a matter, look at it, assess it, export it, shred in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_pack
from alteram.cli.certifying import write_certificate
from alteram.cli.comparing import describe_side_by_side, tell_side_by_side
from alteram.cli.cures import describe_cures, tell_cures
from alteram.cli.describing import (
    describe_assessment,
    describe_bounds,
    describe_performed,
    tell_assessment,
    tell_bounds,
    tell_performed,
)
from alteram.cli.fields import build_act, parse_reported
from alteram.cli.open_acts import describe_open_acts, is_open, tell_one, tell_open_acts
from alteram.cli.shapes import get_act
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.standards import describe_standards, tell_standards
from alteram.cli.working import HOME, Actor, Home, MatterName, at_work, parse_actor, parse_matter
from alteram.core.acts import RecordShredded, get_spec
from alteram.core.acts.codec import convert_fields
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.instants import encode_instant
from alteram.operations.curing import plan_matter
from alteram.operations.exporting import export_matter
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform, rule_on
from alteram.operations.questions import TimelineEntry, UnknownMatterError, assess_matter, find_open_acts, find_timeline
from alteram.operations.time_bounds import find_time_bounds

app = typer.Typer(no_args_is_help=True, help="Act in a matter, look at it, assess it.", rich_markup_mode=None)
app.command("certificate")(write_certificate)
_ActName = Annotated[str, typer.Argument(help="The act, as `alteram acts` names it.")]
_Field = Annotated[
    list[str] | None, typer.Option("--field", "-f", help="A field: name=value. Quote it where it has spaces.")
]
_Fields = Annotated[str, typer.Option("--fields", help="All fields as one JSON object, or @FILE.")]
_Packs = Annotated[list[str] | None, typer.Option("--pack", help="A further standard to measure by.")]


@app.command("list")
def list_matters(
    home: Home = HOME, after: Annotated[str, typer.Option(help="Begin after this name.")] = "", as_json: AsJson = False
) -> None:
    """List matters: where each stands, who owns the next step, and by when.

    Example: alteram matter list
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        ports = opened.organisation.ports
        rows = ports.store.matters(ports.organisation, after)
    value: Value = [
        {
            "matter": row.stream,
            "procedure": row.procedure,
            "stage": row.stage,
            "entries": row.last_seq + 1,
            "due": None if row.next_due_at is None else encode_instant(row.next_due_at),
            "owner": row.next_owner,
            "closed": row.closed_at is not None,
        }
        for row in rows
    ]
    lines = [
        f"{row.stream}: {row.stage or 'begun'}, {row.last_seq + 1} entries"
        + (", closed" if row.closed_at else f", next: {row.next_owner or 'nobody yet'}")
        + (f" by {encode_instant(row.next_due_at)}" if row.next_due_at else "")
        for row in rows
    ]
    show(value, lines or ["There is no matter yet."], as_json=as_json)


@app.command("show")
def show_matter(
    matter: MatterName,
    actor: Actor,
    entry: Annotated[int | None, typer.Option(help="Only this entry, with all that is open in it.")] = None,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Show a matter's entries as the person named with --as may see them.

    With --json or --entry also between which times each was recorded, as the witnesses of the log confirm.

    Example: alteram matter show conduct --as m05 --entry 0
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        timeline = find_timeline(opened.organisation, parse_matter(matter), parse_actor(actor))
        if entry is not None:
            timeline = tuple(one for one in timeline if one.seq == entry)
            if not timeline:
                raise UnknownMatterError(f"There is no entry {entry} that is open to you.", remedy="Leave --entry out.")
        whole = as_json or entry is not None
        bounds = find_time_bounds(opened.organisation, parse_matter(matter), timeline) if whole else {}
    value: Value = [
        {
            "entry": one.seq,
            "at": encode_instant(one.at),
            "act": one.act,
            "claims": one.claims,
            "bounds": describe_bounds(bounds.get(one.seq)),
        }
        for one in timeline
    ]
    lines = [line for one in timeline for line in _tell_entry(one, whole=entry is not None)]
    if entry is not None:
        lines.extend(f"      {line}" for line in tell_bounds(bounds.get(entry)))
    show(value, lines, as_json=as_json)


def _tell_entry(one: TimelineEntry, *, whole: bool) -> Iterator[str]:
    """Yield an entry as one line; `whole`: with each field that is open."""
    by = f"  by {one.claims['actor']}" if one.claims.get("actor") else ""
    yield f"{one.seq:>4}  {encode_instant(one.at)}  {one.act.partition('/')[0] or '(withheld)'}{by}"
    if whole:
        fields = {name.removeprefix("act."): held for name, held in one.claims.items() if name.startswith("act.")}
        for name, held in fields.items():
            yield f"      {name}: {held if isinstance(held, str) else json.dumps(held, ensure_ascii=False)}"
        if not fields:
            yield "      Nothing that it says is open to you."


@app.command()
def can(
    matter: MatterName,
    actor: Actor,
    act: Annotated[str, typer.Option(help="Only this act; exit status 1 where it is not open.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also what waits for others, or belongs to them.")] = False,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Say what a person can do in a matter now; of what they cannot do yet, why not and from when.

    Example: alteram matter can conduct --as m05
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        stream, person = parse_matter(matter), parse_actor(actor)
        found = find_open_acts(opened.organisation, stream, person, only=get_act(act) if act else None)
    lines = tell_one(found.acts[0]) if act else tell_open_acts(found, stream, person, every=every)
    show(describe_open_acts(found), lines, as_json=as_json)
    if act and not is_open(found.acts[0]):
        stop(NO)


@app.command()
def propose(
    matter: MatterName,
    act: _ActName,
    actor: Actor,
    field: _Field = None,
    fields: _Fields = "",
    only_try: Annotated[bool, typer.Option("--try", help="Only say what the rules would say; record nothing.")] = False,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Do something in a matter now; the rules allow it, or refuse it and say why.

    Example: alteram matter propose conduct report.lodged --as m05 -f identity=named -f about=person -f text="It was so"
    """
    with reporting(as_json=as_json):
        proposed = build_act(get_act(act), field or [], fields)
        performed = _try(home, matter, proposed, actor) if only_try else _perform(home, matter, proposed, actor, None)
    _show_performed(proposed, performed, as_json=as_json, only_try=only_try)


@app.command()
def report(
    matter: MatterName,
    act: _ActName,
    actor: Actor,
    field: _Field = None,
    fields: _Fields = "",
    happened: Annotated[
        str, typer.Option(help="When: an instant, a day, or two with / between; nothing: unknown.")
    ] = "",
    by: Annotated[str, typer.Option(help="Who is said to have done it.")] = "",
    agree: Annotated[bool, typer.Option(help="Say that you agree that it happened so.")] = False,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Report something that happened elsewhere before; it is recorded, never refused, and proves nothing by itself.

    Example: alteram matter report conduct meeting.alleged --as m05 -f meeting=eve -f text="They met without me"
    """
    with reporting(as_json=as_json):
        proposed = build_act(get_act(act), field or [], fields)
        doer = parse_actor(by) if by else None
        reported = parse_reported(happened, doer, parse_actor(actor) if agree else None)
        performed = _perform(home, matter, proposed, actor, reported)
    _show_performed(proposed, performed, as_json=as_json)


@app.command()
def assess(matter: MatterName, pack: _Packs = None, home: Home = HOME, as_json: AsJson = False) -> None:
    """Say what every requirement comes to, from the record alone.

    Example: alteram matter assess conduct
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        packs = [load_pack(name) for name in pack or []]
        stream = parse_matter(matter)
        assessment = assess_matter(opened.organisation, stream, packs=packs)
        facts, rules = opened.organisation.facts(stream), opened.organisation.governing(stream)
        described = {
            **describe_assessment(assessment),
            "side_by_side": describe_side_by_side(assessment, rules),
            "standards": describe_standards(packs, facts, rules, assessment.now),
        }
        lines = [
            *tell_assessment(assessment),
            *tell_side_by_side(assessment, rules, packs),
            *tell_standards(packs, facts, rules, assessment.now),
        ]
    show(described, lines, as_json=as_json)
    if any(one.finding.result == "FAIL" for one in assessment.requirements):
        stop(NO)


@app.command("cure")
def show_cures(matter: MatterName, pack: _Packs = None, home: Home = HOME, as_json: AsJson = False) -> None:
    """Say what would still mend each failure.

    Example: alteram matter cure conduct
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        packs = [load_pack(name) for name in pack or []]
        cures = plan_matter(opened.organisation, parse_matter(matter), packs=packs)
    show(describe_cures(cures), tell_cures(cures), as_json=as_json)


@app.command()
def export(
    matter: MatterName,
    file: Annotated[Path, typer.Argument(help="Where to write the export.")],
    viewer: Annotated[
        str, typer.Option("--for", help="Only what this person may see; without, everything readable.")
    ] = "",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Write a matter, or what one person may see of it, into one file that anyone can verify.

    Example: alteram matter export conduct conduct.alteram --for m05
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        opened.integrator.run()
        person = parse_actor(viewer) if viewer else None
        count = _write(opened.organisation, parse_matter(matter), file, person)
    lines = [f"{count} entries in {file}.", f"Check it: alteram verify {file} --policy {home / 'policy'}"]
    show({"file": str(file), "entries": count}, lines, as_json=as_json)


@app.command()
def shred(
    matter: MatterName,
    actor: Actor,
    second: Annotated[str, typer.Option(help="Who gave the second key, by an act of their own: second-key.given.")],
    basis: Annotated[str, typer.Option(help="The legal basis.")],
    entry: Annotated[int | None, typer.Option(help="The entry; without, the whole matter.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="A field of the entry; without, the whole entry.")] = None,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Destroy what opens fields, an entry or a matter; proofs stay valid, and what was exported before stays out there.

    Example: alteram matter shred conduct --as c01 --second c02 --basis "retention ended" --entry 3 --field text
    """
    with reporting(as_json=as_json):
        scope = "matter" if entry is None else "fields" if field else "entry"
        given = {"scope": scope, "entry": entry, "fields": field or [], "legal_basis": basis, "second": second}
        act = convert_fields(RecordShredded, given)
        performed = _perform(home, matter, act, actor, None)
    _show_performed(act, performed, as_json=as_json)


def _write(organisation: Organisation, matter: StreamId, file: Path, viewer: PersonId | None) -> int:
    """Write an export whole or not at all, and never over another file."""
    with file.open("xb") as target:
        try:
            return export_matter(organisation, matter, target, viewer=viewer)
        except BaseException:
            file.unlink()
            raise


def _perform(home: Path, matter: str, act: Act, actor: str, reported: Reported | None) -> Performed:
    with at_work(home) as opened:
        return perform(opened.organisation, parse_matter(matter), act, parse_actor(actor), reported=reported)


def _try(home: Path, matter: str, act: Act, actor: str) -> Performed:
    with at_work(home) as opened:
        return Performed(rule_on(opened.organisation, parse_matter(matter), act, parse_actor(actor)))


def _show_performed(act: Act, performed: Performed, *, as_json: bool, only_try: bool = False) -> None:
    lines = [*tell_performed(get_spec(type(act)).name, performed)]
    if only_try:
        lines.append("Nothing was recorded: this was a trial.")
    show(describe_performed(performed), lines, as_json=as_json)
    if not (performed.ruling if only_try else performed):
        stop(NO)
