"""A pause ends in time, and pauses one after another do not add up to a stop (design: nobody can stall for ever).

The period is what all pauses of the matter may come to together, from now on; one that was ended early counts as long
as it lasted. An order from outside is followed whatever it says.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from alteram.core.acts import ProceedingsPaused, ProceedingsResumed
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_moment, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

_CURE = Cure(
    "proceedings.resumed", ("case-manager", "chair"), phrase("Take the proceedings up again before the period is over.")
)


class PauseLimited(Parameters, frozen=True, kw_only=True):
    """`longest`: how long all pauses of the matter may last together."""

    longest: Period


@requirement(
    "pause-limited",
    covers=("A2",),
    parameters=PauseLimited,
    anchors=(ProceedingsPaused,),
    reads=(ProceedingsResumed,),
    applies=lambda _parameters, anchor: getattr(anchor.act, "why", "") != "external-order",
)
def check_pause_limited(view: View, parameters: PauseLimited, anchor: AnyEvent) -> Finding:
    """The proceedings are not paused for longer, with the pauses before, than the period."""
    pause = anchor.act
    if not isinstance(pause, ProceedingsPaused) or pause.until is None:
        because = phrase("The pause names no end.")
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), cures=(_CURE,)))
    held = sum(_find_held(view, anchor), timedelta())
    over = _find_resumed(view, anchor, pause)
    measured = measure_within(anchor.when, parameters.longest, When.exactly(over + held), view.calendar)
    working = measured.working
    if held:
        working = (*working, phrase("earlier pauses lasted {held}, which counts too", held=held))
    if measured.kept:
        because = phrase("The pause ends in time.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq,), working=working))
    because = phrase(
        "The pause lasts until {over}: with those before it longer than {longest}.",
        over=as_moment(view.calendar.local_day(over)),
        longest=parameters.longest,
    )
    return view.weigh(anchor, failed(because, entries=(anchor.seq,), working=working, cures=(_CURE,)))


def _find_resumed(view: View, anchor: AnyEvent, pause: ProceedingsPaused) -> datetime:
    ends = [one.recorded_at for one in view.all(ProceedingsResumed) if one.act.pause == anchor.seq and one.live]
    if pause.until is not None:
        ends.append(pause.until)
    return min(ends)


def _find_held(view: View, anchor: AnyEvent) -> Iterator[timedelta]:
    """Yield how long each pause before `anchor` lasted."""
    for one in view.all(ProceedingsPaused):
        if one.seq < anchor.seq and one.established and not one.corrected and _is_counted(one):
            yield max(_find_resumed(view, one, one.act) - one.recorded_at, timedelta())


def _is_counted(pause: Event[ProceedingsPaused]) -> bool:
    return pause.act.why != "external-order" and pause.act.until is not None
