"""What one person can do in a matter now, in words and as a value for machines."""

from collections.abc import Iterator

from alteram.cli.describing import cite, describe_ruling
from alteram.cli.showing import Value
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.instants import encode_instant
from alteram.core.kernel.outcomes import Refused
from alteram.operations.questions import OpenAct, OpenActs

#: What is refused so waits for something else to be recorded first; there are many, so they are shown when asked for.
_WAITS = frozenset({"reference.unknown", "matter.begun"})


def describe_open_acts(found: OpenActs) -> Value:
    """Return what somebody can do, for machines."""
    return {
        "parts": list(found.parts),
        "stage": None if found.stage is None else found.stage.id,
        "next_stage": None if found.next_stage is None else found.next_stage.id,
        "acts": [
            {"act": one.spec.name, "by": list(one.by), "own": one.is_own, **describe_ruling(one.ruling)}
            for one in found.acts
        ],
    }


def tell_open_acts(found: OpenActs, matter: StreamId, person: PersonId, *, every: bool) -> Iterator[str]:
    """Yield what somebody can do, what not yet, and with `every` also what waits for others or belongs to them."""
    yield f"{person} is here: {_listed(found.parts)}."
    yield from _tell_stage(found)
    mine, waiting, later, others = _sort(found.acts)
    if mine:
        yield ""
        yield "Open now (what is written in an act can still be refused):"
        yield from (f"  {one.spec.name:<28}{one.spec.help}" for one in mine)
    if later:
        yield ""
        yield "Not yet:"
        for one in later:
            yield from _tell_refused(one)
    if every:
        yield from _tell_rest(waiting, others)
    elif waiting or others:
        yield ""
        yield f"{len(waiting)} more wait for something to be recorded first, {len(others)} belong to others: see --all."
    if mine:
        yield ""
        name = mine[0].spec.name
        yield f"What an act takes: alteram acts {name}"
        yield f"To do it:          alteram matter propose {matter} {name} --as {person} -f NAME=VALUE"


def tell_one(one: OpenAct) -> Iterator[str]:
    """Yield whether one act is open."""
    if not one.is_own:
        yield f"REFUSED {one.spec.name}: it belongs to {_listed(one.by, ' or ')}."
    elif isinstance(one.ruling, Refused):
        yield f"REFUSED {one.spec.name}: {_why(one.ruling)}"
        yield from _tell_times(one.ruling)
    else:
        yield f"ALLOWED {one.spec.name}, as far as can be said before it is written"


def is_open(one: OpenAct) -> bool:
    """Return whether the person may do an act now."""
    return one.is_own and bool(one.ruling)


def _sort(acts: tuple[OpenAct, ...]) -> tuple[list[OpenAct], list[OpenAct], list[OpenAct], list[OpenAct]]:
    """Return what is open, what waits for something to refer to, what else is refused, what belongs to others."""
    mine, waiting, later, others = [], [], [], []
    for one in acts:
        if not one.is_own or (isinstance(one.ruling, Refused) and one.ruling.code == "act.not-yours"):
            others.append(one)
        elif not isinstance(one.ruling, Refused):
            mine.append(one)
        elif one.ruling.code in _WAITS:
            waiting.append(one)
        else:
            later.append(one)
    return mine, waiting, later, others


def _tell_stage(found: OpenActs) -> Iterator[str]:
    if found.stage is not None:
        yield f"The matter: {found.stage.title} (stage {found.stage.id}, in the hands of {_spoken(found.stage.owner)})."
    if found.next_stage is not None:
        begun_by = " or ".join(found.next_stage.entered_by)
        yield f"The stage after, {found.next_stage.id}, begins with {begun_by}."


def _tell_rest(waiting: list[OpenAct], others: list[OpenAct]) -> Iterator[str]:
    if waiting:
        yield ""
        yield "Waiting for something to be recorded first:"
        for one in waiting:
            first = one.ruling.missing if isinstance(one.ruling, Refused) else ()
            yield f"  {one.spec.name:<28}{_listed(first, ' or ') or 'a matter that has not begun'}"
    if others:
        yield ""
        yield "Belonging to others:"
        yield from (f"  {one.spec.name:<28}{_listed(one.by, ' or ')}" for one in others)


def _tell_refused(one: OpenAct) -> Iterator[str]:
    if isinstance(one.ruling, Refused):
        yield f"  {one.spec.name:<28}{_why(one.ruling)}"
        yield from (f"  {'':<28}{line.strip()}" for line in _tell_times(one.ruling))


def _why(ruling: Refused) -> str:
    return f"{ruling.because} ({cite(ruling)})"


def _tell_times(ruling: Refused) -> Iterator[str]:
    if ruling.missing:
        yield f"        missing: {', '.join(ruling.missing)}"
    if ruling.earliest is not None:
        yield f"        earliest lawful time: {encode_instant(ruling.earliest)}"


def _spoken(role: Role) -> str:
    return role.replace("-", " ")


def _listed(names: tuple[str, ...], between: str = ", ") -> str:
    return between.join(names)
