"""A measure that holds meanwhile is no penalty, ends, and is looked at again in time.

Acas Code para 8 (suspension brief, kept under review, not disciplinary); Haque v Faradhi [2023] EWHC 1135 (an interim
suspension without a hearing is allowed if one follows soon). Which rights it leaves is asked by suspended-keeps-rights.
"""

from collections.abc import Iterator
from datetime import datetime

from alteram.core.acts import InterimMeasureImposed, InterimMeasureReviewed
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, worst
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class InterimMeasure(Parameters, frozen=True, kw_only=True):
    """`longest`: the longest it may hold; `review_within`: how soon it is first looked at again."""

    longest: Period
    review_within: Period


_BY = ("chair", "case-manager", "decider")
_AGAIN = Cure(
    "interim-measure.lifted", _BY, "Lift it; impose it again, if it must be, with an end and a day of review."
)


@requirement(
    "interim-measure",
    covers=("A5", "C3"),
    parameters=InterimMeasure,
    anchors=(InterimMeasureImposed,),
    reads=(InterimMeasureReviewed,),
)
def check_interim_measure(view: View, parameters: InterimMeasure, anchor: AnyEvent) -> Finding:
    """An interim measure is precautionary, names its end and a day of review, and is reviewed by that day."""
    measure = anchor.act
    if not isinstance(measure, InterimMeasureImposed) or measure.nature == "penalty":
        because = "It is called a penalty; a measure that holds meanwhile is none."
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), cures=(_AGAIN,)))
    answers = [
        _bounded(view, anchor, measure.until, parameters.longest, "an end"),
        _bounded(view, anchor, measure.review_by, parameters.review_within, "a day of review"),
        *_reviews(view, anchor, measure),
    ]
    return view.weigh(anchor, worst(answers))


def _bounded(view: View, anchor: AnyEvent, until: datetime | None, period: Period, what: str) -> Finding:
    if until is None:
        return view.missing(
            anchor,
            f"The measure names no {what.split(' ', 1)[1]}.",
            thing="term",
            acts=("interim-measure.imposed",),
            cures=(_AGAIN,),
        )
    measured = measure_within(anchor.when, period, When.exactly(until), view.calendar)
    if measured.kept:
        return passed(f"The measure names {what} in time.", entries=(anchor.seq,), working=measured.working)
    because = f"The measure names {what} later than {period} from when it began."
    if measured.kept is None:
        return view.missing(
            anchor, f"When the measure began is not known, so {what} cannot be reckoned.", alleged=(anchor,)
        )
    return failed(because, entries=(anchor.seq,), working=measured.working, cures=(_AGAIN,))


def _reviews(view: View, anchor: AnyEvent, measure: InterimMeasureImposed) -> Iterator[Finding]:
    """Yield an answer for each day of review that has passed while the measure held."""
    due = measure.review_by
    held_until = view.now if measure.until is None else min(measure.until, view.now)
    for review in (one for one in view.supporting(InterimMeasureReviewed) if one.act.measure == anchor.seq):
        if due is not None and review.when.first is not None and review.when.first > due:
            yield failed(
                f"The review due by {_shown(view, due)} came late.",
                entries=(anchor.seq, review.seq),
                incurable="It was late.",
            )
        if review.act.outcome == "lifted":
            return
        due = review.act.review_by
    if due is not None and due < held_until:
        yield _overdue(view, anchor, due)


def _overdue(view: View, anchor: AnyEvent, due: datetime) -> Finding:
    claims: list[Event[InterimMeasureReviewed]] = [
        one for one in view.alleged(InterimMeasureReviewed) if one.act.measure == anchor.seq and not one.corrected
    ]
    return view.missing(
        anchor,
        f"The measure was not reviewed by {_shown(view, due)}.",
        alleged=claims,
        acts=("interim-measure.reviewed",),
        cures=(Cure("interim-measure.lifted", _BY, "Lift it: its day of review has passed."),),
    )


def _shown(view: View, at: datetime) -> str:
    return f"{view.calendar.local_time(at):%Y-%m-%d %H:%M}"
