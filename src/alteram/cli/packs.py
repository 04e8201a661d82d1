"""`alteram pack`: the published standards that rulebooks build on and matters are measured by."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from alteram.adapters.rulebooks import LibraryError, load_pack, load_pack_cases, pack_case_names, shipped_names
from alteram.adapters.rulebooks.catalogue import Published, count_cases, load_catalogue
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.core.kernel.canonical import Json
from alteram.core.rules import Demand, Pack, Result, build_digest, encode_rulebook
from alteram.core.rules.conflicts import Conflict, find_conflicts, find_periods, tell_parameters
from alteram.core.rules.parsing import find_difference, run_case
from alteram.core.rules.standards import Metric, NamedResult

app = typer.Typer(no_args_is_help=True, help="List, show and check published standards.", rich_markup_mode=None)
_Name = Annotated[str, typer.Argument(help="A shipped name, or the path of a folder or file.")]
_STATUS = {"F": "text found", "S": "secondary source", "G": "general knowledge"}


@app.command("list")
def list_packs(as_json: AsJson = False) -> None:
    """List the packs that ship, each with its date and jurisdiction.

    Example: alteram pack list
    """
    with reporting(as_json=as_json):
        packs = [load_pack(name) for name in shipped_names("packs")]
    value: Value = [_describe_head(one) for one in packs]
    lines = [f"{one.id:<38}{one.jurisdiction:<8}as of {one.as_of}  {one.title}" for one in packs]
    show(value, [*lines, "", "Packs are aids, not legal advice."], as_json=as_json)


@app.command("show")
def show_pack(pack: _Name, as_json: AsJson = False) -> None:
    """Show a pack: its clauses beside what they demand, with periods, sources, and what no record decides.

    Example: alteram pack show nz-incorporated-societies-2022-sch2
    """
    with reporting(as_json=as_json):
        read = load_pack(pack)
    value: Value = {
        **_describe_head(read),
        "clauses": [{"id": one.id, "title": one.title, "text": one.text} for one in read.clauses],
        "requirements": [_describe_demand(one) for one in read.demands],
        "results": [{**_describe_thing(one), "needs": list(one.needs)} for one in read.results or ()],
        "metrics": [
            {**_describe_thing(one), "kind": one.kind, "benchmark": one.benchmark} for one in read.metrics or ()
        ],
        "undecidable": [{"what": one.what, "why": one.why, "by": list(one.by)} for one in read.undecidable or ()],
        "notes": list(read.notes),
    }
    show(value, _tell(read), as_json=as_json)


@app.command()
def check(
    packs: Annotated[list[str], typer.Argument(help="Shipped names, or paths of folders or files.")],
    as_json: AsJson = False,
) -> None:
    """Read packs strictly, run the cases of those that ship, and say where they conflict.

    Example: alteram pack check nz-incorporated-societies-2022-sch2 ronr-discipline
    """
    with reporting(as_json=as_json):
        read = [load_pack(name) for name in packs]
        cases = {one.id: _run_cases(one) for one in read}
    conflicts = find_conflicts(read)
    failed = {name: differences for name, (_, differences) in cases.items() if differences}
    value: Value = {
        "packs": [{**_describe_head(one), "cases": cases[one.id][0], "differences": cases[one.id][1]} for one in read],
        "conflicts": [_describe_conflict(one) for one in conflicts],
    }
    show(value, _tell_checked(read, cases, conflicts), as_json=as_json)
    if failed:
        stop(NO)


@app.command("requirements")
def list_published(
    name: Annotated[str, typer.Argument(help="One of them, such as N4; without, all.")] = "", as_json: AsJson = False
) -> None:
    """List the published requirements: how each is asked of a record, in which pack, and how many cases show it.

    Example: alteram pack requirements N4
    """
    with reporting(as_json=as_json):
        rows = [one for one in load_catalogue() if name in {"", one.id}]
        if not rows:
            raise LibraryError(f"There is no published requirement {name!r}.", remedy="Leave the name out to see all.")
        counts = [count_cases(one) for one in rows]
    value: Value = [
        {**asdict(row), "asked": list(row.asked), "cases": _describe_counts(counted)}
        for row, counted in zip(rows, counts, strict=True)
    ]
    total = sum(sum(one.values()) for one in counts)
    lines = [line for row, counted in zip(rows, counts, strict=True) for line in _tell_published(row, counted)]
    told = f"{len(rows)} published requirements, {total} cases. Packs are aids, not legal advice."
    show(value, [*lines, "", told], as_json=as_json)


def _describe_counts(counted: dict[Result, int]) -> Json:
    return {str(result): count for result, count in counted.items()}


def _tell_published(row: Published, counted: dict[Result, int]) -> Iterator[str]:
    cases = ", ".join(f"{count} {result}" for result, count in counted.items())
    yield f"{row.id:<4}{row.requirement}"
    yield f"    {row.how}, in {row.pack}: {', '.join(row.asked) or 'nothing yet'} ({cases})"
    yield f"    source: {row.source} ({_STATUS[row.status]})"


def _run_cases(pack: Pack) -> tuple[int, list[Json]]:
    """Return how many cases a shipped pack has, and how those differ that do not come to what they say."""
    names = pack_case_names(pack.id) if pack.id in shipped_names("packs") else ()
    cases = [case for name in names for case in load_pack_cases(pack.id, name)]
    return len(cases), [difference for case in cases if (difference := find_difference(case, run_case(case)))]


def _describe_head(pack: Pack) -> dict[str, Json]:
    return {
        "pack": pack.id,
        "title": pack.title,
        "version": pack.version,
        "as_of": pack.as_of,
        "jurisdiction": pack.jurisdiction,
        "digest": build_digest(encode_rulebook(pack)),
        "notice": "An aid, not legal advice.",
    }


def _describe_thing(thing: Demand | NamedResult | Metric) -> dict[str, Json]:
    return {
        "id": thing.id,
        "title": thing.title,
        "clause": thing.clause,
        "covers": list(thing.covers or ()),
        "source": thing.source,
        "status": thing.status,
    }


def _describe_demand(demand: Demand) -> Json:
    return {
        **_describe_thing(demand),
        "kind": demand.kind,
        "guarantee": demand.guarantee,
        "protects": demand.protects,
        "parameters": tell_parameters(demand),
        "periods": {name: str(period) for name, period in find_periods(demand)},
        "ruled_by": list(demand.ruled_by),
    }


def _describe_conflict(conflict: Conflict) -> Json:
    return [
        {"pack": one.pack, "id": one.id, "clause": one.clause, "kind": one.kind, "parameters": tell_parameters(one)}
        for one in conflict.demands
    ]


def _tell(pack: Pack) -> Iterator[str]:
    yield f"{pack.title}, version {pack.version} ({pack.jurisdiction})"
    yield f"As of {pack.as_of}. An aid, not legal advice."
    for clause in pack.clauses:
        yield from ("", f"{clause.id} {clause.title}", f"    {clause.text}")
        yield from (f"    {line}" for one in pack.things if one.clause == clause.id for line in _tell_thing(one))
    if pack.undecidable:
        yield from ("", "What no record decides")
        yield from (f"    {one.what}. {one.why} To be ruled on by: {', '.join(one.by)}." for one in pack.undecidable)
    yield from ("", *pack.notes)


def _tell_thing(thing: Demand | NamedResult | Metric) -> Iterator[str]:
    match thing:
        case Demand():
            told = tell_parameters(thing)
            yield f"requires {thing.id}: {thing.title} ({thing.kind}{f': {told}' if told else ''})"
            if thing.ruled_by:
                yield f"    may be ruled on by {', '.join(thing.ruled_by)}"
        case NamedResult():
            yield f"result {thing.id}: {thing.title} (needs {', '.join(thing.needs)})"
        case Metric():
            yield f"figure {thing.id}: {thing.title} ({thing.kind}, benchmark {thing.benchmark})"
    covers = f" [{', '.join(thing.covers)}]" if thing.covers else ""
    yield f"    source: {thing.source} ({_STATUS[thing.status]}){covers}"


def _tell_checked(
    packs: list[Pack], cases: dict[str, tuple[int, list[Json]]], conflicts: tuple[Conflict, ...]
) -> Iterator[str]:
    for one in packs:
        count, differences = cases[one.id]
        yield f"{'FAIL' if differences else 'PASS'} {one.title}: {len(one.demands)} requirements, {count} cases"
        yield from (f"     {difference}" for difference in differences)
    for conflict in conflicts:
        yield from ("", f"Conflict over {conflict.demands[0].kind}: a rulebook that builds on these must choose")
        for demand in conflict.demands:
            told = tell_parameters(demand) or "no parameters"
            yield f"    {demand.pack}, clause {demand.clause}, {demand.id}: {told}"
