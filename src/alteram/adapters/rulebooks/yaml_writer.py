"""Writing into a rulebook's file as its authors do: short things on one line, the rest a line for each field.

Only the lines that change are touched; comments and everything else stay as they were written. What comes out is to be
read again before anybody trusts it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import yaml

_WIDTH: Final = 110
_PLAIN: Final = re.compile(r"[A-Za-z][\w ./;'()’-]*", re.ASCII)
Item = Mapping[str, Any]


def spell_item(item: Item, *, indent: int = 2) -> list[str]:
    """Return the lines of one item of a list."""
    margin = " " * indent
    line = f"{margin}- {spell(item)}"
    if len(line) <= _WIDTH:
        return [line]
    begins = (f"{margin}- ", *(f"{margin}  " for _ in item))
    return [f"{begin}{name}: {spell(value)}" for begin, (name, value) in zip(begins, item.items(), strict=False)]


def spell(value: Any) -> str:
    """Return a value on one line."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{name}: {spell(one)}" for name, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(spell, value)) + "]"
        case bool():
            return "true" if value else "false"
        case str() if _PLAIN.fullmatch(value) and yaml.safe_load(value) == value:
            return value
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def put_item(text: str, section: str, key: str, item: Item) -> str:
    """Return a file with `item` in a list at its top: in place of the one with the same `key`, else at its end.

    A list that is not there yet is begun at the end of the file. Raises: yaml.YAMLError where it cannot be read.
    """
    lines = text.split("\n")
    listed = _find(yaml.compose(text, Loader=yaml.SafeLoader), section)
    if listed is None or not listed.value:
        return text.rstrip("\n") + "\n\n" + "\n".join([f"{section}:", *spell_item(item)]) + "\n"
    found = next((one for one in listed.value if _read(one, key) == item[key]), None)
    indent = max(listed.value[0].start_mark.column - 2, 0)
    if found is None:
        place = _find_end(lines, listed.value[-1])
        return "\n".join([*lines[:place], *spell_item(item, indent=indent), *lines[place:]])
    begin, end = found.start_mark.line, _find_end(lines, found)
    return "\n".join([*lines[:begin], *spell_item(item, indent=indent), *lines[end:]])


def put_list(text: str, section: str, items: Sequence[Item], *, before: str = "clauses") -> str:
    """Return a file in which a list at its top has just these items; without any, it goes.

    A list that is not there yet is begun before another part. Raises: yaml.YAMLError where it cannot be read.
    """
    lines = text.split("\n")
    listed = _find(yaml.compose(text, Loader=yaml.SafeLoader), section)
    spelt = [f"{section}:", *(line for item in items for line in spell_item(item))] if items else []
    place = next((number for number, line in enumerate(lines) if line.startswith(f"{before}:")), len(lines))
    if listed is None:
        return "\n".join([*lines[:place], *spelt, *([""] if spelt else []), *lines[place:]])
    begin = next(number for number, line in enumerate(lines) if line.startswith(f"{section}:"))
    end = _find_end(lines, listed)
    while not spelt and end < len(lines) and not lines[end].strip():
        end += 1
    return "\n".join([*lines[:begin], *spelt, *lines[end:]])


def change_items(text: str, section: str, key: str, changed: Item) -> str:
    """Return a file in which every item of that section that is identified so has these fields beside its own.

    It may stand in a list within the section, as the stages of procedures do.
    """
    lines = text.split("\n")
    found = list(_walk(_find(yaml.compose(text, Loader=yaml.SafeLoader), section), key, changed[key]))
    for node in sorted(found, key=lambda one: one.start_mark.line, reverse=True):
        kept: dict[str, Any] = {
            str(field.value): yaml.safe_load(yaml.serialize(value, Dumper=yaml.SafeDumper))
            for field, value in node.value
        }
        begin, end = node.start_mark.line, _find_end(lines, node)
        lines[begin:end] = spell_item(kept | dict(changed), indent=max(node.start_mark.column - 2, 0))
    return "\n".join(lines)


def drop_item(text: str, section: str, key: str, name: str) -> str:
    """Return a file without the item of a list that has this `key`; the list goes with its last one."""
    lines = text.split("\n")
    listed = _find(yaml.compose(text, Loader=yaml.SafeLoader), section)
    found = [] if listed is None else [one for one in listed.value if _read(one, key) == name]
    if listed is not None and len(found) == len(listed.value):
        begin = next(number for number, line in enumerate(lines) if line.startswith(f"{section}:"))
        return "\n".join([*lines[:begin], *lines[_find_end(lines, listed.value[-1]) :]])
    for node in reversed(found):
        del lines[node.start_mark.line : _find_end(lines, node)]
    return "\n".join(lines)


def _find(root: Any, section: str) -> Any:
    """Return the list of that name at the top of a document, if there is one."""
    if not isinstance(root, yaml.MappingNode):
        return None
    return next((value for name, value in root.value if name.value == section), None)


def _read(node: Any, key: str) -> str:
    if not isinstance(node, yaml.MappingNode):
        return ""
    return next((str(value.value) for name, value in node.value if name.value == key), "")


def _walk(node: Any, key: str, name: str) -> Iterator[Any]:
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            if _read(one, key) == name:
                yield one
            yield from _walk(one, key, name)
    elif isinstance(node, yaml.MappingNode):
        for _field, value in node.value:
            yield from _walk(value, key, name)


def _find_end(lines: list[str], node: Any) -> int:
    """Return the line after a node. A block lasts until the next thing: blank lines and comments are not of it."""
    begin: int = node.start_mark.line
    last: int = node.end_mark.line
    end = last + 1 if node.flow_style or (last == len(lines) - 1 and node.end_mark.column) else last
    while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return max(end, begin + 1)
