"""Propose the amendment that would make a refuted property provable: what to add or change in the rulebook, and why.

Each proposal is tried before it is told: the amended rulebook is put to the same search. A proposal is a proposal; the
organisation decides, and may know a better one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from alteram.core.acts import get_spec
from alteram.core.acts.catalogue import ROLES, Role
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_act, as_own, as_word, join, phrase
from alteram.core.rules.proving.remedies import find_remedies
from alteram.core.rules.proving.searching import Violation
from alteram.core.rules.proving.silence import can_be_held
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Demand, Guarantee, Rulebook, Share, Stage

#: Who takes over where nobody is named, the first that can be held and does not own the stage.
_NEXT: Final[tuple[Role, ...]] = ("chair", "custodian", "secretary", "case-manager", "appeal-decider")
#: The period proposed for a stage that has none.
_PERIOD: Final = Period(working_days=20)
#: Who rules where only a person can judge and nobody is named.
_RULING: Final[tuple[Role, ...]] = ("custodian", "appeal-decider", "chair")


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to one part of a rulebook's file (`requirements`, `procedures`, …): an item by what identifies it.

    `put` states the whole item, in place of the one that is there; `change` some fields of it, wherever it stands below
    that part; `drop` takes it out.
    """

    section: str
    item: dict[str, Any] = field(hash=False)
    how: Literal["put", "change", "drop"] = "put"

    @property
    def key(self) -> str:
        """Return the field that identifies the item."""
        return next(iter(self.item))


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change to a rulebook: in words, as changes to its file, and the rulebook after it."""

    title: str
    edits: tuple[Edit, ...]
    rulebook: Rulebook = field(hash=False)


def propose(rulebook: Rulebook, property_id: str, violation: Violation) -> Amendment | None:
    """Return the amendment to propose for a violation; None where only the organisation can say what to do."""
    if violation.demand is not None:
        gates = () if violation.afterwards else _find_gates(violation, violation.demand)
        proposed = _enforce(rulebook, violation.demand, gates)
        # Where each act it is asked at is stopped already, what came later undid it: the outcome asks once more.
        return proposed or _enforce(rulebook, violation.demand, (violation.about,))
    return next(iter(_find_proposals(rulebook, property_id, violation)), None)


def _find_proposals(rulebook: Rulebook, property_id: str, violation: Violation) -> Iterator[Amendment]:
    match property_id, violation.about:
        case "silence", stage:
            yield from _give_way_on(rulebook, stage)
        case "thresholds", sanction:
            yield from _give_majority(rulebook, sanction)
        case "whole" | "guarantees", requirement if any(one.requirement == requirement for one in rulebook.departures):
            yield _drop_departure(rulebook, requirement)
        case _, _:
            for kind, parameters, guarantee, gates in find_remedies(property_id, violation):
                yield _add(rulebook, kind, parameters, guarantee, gates)


def _find_gates(violation: Violation, demand: Demand) -> tuple[str, ...]:
    """Return the acts that a demand would have to stop: those it is asked at that fail it, else the outcome itself.

    What anyone may do is never stopped: to report, to register a meeting or to predict an outcome is evidence.
    """
    anchors = {get_spec(kind).name for kind in get_requirement(demand.kind).anchors}
    played = () if violation.play is None else violation.play.played
    failing = [get_spec(type(one.event.act)) for one in played if one.event.seq in violation.entries]
    found = [spec.name for spec in failing if spec.name in anchors and spec.by != ("anyone",)]
    return tuple(dict.fromkeys(found)) or (violation.about,)


def _enforce(rulebook: Rulebook, demand: Demand, gates: tuple[str, ...]) -> Amendment | None:
    """Return the rulebook with a demand that stops the acts it is asked at."""
    own = next((one for one in rulebook.demands if one.kind == demand.kind and one.protects == demand.protects), None)
    base = own if own is not None and own.id == demand.id else demand
    kind = get_requirement(demand.kind)
    ruled_by = base.ruled_by or (
        tuple(role for role in _RULING if can_be_held(rulebook, role)) if kind.may_be_ruled else ()
    )
    wanted = tuple(dict.fromkeys((*base.gates, *gates)))
    if own is not None and own.id == demand.id and wanted == base.gates:
        return None
    changed = _take_over(msgspec.structs.replace(base, gates=wanted, ruled_by=ruled_by))
    edits = _spell_edits(rulebook, changed)
    return Amendment(_tell_demand(changed, gates), edits, _with_demand(rulebook, changed))


def _add(
    rulebook: Rulebook, kind: str, parameters: dict[str, Any], guarantee: Guarantee, gates: tuple[str, ...]
) -> Amendment:
    """Return the rulebook with a requirement of `kind` that gates these acts, added or made to."""
    own = next((one for one in rulebook.demands if one.kind == kind and not one.pack), None)
    asked = parameters if own is None else {name: _join_lists(own, name, value) for name, value in parameters.items()}
    encoded = {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in asked.items()}
    if own is not None:
        wanted = tuple(dict.fromkeys((*own.gates, *gates)))
        changed = msgspec.structs.replace(own, gates=wanted, parameters={**own.parameters, **encoded})
    else:
        changed = Demand(
            id=kind,
            title=get_requirement(kind).help.rstrip("."),
            guarantee=guarantee,
            kind=kind,
            parameters=encoded,
            gates=gates,
            ruled_by=tuple(role for role in _RULING if can_be_held(rulebook, role))
            if get_requirement(kind).may_be_ruled
            else (),
        )
    edits = _spell_edits(rulebook, changed)
    return Amendment(_tell_demand(changed, gates), edits, _with_demand(rulebook, changed))


def _join_lists(own: Demand, name: str, value: Any) -> Any:
    """Return what is asked for by a parameter; of a list, beside what the rulebook's own demand already names."""
    said = msgspec.json.decode(own.parameters[name]) if name in own.parameters else None
    return list(dict.fromkeys((*said, *value))) if isinstance(said, list) and isinstance(value, list) else value


