"""Mutants of a rulebook: each rule deleted or weakened in one way, to test that the prover notices.

A mutant is held to the packs and to what the whole rulebook promised: where no matter in scope can go wrong for want of
the rule, the mutant is missed, and what still holds the rule is told.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import msgspec

from alteram.core.acts import build_structural, get_spec
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_own, as_word, phrase
from alteram.core.matters import build_live_event
from alteram.core.rules.assess import examine
from alteram.core.rules.proving.acting import find_actors
from alteram.core.rules.proving.adversary import find_bearing
from alteram.core.rules.proving.course import Step
from alteram.core.rules.proving.deviating import Alter
from alteram.core.rules.proving.exploring import Variant
from alteram.core.rules.proving.guarantees import Watch, find_violations, is_unmet
from alteram.core.rules.proving.playing import Play
from alteram.core.rules.proving.prove import PROPERTIES, Property
from alteram.core.rules.proving.searching import Scope, Search, Violation
from alteram.core.rules.proving.strictness import AT_MOST, UNITS, is_as_strict
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Demand, Pack, Rulebook, Sanction


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook with one rule weakened: what was done to it, and the demand that is weaker, where one is.

    `carried` is what the majority of a sanction asked for, where it was dropped.
    """

    name: str
    rulebook: Rulebook
    demand: Demand | None = None
    carried: Demand | None = None


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
            carried = _spell_majority(sanction) if field == "majority" else None
            yield Mutant(name, msgspec.structs.replace(rulebook, sanctions=sanctions), carried=carried)


def _spell_majority(sanction: Sanction) -> Demand:
    """Return the majority of a sanction as a demand of its own, which stays when the ladder no longer says it."""
    parameters = {"at_least": sanction.majority, "sanctions": [sanction.id]}
    encoded = {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in parameters.items()}
    return Demand(id=sanction.id, title=sanction.title, guarantee="authority", kind="majority", parameters=encoded)


@dataclass(frozen=True, slots=True)
class Trial:
    """What the prover made of a mutant: how it is refuted, else what still holds the rule that was weakened.

    `held_by` names the requirements, and other reasons, for which each attempt in scope was refused; nothing where no
    matter in scope comes to it.
    """

    mutant: Mutant
    violation: Violation | None
    held_by: tuple[str, ...] = ()


def try_mutant(mutant: Mutant, original: Rulebook, packs: tuple[Pack, ...], scope: Scope | None = None) -> Trial:
    """Return what the prover makes of a mutant, held to the packs and to what the original demands.

    Nothing is searched where another requirement asks as much and stops as much: the engine then rules as before.
    """
    instead = _find_instead(mutant)
    if instead:
        return Trial(mutant, None, instead)
    search = Search(mutant.rulebook, (*packs, _promise(original)), scope or Scope(), focus=mutant.demand)
    if mutant.demand is not None:
        found = next(iter(find_violations(search)), None)
        if found is not None:
            return Trial(mutant, found)
    if mutant.carried is not None:
        found = next(_find_uncarried(search, mutant.rulebook, mutant.carried), None)
        if found is not None:
            return Trial(mutant, found)
    for one in _find_properties(mutant):
        found = next(iter(one.find_violations(search)), None)
        if found is not None:
            return Trial(mutant, found)
    return Trial(mutant, None, _find_holding(search, mutant))


def _find_uncarried(search: Search, rulebook: Rulebook, carried: Demand) -> Iterator[Violation]:
    """Yield how a sanction is imposed without its majority: with every number of votes for it, or against it."""
    counts = [(side, votes) for side in ("votes_for", "votes_against") for votes in range(1, 10)]
    for procedure in search.procedures:
        base = search.base(procedure, sanction=rulebook.find_sanction(carried.id))
        watch = Watch(base, carried, alone=True)
        for variant in search.explore(base, [Alter("penalty-voted", *one) for one in counts], until=watch.until):
            yield from watch.find_breaches(variant.play, variant.deviations)


