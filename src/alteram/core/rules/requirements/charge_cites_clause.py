"""Nobody is charged under rules that could not be known (Acas Code para 2; Neslen v Evans [2021] EWHC 1909 (QB)).

Each allegation must cite a breach of the rulebook, and the rulebook must have been published before the conduct. Where
only an earlier version had been published, whether the breach stood in it is for a person to rule on.
"""

from datetime import date

from alteram.core.acts import Allegation, AllegationsAmended, AllegationsStated, RulebookAdopted, RulebookAmended
from alteram.core.kernel.phrases import as_moment, as_own, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

_HANDLERS = ("case-manager", "investigator")


class ChargeCitesClause(Parameters, frozen=True, kw_only=True):
    """`published_before`: the rulebook must have been published before the conduct."""

    published_before: bool = True


@requirement(
    "charge-cites-clause",
    covers=("A1", "C4"),
    parameters=ChargeCitesClause,
    anchors=(AllegationsStated, AllegationsAmended),
    reads=(RulebookAdopted, RulebookAmended),
    may_be_ruled=True,
)
def check_charge_cites_clause(view: View, parameters: ChargeCitesClause, anchor: AnyEvent) -> Finding:
    """Each allegation cites a breach of a rulebook that was published before the conduct."""
    charges = anchor.act.allegations if isinstance(anchor.act, AllegationsStated | AllegationsAmended) else ()
    if not charges:
        return view.missing(anchor, phrase("It states no allegation."), acts=("allegations.stated",))
    later = [one for one in view.supporting(AllegationsAmended) if one.seq > anchor.seq]
    amended = {one.id for event in later for one in event.act.allegations}
    standing = [one for one in charges if one.id not in amended]
    if not standing:
        return passed(phrase("What it states was amended since."), entries=(anchor.seq, *(one.seq for one in later)))
    return worst(view.weigh(anchor, _ask(view, parameters, anchor, one)) for one in standing)


def _ask(view: View, parameters: ChargeCitesClause, anchor: AnyEvent, charge: Allegation) -> Finding:
    cure = Cure("allegations.amended", _HANDLERS, phrase("Cite a breach of the rulebook, or withdraw the allegation."))
    if charge.breach not in {one.id for one in view.rulebook.breaches}:
        because = phrase(
            "Allegation {id} cites {breach}, which is no breach of the rulebook.",
            id=as_own(charge.id),
            breach=as_own(charge.breach),
        )
        return failed(because, entries=(anchor.seq,), missing=("allegations.amended",), cures=(cure,))
    if not parameters.published_before:
        return passed(phrase("Each allegation cites a breach of the rulebook."), entries=(anchor.seq,))
    if charge.first_on is None:
        because = phrase("Allegation {id} does not say on which day the conduct began.", id=as_own(charge.id))
        dated = Cure("allegations.amended", _HANDLERS, phrase("Say on which day the conduct began."))
        return unknown(because, entries=(anchor.seq,), missing=("allegations.amended",), cures=(dated,))
    return _compare(view, anchor, charge, charge.first_on)


def _compare(view: View, anchor: AnyEvent, charge: Allegation, conduct_on: date) -> Finding:
    adoptions = view.of_organisation(RulebookAdopted, RulebookAmended)
    published = [_published_on(view, one) for one in adoptions if one.recorded_at <= anchor.recorded_at]
    working = (
        phrase("conduct from {day}", day=as_moment(conduct_on)),
        *(phrase("rulebook published on {day}", day=as_moment(one)) for one in published),
    )
    entries = (anchor.seq,)
    if published and published[-1] < conduct_on:
        return passed(phrase("The rulebook was published before the conduct."), entries=entries, working=working)
    if any(one < conduct_on for one in published):
        because = phrase(
            "Only an earlier version of the rulebook was published before the conduct: did it hold this breach?"
        )
        cure = Cure(
            "ruling.made", ("chair", "appeal-decider", "custodian"), phrase("Rule on what the earlier version said.")
        )
        return unknown(because, entries=entries, working=working, missing=("ruling.made",), cures=(cure,))
    return failed(
        phrase(
            "No rulebook had been published before the conduct that allegation {id} speaks of.", id=as_own(charge.id)
        ),
        entries=entries,
        working=working,
        incurable=phrase("Rules cannot be published into the past."),
    )


def _published_on(view: View, event: AnyEvent) -> date:
    stated = event.act.published_on if isinstance(event.act, RulebookAdopted) else None
    return stated or view.calendar.local_day(event.recorded_at)
