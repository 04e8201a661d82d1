"""A measure that holds meanwhile is no penalty, ends, and is looked at again in time.

Acas Code para 8 (suspension brief, kept under review, not disciplinary); Haque v Faradhi [2023] EWHC 1135 (an interim
suspension without a hearing is allowed if one follows soon). Which rights it leaves is asked by suspended-keeps-rights.
A measure imposed again goes on with the time that earlier ones on the same person held: nobody renews one without end.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from alteram.core.acts import InterimMeasureImposed, InterimMeasureLifted, InterimMeasureReviewed
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_moment, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown, worst
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class InterimMeasure(Parameters, frozen=True, kw_only=True):
    """`longest`: the longest it and those before it may hold one person; `review_within`: how soon it is looked at."""

    longest: Period
    review_within: Period


_END, _REVIEW = phrase("an end"), phrase("a day of review")
_BY = ("chair", "case-manager", "decider")
_AGAIN = Cure(
    "interim-measure.lifted", _BY, phrase("Lift it; impose it again, if it must be, with an end and a day of review.")
)


@requirement(
    "interim-measure",
    covers=("A5", "C3"),
    parameters=InterimMeasure,
    anchors=(InterimMeasureImposed,),
    reads=(InterimMeasureReviewed, InterimMeasureLifted),
)
def check_interim_measure(view: View, parameters: InterimMeasure, anchor: AnyEvent) -> Finding:
    """An interim measure is precautionary, ends in time with those before it, and is reviewed by the day it names."""
    measure = anchor.act
    if not isinstance(measure, InterimMeasureImposed) or measure.nature == "penalty":
        because = phrase("It is called a penalty; a measure that holds meanwhile is none.")
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), cures=(_AGAIN,)))
    answers = [
        _ends(view, anchor, measure, parameters.longest),
        _bounded(view, anchor, measure.review_by, parameters.review_within, _REVIEW),
        *_reviews(view, anchor, measure),
    ]
    return view.weigh(anchor, worst(answers))


def _ends(view: View, anchor: AnyEvent, measure: InterimMeasureImposed, longest: Period) -> Finding:
    """Judge the end of the measure, with the time that earlier ones on the same person held before it."""
    earlier = [one for one in view.all(InterimMeasureImposed) if one.act.person == measure.person and not one.corrected]
    earlier = [one for one in earlier if one.before(anchor) is True]
    sure = [one for one in earlier if one.established]
    finding = _bounded(view, anchor, measure.until, longest, _END, held=_held(view, anchor, sure))
    if finding.result != "PASS" or len(sure) == len(earlier):
        return finding
    with_claims = _bounded(view, anchor, measure.until, longest, _END, held=_held(view, anchor, earlier))
    if with_claims.result == "PASS":
        return finding
    because = phrase("With an earlier measure that is only asserted it would hold too long.")
    return unknown(because, entries=with_claims.entries, working=with_claims.working)


def _held(view: View, anchor: AnyEvent, earlier: list[Event[InterimMeasureImposed]]) -> timedelta:
    """Return how long earlier measures held until `anchor`, time in which several held counted once."""
    held, counted_to = timedelta(), None
    for one in sorted(earlier, key=lambda one: one.seq):
        began, over = one.when.last, _over(view, one, anchor)
        if began is None or over is None:
            continue
        if counted_to is not None:
            began = max(began, counted_to)
        held += max(over - began, timedelta())
        counted_to = over if counted_to is None else max(over, counted_to)
    return held


def _over(view: View, measure: Event[InterimMeasureImposed], anchor: AnyEvent) -> datetime | None:
    """Return when a measure was over, at the latest when `anchor` took its place."""
    reviews = [one for one in view.supporting(InterimMeasureReviewed) if one.act.measure == measure.seq]
    lifted = [one.when.first for one in reviews if one.act.outcome == "lifted"]
    lifted += [one.when.first for one in view.supporting(InterimMeasureLifted) if one.act.measure == measure.seq]
    return min((at for at in (measure.act.until, anchor.when.first, *lifted) if at is not None), default=None)


def _bounded(
    view: View, anchor: AnyEvent, until: datetime | None, period: Period, what: str, *, held: timedelta = timedelta()
) -> Finding:
    if until is None:
        return view.missing(
            anchor,
            phrase("The measure names no end.") if what is _END else phrase("The measure names no day of review."),
            thing="term",
            acts=("interim-measure.imposed",),
            cures=(_AGAIN,),
        )
    measured = measure_within(_earlier(anchor.when, held), period, When.exactly(until), view.calendar)
    working = (
        *((phrase("earlier measures held for {time}, which count", time=held),) if held else ()),
        *measured.working,
    )
    if measured.kept:
        return passed(phrase("The measure names {what} in time.", what=what), entries=(anchor.seq,), working=working)
    less = phrase(", less what earlier ones held") if held else ""
    because = phrase(
        "The measure names {what} later than {period} from when it began{less}.", what=what, period=period, less=less
    )
    if measured.kept is None:
        return view.missing(
            anchor,
            phrase("When the measure began is not known, so {what} cannot be reckoned.", what=what),
            alleged=(anchor,),
        )
    return failed(because, entries=(anchor.seq,), working=working, cures=(_AGAIN,))


def _earlier(when: When, by: timedelta) -> When:
    return When(None if when.first is None else when.first - by, None if when.last is None else when.last - by)


def _reviews(view: View, anchor: AnyEvent, measure: InterimMeasureImposed) -> Iterator[Finding]:
    """Yield an answer for each day of review that has passed while the measure held."""
    due = measure.review_by
    held_until = view.now if measure.until is None else min(measure.until, view.now)
    for review in (one for one in view.supporting(InterimMeasureReviewed) if one.act.measure == anchor.seq):
        if due is not None and review.when.first is not None and review.when.first > due:
            yield failed(
                phrase("The review due by {due} came late.", due=_shown(view, due)),
                entries=(anchor.seq, review.seq),
                incurable=phrase("It was late."),
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
        phrase("The measure was not reviewed by {due}.", due=_shown(view, due)),
        alleged=claims,
        acts=("interim-measure.reviewed",),
        cures=(Cure("interim-measure.lifted", _BY, phrase("Lift it: its day of review has passed.")),),
    )


def _shown(view: View, at: datetime) -> str:
    local = view.calendar.local_time(at)
    return as_moment(local, f"{local:%Y-%m-%d %H:%M}")
