"""Strict YAML to document nodes.

One document; no anchors, aliases, tags or merge keys; no duplicate fields; every plain scalar stays text.
The parser's events are turned into nodes one by one, so that size, depth and number of nodes are bounded while reading.
"""

from collections.abc import Iterator

import yaml

from alteram.core.kernel.documents import DocumentError, Mapping, Node, Place, Scalar, Sequence, build_document_error
from alteram.core.kernel.phrases import as_own, phrase

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
MAX_NODES = 100_000

#: The parser written in C where PyYAML has it: the same events, eight times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_document(data: bytes, file: str) -> Node:
    """Return the root node of the YAML in `data`; `file` is the name that messages use.

    Raises: DocumentError for anything that is not the plain YAML we accept.
    """
    text = _decode(data, Place(file, 1, 1))
    try:
        return _Builder(file, yaml.parse(text, Loader=_LOADER)).build_document()
    except yaml.YAMLError as error:
        raise _from_yaml(error, file) from error


def _decode(data: bytes, top: Place) -> str:
    if len(data) > MAX_BYTES:
        raise build_document_error(
            top,
            phrase("larger than {most} bytes.", most=MAX_BYTES),
            phrase("Split it."),
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise build_document_error(
            top,
            phrase("not UTF-8 (byte {byte}).", byte=error.start),
            phrase("Save the file as UTF-8."),
        ) from error
    if text.startswith("\ufeff"):
        raise build_document_error(
            top,
            phrase("starts with a byte order mark."),
            phrase("Save it without one."),
        )
    return text


class _Builder:
    """Builds nodes from the parser's events. `_left` is how many nodes may still come."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self._file = file
        self._events = events
        self._left = MAX_NODES

    def build_document(self) -> Node:
        next(self._events)  # the stream starts
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            raise build_document_error(
                Place(self._file, 1, 1),
                phrase("is empty."),
                phrase("Choose another file."),
            )
        root = self._build(next(self._events), "", MAX_DEPTH)
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise build_document_error(
                self._place(after, ""),
                phrase("a second document begins."),
                phrase("Keep one to a file."),
            )
        return root

    def _build(self, event: yaml.Event, field: str, depth: int) -> Node:
        place = self._place(event, field)
        self._check(event, place, depth)
        match event:
            case yaml.ScalarEvent():
                return Scalar(place, event.value, quoted=bool(event.style))
            case yaml.SequenceStartEvent():
                return Sequence(place, tuple(self._items(field, depth - 1)))
            case _:
                return Mapping(place, self._fields(field, depth - 1))

    def _check(self, event: yaml.Event, place: Place, depth: int) -> None:
        self._left -= 1
        if self._left < 0:
            raise build_document_error(
                place,
                phrase("more than {most} nodes.", most=MAX_NODES),
                phrase("Split the file."),
            )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise build_document_error(
                place,
                phrase("anchors and aliases are not allowed."),
                phrase("Write the value out."),
            )
        if getattr(event, "tag", None) is not None:
            raise build_document_error(place, phrase("tags are not allowed."), phrase("Remove the tag."))
        if depth < 0:
            raise build_document_error(
                place,
                phrase("nested deeper than {most}.", most=MAX_DEPTH),
                phrase("Flatten it."),
            )

    def _items(self, field: str, depth: int) -> Iterator[Node]:
        for number, event in enumerate(self._events):
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._build(event, f"{field}[{number}]", depth)

    def _fields(self, field: str, depth: int) -> tuple[tuple[str, Node], ...]:
        fields: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._build(event, field, depth)
            if not isinstance(key, Scalar) or key.value == "<<":
                raise build_document_error(
                    key.place,
                    phrase("a field name must be plain text."),
                    phrase("Write `name: value`."),
                )
            if key.value in fields:
                raise build_document_error(
                    key.place,
                    phrase("the field {value} stands twice.", value=as_own(repr(key.value))),
                    phrase("Remove one."),
                )
            fields[key.value] = self._build(next(self._events), f"{field}.{key.value}" if field else key.value, depth)
        return tuple(fields.items())

    def _place(self, event: yaml.Event, field: str) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1, field) if mark else Place(self._file, 1, 1, field)


def _from_yaml(error: yaml.YAMLError, file: str) -> DocumentError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or phrase("not readable as YAML")
    told = phrase("{problem}.", problem=problem)
    return build_document_error(place, told, phrase("Check indentation, colons and quotes."))
