"""Strict YAML to document nodes.

One document; no anchors, aliases, tags or merge keys; no duplicate fields; every plain scalar stays text.
Size, depth and number of nodes are bounded before and while reading.
"""

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.nodes import Node as YamlNode

from alteram.core.kernel.documents import DocumentError, Mapping, Node, Place, Scalar, Sequence

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
MAX_NODES = 100_000


def read_document(data: bytes, file: str) -> Node:
    """Return the root node of the YAML in `data`; `file` is the name that messages use.

    Raises: DocumentError for anything that is not the plain YAML we accept.
    """
    top = Place(file, 1, 1)
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{top}: larger than {MAX_BYTES} bytes.", remedy="Split it.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{top}: not UTF-8 (byte {error.start}).", remedy="Save the file as UTF-8.") from error
    if text.startswith("\ufeff"):
        raise DocumentError(f"{top}: starts with a byte order mark.", remedy="Save it without one.")
    loader = _Loader(text)
    try:
        _refuse_markers(text, file)
        root = loader.get_single_node()
        if root is None:
            raise DocumentError(f"{top}: is empty.")
        return _Converter(file).convert(root, "", MAX_DEPTH)
    except (yaml.YAMLError, RecursionError) as error:
        raise _from_yaml(error, file) from error
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):
    """The pure-Python loader; only its composer is used, never its constructors."""


def _refuse_markers(text: str, file: str) -> None:
    """Refuse anchors, aliases, tags and too many nodes before a tree is built."""
    depth = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=_Loader), 1):
        mark = event.start_mark
        place = Place(file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
        if nodes > 2 * MAX_NODES:
            raise DocumentError(f"{place}: more than {MAX_NODES} nodes.", remedy="Split the file.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DocumentError(f"{place}: anchors and aliases are not allowed.", remedy="Write the value out.")
        if getattr(event, "tag", None):
            raise DocumentError(f"{place}: tags are not allowed.", remedy="Remove the tag.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise DocumentError(f"{place}: nested deeper than {MAX_DEPTH}.")


class _Converter:
    def __init__(self, file: str) -> None:
        self._file = file

    def convert(self, node: YamlNode, field: str, depth: int) -> Node:
        place = Place(self._file, node.start_mark.line + 1, node.start_mark.column + 1, field)
        if isinstance(node, ScalarNode):
            return Scalar(place, node.value, quoted=node.style is not None)
        if isinstance(node, SequenceNode):
            items = tuple(self.convert(item, f"{field}[{n}]", depth - 1) for n, item in enumerate(node.value))
            return Sequence(place, items)
        if isinstance(node, MappingNode):
            return Mapping(place, self._fields(node, field, depth))
        raise DocumentError(f"{place}: not something we read.")

    def _fields(self, node: MappingNode, field: str, depth: int) -> tuple[tuple[str, Node], ...]:
        fields: dict[str, Node] = {}
        for key, value in node.value:
            place = Place(self._file, key.start_mark.line + 1, key.start_mark.column + 1, field)
            if not isinstance(key, ScalarNode) or key.value == "<<":
                raise DocumentError(f"{place}: a field name must be plain text.")
            if key.value in fields:
                raise DocumentError(f"{place}: the field {key.value!r} stands twice.", remedy="Remove one.")
            fields[key.value] = self.convert(value, f"{field}.{key.value}" if field else key.value, depth - 1)
        return tuple(fields.items())


def _from_yaml(error: Exception, file: str) -> DocumentError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
    problem = getattr(error, "problem", None) or "not readable as YAML"
    return DocumentError(f"{place}: {problem}.", remedy="Check indentation, colons and quotes.")
