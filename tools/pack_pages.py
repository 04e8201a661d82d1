"""A page of the documentation for each pack that ships: what it says and asks, on what source."""

from collections.abc import Iterator

from alteram.adapters.rulebooks import load_pack, shipped_names
from alteram.core.rules.conflicts import tell_parameters
from alteram.core.rules.rulebook import Demand, Pack
from alteram.core.rules.standards import Metric, NamedResult

STATUS = {"F": "text found", "S": "secondary source", "G": "general knowledge or our reading"}


def build_pack_pages() -> dict[str, Iterator[str]]:
    """Return the lines of each page by its file name."""
    return {f"pack-{name}.md": _tell(load_pack(name)) for name in shipped_names("packs")}


def _tell(pack: Pack) -> Iterator[str]:
    yield f"# {pack.title}"
    yield ""
    yield f"`{pack.id}`, version {pack.version}, {pack.jurisdiction}, as of {pack.as_of}."
    yield ""
    yield "An aid, not legal advice. The sentences are ours; each source says how it was found."
    for clause in pack.clauses:
        yield from ("", f"## {clause.id} {clause.title}", "", clause.text)
        under = [one for one in pack.things if one.clause == clause.id]
        if under:
            yield ""
        for one in under:
            yield from _tell_thing(one)
        for rule in pack.recordings or ():
            if rule.clause == clause.id:
                yield from ("", f"- **The rule on recordings: {rule.title}** (`{rule.id}`, {rule.consent}).")
                yield f"  Source: {rule.source} ({STATUS[rule.status]})."
    yield from ("", "## What no record decides", "")
    if not pack.undecidable:
        yield "Nothing is named."
    for undecidable in pack.undecidable or ():
        yield f"- {undecidable.what}. {undecidable.why} To be ruled on by: {', '.join(undecidable.by)}."
    if pack.notes:
        yield from ("", "## Notes", "")
        yield from (f"- {note}" for note in pack.notes)


def _tell_thing(thing: Demand | NamedResult | Metric) -> Iterator[str]:
    match thing:
        case Demand():
            asked = tell_parameters(thing)
            kind = f"[{thing.kind}](requirements.md#{thing.kind})"
            yield f"- **{thing.title}** (`{thing.id}`, {kind}{f': {asked}' if asked else ''})"
            if thing.ruled_by:
                yield f"  May be ruled on by: {', '.join(thing.ruled_by)}."
        case NamedResult():
            yield f"- **A result of its own name: {thing.title}** (`{thing.id}`). It needs: {', '.join(thing.needs)}."
        case Metric():
            yield f"- **A figure: {thing.title}** (`{thing.id}`, {thing.kind}, benchmark {thing.benchmark})."
    covers = f" Covers {', '.join(thing.covers)}." if thing.covers else ""
    yield f"  Source: {thing.source} ({STATUS[thing.status]}).{covers}"
