"""What may be departed from, and by whom: matters in which it was, and departures that nobody may be trusted with."""

from collections.abc import Iterator
from typing import Final

from alteram.core.acts import DepartureAuthorised, get_spec
from alteram.core.kernel.phrases import as_act, as_own, as_word, phrase
from alteram.core.rules.proving.course import Drafting, Step
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.rulebook import Demand, DepartureRule, Rulebook

_TEXT: Final = "text"


def find_own_departures(search: Search) -> Iterator[Violation]:
    """Yield each departure that may be authorised by somebody who then does what the requirement would have stopped."""
    own = {one.id: one for one in search.rulebook.demands}
    for departure in search.rulebook.departures if search.focus is None else ():
        demand = own.get(departure.requirement)
        for gate in () if demand is None else demand.gates:
            rule = search.rulebook.find_act_rule(gate)
            alone = [role for role in departure.by if rule is not None and role in rule.by]
            if alone:
                because = phrase(
                    "A {role} may depart from {requirement}, and then does what it would have stopped: {act}.",
                    role=as_word(alone[0]),
                    requirement=as_own(departure.requirement),
                    act=as_act(gate),
                )
                yield Violation(because, about=departure.requirement, clause=departure.clause)
                break


def find_departed_bases(search: Search) -> Iterator[tuple[Base, Demand]]:
    """Yield, for each departure and procedure, the matter in which it is authorised before each act that it lets go.

    With it comes the requirement that was departed from. A departure that nobody may authorise, or from what stops
    nothing, is not played.
    """
    own = {one.id: one for one in search.rulebook.demands}
    for procedure in search.procedures:
        for departure in search.rulebook.departures:
            demand, by = own.get(departure.requirement), _find_departing(search.rulebook, departure)
            if demand is None or not by or not demand.gates:
                continue
            normal = search.base(procedure)
            yield search.play(normal.setting, tuple(_depart(normal, demand, by))), demand


def _find_departing(rulebook: Rulebook, departure: DepartureRule) -> str:
    """Return the office, or the part, of who authorises a departure; empty where nobody of the cast may."""
    offices = (one.id for role in departure.by for one in rulebook.offices if role in one.plays)
    return next(offices, "case-manager" if "case-manager" in departure.by else "")


def _depart(normal: Base, demand: Demand, by: str) -> Iterator[Step]:
    """Yield the course with a departure from a requirement before the first of each act that it would stop."""
    left = set(demand.gates)
    acts = {one.step: get_spec(type(one.event.act)).name for one in normal.play.played}
    for step in normal.course:
        name = acts.get(step.name, "")
        if name in left:
            left.discard(name)
            yield Step(f"departed-for-{name}", _draft_departure(demand.id, name), by=by)
        yield step


def _draft_departure(requirement: str, act: str) -> Drafting:
    return lambda _: (DepartureAuthorised(requirement=requirement, for_act=act, reasons=_TEXT),)