def _take_over(demand: Demand) -> Demand:
    """Return a demand of a pack as one of the rulebook's own, which no clause of the pack's can stand under."""
    return msgspec.structs.replace(demand, pack="", clause="", covers=msgspec.UNSET) if demand.pack else demand


def _tell_demand(demand: Demand, gates: tuple[str, ...]) -> str:
    if not gates:
        return phrase("Require this, so that it is noticed where it is missing: {title}.", title=as_own(demand.title))
    acts = join(", ", map(as_act, gates))
    return phrase("Let the requirement “{title}” stop this: {acts}.", title=as_own(demand.title), acts=acts)


def _with_demand(rulebook: Rulebook, demand: Demand) -> Rulebook:
    others = [one for one in rulebook.demands if one.id != demand.id]
    place = next((number for number, one in enumerate(rulebook.demands) if one.id == demand.id), len(others))
    return msgspec.structs.replace(rulebook, demands=(*others[:place], demand, *others[place:]))


def _spell_edits(rulebook: Rulebook, demand: Demand) -> tuple[Edit, ...]:
    """Return what is written to have a demand; where a pack of the rulebook's has it, which of the two is chosen."""
    edits = [Edit("requirements", _spell(demand))]
    if any(one.id == demand.id and one.pack for one in rulebook.demands):
        chosen = {"requirement": demand.id, "use": "rulebook", "because": str(phrase("It stops more here."))}
        edits.append(Edit("overrides", chosen))
    return tuple(edits)


