"""What ships with the product, by name, and the same kinds of file from anywhere, by path.

A path is anything with a slash or the suffix `.yaml`; everything else is a shipped name. Each is read once a process.
A pack is a folder: `pack.yaml`, and in `histories` the cases of each of its demands, results and figures.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
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
    parse_pack_cases,
    parse_rulebook,
)
from alteram.core.rules.rulebook import Pack, Rulebook

Shelf: TypeAlias = Literal["rulebooks", "packs", "histories", "histories/requirements"]

_SUFFIX: Final = ".yaml"
_PACK_FILE: Final = "pack.yaml"


class LibraryError(AlteramError):
    """No such file, or none that ships under this name."""


def shipped_names(shelf: Shelf) -> tuple[str, ...]:
    """Return the names of what ships on one shelf, in order."""
    folder = files("alteram").joinpath(*shelf.split("/"))
    if shelf == "packs":
        return tuple(sorted(one.name for one in folder.iterdir() if one.joinpath(_PACK_FILE).is_file()))
    return _names_in(folder)


def _names_in(folder: Traversable) -> tuple[str, ...]:
    found = (one.name for one in folder.iterdir() if one.is_file()) if folder.is_dir() else ()
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


@cache
def load_rulebook(name_or_path: str) -> Rulebook:
    """Return a rulebook with the packs it builds on. Raises: DocumentError, LibraryError."""
    return parse_rulebook(_read("rulebooks", name_or_path), load_pack=load_pack, build_calendar=build_calendar)


@cache
def load_pack(name_or_path: str) -> Pack:
    """Return a pack, by its shipped name or the path of its folder or file. Raises: DocumentError, LibraryError."""
    is_folder = "/" in name_or_path and not name_or_path.endswith(_SUFFIX)
    return parse_pack(_read("packs", f"{name_or_path.rstrip('/')}/{_PACK_FILE}" if is_folder else name_or_path))


def load_packs(rulebook: Rulebook) -> tuple[Pack, ...]:
    """Return the shipped packs that a rulebook builds on. Raises: LibraryError when one does not ship."""
    return tuple(load_pack(one.id) for one in rulebook.builds_on)


def pack_case_names(pack: str) -> tuple[str, ...]:
    """Return of which demands, results and figures a shipped pack has cases, in order. Raises: LibraryError."""
    return _names_in(_shipped_folder(pack).joinpath("histories"))


@cache
def load_pack_cases(pack: str, name: str) -> tuple[Case, ...]:
    """Return the cases of a demand, result or figure of a shipped pack. Raises: DocumentError, LibraryError."""
    if name not in pack_case_names(pack):
        raise LibraryError(f"The pack {pack} has no cases of {name!r}.", remedy="Add a file to its histories.")
    data = _shipped_folder(pack).joinpath("histories", f"{name}{_SUFFIX}").read_bytes()
    return parse_pack_cases(read_document(data, f"{pack}/histories/{name}{_SUFFIX}"), load_pack, load_rulebook)


def _shipped_folder(pack: str) -> Traversable:
    if pack not in shipped_names("packs"):
        raise _not_shipped("packs", pack)
    return files("alteram").joinpath("packs", pack)


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
        raise _not_shipped(shelf, name_or_path)
    file = f"{name_or_path}/{_PACK_FILE}" if shelf == "packs" else f"{name_or_path}{_SUFFIX}"
    return read_document(read_shipped(shelf, name_or_path), file)


def _not_shipped(shelf: Shelf, name: str) -> LibraryError:
    known = ", ".join(shipped_names(shelf))
    return LibraryError(
        f"There is nothing called {name!r} among the shipped {shelf}.",
        remedy=f"Give the path of a file that ends in {_SUFFIX}, or one of: {known}.",
    )


def read_shipped(shelf: Shelf, name: str) -> bytes:
    """Return a shipped file as it is written. The name must be one of `shipped_names`."""
    parts = (name, _PACK_FILE) if shelf == "packs" else (f"{name}{_SUFFIX}",)
    return files("alteram").joinpath(*shelf.split("/"), *parts).read_bytes()


def _read_file(path: Path) -> bytes:
    """Return the bytes of a file, at most one more than are accepted, so that a huge file is refused unread."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror}.", remedy="Check the path.") from error
