"""A document people wrote, as nodes that know where they stand, and strict access to them.

What every parser of rulebooks, packs and histories reads. It knows nothing of YAML: an adapter builds the nodes.
Scalars are text until a reader asks for something else, so that `no` stays the word "no".
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import NoReturn, TypeAlias, TypeVar

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import parse_identifier
from alteram.core.kernel.phrases import as_own, join, phrase

T = TypeVar("T")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,15}")


class DocumentError(MalformedError):
    """Something in a document is not as it must be; the message names file, line, field and remedy."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: file name, line and column (from 1), and the path of fields to it."""

    file: str
    line: int
    column: int
    field: str = ""

    def __str__(self) -> str:
        """Return the place as a message begins."""
        return f"{self.file}:{self.line}:{self.column}: {self.field or 'the document'}"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text. `quoted` tells whether it was written in quotes or as a block."""

    place: Place
    value: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    place: Place
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields with their nodes, in the order written."""

    place: Place
    fields: "tuple[tuple[str, Node], ...]"


Node: TypeAlias = Scalar | Sequence | Mapping


def fail(node: Node, problem: str, remedy: str = "") -> NoReturn:
    """Raise a DocumentError that says where, what, and what to do."""
    raise build_document_error(node.place, problem, remedy)


def build_document_error(place: Place, problem: str, remedy: str = "") -> DocumentError:
    """Return an error that says where, what, and what to do."""
    return DocumentError(phrase("{place}: {problem}", place=as_own(str(place)), problem=problem), remedy=remedy)


def read_mapping(node: Node, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, Node]:
    """Return the fields of a mapping. Raises: DocumentError for a missing or unknown field, or another kind of node."""
    if not isinstance(node, Mapping):
        fail(node, phrase("must be a mapping of fields."))
    required = tuple(required)
    known = (*required, *optional)
    fields = dict(node.fields)
    for name, value in node.fields:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            fail(
                value,
                phrase("unknown field {name}.", name=as_own(repr(name))),
                phrase("Did you mean {close}?", close=as_own(repr(close[0])))
                if close
                else phrase("Known: {known}.", known=join(", ", map(as_own, known))),
            )
    for name in required:
        if name not in fields:
            fail(
                node,
                phrase("the field {name} is missing.", name=as_own(repr(name))),
                phrase("Add {name}.", name=as_own(name)),
            )
    return fields


def read_any_mapping(node: Node) -> dict[str, Node]:
    """Return the fields of a mapping whose names are free."""
    if not isinstance(node, Mapping):
        fail(node, phrase("must be a mapping of fields."))
    return dict(node.fields)


def read_sequence(node: Node, read: Callable[[Node], T]) -> tuple[T, ...]:
    """Return the items of a list, each read by `read`."""
    if not isinstance(node, Sequence):
        fail(
            node,
            phrase("must be a list."),
            phrase("Write each item on a line of its own after a hyphen, or [in, brackets]."),
        )
    return tuple(read(item) for item in node.items)


def read_text(node: Node, *, longest: int = 20_000) -> str:
    """Return non-empty text of at most `longest` characters."""
    if not isinstance(node, Scalar):
        fail(node, phrase("must be text."))
    if not node.value.strip():
        fail(node, phrase("must not be empty."))
    if len(node.value) > longest:
        fail(node, phrase("is longer than {longest} characters.", longest=longest))
    return node.value.strip()


def read_identifier(node: Node) -> str:
    """Return an identifier."""
    text = read_text(node, longest=64)
    try:
        return parse_identifier(text)
    except MalformedError as error:
        fail(node, error.problem, error.remedy)


def read_integer(node: Node, *, least: int = 0, most: int = 1_000_000) -> int:
    """Return a whole number between `least` and `most`, written without leading zeros."""
    text = read_text(node, longest=20)
    if not _INTEGER.fullmatch(text) or not least <= int(text) <= most:
        fail(node, phrase("must be a whole number from {least} to {most}.", least=least, most=most))
    return int(text)


def read_boolean(node: Node) -> bool:
    """Return true or false."""
    text = read_text(node, longest=5)
    if text not in {"true", "false"}:
        fail(node, phrase("must be true or false."))
    return text == "true"


def read_choice(node: Node, options: Iterable[str]) -> str:
    """Return one of `options`."""
    text = read_text(node, longest=200)
    known = tuple(options)
    if text not in known:
        close = get_close_matches(text, known, n=1)
        fail(
            node,
            phrase("{text} is not known here.", text=as_own(repr(text))),
            phrase("Did you mean {close}?", close=as_own(repr(close[0])))
            if close
            else phrase("Use one of {known}.", known=join(", ", map(as_own, known))),
        )
    return text


def read_day(node: Node) -> date:
    """Return a day written as 2025-08-11."""
    text = read_text(node, longest=10)
    if not _DAY.fullmatch(text):
        fail(node, phrase("must be a day."), phrase("Write it as 2025-08-11."))
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(node, phrase("there is no such day."), phrase("Check the day of the month."))


def read_local_time(node: Node) -> datetime:
    """Return a wall-clock time (naive) written as 2025-08-11T20:00."""
    text = read_text(node, longest=200)
    if not _LOCAL_TIME.fullmatch(text):
        fail(node, phrase("must be a local time."), phrase("Write it as 2025-08-11T20:00."))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        fail(node, phrase("there is no such time."), phrase("Check the day of the month and the time of day."))
