"""What would still mend a matter, in words, and as values for machines."""

from collections.abc import Iterator
from textwrap import wrap

from alteram.cli.showing import Value
from alteram.core.kernel.instants import encode_instant
from alteram.core.rules import CurePlan, Cures
from alteram.core.rules.curing.chosen import find_chosen
from alteram.core.rules.curing.costs import Cost
from alteram.core.rules.curing.steps import Step, find_people


def describe_cures(cures: Cures) -> Value:
    """Return cures, for machines."""
    return {
        "as_of": encode_instant(cures.now),
        "plans": [_describe_plan(plan) for plan in cures.plans],
        "together": {
            "steps": [{**_describe_step(one.step), "mends": list(one.mends)} for one in cures.combined],
            "cost": _describe_cost(cures.cost),
            "left": list(cures.left),
            "is_least": cures.is_least,
        },
    }


def _describe_plan(plan: CurePlan) -> Value:
    return {
        "requirement": plan.demand.id,
        "pack": plan.demand.pack,
        "result": plan.result,
        "steps": [_describe_step(step) for step in plan.steps],
        "cost": _describe_cost(plan.cost),
        "is_least": plan.is_least,
        "promised": plan.promised if plan.steps else None,
        "is_lifted": plan.is_lifted,
        "rests_on_ruling": plan.rests_on_ruling,
        "open_until": None if plan.lasting.until is None else encode_instant(plan.lasting.until),
        "before_meeting": plan.lasting.meeting,
        "begins": list(plan.begins),
        "incurable": plan.incurable,
        "without_ruling": None if plan.unruled is None else _describe_plan(plan.unruled),
        "bears_on_it": [{"act": one.act, "by": list(one.by), "why": one.why} for one in plan.finding.cures],
    }


def _describe_step(step: Step) -> dict[str, Value]:
    return {
        "act": step.name,
        "by": step.actor,
        "as": step.capacity,
        "at": encode_instant(step.at),
        "names": [str(person) for person in find_people(step.act)],
    }


def _describe_cost(cost: Cost) -> Value:
    return {"people": cost.people, "days": cost.days, "steps": cost.steps, "total": cost.total}


def tell_cures(cures: Cures) -> Iterator[str]:
    """Yield what would still mend each failure, in words: first all of it together, then each by itself."""
    if not cures.plans:
        yield "Nothing needs to be mended. What is UNKNOWN in the assessment has not been reached yet."
        return
    if cures.combined:
        found = "the least cost" if cures.is_least else "found by joining what follows; a cheaper whole may exist"
        yield f"Together, in this order ({_tell_cost(cures.cost)}; {found}):"
        for number, one in enumerate(cures.combined, 1):
            yield f"{number:>4}. {_tell_step(one.step)}"
            if one.mends:
                yield from _wrap(f"mends {', '.join(one.mends)}")
    for plan in cures.plans:
        yield f"{plan.result:<8}{plan.demand.title} ({plan.demand.id})"
        yield from _tell_plan(plan)
    if any(find_chosen(plan.steps) & {person for one in plan.steps for person in _people(one)} for plan in cures.plans):
        yield "Whoever is given a part above stands for somebody free of the matter; outsider-1 and so on for people"
        yield "from outside. Who that is, is for those who carry it out. Each plan was replayed before it was shown."


def _people(step: Step) -> tuple[str, ...]:
    return (step.actor, *find_people(step.act))


def _tell_plan(plan: CurePlan) -> Iterator[str]:
    if not plan.steps:
        yield from _wrap(f"{'incurable' if plan.is_least else 'no cure found'}: {plan.incurable}")
        return
    yield from _wrap(" > ".join(step.name for step in plan.steps))
    promised = "what it complains of then no longer stands" if plan.is_lifted else f"then {plan.promised}"
    if plan.rests_on_ruling:
        promised += ", if it is ruled so"
    least = "" if plan.is_least else "; the search ended at its bound, so a cheaper one may exist"
    yield f"        {promised}; {_tell_cost(plan.cost)}{least}"
    if plan.lasting.until is not None:
        meeting = f", when the meeting {plan.lasting.meeting} begins" if plan.lasting.meeting else ""
        yield f"        open until {encode_instant(plan.lasting.until)}{meeting}"
    if plan.begins:
        yield from _wrap(f"then also asked: {', '.join(plan.begins)}")
    if plan.unruled is not None:
        yield from _tell_unruled(plan.demand.id, plan.unruled)


def _tell_unruled(demand: str, other: CurePlan) -> Iterator[str]:
    if other.steps:
        yield f"        without a ruling{f' on {demand}' if other.rests_on_ruling else ''}:"
        yield from _tell_plan(other)
    else:
        least = "nothing that can be done now mends it" if other.is_least else "no way was found"
        yield from _wrap(f"without a ruling {least}: {other.incurable}")


def _tell_step(step: Step) -> str:
    named = [str(person) for person in find_people(step.act) if person != step.actor]
    about = f" ({', '.join(named)})" if 0 < len(named) <= 3 else f" ({len(named)} people)" if named else ""
    return f"{step.name}{about} by {step.actor} as {step.capacity}"


def _tell_cost(cost: Cost) -> str:
    return f"{cost.steps} steps, {cost.people} people, {cost.days} days"


def _wrap(text: str) -> list[str]:
    return wrap(text, 110, initial_indent="        ", subsequent_indent="        ", break_on_hyphens=False)
