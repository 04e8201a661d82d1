"""Rulebooks as files: read from what somebody sends, and kept as they were written beside what was adopted.

What is adopted is the canonical form. The file it was read from is kept in the organisation's folder, `rulebooks/`, for
people to work on; nothing rests on it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from yaml import YAMLError

from alteram.adapters.files.aside import written_aside
from alteram.adapters.rulebooks import (
    LibraryError,
    build_calendar,
    load_pack,
    load_packs,
    load_rulebook,
    read_document,
    shipped_names,
)
from alteram.adapters.rulebooks.library import read_shipped
from alteram.adapters.rulebooks.yaml_writer import change_items, drop_item, put_item
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules import Pack, Rulebook, build_digest, encode_rulebook
from alteram.core.rules.parsing import parse_rulebook
from alteram.core.rules.proving.amending import Amendment, Edit


def read_rulebook(data: bytes, file: str) -> Rulebook:
    """Return the rulebook that somebody wrote. Packs it builds on are those that ship.

    Raises: DocumentError, which names file, line, field and remedy; LibraryError.
    """
    return parse_rulebook(read_document(data, file), load_pack=_load_shipped_pack, build_calendar=build_calendar)


def write_amendment(text: str, amendment: Amendment) -> str | None:
    """Return the file with an amendment written into it, where it then says just what the amendment does; else None."""
    try:
        written = write_edits(text, amendment.edits)
        read = read_rulebook(written.encode(), "rulebook.yaml")
    except (AlteramError, YAMLError):
        return None
    return written if _order(read) == _order(amendment.rulebook) else None


def write_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a file with changes written into it. What several of them let one requirement stop, it stops all of.

    Raises: yaml.YAMLError where the file cannot be read.
    """
    gathered: dict[tuple[str, str, str], Edit] = {}
    for edit in edits:
        place = (edit.section, edit.how, str(edit.item[edit.key]))
        before = gathered.get(place)
        gathered[place] = edit if before is None else Edit(edit.section, _gather(before.item, edit.item), edit.how)
    for edit in gathered.values():
        text = _write(text, edit)
    return text


def _gather(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    gates = {"gates": list(dict.fromkeys((*one.get("gates", ()), *other.get("gates", ()))))}
    return one | other | (gates if "gates" in one or "gates" in other else {})


def _write(text: str, edit: Edit) -> str:
    match edit.how:
        case "put":
            return put_item(text, edit.section, edit.key, edit.item)
        case "change":
            return change_items(text, edit.section, edit.key, edit.item)
        case "drop":
            return drop_item(text, edit.section, edit.key, str(edit.item[edit.key]))


def _order(rulebook: Rulebook) -> bytes:
    """Return what a rulebook says, whatever the order of its requirements."""
    demands = tuple(sorted(rulebook.demands, key=lambda one: one.id))
    return encode_rulebook(msgspec.structs.replace(rulebook, demands=demands))


def read_packs(rulebook: Rulebook) -> tuple[Pack, ...]:
    """Return the packs it builds on. Raises: LibraryError."""
    return load_packs(rulebook)


def keep_source(folder: Path, rulebook: Rulebook, data: bytes) -> None:
    """Keep the file a rulebook was read from."""
    path = _place(folder, build_digest(encode_rulebook(rulebook)))
    path.parent.mkdir(exist_ok=True)
    with written_aside(path, data, mode=0o644) as aside:
        aside.replace(path)


def find_source(folder: Path, digest: str) -> bytes | None:
    """Return the file a rulebook was read from: as it was kept, else as it ships; None where neither is."""
    path = _place(folder, digest)
    if path.is_file():
        return path.read_bytes()
    for name in shipped_names("rulebooks"):
        if build_digest(encode_rulebook(load_rulebook(name))) == digest:
            return read_shipped("rulebooks", name)
    return None


def _load_shipped_pack(name: str) -> Pack:
    # `load_pack` takes paths too: nobody who writes a rulebook into a form reads the files of this machine.
    if name not in shipped_names("packs"):
        raise LibraryError(
            f"There is no pack {name!r} here.", remedy=f"It can build on: {', '.join(shipped_names('packs'))}."
        )
    return load_pack(name)


def _place(folder: Path, digest: str) -> Path:
    return folder / "rulebooks" / f"{digest}.yaml"
