"""Where a matter stands in its procedure, who owns that stage, and when it must be left: derived, never recorded."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from alteram.core.acts import (
    AppealLodged,
    DecisionMade,
    MatterClosed,
    MatterReopened,
    MeetingCalled,
    ProceedingsPaused,
    ProceedingsResumed,
    SanctionImposed,
    find_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.calendars import Calendar
from alteram.core.kernel.periods import last_within
from alteram.core.kernel.phrases import Moment, as_moment, phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.capacities import find_procedure
from alteram.core.rules.meetings import ASIDE
from alteram.core.rules.rulebook import Rulebook, Stage


@dataclass(frozen=True, slots=True)
class Clock:
    """A stage with its owner and the last instant of its period, with the working."""

    stage: Stage
    began_at: datetime
    due_at: datetime
    working: tuple[str, ...]

    def overdue(self, now: datetime) -> bool:
        """Return whether the period has passed."""
        return now > self.due_at


def find_stage(facts: Facts, rulebook: Rulebook) -> Stage | None:
    """Return the stage the matter is in: the furthest one entered."""
    entered = find_entered(facts, rulebook)
    return entered[-1][0] if entered else None


def find_clock(facts: Facts, rulebook: Rulebook) -> Clock | None:
    """Return the clock of the present stage; None while there is none, or a pause has no end yet.

    A pause ends when it was resumed, or by itself when it said it would; its time is added to the stage's.
    """
    entered = find_entered(facts, rulebook)
    if not entered:
        return None
    stage, event = entered[-1]
    if stage.within is None:
        return None
    reckoning = last_within(event.recorded_at, stage.within, rulebook.calendar)
    clock = Clock(stage, event.recorded_at, reckoning.end, reckoning.working)
    return _with_pauses(clock, _find_pauses(facts), rulebook.calendar)


def find_entered(facts: Facts, rulebook: Rulebook) -> list[tuple[Stage, AnyEvent]]:
    """Return the stages entered, in the procedure's order, each with the event that entered it last."""
    procedure = find_procedure(facts, rulebook)
    if procedure is None:
        return []
    entered = []
    for stage in procedure.stages:
        events = [one for one in facts.matter.all(*_act_types(stage.entered_by)) if _enters(facts, one)]
        if events:
            entered.append((stage, events[-1]))
    return entered


@lru_cache(maxsize=256)
def _act_types(names: tuple[str, ...]) -> tuple[type[Act], ...]:
    specs = (find_spec(name) for name in names)
    return tuple(spec.type for spec in specs if spec is not None)


def _enters(facts: Facts, event: AnyEvent) -> bool:
    """Return whether `event` takes the matter a stage on: nobody does that by something beside the charge.

    A meeting about something else, an appeal against a measure meanwhile or a refusal to act, and a closing that was
    undone leave the matter where it stands.
    """
    if not (event.live or facts.matter.is_history):
        return False  # A reported event opens no stage of a matter that is decided here.
    match event.act:
        case MeetingCalled(purpose=purpose):
            return purpose not in ASIDE
        case AppealLodged(against=seq):
            appealed = facts.matter.find(seq)
            return appealed is None or isinstance(appealed.act, DecisionMade | SanctionImposed)
        case MatterClosed():
            return not any(one.live and one.seq > event.seq for one in facts.matter.all(MatterReopened))
        case _:
            return True


def _find_pauses(facts: Facts) -> list[tuple[datetime, datetime | None]]:
    """Return when each pause began and when it ended, or will; None for one that nobody gave an end."""
    resumed = {one.act.pause: one.recorded_at for one in reversed(facts.matter.all(ProceedingsResumed)) if one.live}
    paused = [one for one in facts.matter.all(ProceedingsPaused) if one.live and not one.corrected]
    ends = {one.seq: [at for at in (resumed.get(one.seq), one.act.until) if at is not None] for one in paused}
    return [(one.recorded_at, min(ends[one.seq], default=None)) for one in paused]


def _with_pauses(clock: Clock, pauses: list[tuple[datetime, datetime | None]], calendar: Calendar) -> Clock | None:
    """Return the clock with the time of the pauses added that began while it ran; one inside another adds nothing."""
    due, counted_to, working = clock.due_at, clock.began_at, list(clock.working)
    for began, over in pauses:
        start = max(began, counted_to)
        if start > due:
            continue
        if over is None:
            return None
        if over > start:
            due, counted_to = due + (over - start), over
            working.append(
                phrase(
                    "the proceedings were paused from {begun} until {over}, so {time} is added",
                    begun=_show(start, calendar),
                    over=_show(over, calendar),
                    time=over - start,
                )
            )
    return replace(clock, due_at=due, working=tuple(working))


def _show(at: datetime, calendar: Calendar) -> Moment:
    local = calendar.local_time(at)
    return as_moment(local, f"{local:%Y-%m-%d %H:%M}")
