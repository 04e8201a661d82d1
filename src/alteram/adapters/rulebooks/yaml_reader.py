"""Strict YAML to document nodes.

One document; no anchors, aliases, tags or merge keys; no duplicate fields; every plain scalar stays text.
The parser's events are turned into nodes one by one, so that size, depth and number of nodes are bounded while reading.
"""

from collections.abc import Iterator

import yaml

from alteram.core.kernel.documents import DocumentError, Mapping, Node, Place, Scalar, Sequence

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
        raise DocumentError(f"{top}: larger than {MAX_BYTES} bytes.", remedy="Split it.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{top}: not UTF-8 (byte {error.start}).", remedy="Save the file as UTF-8.") from error
    if text.startswith("\ufeff"):
        raise DocumentError(f"{top}: starts with a byte order mark.", remedy="Save it without one.")
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
            raise DocumentError(f"{Place(self._file, 1, 1)}: is empty.", remedy="Choose another file.")
        root = self._build(next(self._events), "", MAX_DEPTH)
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise DocumentError(f"{self._place(after, '')}: a second document begins.", remedy="Keep one to a file.")
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
            raise DocumentError(f"{place}: more than {MAX_NODES} nodes.", remedy="Split the file.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise DocumentError(f"{place}: anchors and aliases are not allowed.", remedy="Write the value out.")
        if getattr(event, "tag", None) is not None:
            raise DocumentError(f"{place}: tags are not allowed.", remedy="Remove the tag.")
        if depth < 0:
            raise DocumentError(f"{place}: nested deeper than {MAX_DEPTH}.", remedy="Flatten it.")

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
                raise DocumentError(f"{key.place}: a field name must be plain text.", remedy="Write `name: value`.")
            if key.value in fields:
                raise DocumentError(f"{key.place}: the field {key.value!r} stands twice.", remedy="Remove one.")
            fields[key.value] = self._build(next(self._events), f"{field}.{key.value}" if field else key.value, depth)
        return tuple(fields.items())

    def _place(self, event: yaml.Event, field: str) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1, field) if mark else Place(self._file, 1, 1, field)


def _from_yaml(error: yaml.YAMLError, file: str) -> DocumentError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable as YAML"
    return DocumentError(f"{place}: {problem}.", remedy="Check indentation, colons and quotes.")
