"""Acts that can never be done and stages that are never entered, because each waits for the other.

What can be done is gathered step by step: an act once all it waits for can be done, a stage once an act that begins it
can be done before. What is left over can never be. It errs on the side of the rulebook: what is gathered may yet be
refused, see `waiting`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from alteram.core.acts.catalogue import all_specs
from alteram.core.kernel.phrases import as_act, as_own, join, phrase
from alteram.core.rules.contradictions.contradiction import Contradiction, name_clauses
from alteram.core.rules.contradictions.waiting import Wait, find_waits
from alteram.core.rules.rulebook import ActRule, Procedure, Rulebook, Stage


@dataclass(slots=True)
class Reached:
    """What can be done and entered: acts by name, stages by procedure and identifier."""

    rulebook: Rulebook
    waits: dict[str, tuple[Wait, ...]]
    acts: set[str] = field(default_factory=set)
    stages: set[tuple[str, str]] = field(default_factory=set)

    def can_be_done(self, act: str) -> bool:
        """Return whether all that an act waits for, stages apart, can be done."""
        return all(any(one in self.acts for one in wait.acts) for wait in self.waits[act])

    def is_in_stage(self, act: str) -> bool:
        """Return whether a stage that an act is confined to can be entered."""
        rule = self.rulebook.find_act_rule(act)
        entered = {stage for _procedure, stage in self.stages}
        return rule is None or not rule.stages or not entered.isdisjoint(rule.stages)

    def begins(self, procedure: Procedure, stage: Stage) -> bool:
        """Return whether an act begins a stage: one that can be done before it, not only in it or later."""
        earlier = {one.id for one in procedure.stages[: procedure.stages.index(stage)]}
        # A matter that was not accepted yet goes by the first procedure.
        first = (
            {one.id for one in self.rulebook.procedures[0].stages}
            if procedure != self.rulebook.procedures[0]
            else set()
        )
        before = {one for _procedure, one in self.stages if one in earlier | first}
        for act in stage.entered_by:
            rule = self.rulebook.find_act_rule(act)
            if act in self.acts and (rule is None or not rule.stages or not before.isdisjoint(rule.stages)):
                return True
        return False


def gather(rulebook: Rulebook) -> Reached:
    """Return all that can be done under a rulebook, and every stage that can be entered."""
    names = [spec.name for spec in all_specs()]
    reached = Reached(rulebook, {name: tuple(find_waits(rulebook, name)) for name in names})
    before = -1
    while before != len(reached.acts) + len(reached.stages):
        before = len(reached.acts) + len(reached.stages)
        reached.acts.update(name for name in names if reached.can_be_done(name) and reached.is_in_stage(name))
        reached.stages.update(
            (procedure.id, stage.id)
            for procedure in rulebook.procedures
            for stage in procedure.stages
            if (procedure.id, stage.id) not in reached.stages and reached.begins(procedure, stage)
        )
    return reached


def find_out_of_reach(rulebook: Rulebook) -> Iterator[Contradiction]:
    """Yield, for each circle and each dead end, the acts and stages that wait there for one another."""
    if not rulebook.procedures:
        return
    reached = gather(rulebook)
    told: set[frozenset[str]] = set()
    for act in _find_meant(rulebook):
        if act in reached.acts:
            continue
        path = list(_follow(reached, act))
        if not path[-1].acts and not path[-1].items:
            continue  # The catalogue's default is for people this organisation does not have, and no rule says more.
        chain = frozenset(one.act for one in path)
        if any(chain & one for one in told):
            continue
        told.add(chain)
        yield _tell(path)
    for procedure in rulebook.procedures:
        yield from _find_unentered(reached, procedure)


def _find_meant(rulebook: Rulebook) -> Iterator[str]:
    """Yield each act that a rulebook speaks of, so that it must be meant to be done."""
    entering = (act for procedure in rulebook.procedures for stage in procedure.stages for act in stage.entered_by)
    gated = (act for demand in rulebook.demands for act in demand.gates)
    yield from dict.fromkeys((*(one.act for one in rulebook.acts), *gated, *entering))


def _follow(reached: Reached, act: str) -> Iterator[Wait]:
    """Yield what an act waits for, what that waits for, and so on: once round the circle, or to the dead end."""
    path: list[Wait] = []
    seen: list[str] = []
    while act not in seen:
        seen.append(act)
        wait = _find_wait(reached, act)
        path.append(wait)
        if not wait.acts:
            yield from path
            return
        act = wait.acts[0]
    yield from path[seen.index(act) :]


def _find_wait(reached: Reached, act: str) -> Wait:
    for wait in reached.waits[act]:
        if not any(one in reached.acts for one in wait.acts):
            return wait
    rule = reached.rulebook.find_act_rule(act)
    stages = [
        stage
        for procedure in reached.rulebook.procedures
        for stage in procedure.stages
        if rule is not None and stage.id in rule.stages
    ]
    return _wait_for_stage(act, rule, stages)


def _wait_for_stage(act: str, rule: ActRule | None, stages: list[Stage]) -> Wait:
    begun_by = tuple(dict.fromkeys(one for stage in stages for one in stage.entered_by))
    because = phrase(
        "{act} belongs to the stage {stages}, begun by this: {acts}",
        act=as_act(act),
        stages=join(phrase(" or "), dict.fromkeys(as_own(one.title) for one in stages)),
        acts=join(phrase(" or "), map(as_act, begun_by)),
    )
    return Wait(act, begun_by, because, (rule, *stages), ("acts", act, "stages"))


def _tell(path: list[Wait]) -> Contradiction:
    clauses = name_clauses(*(item for wait in path for item in wait.items))
    told = join("; ", (wait.because for wait in path))
    part, item, name = path[0].field
    if not path[-1].acts:
        because = phrase("This can never be done: {told}.", told=told)
        remedy = phrase("Let somebody do it that there can be.")
        return Contradiction("act.nobody", part, item, name, because, remedy, clauses)
    because = phrase("None of this can ever be done, because each waits for the next: {told}.", told=told)
    remedy = phrase("Let one of them be done without the others.")
    return Contradiction("act.circle", part, item, name, because, remedy, clauses)


def _find_unentered(reached: Reached, procedure: Procedure) -> Iterator[Contradiction]:
    """Yield each stage whose acts can all be done, though only in that stage or in a later one."""
    for stage in procedure.stages:
        acts = [act for act in stage.entered_by if act in reached.acts]
        if (procedure.id, stage.id) in reached.stages or not acts:
            continue
        rules = [rule for act in acts if (rule := reached.rulebook.find_act_rule(act)) is not None]
        because = phrase(
            "The stage {stage} is begun only by what may be done only in it or later: {acts}.",
            stage=as_own(stage.title),
            acts=join(", ", map(as_act, acts)),
        )
        remedy = phrase("Let it be begun by something that may be done before.")
        clauses = name_clauses(stage, *rules)
        yield Contradiction("stage.circle", "procedures", procedure.id, "stages", because, remedy, clauses)
