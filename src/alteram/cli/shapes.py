"""Acts and their fields in plain words: what each takes, which must be given, and how it is written."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from alteram.core.acts import ActSpec, all_specs, find_spec
from alteram.core.acts.catalogue import Audience
from alteram.core.acts.shapes import Part, Shape, find_shapes
from alteram.core.kernel.errors import MalformedError

_WORDS: dict[str, str] = {
    "text": "text, or @FILE that holds it",
    "label": "a few words",
    "identifier": "an identifier, such as a1",
    "person": "a person, such as m05",
    "stream": "the name of a matter",
    "code": "letters and digits, as another program gave them",
    "entry": "the number of an entry",
    "number": "a whole number",
    "yes-no": "yes | no",
    "instant": "a time with its zone: 2025-08-11T20:00+12:00, or in UTC 2025-08-11T08:00:00Z",
    "day": "a day, year first: 2025-08-11",
}
_MANY: dict[str, str] = {
    "text": "texts: give the field once for each",
    "label": "a few words: give the field once for each",
    "identifier": "identifiers: a1,a2",
    "person": "people: m01,m02",
    "entry": "numbers of entries: 3,4",
}
_AUDIENCES: dict[Audience, str] = {
    "handlers": "those who handle the matter",
    "reporter-side": "the reporter's side, and who receives reports",
    "sides": "both sides, those who handle the matter and those who decide it",
    "deciders": "those who handle the matter and those who decide it",
    "addressee": "whom it is addressed to, and who receives reports",
    "parties": "everybody who has a part in the matter",
    "organisation": "everybody in the organisation",
}


def get_act(name: str) -> ActSpec:
    """Return the act of this name. Raises: MalformedError that names those it may have been meant to be."""
    spec = find_spec(name)
    if spec is not None:
        return spec
    names = [one.name for one in all_specs()]
    near = get_close_matches(name, names, 4, 0.6) or [one for one in names if _share_a_word(name, one)][:6]
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    raise MalformedError(f"There is no act {name!r}.", remedy=f"{meant}All of them: alteram acts")


def _share_a_word(name: str, other: str) -> bool:
    words = re.split(r"[.-]", other)
    return any(get_close_matches(word, words, 1, 0.75) for word in re.split(r"[^a-z]+", name) if word)


def tell_act(spec: ActSpec) -> Iterator[str]:
    """Yield one act in words: what it does, who may do it, who reads it, its fields."""
    yield f"{spec.name}: {spec.help}"
    yield f"  who may do it, unless the rulebook says otherwise: {', '.join(spec.by)}"
    yield f"  who may read it: {_AUDIENCES[spec.open_to]}"
    yield from tell_fields(spec)
    if spec.stream == "organisation":
        yield "  It is an act of the organisation itself: alteram matter propose organisation " + spec.name


def tell_fields(spec: ActSpec) -> Iterator[str]:
    """Yield an act's fields in words, those that must be given first."""
    shapes = find_shapes(spec)
    if not shapes:
        yield "  it has no fields"
        return
    width = max(map(len, shapes))
    for field in sorted(spec.fields, key=lambda one: not one.required):
        must = "required" if field.required else "optional"
        closed = " (confidential)" if field.confidential else ""
        yield f"  {field.name:<{width}}  {must}  {tell_shape(shapes[field.name])}{closed}"


def tell_shape(shape: Shape) -> str:
    """Return what may be written in a field of this shape."""
    if shape.kind == "choice":
        return " | ".join(shape.choices) + (" (several: with commas)" if shape.many else "")
    if shape.kind == "parts":
        spelled = ":".join(one.name for one in required_parts(shape))
        return f"{spelled}, several with commas; or JSON, each with {', '.join(map(_tell_part, shape.parts))}"
    return _MANY[shape.kind] if shape.many else _WORDS[shape.kind]


def required_parts(shape: Shape) -> Iterable[Part]:
    """Return the parts that must be given, in their order."""
    return [one for one in shape.parts if one.required]


def _tell_part(part: Part) -> str:
    return part.name if part.required else f"{part.name}?"
