"""Rulebooks as files: read from what somebody sends, and kept as they were written beside what was adopted.

What is adopted is the canonical form. The file it was read from is kept in the organisation's folder, `rulebooks/`, for
people to work on; nothing rests on it.
"""

from pathlib import Path

from alteram.adapters.files.aside import written_aside
from alteram.adapters.rulebooks import (
    build_calendar,
    load_pack,
    load_packs,
    load_rulebook,
    read_document,
    shipped_names,
)
from alteram.adapters.rulebooks.library import read_shipped
from alteram.core.rules import Pack, Rulebook, build_digest, encode_rulebook
from alteram.core.rules.parsing import parse_rulebook


def read_rulebook(data: bytes, file: str) -> Rulebook:
    """Return the rulebook that a file states. Raises: DocumentError, which names file, line, field and remedy."""
    return parse_rulebook(read_document(data, file), load_pack=load_pack, build_calendar=build_calendar)


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


def _place(folder: Path, digest: str) -> Path:
    return folder / "rulebooks" / f"{digest}.yaml"
