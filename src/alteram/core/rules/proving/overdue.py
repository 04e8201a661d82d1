"""A stage whose owner is silent: it falls to whom the rulebook says, who finds somebody else to do what it waits for.

Played from the beginning of each stage: until its period is over nobody does anything; from then on whoever the stage
falls to, and all others, go on with the course, and those who owned the stage never act again.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, pairwise
from typing import Any, Final

import msgspec

from alteram.core.acts import (
    AppealLodged,
    AppealPanelFormed,
    CaseManagerAssigned,
    HandoverMade,
    InterestDeclared,
    InvestigatorAppointed,
    MeetingCalled,
    TermsSet,
    VoteTaken,
    get_spec,
)
from alteram.core.acts.catalogue import Role
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import last_within
from alteram.core.kernel.phrases import as_own, as_word, phrase
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.parts import find_sides
from alteram.core.rules.proving.course import Desk, Drafting, Drafts, Step
from alteram.core.rules.proving.course.desk import PRINCIPLES
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, Played, resume, take
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.rulebook import Stage

#: Where people are named who came, voted or decided.
_THERE: Final = frozenset({"voters", "deciders", "present"})
_MINUTE: Final = timedelta(minutes=1)
#: Steps that somebody takes about themselves alone.
_OWN: Final = (
    "declared-", "recused-", "stepped-aside-", "panel-declared-", "case-manager-declared", "investigator-declared",
)  # fmt: skip


def find_stalled_stages(search: Search, base: Base) -> Iterator[Violation]:
    """Yield each stage that does not go on, once it is overdue, though whom it falls to does what they may."""
    stages = base.setting.procedure.stages
    for stage, next_one in pairwise(stages):
        entered = _find_entering(base.play, stage)
        if entered is None or _find_entering(base.play, next_one) is None or stage.within is None:
            continue
        if stage.overdue_to in {None, stage.owner}:
            continue  # It falls to nobody else, which is told elsewhere.
        search.tally.begin()
        played, stuck = _go_on_without_owner(base, stage, next_one, entered)
        search.tally.count(played)
        went_on = _find_entering(played, next_one)
        if stuck or went_on is None or went_on.event.recorded_at > _find_limit(played, stage, entered):
            refused = played.refused.get(stuck)
            because = phrase(
                "The stage {stage} falls to a {role} when it is overdue, who finds no way on: {because}",
                stage=as_own(stage.title),
                role=as_word(stage.overdue_to or stage.owner),
                because=phrase("it takes too long.") if refused is None else refused.because,
            )
            yield Violation(because, about=stage.id, clause=stage.clause, play=played)


def _find_entering(played: Play, stage: Stage) -> Played | None:
    return next((one for one in played.played if get_spec(type(one.event.act)).name in stage.entered_by), None)


def _find_limit(played: Play, stage: Stage, entered: Played) -> datetime:
    """Return until when a stage has to go on once it is overdue: within its period again."""
    due = _find_due(played, stage, entered.event.recorded_at)
    return _find_due(played, stage, due)


def _go_on_without_owner(base: Base, stage: Stage, next_one: Stage, entered: Played) -> tuple[Play, str]:
    """Return the matter without the owners of a stage from its beginning on, and the step it is stuck at, if any."""
    number = next(place for place, step in enumerate(base.course) if step.name == entered.step)
    under_way = resume(base.setting, base.marks[number + 1], may_rule=None)
    silent = find_role_holders(under_way.facts, base.setting.rulebook, stage.owner)
    under_way.now = _find_due(under_way, stage, entered.event.recorded_at) + _MINUTE
    swap = _take_over(under_way, stage, silent)
    doers = {one.step: one.event.actor for one in base.play.played}
    late: list[Step] = []
    # A meeting that nobody opened on its day is called again.
    begins = number if isinstance(entered.event.act, MeetingCalled) else number + 1
    for step in base.course[begins:]:
        if step.name not in doers or (step.name.startswith(_OWN) and step.by in silent):
            continue
        late = [one for one in (*late, step) if not _take_without(under_way, one, swap)]
        if _find_entering(under_way, next_one) is not None:
            # Who has a part only since the next stage began may still do what was waited for.
            waited_for = [
                one.name for one in late if doers[one.name] in silent and not _take_without(under_way, one, swap)
            ]
            return under_way, next(iter(waited_for), "")
    return under_way, late[0].name if late else next_one.id


def _find_due(played: Play, stage: Stage, began_at: datetime) -> datetime:
    """Return when the period of a stage is over that began then."""
    if stage.within is None:
        return began_at
    return last_within(began_at, stage.within, played.setting.rulebook.calendar).end


def _take_over(under_way: Play, stage: Stage, silent: frozenset[PersonId]) -> dict[PersonId, PersonId]:
    """Have whom an overdue stage falls to find others for it; return who then stands in whose place."""
    facts, rulebook = under_way.facts, under_way.setting.rulebook
    falls_to = find_role_holders(facts, rulebook, stage.overdue_to or stage.owner) - silent - find_sides(facts)
    free = [one for one in under_way.setting.cast.members if one.startswith("member-") and one not in silent | falls_to]
    outside = (PersonId(f"newcomer-{number}") for number in count(1))
    swap = {one: next(outside) if stage.owner == "appeal-decider" else free[-1] for one in sorted(silent)}
    for by in sorted(falls_to)[:1]:
        for act in _draft_takeover(under_way.desk(), stage.owner, swap):
            under_way.propose("taken-over", by, act)
    for one in sorted(set(swap.values())):
        under_way.propose("taken-over-declared", one, InterestDeclared(nature="none"))
    return swap


def _draft_takeover(desk: Desk, role: Role, swap: dict[PersonId, PersonId]) -> Iterator[Act]:
    new = tuple(dict.fromkeys(swap.values()))
    match role:
        case "case-manager":
            yield from (CaseManagerAssigned(person=one) for one in new)
        case "investigator":
            terms = desk.last(TermsSet)
            yield from (InvestigatorAppointed(person=one, terms=terms, principles=PRINCIPLES) for one in new)
        case "appeal-decider":
            yield AppealPanelFormed(members=new, appeal=desk.last(AppealLodged))
        case _:
            yield from (HandoverMade(from_person=one, to=to, role=role) for one, to in swap.items())


def _take_without(under_way: Play, step: Step, swap: dict[PersonId, PersonId]) -> bool:
    """Take a step without the silent: by somebody else, with somebody else in their place; return whether it was."""
    swapped = replace(step, draft=_swap_all(step.draft, swap))
    act = next(iter(swapped.draft(under_way.desk())), None)
    if act is None:
        return True
    if step.by:
        by = under_way.setting.cast.people.get(step.by, PersonId(step.by))
        return take(under_way, replace(swapped, by=swap.get(by, by)))
    name = get_spec(type(act)).name
    rule = under_way.setting.rulebook.find_act_rule(name)
    roles = rule.by if rule is not None else get_spec(type(act)).by
    away = find_sides(under_way.facts) | swap.keys()
    holders = (find_role_holders(under_way.facts, under_way.setting.rulebook, role) for role in roles)
    people = dict.fromkeys(one for found in holders for one in sorted(found - away)[:2])
    return any(take(under_way, replace(swapped, by=one)) for one in people)


def _swap_all(draft: Drafting, swap: dict[PersonId, PersonId]) -> Drafting:
    def drafted(desk: Desk) -> Drafts:
        yield from (_swap(act, swap) for act in draft(desk))

    return drafted


def _swap(act: Act, swap: dict[PersonId, PersonId]) -> Act:
    """Return an act with others in the place of the silent; who is silent does not vote, decide or come."""
    changed: dict[str, Any] = {}
    for name in act.__struct_fields__:
        value = getattr(act, name)
        if isinstance(value, str) and value in swap:
            changed[name] = swap[PersonId(value)]
        elif name in _THERE and swap.keys() & set(value):
            changed[name] = tuple(one for one in value if one not in swap)
        elif name in {"panel", "members"} and swap.keys() & set(value):
            changed[name] = tuple(dict.fromkeys(swap.get(one, one) for one in value))
    if isinstance(act, VoteTaken) and "voters" in changed:
        away = len(act.voters) - len(changed["voters"])
        counted = act.base_count - (away if act.base in {"cast", "present"} else 0)
        changed |= {"votes_for": act.votes_for - away, "abstained": act.abstained + away, "base_count": counted}
    return msgspec.structs.replace(act, **changed) if changed else act
