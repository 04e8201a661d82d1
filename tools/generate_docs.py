"""Write docs/generated/ from the code: the catalogues of acts, requirements and codes. A test compares them.

python tools/generate_docs.py          write
python tools/generate_docs.py --check  say which differ, and end with 1
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from alteram.adapters.rulebooks import load_pack, load_rulebook, shipped_names
from alteram.adapters.rulebooks.catalogue import count_cases, load_catalogue
from alteram.cli.main import build_app
from alteram.core.acts import ActSpec, all_specs, get_spec
from alteram.core.rules.requirements import all_requirements
from alteram.core.rules.rulebook import Demand

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a file, it finds its neighbours from here

from tools.find_codes import find_codes  # noqa: E402 - as above
from tools.pack_pages import build_pack_pages  # noqa: E402 - as above

TARGET = ROOT / "docs" / "generated"
_STATUS = {"F": "text found", "S": "secondary source", "G": "general knowledge"}


def build_pages() -> dict[str, str]:
    """Return every generated page by its file name."""
    pages = {"acts.md": _acts(), "requirements.md": _requirements(), "codes.md": _codes(), "standards.md": _standards()}
    pages["commands.md"] = _commands()
    pages |= build_pack_pages()
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in pages.items()}


def _acts() -> Iterator[str]:
    specs = all_specs()
    yield "# Catalogue of acts"
    yield ""
    yield f"{len(specs)} acts. *Who* may be narrowed by the rulebook. Fields in italics are confidential: the rules see"
    yield "that they are there, never what they say. Fields marked ? may be left out. Generated from the code."
    area = ""
    for spec in specs:
        if spec.area != area:
            area = spec.area
            yield from ("", f"## {area.capitalize()}", "", "| act | what it does | who | read by | fields |")
            yield "|---|---|---|---|---|"
        yield f"| `{spec.name}` | {spec.help} | {', '.join(spec.by)} | {spec.open_to} | {_fields(spec)} |"


def _fields(spec: ActSpec) -> str:
    shown = []
    for field in spec.fields:
        name = f"*{field.name}*" if field.confidential else f"`{field.name}`"
        shown.append(name if field.required else f"{name}?")
    return ", ".join(shown)


def _requirements() -> Iterator[str]:
    kinds = all_requirements()
    covered = sorted({one for kind in kinds for one in kind.covers}, key=lambda one: (one[0], int(one[1:])))
    yield "# Catalogue of requirements"
    yield ""
    yield f"{len(kinds)} kinds make {len(covered)} published requirements checkable from a record alone:"
    yield f"{', '.join(covered)}."
    yield "Each is asked at its *anchors*; it reads the acts named and no others (a test traces that)."
    yield "Generated from the code."
    yield from _published()
    for kind in kinds:
        anchors = ", ".join(f"`{get_spec(act).name}`" for act in kind.anchors)
        reads = ", ".join(f"`{name}`" for name in sorted(get_spec(act).name for act in kind.reads))
        parameters = ", ".join(f"`{name}`" for name in kind.parameters.__struct_fields__) or "none"
        yield from ("", f"## {kind.kind}", "", kind.help, "")
        yield f"covers: {', '.join(kind.covers)}  "
        yield f"parameters: {parameters}  "
        yield f"asked at: {anchors}  "
        yield f"reads: {reads}  "
        yield f"may be ruled on: {'yes' if kind.may_be_ruled else 'no'}"


def _published() -> Iterator[str]:
    rows = load_catalogue()
    counts = [count_cases(row) for row in rows]
    total = sum(sum(one.values()) for one in counts)
    yield from ("", "## Published requirements", "")
    yield f"{len(rows)} requirements that others have published, in our own words, each with the pack in which it can"
    yield f"be asked of a record and how many histories show what it comes to: {total} in all. Packs are aids, not"
    yield "legal advice. Status: F the text was found, S a secondary source, G general knowledge. *How*: decided from"
    yield "the record (executable), also by a number (parameter), only together with a ruling by a person (ruled), as a"
    yield "figure that gates nothing (metric), as a result of several (result), or as a hint for whoever sets an"
    yield "organisation up (hint)."
    yield from ("", "| id | requirement | source | status | how | pack | asked as | pass | fail | unknown | ruled |")
    yield "|---|---|---|---|---|---|---|--:|--:|--:|--:|"
    for row, count in zip(rows, counts, strict=True):
        asked = ", ".join(f"`{name}`" for name in row.asked)
        shown = " | ".join(str(count[result]) for result in ("PASS", "FAIL", "UNKNOWN", "RULED"))
        yield (
            f"| {row.id} | {row.requirement} | {row.source} | {row.status} | {row.how} | `{row.pack}` | {asked} "
            f"| {shown} |"
        )


def _standards() -> Iterator[str]:
    yield "# What ships: rulebooks and packs"
    yield ""
    yield "Packs are aids, not legal advice. Each source says how it was found. Generated from the files."
    for name in shipped_names("rulebooks"):
        book = load_rulebook(name)
        yield from ("", f"## {book.title} (`{name}`)", "", f"Rulebook, version {book.version}.", "")
        yield from _demands(book.demands)
    for name in shipped_names("packs"):
        pack = load_pack(name)
        yield from ("", f"## {pack.title} (`{name}`)", "", f"Pack, version {pack.version}, as of {pack.as_of}.", "")
        yield from _demands(pack.demands)
        if pack.results or pack.metrics:
            yield ""
        yield from (f"- result `{one.id}`: {one.title} ({one.source})" for one in pack.results or ())
        yield from (
            f"- figure `{one.id}`: {one.title}, benchmark {one.benchmark} ({one.source})" for one in pack.metrics or ()
        )
        if pack.undecidable:
            yield from ("", "No record decides:", "")
            yield from (f"- {one.what}. {one.why} By: {', '.join(one.by)}." for one in pack.undecidable)


def _demands(demands: tuple[Demand, ...]) -> Iterator[str]:
    yield "| id | requirement | guarantee | kind | clause | source |"
    yield "|---|---|---|---|---|---|"
    for one in demands:
        source = f"{one.source} ({_STATUS[one.status]})" if one.source else ""
        kind = f"[{one.kind}](requirements.md#{one.kind})"
        yield f"| `{one.id}` | {one.title} | {one.guarantee} | {kind} | {one.clause} | {source} |"


def _codes() -> Iterator[str]:
    codes = find_codes()
    yield "# Codes of refusals and errors"
    yield ""
    yield "Codes are stable. A refusal is an answer: the rules, or access, do not permit the act now; there is also"
    yield "`requirement.KIND` for every kind of the [catalogue of requirements](requirements.md). An error means that"
    yield "something could not be read, verified or stored. Generated from the code."
    for title, found in (("Refusals", codes.refusals), ("Errors", codes.errors)):
        yield from ("", f"## {title}", "", "| code | says |", "|---|---|")
        yield from (f"| `{code}` | {' '.join(sorted(found[code]))} |" for code in sorted(found))


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "Exit status: 0 done, 1 refused or a check that failed, 2 bad input. Every command but `demo`"
    yield "answers in JSON with `--json`. Generated from the code; every example is run by a test."
    for path, command in walk_commands():
        said, _, example = (command.help or "").partition("Example: ")
        yield from ("", f"## alteram {' '.join(path)}", "", " ".join(said.split()), "", "```console")
        yield from (f"$ {' '.join(example.split())}", "```", "")
        for parameter in command.params:
            name = ", ".join(parameter.opts) if parameter.param_type_name == "option" else parameter.name.upper()
            if parameter.name != "help":
                yield f"- `{name}`: {parameter.help}"


def walk_commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command (of typer's own kind, which it does not publish) with its path."""
    if command is None:
        command = get_command(build_app())
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, one in inner.items():
        yield from walk_commands(one, (*path, name))


def main() -> int:
    """Write the pages, or say which differ from the code."""
    pages = build_pages()
    if "--check" in sys.argv[1:]:
        kept = {name: (TARGET / name).read_text() if (TARGET / name).exists() else "" for name in pages}
        differing = [name for name, text in pages.items() if kept[name] != text]
        print("\n".join(f"docs/generated/{name} is not what the code says: run make docs" for name in differing))
        return 1 if differing else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (TARGET / name).write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