#: Properties beside the guarantees that a kind of demand serves.
_SERVES: Final[dict[str, tuple[str, ...]]] = {
    "separate-hands": ("own-cause", "appeals"),
    "role-collision": ("own-cause",),
    "independent-declining": ("stopping",),
    "closure-complete": ("stopping",),
    "pause-limited": ("stopping",),
    "fresh-appeal-panel": ("appeals",),
    "warning-ladder": ("ladder",),
    "sanction-instrument": ("ladder",),
    "majority": ("thresholds",),
    "vote-base": ("thresholds",),
    "identity-protected": ("identities",),
    "response-period": ("deliberation",),
    "party-heard": ("deliberation",),
    "disclosure-before": ("deliberation",),
    "disclosure-complete": ("deliberation",),
}
_OF_THE_REST: Final = ("silence", "thresholds", "ladder", "whole")


def _find_properties(mutant: Mutant) -> Iterator[Property]:
    names = _OF_THE_REST if mutant.demand is None else _SERVES.get(mutant.demand.kind, ())
    yield from (one for one in PROPERTIES if one.id in names)


def _find_instead(mutant: Mutant) -> tuple[str, ...]:
    """Return the requirements that ask at least what the weakened one asked, and stop every act that it stopped."""
    weak = mutant.demand
    if weak is None:
        return ()
    alike = (one for one in mutant.rulebook.demands if is_as_strict(one, weak))
    return tuple(one.id for one in alike if set(one.gates) >= set(weak.gates))


def _find_holding(search: Search, mutant: Mutant) -> tuple[str, ...]:
    """Return for what reasons the attempts that bear on a demand came to no outcome, the most frequent first.

    Reasons for which an act was refused at which the demand was not met come before all others.
    """
    if mutant.carried is not None:
        # Where none is said, the requirement asks for more votes for than against; others may say one themselves.
        return tuple(one.id for one in mutant.rulebook.demands if one.kind == mutant.carried.kind and one.gates)
    if mutant.demand is None:
        return ()
    left = next((one for one in mutant.rulebook.demands if one.id == mutant.demand.id), None)
    if left is not None and left.gates and left.parameters == mutant.demand.parameters:
        return (phrase("{demand} at {gates}", demand=as_own(left.id), gates=", ".join(left.gates)),)
    stops = bool(mutant.demand.gates)
    alike = [one for one in mutant.rulebook.demands if is_as_strict(one, mutant.demand) and bool(one.gates) >= stops]
    if alike:
        return tuple(one.id for one in alike)
    instead: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for variant in _find_attempts(search, mutant.demand):
        refused = variant.play.refused.items()
        first.update(name for _, one in islice(refused, 1) for name in _name(one))
        instead.update(_find_wanting(variant.play, mutant.demand))
    instead.pop(mutant.demand.id, None)
    first.pop(mutant.demand.id, None)
    told = (instead or first).most_common()
    # What a requirement refuses says more than that something came in the wrong order.
    return tuple(name for name, _ in sorted(told, key=lambda one: "." in one[0])[:3])


def _find_attempts(search: Search, demand: Demand) -> Iterator[Variant]:
    """Yield what was searched for a demand: every deviation that bears on it, and pairs where they were tried."""
    for normal, _ in search.bases():
        watch = Watch(normal, demand, alone=True)
        singles = list(search.explore(normal, find_bearing(normal, demand), until=watch.until))
        yield from singles
        if watch.is_open:
            yield from search.explore_pairs(normal, singles, until=watch.until)


def _find_wanting(play: Play, demand: Demand) -> Iterator[str]:
    """Yield for what an act was refused that the demand would have stopped, and at which it was not met."""
    for step in play.pending:
        refused = play.refused.get(step.name)
        if refused is not None and _is_wanting(play, step, demand):
            yield from _name(refused)


def _name(refused: Refused) -> Iterator[str]:
    """Yield what a refusal rests on: requirements by their names, other reasons by their codes."""
    yield from (one.requirement or one.code for one in (refused, *refused.also))


def _is_wanting(play: Play, step: Step, demand: Demand) -> bool:
    """Return whether a step that was refused is one that the demand is about, and would not have met it."""
    for draft in islice(step.draft(play.desk()), 1):
        if get_spec(type(draft)).name not in demand.gates:
            return False
        actor = next(iter(find_actors(play.desk(), step, draft)), None)
        event = build_live_event(build_structural(draft), seq=play.facts.matter.head_seq + 1, actor=actor, at=play.now)
        at = event if type(draft) in get_requirement(demand.kind).anchors else None
        return is_unmet(examine(demand, play.facts.with_event(event), play.setting.rulebook, play.now, at=at))
    return False


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
