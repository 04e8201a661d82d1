"""Mutants of a rulebook: each rule deleted or weakened in one way, to test that the prover notices.

A mutant is held to the packs and to what the whole rulebook promised: where no matter in scope can go wrong for want of
the rule, the mutant is missed, and the table says why that may be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from alteram.core.kernel.phrases import as_own, as_word, phrase
from alteram.core.rules.proving.guarantees import find_violations
from alteram.core.rules.proving.prove import PROPERTIES, Property, prove
from alteram.core.rules.proving.searching import Scope, Search, Violation
from alteram.core.rules.proving.strictness import AT_MOST, UNITS
from alteram.core.rules.rulebook import Demand, Pack, Rulebook


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook with one rule weakened: what was done to it, and the demand that is weaker, where one is."""

    name: str
    rulebook: Rulebook
    demand: Demand | None = None


def build_mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Yield each mutant: of each demand without it, without each gate, with each parameter looser; then of the rest."""
    for demand in rulebook.demands:
        yield from _weaken_demand(rulebook, demand)
    yield from _weaken_stages(rulebook)
    yield from _weaken_sanctions(rulebook)


def _weaken_demand(rulebook: Rulebook, demand: Demand) -> Iterator[Mutant]:
    others = tuple(one for one in rulebook.demands if one is not demand)
    yield Mutant(phrase("{demand} deleted", demand=as_own(demand.id)), _with(rulebook, others), demand)
    for gate in demand.gates if len(demand.gates) > 1 else ():
        left = tuple(one for one in demand.gates if one != gate)
        name = phrase("{demand} no longer stops {gate}", demand=as_own(demand.id), gate=gate)
        yield Mutant(name, _swap(rulebook, demand, msgspec.structs.replace(demand, gates=left)), demand)
    if demand.gates:
        name = phrase("{demand} stops nothing", demand=as_own(demand.id))
        yield Mutant(name, _swap(rulebook, demand, msgspec.structs.replace(demand, gates=())), demand)
    for field, raw in demand.parameters.items():
        for value in _loosen(field, msgspec.json.decode(raw)):
            changed = {**demand.parameters, field: msgspec.Raw(msgspec.json.encode(value))}
            name = phrase("{demand}: {field} is {value}", demand=as_own(demand.id), field=field, value=str(value))
            yield Mutant(name, _swap(rulebook, demand, msgspec.structs.replace(demand, parameters=changed)), demand)


def _loosen(field: str, value: Any) -> Iterator[Any]:
    match value:
        case True:
            yield False
        case dict() if (unit := next((one for one in UNITS if one in value), None)) is not None:
            count = value[unit]
            yield {unit: count * 3} if field in AT_MOST else {unit: max(1, count // 3)}
        case dict() if "numerator" in value:
            yield {**value, "numerator": 1, "denominator": max(3, value["denominator"] * 2), "more_than": False}
        case list() if len(value) > 1:
            yield value[1:]
            yield value[:-1]
        case int() if not isinstance(value, bool) and value > 1:
            yield value - 1
        case _:
            return


def _with(rulebook: Rulebook, demands: tuple[Demand, ...]) -> Rulebook:
    known = {one.id for one in demands}
    departures = tuple(one for one in rulebook.departures if one.requirement in known)
    return msgspec.structs.replace(rulebook, demands=demands, departures=departures)


def _swap(rulebook: Rulebook, old: Demand, new: Demand) -> Rulebook:
    return _with(rulebook, tuple(new if one is old else one for one in rulebook.demands))


def _weaken_stages(rulebook: Rulebook) -> Iterator[Mutant]:
    for number, procedure in enumerate(rulebook.procedures[:1]):
        for stage in procedure.stages:
            changes = (("within", None), ("overdue_to", None), ("overdue_to", stage.owner))
            for field, value in changes:
                if getattr(stage, field) in {None, value}:
                    continue
                changed = msgspec.structs.replace(stage, **{field: value})
                stages = tuple(changed if one is stage else one for one in procedure.stages)
                procedures = list(rulebook.procedures)
                procedures[number] = msgspec.structs.replace(procedure, stages=stages)
                name = phrase(
                    "stage {stage}: {field} is {value}", stage=as_own(stage.id), field=field, value=as_word(str(value))
                )
                yield Mutant(name, msgspec.structs.replace(rulebook, procedures=tuple(procedures)))


def _weaken_sanctions(rulebook: Rulebook) -> Iterator[Mutant]:
    for sanction in rulebook.sanctions:
        for field, value in (("majority", None), ("after", "")):
            if getattr(sanction, field) == value:
                continue
            changed = msgspec.structs.replace(sanction, **{field: value})
            sanctions = tuple(changed if one is sanction else one for one in rulebook.sanctions)
            name = phrase("sanction {sanction}: {field} dropped", sanction=as_own(sanction.id), field=field)
            yield Mutant(name, msgspec.structs.replace(rulebook, sanctions=sanctions))


def find_refutation(
    mutant: Mutant, original: Rulebook, packs: tuple[Pack, ...], scope: Scope | None = None
) -> Violation | None:
    """Return how the prover refutes a mutant, held to the packs and to the original; None where it does not."""
    search = Search(mutant.rulebook, (*packs, _promise(original)), scope or Scope())
    if mutant.demand is not None:
        search.focus = mutant.demand
        found = next(iter(find_violations(search)), None)
        if found is not None:
            return found
        search = replace(search, focus=None)
    proof = prove(mutant.rulebook, packs, search.scope, properties=tuple(_others(mutant)), stop_at_first=True)
    return next((one for result in proof.results for one in result.violations), None)


def _others(mutant: Mutant) -> Iterator[Property]:
    """Yield the properties that are asked of a mutant beside the guarantees."""
    yield from (one for one in PROPERTIES if one.id != "guarantees")
    del mutant


def _promise(original: Rulebook) -> Pack:
    """Return what a rulebook demands, as a standard to hold others to."""
    return Pack(
        id="as-it-was",
        title=original.title,
        version=original.version,
        as_of="",
        jurisdiction=original.jurisdiction,
        demands=original.demands,
    )
