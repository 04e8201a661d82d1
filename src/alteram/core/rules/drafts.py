"""Acts as they might be proposed now, so that one can ask what the rules would say before anything is filled in.

A draft is as complete as the record lets it be: it names the newest meeting, the parties, every allegation, and gives
every text. Where a draft is allowed, what the actor then writes can still be refused; where each is refused, something
beside the filling in is most likely missing. Drafts are never recorded, and nothing in them is shown to anybody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Any, Final

from alteram.core.acts import ActSpec, FieldSpec, convert_fields
from alteram.core.acts.fields import Act
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import SIDES, Facts, find_holders
from alteram.core.rules.capacities import find_body_members, find_procedure
from alteram.core.rules.references import find_referable
from alteram.core.rules.rulebook import Body, Rulebook

#: How many drafts of one act are tried at most.
TRIED: Final = 24
_SOON, _LATER = timedelta(days=14), timedelta(days=60)
_PAST = frozenset({"delivered_at", "held_at"})
#: Optional fields that a complete act would hold; others stay as they are.
_TOLD = frozenset(
    {"body", "complainant", "deciders", "hearing_at", "respond_by", "respondent", "review_by", "second", "until"}
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What the drafts of all acts are made from, for one person at one time."""

    facts: Facts
    rulebook: Rulebook
    actor: PersonId
    now: datetime
    sides: tuple[PersonId, ...]
    others: tuple[PersonId, ...]
    """Members who are no side, whoever asks last."""
    body: Body | None
    sitting: tuple[PersonId, ...]


def find_drafts(spec: ActSpec, basis: Basis) -> Iterator[Act]:
    """Yield drafts of an act, the likeliest first, at most `TRIED` of them. All are well-formed."""
    shapes = find_shapes(spec)
    filled: dict[str, tuple[Any, ...]] = {}
    for field in spec.fields:
        values = _find_values(basis, spec, field, shapes[field.name])
        if values:
            filled[field.name] = values
    for chosen in islice(product(*filled.values()), TRIED):
        yield convert_fields(spec.type, dict(zip(filled, chosen, strict=True)))


def build_basis(facts: Facts, rulebook: Rulebook, actor: PersonId, now: datetime) -> Basis:
    """Return what drafts for `actor` are made from."""
    respondents, rest = (sorted(find_holders(facts.matter, role)) for role in ("respondent", "complainant"))
    sides = tuple(dict.fromkeys([*respondents, *rest]))
    concerned = {one for role in SIDES for one in find_holders(facts.matter, role)}
    others = sorted(facts.roll.members - concerned, key=lambda one: (one == actor, one))
    procedure = find_procedure(facts, rulebook)
    body = next((one for one in rulebook.bodies if procedure is not None and one.id == procedure.decided_by), None)
    sitting = () if body is None else tuple(sorted(find_body_members(facts, body) - concerned))
    return Basis(facts, rulebook, actor, now, sides, tuple(others), body, sitting)


def _find_values(basis: Basis, spec: ActSpec, field: FieldSpec, shape: Shape) -> tuple[Any, ...]:
    """Return what a field may hold in a draft, the likeliest first; nothing where it is left out."""
    referable = find_referable(basis.facts, spec.name, field.name)
    if referable is not None:
        return _refer(referable, field, shape)
    if not field.required and not _belongs(field, shape):
        return ()
    values = _LISTED[field.name](basis) if field.name in _LISTED else _SHAPED[shape.kind](basis, field, shape)
    if shape.many and field.name not in _LISTED:
        return (values[:1],) if values else ()
    return values


def _refer(referable: tuple[int | str, ...], field: FieldSpec, shape: Shape) -> tuple[Any, ...]:
    if shape.many:
        return (referable,) if referable or field.required else ()
    if not referable and field.required:
        # Nothing is there to refer to: the rules will say what must come first.
        return (0,) if shape.kind == "entry" else ("none",)
    return referable[::-1]


def _belongs(field: FieldSpec, shape: Shape) -> bool:
    """Return whether a complete act would hold this optional field."""
    stated = shape.kind == "yes-no" and field.name.startswith(("states_", "considers_"))
    return stated or shape.kind == "text" or field.name in _TOLD or field.name == "worst_sanction"


def _find_people(basis: Basis, field: FieldSpec, _: Shape) -> tuple[Any, ...]:
    if field.name in {"second", "approved_by", "chair"}:
        return basis.others[:6] or (basis.actor,)
    return (*basis.sides, *basis.others[:6], basis.actor)


def _find_times(basis: Basis, field: FieldSpec, _: Shape) -> tuple[Any, ...]:
    return (basis.now,) if field.name in _PAST else (basis.now + _SOON, basis.now + _LATER)


def _find_parts(_: Basis, __: FieldSpec, shape: Shape) -> tuple[Any, ...]:
    return ({part.name: "new" for part in shape.parts if part.required},)


def _find_procedures(basis: Basis) -> tuple[Any, ...]:
    return tuple(one.id for one in basis.rulebook.procedures) or ("none",)


def _find_sanctions(basis: Basis) -> tuple[Any, ...]:
    return tuple(one.id for one in sorted(basis.rulebook.sanctions, key=lambda one: one.rung)) or ("none",)


def _find_bodies(basis: Basis) -> tuple[Any, ...]:
    return ("none",) if basis.body is None else (basis.body.id,)


_SHAPED: dict[str, Callable[[Basis, FieldSpec, Shape], tuple[Any, ...]]] = {
    "text": lambda _, __, ___: ("To be written.",),
    "label": lambda _, __, ___: ("to be written",),
    "identifier": lambda _, __, ___: ("new",),
    "person": _find_people,
    "stream": lambda basis, _, __: (basis.facts.matter.stream,),
    "code": lambda _, __, ___: ("0" * 64,),
    "entry": lambda _, __, ___: (0,),
    "number": lambda basis, _, __: (max(1, len(basis.sitting)),),
    "yes-no": lambda _, __, ___: (True, False),
    "instant": _find_times,
    "day": lambda basis, _, __: (basis.now.date(),),
    "choice": lambda _, __, shape: shape.choices,
    "parts": _find_parts,
}
#: Fields that say by their name what belongs in them.
_LISTED: dict[str, Callable[[Basis], tuple[Any, ...]]] = {
    "procedure": _find_procedures,
    "worst_sanction": _find_sanctions,
    "body": _find_bodies,
    "deciders": lambda basis: (basis.sitting,),
    "invited": lambda basis: ((*basis.sitting, *basis.sides),),
    "present": lambda basis: ((*basis.sitting, *basis.sides),),
    "votes_against": lambda _: (0,),
    "respondent": lambda basis: (*basis.sides[:1], *basis.others[:1]),
    "complainant": lambda basis: (*basis.sides[-1:], *basis.others[-1:]),
}
