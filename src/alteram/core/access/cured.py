"""What of a plan to mend a matter its reader may be told.

A plan looks at everything, as a ruling does. Whoever handles none of the linked matters is told what could be done
without them; a plan that names somebody whose protected part the reader may not know, or that mends a requirement whose
reasons are closed to them, is left to the custodian. Who could be given a part is never suggested by name: that would
tell who is not free to have it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from alteram.core.access.assessed import ToldFinding, tell_assessment
from alteram.core.access.parts import HANDLERS, KEEPERS
from alteram.core.access.seeing import Reader
from alteram.core.access.telling import CLOSED, find_unknown_elsewhere, names_anybody
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Facts
from alteram.core.rules import CurePlan, Pack, Rulebook, assess, plan_cures
from alteram.core.rules.curing.chosen import find_chosen, find_fills
from alteram.core.rules.curing.costs import Cost
from alteram.core.rules.curing.steps import Step, find_people
from alteram.core.rules.findings import Result


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One act of a plan: who does it, by part and, where they have that part already, by name.

    `fills` are fields of its form that follow from the plan. `mends` are requirements that are mended once it is done.
    """

    act: str
    capacity: str
    person: PersonId | None
    at: datetime
    fills: tuple[tuple[str, str], ...] = ()
    mends: tuple[str, ...] = ()
    is_organisational: bool = False


@dataclass(frozen=True, slots=True)
class ToldCure:
    """What would mend one requirement, as one reader may be told it; without steps, `incurable` says why not.

    `promised` is what it comes to after the steps, `is_lifted` that what it complains of then no longer stands.
    `until` is the last time at which it can be begun; None: no end was found. Where it rules on itself, `unruled` is
    what would mend it without one, or why nothing would.
    """

    told: ToldFinding
    steps: tuple[ToldStep, ...] = ()
    cost: Cost | None = None
    promised: Result | None = None
    is_lifted: bool = False
    until: datetime | None = None
    meeting: str = ""
    is_least: bool = True
    rests_on_ruling: bool = False
    begins: tuple[str, ...] = ()
    incurable: str = ""
    unruled: "ToldCure | None" = None


@dataclass(frozen=True, slots=True)
class ToldCures:
    """Every plan, and the one series that mends all that can be mended together; `left` are requirements without.

    `is_least`: no cheaper series for all of it is known; False: it was found by joining the plans.
    """

    now: datetime
    plans: tuple[ToldCure, ...]
    together: tuple[ToldStep, ...]
    cost: Cost
    left: tuple[str, ...]
    is_history: bool = False
    is_least: bool = True


def tell_cures(
    facts: Facts,
    rulebook: Rulebook,
    reader: Reader,
    now: datetime,
    packs: Iterable[Pack] = (),
    *,
    tell: Callable[[int, int], None] = lambda _done, _parts: None,
) -> ToldCures:
    """Return what would mend a matter as `reader` may be told it; `tell` is called with how far the work is."""
    chosen = tuple(packs)
    findings = tell_assessment(assess(facts, rulebook, now, packs=chosen), facts, rulebook, reader, chosen)
    by_id = {one.demand.id: one for one in findings}
    open_ones = {name for name, one in by_id.items() if not one.is_closed}
    seen = facts if not HANDLERS.isdisjoint(reader.roles) else replace(facts, linked=())
    unknown = reader.unknown | find_unknown_elsewhere(facts, reader.person, keeps=not KEEPERS.isdisjoint(reader.roles))
    cures = plan_cures(seen, rulebook, now, packs=chosen, only=open_ones, avoid=unknown, tell=tell)
    closed = [one for one in findings if one.is_closed and one.finding.result in {"FAIL", "UNKNOWN"}]
    plans = [_tell(plan, by_id[plan.demand.id], facts, unknown) for plan in cures.plans]
    plans += [ToldCure(one, incurable=CLOSED) for one in closed]
    named = find_chosen(one.step for one in cures.combined)
    together = tuple(_tell_step(one.step, facts, named, one.mends) for one in cures.combined)
    left = (*cures.left, *(one.demand.id for one in closed))
    return ToldCures(now, tuple(plans), together, cures.cost, left, facts.matter.is_history, cures.is_least)


def _tell(plan: CurePlan, told: ToldFinding, facts: Facts, unknown: frozenset[PersonId]) -> ToldCure:
    people = {person for one in plan.steps for person in (one.actor, *find_people(one.act))}
    if people & unknown or names_anybody(plan.incurable, unknown):
        return ToldCure(told, incurable=CLOSED)
    if not plan.steps:
        return ToldCure(told, incurable=plan.incurable, is_least=plan.is_least)
    named = find_chosen(plan.steps)
    return ToldCure(
        told,
        tuple(_tell_step(one, facts, named) for one in plan.steps),
        plan.cost,
        plan.promised,
        plan.is_lifted,
        plan.lasting.until,
        plan.lasting.meeting,
        plan.is_least,
        plan.rests_on_ruling,
        plan.begins,
        unruled=None if plan.unruled is None else _tell(plan.unruled, told, facts, unknown),
    )


def _tell_step(step: Step, facts: Facts, chosen: frozenset[PersonId], mends: tuple[str, ...] = ()) -> ToldStep:
    person = None if step.actor in chosen else step.actor
    fills = find_fills(step, facts.matter.head_seq)
    return ToldStep(step.name, step.capacity, person, step.at, fills, mends, step.is_organisational)