def _spell(demand: Demand) -> dict[str, Any]:
    """Return a demand as it is written in a file."""
    parameters = {name: msgspec.json.decode(raw) for name, raw in demand.parameters.items()}
    spelt: dict[str, Any] = {
        "id": demand.id,
        "title": demand.title,
        "guarantee": demand.guarantee,
        "requires": {demand.kind: parameters},
    }
    if demand.protects != "respondent":
        spelt["protects"] = demand.protects
    spelt["gates"] = list(demand.gates)
    if demand.ruled_by:
        spelt["ruled_by"] = list(demand.ruled_by)
    if demand.clause:
        spelt["clause"] = demand.clause
    if demand.source:
        spelt |= {"source": demand.source, "status": demand.status}
    return spelt


def _give_way_on(rulebook: Rulebook, stage_id: str) -> Iterator[Amendment]:
    """Yield the rulebook with a period and a way on for a stage, in every procedure that has it."""
    stages = [one for procedure in rulebook.procedures for one in procedure.stages if one.id == stage_id]
    if not stages:
        return
    changed = _complete(rulebook, stages[0])
    if changed == stages[0]:
        return  # It has both already; what is missing is what whoever it falls to may do.
    procedures = tuple(
        msgspec.structs.replace(
            procedure, stages=tuple(_complete(rulebook, one) if one.id == stage_id else one for one in procedure.stages)
        )
        for procedure in rulebook.procedures
    )
    title = phrase(
        "Give the stage {stage} a period, and let it fall to this part when it is missed: {role}.",
        stage=as_own(changed.title),
        role=as_word(changed.overdue_to or ""),
    )
    item = {"id": stage_id, "owner": changed.owner, "within": msgspec.to_builtins(changed.within)}
    item |= {"overdue_to": changed.overdue_to} if changed.overdue_to is not None else {}
    edits = (Edit("procedures", item, "change"),)
    yield Amendment(title, edits, msgspec.structs.replace(rulebook, procedures=procedures))


def _complete(rulebook: Rulebook, stage: Stage) -> Stage:
    next_one = next((role for role in _NEXT if role != stage.owner and can_be_held(rulebook, role)), None)
    taken = stage.overdue_to if stage.overdue_to not in {None, stage.owner} else next_one
    owner = stage.owner if can_be_held(rulebook, stage.owner) else next(r for r in ROLES if can_be_held(rulebook, r))
    return msgspec.structs.replace(stage, owner=owner, within=stage.within or _PERIOD, overdue_to=taken)


def _give_majority(rulebook: Rulebook, sanction_id: str) -> Iterator[Amendment]:
    sanction = rulebook.find_sanction(sanction_id)
    if sanction is None:
        return
    share = sanction.majority or Share(numerator=1, denominator=2, of="cast", more_than=True)
    if share.of == "members":
        share = msgspec.structs.replace(share, of="eligible")
    changed = msgspec.structs.replace(sanction, majority=share)
    sanctions = tuple(changed if one.id == sanction_id else one for one in rulebook.sanctions)
    after = msgspec.structs.replace(rulebook, sanctions=sanctions)
    majority = Edit("sanctions", {"id": sanction_id, "majority": _spell_share(share)}, "change")
    enforced = _add(after, "majority", {}, "authority", ("sanction.imposed",))
    title = phrase(
        "Let {sanction} need a majority, and let no sanction be imposed without it.", sanction=as_own(sanction_id)
    )
    edits = enforced.edits if sanction.majority == share else (majority, *enforced.edits)
    yield Amendment(title, edits, enforced.rulebook)


def _spell_share(share: Share) -> dict[str, Any]:
    """Return a share as it is written in a file."""
    spelt: dict[str, Any] = {"numerator": share.numerator, "denominator": share.denominator, "of": share.of}
    return spelt | ({"more_than": True} if share.more_than else {})


def _drop_departure(rulebook: Rulebook, requirement: str) -> Amendment:
    departures = tuple(one for one in rulebook.departures if one.requirement != requirement)
    title = phrase("Drop the departure from {requirement}, or let it stop an act.", requirement=as_own(requirement))
    edits = (Edit("departures", {"requirement": requirement}, "drop"),)
    return Amendment(title, edits, msgspec.structs.replace(rulebook, departures=departures))
