"""No dead ends, no stage that nothing reaches, no rule without effect, no part that nobody can have."""

from collections.abc import Iterator

from alteram.core.acts import get_spec
from alteram.core.acts.catalogue import Role, find_spec
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_act, as_own, as_word, phrase
from alteram.core.rules.contradictions import find_contradictions
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.proving.silence import can_be_held
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Rulebook, Stage


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each contradiction, dead end, stage out of reach, rule without effect and part that nobody can have."""
    yield from _find_contradictory(search.rulebook)
    yield from _find_dead_ends(search)
    yield from _find_unreached(search)
    yield from _find_idle(search.rulebook)
    yield from _find_unheld(search.rulebook)


def _find_contradictory(rulebook: Rulebook) -> Iterator[Violation]:
    """Yield what cannot stand together: a rulebook that was adopted before anybody looked may hold it."""
    for found in find_contradictions(rulebook):
        if found.fatal:
            yield Violation(found.tell(), about=found.item, clause=next(iter(found.clauses), ""))


def _find_dead_ends(search: Search) -> Iterator[Violation]:
    """Yield why a sanction that needs none before it can never lawfully be imposed, or a matter never ends."""
    for procedure in search.procedures:
        for sanction in search.rulebook.sanctions:
            if sanction.after:
                continue
            base = search.base(procedure, sanction=sanction)
            for step in ("decided", "imposed", "closed"):
                refused = _find_cause(base, step)
                if refused is not None:
                    because = phrase(
                        "A matter that may come to {sanction} ends nowhere: {because}",
                        sanction=as_own(sanction.title),
                        because=refused.because,
                    )
                    yield Violation(because, about=step, clause=refused.clause, play=base.play)
                    break


def _find_cause(base: Base, step: str) -> Refused | None:
    """Return why a step is not taken: where it names what is not there, why that could not be done."""
    refused = base.play.refused.get(step)
    if refused is None or refused.code != "reference.unknown":
        return refused
    before = (one for one in base.play.refused.values() if one.code != "reference.unknown" and one.clause)
    return next(before, refused)


def _find_unreached(search: Search) -> Iterator[Violation]:
    for procedure in search.rulebook.procedures:
        alike = next(one for one in search.procedures if _is_like(one.stages, procedure.stages))
        done = {get_spec(type(one.event.act)).name for one in search.base(alike).play.played}
        for stage in procedure.stages:
            if not done.intersection(stage.entered_by) and not _may_be_entered(search.rulebook, stage):
                because = phrase("Nothing that may be done leads to the stage {stage}.", stage=as_own(stage.title))
                yield Violation(because, about=stage.id, clause=stage.clause)


def _is_like(one: tuple[Stage, ...], other: tuple[Stage, ...]) -> bool:
    return one == other


def _may_be_entered(rulebook: Rulebook, stage: Stage) -> bool:
    """Return whether somebody may do an act that enters a stage, though the course does not."""
    for name in stage.entered_by:
        spec, rule = find_spec(name), rulebook.find_act_rule(name)
        if spec is not None and any(can_be_held(rulebook, role) for role in (rule.by if rule else spec.by)):
            return True
    return False


def _find_idle(rulebook: Rulebook) -> Iterator[Violation]:
    """Yield each rule that never has an effect: a departure from what stops nothing, a stage that no rule can name."""
    gating = {one.id for one in rulebook.demands if one.gates}
    for departure in rulebook.departures:
        if departure.requirement not in gating:
            because = phrase(
                "{requirement} may be departed from, but it stops nothing.", requirement=as_own(departure.requirement)
            )
            yield Violation(because, about=departure.requirement, clause=departure.clause)
    for demand in rulebook.demands:
        anchors = {get_spec(kind).name for kind in get_requirement(demand.kind).anchors}
        if not any(_may_be_done(rulebook, name) for name in anchors):
            because = phrase("Nothing that may be done is ever held to {demand}.", demand=as_own(demand.title))
            yield Violation(because, about=demand.id, clause=demand.clause)


def _may_be_done(rulebook: Rulebook, act: str) -> bool:
    spec, rule = find_spec(act), rulebook.find_act_rule(act)
    return spec is not None and any(can_be_held(rulebook, role) for role in (rule.by if rule else spec.by))


def _find_unheld(rulebook: Rulebook) -> Iterator[Violation]:
    """Yield each act that a rule gives only to parts nobody can have, and each body that nobody chairs."""
    for rule in rulebook.acts:
        if not any(can_be_held(rulebook, role) for role in rule.by):
            roles: tuple[Role, ...] = rule.by
            because = phrase(
                "{act} is for a {role}, and nobody can be one.", act=as_act(rule.act), role=as_word(" or ".join(roles))
            )
            yield Violation(because, about=rule.act, clause=rule.clause)
