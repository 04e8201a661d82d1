"""Who in a plan is only meant, to be chosen by whoever carries it out, and what of a step is known beforehand."""

from collections.abc import Iterable
from typing import Final

from alteram.core.acts import get_spec
from alteram.core.acts.shapes import find_shapes
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.curing.people import ACCUSER, OUTSIDERS
from alteram.core.rules.curing.steps import FREELY_CHOSEN, Step

#: Shapes that a form may be filled in with beforehand; never people or texts, for addresses linger.
_FILLED: Final = frozenset({"entry", "identifier", "choice"})


def find_chosen(steps: Iterable[Step]) -> frozenset[PersonId]:
    """Return the people whom a plan gives a part: others who are free would do as well."""
    chosen = {*OUTSIDERS, ACCUSER}
    for step in steps:
        value = getattr(step.act, FREELY_CHOSEN.get(step.name, ""), None)
        chosen.update(value if isinstance(value, tuple) else () if value is None else (value,))
    return frozenset(chosen)


def find_fills(step: Step, head_seq: int) -> tuple[tuple[str, str], ...]:
    """Return the fields of a step's form that follow from the plan: what it is about, and what is chosen.

    Left out are people, what people write, several of a kind, and entries that are not there yet.
    """
    filled: list[tuple[str, str]] = []
    for name, shape in find_shapes(get_spec(type(step.act))).items():
        value = getattr(step.act, name)
        if shape.kind not in _FILLED or value in {None, ()}:
            continue
        one = value if not shape.many else value[0] if len(value) == 1 else None
        if one is not None and not (shape.kind == "entry" and one > head_seq):
            filled.append((name, str(one)))
    return tuple(filled)
