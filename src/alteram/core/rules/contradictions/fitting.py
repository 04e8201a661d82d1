"""Periods that do not fit into one another: a wait that must be kept, and a time that is over before.

Lengths are compared at their ends: the shortest that a wait can be with the longest that a stage can, over the days of
the rulebook's calendar. So whatever fits in some year is let be. A pause of the proceedings, which stops the clock of
a stage, is not counted on.
"""

from collections.abc import Iterator
from typing import Final

from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.rules.conflicts import find_periods
from alteram.core.rules.contradictions.contradiction import Contradiction, name_clauses
from alteram.core.rules.contradictions.stretches import Stretches
from alteram.core.rules.rulebook import Demand, Procedure, Rulebook, Stage

#: From which act until which a kind wants its period to lie.
_BETWEEN: Final[dict[tuple[str, str], tuple[tuple[str, str], ...]]] = {
    ("notice-period", "at_least"): (("notice.served", "meeting.opened"), ("notice.served", "decision.made")),
    ("meeting-notice", "at_least"): (("meeting.called", "meeting.opened"),),
    ("response-period", "at_least"): (("notice.served", "decision.made"),),
    ("draft-report-to-parties", "at_least"): (("draft-report.served", "report.finalised"),),
    ("inspection-period", "before_hearing"): (("report.finalised", "meeting.opened"),),
}
_DAY: Final = 24


def find_unfitting(rulebook: Rulebook) -> Iterator[Contradiction]:
    """Yield each period that no stage or time for the whole can hold, and each window that nobody can use."""
    stretches = Stretches(rulebook.calendar)
    for demand in rulebook.demands:
        for name, period in find_periods(demand):
            shortest = stretches.shortest(period)
            for between in _BETWEEN.get((demand.kind, name), ()):
                if shortest is not None and between[1] in demand.gates:
                    yield from _find_stages(rulebook, stretches, demand, period, between)
            if shortest is not None and (demand.kind, name) in _BETWEEN:
                yield from _find_completion(rulebook, stretches, demand, period)
            if (demand.kind, name) == ("appeal-in-window", "within"):
                yield from _look_at_window(stretches, demand, period)


def _find_stages(
    rulebook: Rulebook, stretches: Stretches, demand: Demand, period: Period, between: tuple[str, str]
) -> Iterator[Contradiction]:
    for procedure in rulebook.procedures:
        stages = _find_held(rulebook, procedure, *between)
        held = [stretches.longest(one.within) for one in stages if one.within is not None]
        shortest = stretches.shortest(period)
        if not stages or len(held) < len(stages) or shortest is None or None in held:
            continue
        if shortest <= sum(one for one in held if one is not None):
            continue
        because = phrase(
            "{demand} asks for {period}, and this is over before: {stages}.",
            demand=as_own(demand.title),
            period=period,
            stages=join(
                ", ", (phrase("{stage}, {within}", stage=as_own(one.title), within=one.within) for one in stages)
            ),
        )
        remedy = phrase("Give the stage more time, or ask for a shorter period.")
        clauses = name_clauses(demand, *stages)
        yield Contradiction("period.does-not-fit", "procedures", procedure.id, "stages", because, remedy, clauses)


def _find_held(rulebook: Rulebook, procedure: Procedure, first: str, last: str) -> tuple[Stage, ...]:
    """Return the stages that lie between two acts, where the first begins one and the last has to come in time."""
    begun = [number for number, one in enumerate(procedure.stages) if first in one.entered_by]
    ended = [number for number, one in enumerate(procedure.stages) if last in one.entered_by]
    rule = rulebook.find_act_rule(last)
    if not begun:
        return ()
    if ended and ended[0] > begun[-1]:
        return procedure.stages[begun[-1] : ended[-1]]
    confined = [number for number, one in enumerate(procedure.stages) if rule is not None and one.id in rule.stages]
    return procedure.stages[begun[-1] : max(confined) + 1] if confined else ()


def _find_completion(
    rulebook: Rulebook, stretches: Stretches, demand: Demand, period: Period
) -> Iterator[Contradiction]:
    for whole in (one for one in rulebook.demands if one.kind == "completion-time"):
        within = dict(find_periods(whole)).get("within")
        longest = None if within is None else stretches.longest(within)
        shortest = stretches.shortest(period)
        if longest is None or shortest is None or shortest <= longest:
            continue
        because = phrase(
            "{demand} asks for {period}, and the whole is to be over in {within}: {whole}.",
            demand=as_own(demand.title),
            period=period,
            within=within,
            whole=as_own(whole.title),
        )
        remedy = phrase("Give the whole more time, or ask for a shorter period.")
        own = demand if not demand.pack else whole
        yield Contradiction(
            "period.does-not-fit",
            "requirements",
            own.id,
            "requires",
            because,
            remedy,
            name_clauses(demand, whole),
            fatal=bool(demand.gates),
        )


def _look_at_window(stretches: Stretches, demand: Demand, period: Period) -> Iterator[Contradiction]:
    hours = stretches.longest(period)
    if hours is None or (hours >= _DAY and period.count):
        return
    because = phrase(
        "{demand} leaves {period} from the time the decision arrives to appeal.",
        demand=as_own(demand.title),
        period=period,
    )
    remedy = phrase("Give at least some days.")
    gates, none = "appeal.lodged" in demand.gates, period.unit == "hours" and not period.count
    code = "appeal.no-time" if none and gates else "appeal.short"
    yield Contradiction(
        code, "requirements", demand.id, "requires", because, remedy, name_clauses(demand), fatal=none and gates
    )
