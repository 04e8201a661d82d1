"""A rung of the ladder is imposed only while the rung before it is in force, for conduct within its term.

Acas Code paras 18-21: a warning says how long it counts, and a graver outcome builds on one that still does.
It reads when conduct took place and when a warning ran; whether the outcome fits is asked by proportionality.
"""

from datetime import date

from alteram.core.acts import AllegationsAmended, AllegationsStated, DecisionMade, InstrumentIssued, SanctionImposed
from alteram.core.acts.charge import Allegation
from alteram.core.kernel.phrases import as_moment, as_own, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before


class WarningLadder(Parameters, frozen=True, kw_only=True):
    """`needs_expiry`: a warning without a day on which it lapses is not in force."""

    needs_expiry: bool = True


@requirement(
    "warning-ladder",
    covers=("A12",),
    parameters=WarningLadder,
    anchors=(SanctionImposed,),
    reads=(InstrumentIssued, DecisionMade, AllegationsStated, AllegationsAmended),
    applies=lambda _parameters, anchor: isinstance(anchor.act, SanctionImposed) and not anchor.act.announced_only,
)
def check_warning_ladder(view: View, parameters: WarningLadder, anchor: AnyEvent) -> Finding:
    """A graver sanction follows the warning the rulebook asks for first, for conduct while that was in force."""
    act = anchor.act
    rung = view.rulebook.find_sanction(act.sanction) if isinstance(act, SanctionImposed) else None
    if not isinstance(act, SanctionImposed) or rung is None:
        return unknown(phrase("The sanction is not on the rulebook's ladder."), entries=(anchor.seq,))
    if not rung.after:
        return view.weigh(anchor, passed(phrase("This rung needs none before it."), entries=(anchor.seq,)))
    issued, doubtful = find_before(view, anchor, _warnings(view, act, rung.after))
    if not issued:
        return view.missing(
            anchor,
            phrase("No {after} had been issued to this person before.", after=as_own(rung.after)),
            thing="instrument",
            alleged=doubtful,
            acts=("instrument.issued",),
            cures=_cures(rung.after),
        )
    return view.weigh(anchor, _within_term(view, parameters, anchor, issued[-1], _conduct(view, act)))


def _cures(rung: str) -> tuple[Cure, ...]:
    return (
        Cure(
            "sanction.lifted",
            ("chair", "appeal-decider"),
            phrase("Lift the sanction, and impose no more than a {rung}.", rung=as_own(rung)),
        ),
        Cure(
            "instrument.issued",
            ("chair", "secretary"),
            phrase("Issue the {rung}; only later conduct counts under it.", rung=as_own(rung)),
        ),
    )


def _warnings(view: View, act: SanctionImposed, rung: str) -> list[Event[InstrumentIssued]]:
    earlier = {
        one.seq: one.act.person
        for one in view.all(SanctionImposed)
        if one.act.sanction == rung and one.act.person == act.person and not one.act.announced_only
    }
    return [one for one in view.all(InstrumentIssued) if earlier.get(one.act.sanction) == one.act.person]


def _conduct(view: View, act: SanctionImposed) -> tuple[Allegation, ...]:
    """Return the charges that the sanction answers: those proved by its decision, in their last wording."""
    decision = view.find(act.decision)
    if decision is None or not isinstance(decision.act, DecisionMade) or not decision.supports(view.protected):
        return ()
    stated = {one.id: one for event in view.supporting(AllegationsStated) for one in event.act.allegations}
    stated |= {one.id: one for event in view.supporting(AllegationsAmended) for one in event.act.allegations}
    return tuple(stated[name] for name in decision.act.proved if name in stated)


def _within_term(
    view: View,
    parameters: WarningLadder,
    anchor: AnyEvent,
    warning: Event[InstrumentIssued],
    conduct: tuple[Allegation, ...],
) -> Finding:
    entries = (warning.seq, anchor.seq)
    expires = warning.act.expires_on
    if expires is None and parameters.needs_expiry:
        because = phrase("The warning names no day on which it lapses, so it is not shown to be in force.")
        return view.missing(warning, because, thing="term", acts=("instrument.issued",), cures=_cures("warning"))
    begun = view.calendar.local_day(warning.when.last or warning.recorded_at)
    answers = [_in_force(one, begun, expires) for one in conduct]
    working = (
        phrase(
            "the warning ran from {begun} to {expires}",
            begun=as_moment(begun),
            expires=as_moment(expires) if expires else phrase("no day named"),
        ),
        *map(_shown, conduct),
    )
    if True in answers:
        return passed(phrase("The conduct fell within the term of the warning."), entries=entries, working=working)
    if None in answers or not answers:
        because = phrase("It is not known whether the conduct fell within the term of the warning.")
        return unknown(because, entries=entries, working=working, missing=("allegations.stated",))
    because = phrase("The conduct fell outside the term of the warning.")
    return failed(because, entries=entries, working=working, cures=_cures("warning")[:1])


def _in_force(conduct: Allegation, begun: date, expires: date | None) -> bool | None:
    """Return whether all of the conduct lies in the term; None when a day is not known or is that of the warning."""
    first, last = conduct.first_on, conduct.last_on or conduct.first_on
    if first is None or last is None or first == begun:
        return None
    return begun < first and (expires is None or last <= expires)


def _shown(conduct: Allegation) -> str:
    first, last = conduct.first_on, conduct.last_on or conduct.first_on
    return phrase("{id}: conduct from {first} to {last}", id=as_own(conduct.id), first=_day(first), last=_day(last))


def _day(day: date | None) -> str:
    return phrase("an unknown day") if day is None else as_moment(day)
