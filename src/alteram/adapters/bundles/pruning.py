"""In a worker: takes off a page what it does not draw with, where other pages of the same file are withheld.

Pages often share one list of pictures, drawings and fonts: with a page that is shown, those of a withheld one would
come along. Fonts that both draw with stay, with the letters of both in them.
"""

from typing import Any, Final

import pikepdf
from pikepdf import Dictionary, Name, Object, Stream

_DEPTH: Final = 30


def prune(page: pikepdf.Page) -> None:
    """Leave a page only what it draws with. Raises what pikepdf raises where its drawing cannot be read."""
    resources = page.obj.get(Name.Resources)
    if resources is None:
        resources = page.resources
    page.contents_coalesce()
    page.obj.Resources = _prune(page.obj, resources, set(), 0)


def _prune(drawing: Object, resources: Any, seen: set[tuple[int, int]], depth: int) -> Dictionary:
    """Return of a drawing's resources what it draws with; drawings within it are pruned in place."""
    if depth > _DEPTH:
        raise ValueError("its drawings stand within one another too deep")
    kept: dict[str, Any] = {}
    used = _find_used(drawing, resources)
    for kind, given in resources.items():
        if isinstance(given, Dictionary):
            some = {key: value for key, value in given.items() if key in used}
            if some:
                kept[kind] = Dictionary(some)
        else:
            kept[kind] = given
    for given in kept.values():
        if isinstance(given, Dictionary):
            for value in given.values():
                _prune_inside(value, resources, seen, depth + 1)
    return Dictionary(kept)


def _prune_inside(value: Any, resources: Any, seen: set[tuple[int, int]], depth: int) -> None:
    if isinstance(value, Dictionary) and isinstance(value.get(Name.SMask), Dictionary):
        value = value.SMask.get(Name.G)
    if isinstance(value, Dictionary) and value.get(Name.Subtype) == Name.Type3 and Name.Resources in value:
        # The letters of such a font are drawings, which all may be drawn.
        return
    if not isinstance(value, Stream) or value.objgen in seen:
        return
    if value.get(Name.Subtype) == Name.Form or value.get(Name.PatternType) == 1:
        seen.add(value.objgen)
        value.Resources = _prune(value, value.get(Name.Resources, resources), seen, depth)


def _find_used(drawing: Object, resources: Any, depth: int = 0) -> set[str]:
    """Return every name in what a drawing draws, and in drawings within it that have no resources of their own."""
    used: set[str] = set()
    content = drawing.get(Name.Contents) if drawing.get(Name.Type) == Name.Page else drawing
    if not isinstance(content, Stream):
        return used
    for instruction in pikepdf.parse_content_stream(content):
        used.update(str(one) for one in instruction.operands if isinstance(one, Name))
    drawings = resources.get(Name.XObject, Dictionary())
    for key in list(used):
        inner = drawings.get(key) if isinstance(drawings, Dictionary) else None
        if isinstance(inner, Stream) and inner.get(Name.Subtype) == Name.Form and Name.Resources not in inner:
            if depth > _DEPTH:
                raise ValueError("its drawings stand within one another too deep")
            used |= _find_used(inner, resources, depth + 1)
    return used
