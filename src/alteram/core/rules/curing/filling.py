"""Fill in an act from an intent: the entries it is about, the people it concerns, every other field as it can be."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any, Final

from alteram.core.acts import Act, ActSpec, FieldSpec, convert_fields
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.rules.curing.desk import TEXT, Desk
from alteram.core.rules.curing.people import find_free, find_outsider, find_parties
from alteram.core.rules.references import find_referable

#: How many ways of filling in one act are tried.
_WAYS: Final = 12
_PAST: Final = frozenset({"delivered_at", "held_at", "received_at"})
#: Optional fields that a complete act would hold.
_HELD: Final = frozenset({"worst_sanction", "respond_by", "hearing_at", "particulars", "digest", "about", "answers"})
_NEVER: Final = frozenset({"protected", "from_mediation", "in_confidence", "automatic", "announces_outcome"})


def fill_in(spec: ActSpec, desk: Desk) -> Iterator[Act]:
    """Yield ways to fill in an act, the likeliest first. All are well-formed."""
    shapes = find_shapes(spec)
    values = {field.name: _find_values(desk, spec, field, shapes[field.name]) for field in spec.fields}
    filled = {name: held for name, held in values.items() if held}
    for chosen in islice(product(*filled.values()), _WAYS):
        yield convert_fields(spec.type, dict(zip(filled, chosen, strict=True)))


def _find_values(desk: Desk, spec: ActSpec, field: FieldSpec, shape: Shape) -> tuple[Any, ...]:
    referable = find_referable(desk.facts, spec.name, field.name)
    if referable is not None:
        return _refer(desk, referable, field, shape)
    if not field.required and not _belongs(field, shape):
        return ()
    if field.name == "worst_sanction":
        return tuple(one.id for one in sorted(desk.rulebook.sanctions, key=lambda one: -one.rung))[:1]
    values = tuple(_of_shape(desk, field, shape))
    return (values[:1],) if shape.many and values else values


def _belongs(field: FieldSpec, shape: Shape) -> bool:
    """Return whether a complete act would hold this optional field."""
    if field.name in _NEVER:
        return False
    return shape.kind == "text" or field.name in _HELD or (shape.kind == "yes-no" and field.default is False)


def _refer(desk: Desk, referable: tuple[int | str, ...], field: FieldSpec, shape: Shape) -> tuple[Any, ...]:
    meant = [one for one in referable if one in _meant(desk, field.name)]
    rest = [one for one in reversed(referable) if one not in meant]
    if shape.many:
        chosen = tuple(meant) if shape.kind == "entry" else tuple(referable)
        return (chosen,) if chosen or field.required else ()
    if not referable:
        return ((0,) if shape.kind == "entry" else ("none",)) if field.required else ()
    return (*meant, *rest)[:4] if field.required or meant else ()


def _meant(desk: Desk, field: str) -> frozenset[object]:
    """Return what the entries of the intent are or name under `field`."""
    events = [one for seq in desk.intent.about if (one := desk.facts.matter.find(seq)) is not None]
    singular = field.removesuffix("s")
    named = {getattr(one.act, name, None) for one in events for name in {field, singular}}
    return frozenset({*desk.intent.about, *(one for one in named if isinstance(one, str))})


def _of_shape(desk: Desk, field: FieldSpec, shape: Shape) -> Iterator[Any]:
    match shape.kind:
        case "text" | "label":
            yield TEXT
        case "person":
            yield from _people(desk, field)
        case "yes-no":
            yield True
        case "choice":
            yield from shape.choices
        case "instant":
            yield from (desk.now,) if field.name in _PAST else tuple(desk.later())[-2:]
        case "day":
            yield desk.rulebook.calendar.local_day(desk.now)
        case "number":
            yield max(1, len(desk.sitting))
        case "code":
            yield "0" * 64
        case "identifier":
            yield "new"
        case "entry":
            yield 0
        case "stream":
            yield desk.facts.matter.stream
        case "parts":
            first = desk.rulebook.breaches[0].id if desk.rulebook.breaches else "new"
            yield {part.name: first if part.name == "breach" else "new" for part in shape.parts if part.required}


def _people(desk: Desk, field: FieldSpec) -> Iterator[Any]:
    if field.name in {"second", "approved_by", "signed_off_by", "chair"}:
        yield find_outsider(desk.facts)
        return
    parties = (*find_parties(desk.facts, "respondent"), *find_parties(desk.facts, "complainant"))
    meant = find_parties(desk.facts, desk.intent.protects)
    yield from dict.fromkeys((*meant, *desk.intent.concerns[:2], *parties)) or (find_free(desk.facts),)
