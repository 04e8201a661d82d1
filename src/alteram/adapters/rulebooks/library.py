"""What ships with the product, by name, and the same kinds of file from anywhere, by path.

A path is anything with a slash or the suffix `.yaml`; everything else is a shipped name. Each is read once a process.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal, TypeAlias

from alteram.adapters.rulebooks.calendars import build_calendar
from alteram.adapters.rulebooks.yaml_reader import MAX_BYTES, read_document
from alteram.core.kernel.documents import Node
from alteram.core.kernel.errors import AlteramError
from alteram.core.matters.history import History
from alteram.core.rules.parsing import (
    Case,
    parse_cases,
    parse_history,
    parse_pack,
    parse_rulebook,
)
from alteram.core.rules.rulebook import Pack, Rulebook

Shelf: TypeAlias = Literal["rulebooks", "packs", "histories", "histories/requirements"]

_SUFFIX: Final = ".yaml"


class LibraryError(AlteramError):
    """No such file, or none that ships under this name."""


def shipped_names(shelf: Shelf) -> tuple[str, ...]:
    """Return the names of what ships on one shelf, in order."""
    folder = files("alteram").joinpath(*shelf.split("/"))
    found = (one.name for one in folder.iterdir() if one.is_file()) if folder.is_dir() else ()
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


@cache
def load_rulebook(name_or_path: str) -> Rulebook:
    """Return a rulebook with the packs it builds on. Raises: DocumentError, LibraryError."""
    return parse_rulebook(_read("rulebooks", name_or_path), load_pack=load_pack, build_calendar=build_calendar)


@cache
def load_pack(name_or_path: str) -> Pack:
    """Return a pack. Raises: DocumentError, LibraryError."""
    return parse_pack(_read("packs", name_or_path))


def load_packs(rulebook: Rulebook) -> tuple[Pack, ...]:
    """Return the shipped packs that a rulebook builds on. Raises: LibraryError when one does not ship."""
    return tuple(load_pack(one.id) for one in rulebook.builds_on)


@cache
def load_history(name_or_path: str) -> History:
    """Return a history. Raises: DocumentError, LibraryError."""
    return parse_history(_read("histories", name_or_path), load_rulebook)


@cache
def load_cases(name_or_path: str) -> tuple[Case, ...]:
    """Return the cases of a requirement. Raises: DocumentError, LibraryError."""
    return parse_cases(_read("histories/requirements", name_or_path), load_rulebook)


def _read(shelf: Shelf, name_or_path: str) -> Node:
    if "/" in name_or_path or name_or_path.endswith(_SUFFIX):
        return read_document(_read_file(Path(name_or_path)), Path(name_or_path).name)
    if name_or_path not in shipped_names(shelf):
        known = ", ".join(shipped_names(shelf))
        raise LibraryError(
            f"There is nothing called {name_or_path!r} among the shipped {shelf}.",
            remedy=f"Give the path of a file that ends in {_SUFFIX}, or one of: {known}.",
        )
    return read_document(read_shipped(shelf, name_or_path), f"{name_or_path}{_SUFFIX}")


def read_shipped(shelf: Shelf, name: str) -> bytes:
    """Return a shipped file as it is written. The name must be one of `shipped_names`."""
    return files("alteram").joinpath(*shelf.split("/"), f"{name}{_SUFFIX}").read_bytes()


def _read_file(path: Path) -> bytes:
    """Return the bytes of a file, at most one more than are accepted, so that a huge file is refused unread."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror}.", remedy="Check the path.") from error
